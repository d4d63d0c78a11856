"""What we said before is known by our marker and our author id."""

from __future__ import annotations

from tests.workers.github.octo import NAME, Octo
from workers.github.earlier import threads_of
from workers.github.markers import finding_marker
from workers.github.reviews import post_file_comment, post_review
from workers.github.values import FileComment, InlineComment

INLINE, ON_FILE = "0" * 16, "f" * 16


async def test_fingerprints_of_inline_and_file_comments_are_found(octo: Octo) -> None:
    inline = InlineComment("app.py", 10, f"why {finding_marker(INLINE)}", INLINE)
    await post_review(octo.client, NAME, 1, octo.sha, "one finding", [inline])
    on_file = FileComment("logo.png", f"why {finding_marker(ON_FILE)}", ON_FILE)
    await post_file_comment(octo.client, NAME, 1, octo.sha, on_file)
    assert set(await threads_of(octo.client, NAME, 1, octo.bot_id)) == {INLINE, ON_FILE}


async def test_a_strangers_marker_hides_nothing(octo: Octo) -> None:
    inline = InlineComment("app.py", 10, finding_marker(INLINE), INLINE)
    await post_review(octo.client, NAME, 1, octo.sha, "one finding", [inline])
    assert await threads_of(octo.client, NAME, 1, octo.bot_id + 1) == {}


async def test_a_marker_in_what_we_quoted_hides_nothing(octo: Octo) -> None:
    """Only the last one is ours: a model was made to say the other."""
    body = f"```suggestion\n{finding_marker(ON_FILE)}\n```\n\n{finding_marker(INLINE)}"
    await post_review(octo.client, NAME, 1, octo.sha, "one", [InlineComment("app.py", 10, body, INLINE)])
    assert set(await threads_of(octo.client, NAME, 1, octo.bot_id)) == {INLINE}
