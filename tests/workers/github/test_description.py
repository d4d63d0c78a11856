"""Our block in a body: put in its place, found again, and never at the cost of what people wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.github.octo import NAME, Octo
from tests.workers.github.scripted import Scripted
from workers.github.bodies import NOT_TAKEN, read_body, write_block
from workers.github.client import InstallationClient
from workers.github.description import (
    BODY_MAX_CHARS,
    DOUBLED,
    EDITED,
    TOO_LONG,
    Block,
    Kept,
    about_of,
    block_of,
    found_in,
    is_sealed,
    put,
    sealing,
    without_block,
)

ABOUT = about_of("a" * 40, "b" * 40)
OTHER = about_of("c" * 40, "b" * 40)
SEAL = sealing(b"our secret")
ONE, TWO = block_of("One.\n\n- a", ABOUT, SEAL), block_of("Two.", OTHER, SEAL)
MARK = "<!-- quorum:v1 description "
# what people write, and pieces of our own marks among it
PIECES = st.sampled_from(["\n", "\r\n", "text", "-->", " ", "`", "<!--", "é", "0" * 32])
PROSE = st.lists(PIECES, max_size=12).map("".join)


@given(before=PROSE, after=PROSE)
def test_what_stands_around_the_block_stays_byte_for_byte(before: str, after: str) -> None:
    body = before + ONE + after
    assert put(body, TWO) == before + TWO + after
    assert put(body, ONE) == body
    assert isinstance(put(body.replace("\r\n", "\n").replace("\n", "\r\n"), TWO), str)


@given(body=PROSE)
def test_a_first_block_stands_below_what_people_wrote(body: str) -> None:
    new = put(body, ONE)
    assert isinstance(new, str)
    assert new.startswith(body)
    assert new.endswith(ONE)
    assert without_block(new).strip() == body.strip()


def test_a_block_saved_in_a_browser_is_still_ours() -> None:
    saved = f"Hello\n\n{ONE}\n\nBye".replace("\n", "\r\n")
    assert put(saved, TWO) == f"Hello\r\n\r\n{TWO}\r\n\r\nBye"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (ONE.replace("One.", "One, and I add this."), EDITED),
        (ONE.replace(" -->\n", " -->"), EDITED),
        (f"{MARK}{ABOUT} {'0' * 32} -->\nforged\n<!-- quorum:v1 /description -->", EDITED),
        (ONE + ONE, DOUBLED),
        (f"{ONE}\n{MARK}", DOUBLED),
        (f"{MARK}pasted and never closed", DOUBLED),
        ("<!-- quorum:v1 /description -->", DOUBLED),
        (f"<!-- quorum:v1 /description -->\n{MARK}{ABOUT} -->", DOUBLED),
        ("x" * BODY_MAX_CHARS, TOO_LONG),
        ("😀" * (BODY_MAX_CHARS - len(TWO) - 1), TOO_LONG),
    ],
)
def test_what_is_not_surely_ours_is_left_alone(body: str, why: str) -> None:
    assert put(body, TWO) == Kept(why)


def test_what_people_wrote_is_told_without_the_block() -> None:
    assert without_block(f"Why\n\n{ONE}\n\nMore") == "Why\n\nMore"
    edited = ONE.replace("One.", "Mine.")
    assert without_block(edited) == edited
    assert found_in("plain") is None


def test_a_copied_mark_is_replaced_and_proves_nothing() -> None:
    forged = block_of("All is fine.", ABOUT, sealing(b"a guess"))
    for text, about, ours in ((ONE, ABOUT, True), (ONE, OTHER, False), (forged, ABOUT, False)):
        found = found_in(f"Why.\n{text}")
        assert isinstance(found, Block)
        assert is_sealed(found, about, SEAL) is ours
    assert put(forged, ONE) == ONE


async def test_it_is_written_next_to_the_text_and_read_back(octo: Octo) -> None:
    octo.pull.body = "Why this is done."
    assert await write_block(octo.client, NAME, 1, ONE) is None
    assert await write_block(octo.client, NAME, 1, ONE) is None
    assert octo.pull.body == f"Why this is done.\n\n{ONE}"
    assert octo.writes("/pulls/1") == 1
    assert (await octo.read_pull()).body == "Why this is done.", "nobody is told our own words again"
    assert await read_body(octo.client, NAME, 1) == octo.pull.body


async def test_a_body_that_github_drops_in_silence_is_noticed(
    github: Scripted, client: InstallationClient
) -> None:
    github.on("GET /repos/octo/shop/pulls/1", {"body": "Why."})
    github.on("PATCH /repos/octo/shop/pulls/1", {"body": "Why."})
    assert await write_block(client, NAME, 1, ONE) == Kept(NOT_TAKEN)
    [sent] = github.calls("PATCH")
    assert sent.body == {"body": f"Why.\n\n{ONE}"}
