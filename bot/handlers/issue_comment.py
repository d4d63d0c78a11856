"""`issue_comment`: somebody wrote below a pull request; perhaps a command."""

from __future__ import annotations

from bot.events.comments import IssueCommentEvent
from bot.handlers.commanded import Place
from bot.handlers.comments import heard
from bot.handlers.handler import Handler, Rules
from workers.domain.command import Source
from workers.domain.work import Wish


def _created(event: IssueCommentEvent, rules: Rules) -> tuple[Wish, ...]:
    if event.issue.pull_request is None:
        return ()
    return heard(Place(event, event.issue.number, Source.COMMENT, event.comment.id), event.comment, rules)


# A comment that is edited is no new command: what was carried out can't be taken back by it.
HANDLER = Handler("issue_comment", IssueCommentEvent, {"created": _created})
