"""`pull_request_review_comment`: somebody wrote in a thread of a pull request; perhaps a command."""

from __future__ import annotations

from bot.events.comments import ReviewCommentEvent
from bot.handlers.commanded import Place
from bot.handlers.comments import heard
from bot.handlers.handler import Handler, Rules
from workers.domain.command import Source
from workers.domain.work import Wish


def _created(event: ReviewCommentEvent, rules: Rules) -> tuple[Wish, ...]:
    comment = event.comment
    place = Place(event, event.pull_request.number, Source.THREAD, comment.id, comment.thread_id)
    return heard(place, comment, rules)


HANDLER = Handler("pull_request_review_comment", ReviewCommentEvent, {"created": _created})
