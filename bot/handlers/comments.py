"""What comments on pull requests and on their lines have in common."""

from __future__ import annotations

from bot.commands.grammar import parse
from bot.events.comments import Comment
from bot.handlers.commanded import Place, commanded
from bot.handlers.handler import Rules
from workers.domain.work import Wish

ACTORS = ("User", "Bot")


def heard(place: Place, comment: Comment, rules: Rules) -> tuple[Wish, ...]:
    """The command of a comment, if it is one, of somebody else than ourselves."""
    if comment.user is None or comment.user.type not in ACTORS or _ours(comment, rules):
        return ()
    spoken = parse(comment.body or "")
    return () if spoken is None else commanded(place, comment.user, spoken)


def _ours(comment: Comment, rules: Rules) -> bool:
    # Comments on lines don't say which app wrote them: there our bot is known by its login.
    app, user = comment.performed_via_github_app, comment.user
    by_app = app is not None and app.id == rules.app_id
    return by_app or (user is not None and bool(rules.bot) and user.login == rules.bot)
