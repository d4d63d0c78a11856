"""Strangers' text, made inert: what it may no longer do, and what it still says."""

from __future__ import annotations

import base64
import re
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from workers.github.fences import TRUNCATED, cap, code_span, fenced, split
from workers.github.prose import ZWSP
from workers.github.sanitise import FRAGMENT_MAX_BYTES, Sanitiser, blob_url, sanitiser

HOME = "https://github.com/octo/repo"
SECRET = "correct-horse/battery@staple"
SANITISER = sanitiser(HOME, [SECRET, "short"])


def clean(text: str) -> str:
    return SANITISER.clean(text)


def seen(text: str) -> str:
    """What a reader sees: zero-width spaces are not seen."""
    return text.replace(ZWSP, "")


@pytest.mark.parametrize(
    "text",
    [
        "@octo",
        "&#64;octo",
        "&commat;octo",
        "&#x0040;octo",
        "&#6&#52;;octo",
        "`@octo`",
        "@&#111;cto",
        "mail a@octo.de",
    ],
)
def test_nobody_is_mentioned(text: str) -> None:
    assert not re.search(r"@[A-Za-z0-9&]", clean(text))


def test_code_in_fences_keeps_its_decorators() -> None:
    assert clean("```python\n@cache\ndef f(): ...\n```") == "```python\n@cache\ndef f(): ...\n```"


@pytest.mark.parametrize("text", ["fixes #12", "closes octo/repo#12", "&#35;12", "resolves GH-12", "#&#49;2"])
def test_nothing_is_referenced_or_closed(text: str) -> None:
    assert not re.search(r"#[\d&]|GH-\d", clean(text))


def test_other_numeric_references_stay() -> None:
    assert clean("a &#8212; b") == "a &#8212; b"


@pytest.mark.parametrize(
    "text",
    [
        "![x](https://evil/p.png)",
        "!![x](//evil)",
        "<img src=x>",
        "![x][r]\n\n[r]: https://evil",
        "![a](b.png)",
    ],
)
def test_no_image_is_left(text: str) -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(clean(text))
    assert "<img" not in html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[docs](https://evil.example/x)", "docs (https://evil.example/x)"),
        ("see https://evil.example", "see https://evil.example"),
        ("www.evil.example", "www.evil.example"),
        ("[x]: https://evil.example", "[x]: https://evil.example"),
        ("[up](https://github.com/octo/repo/blob/../../../evil)", None),
        ("[x](javascript:alert(1))", None),
        ("1https://evil.example", None),
    ],
)
def test_links_elsewhere_are_text(text: str, shown: str | None) -> None:
    cleaned = clean(text)
    assert shown is None or seen(cleaned) == shown
    assert "<a" not in MarkdownIt("commonmark").render(cleaned)
    assert "://" not in cleaned


@pytest.mark.parametrize("text", [f"[f]({HOME}/blob/abc/a.py#L3)", f"{HOME}/commit/abc"])
def test_links_into_the_repository_stay(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "<script>x</script>",
        "a <b>bold</b>",
        "<details>\n",
        "` <b> \n` <b>x `",
        "| ` | ` `<b>` |",
        "`a\\` <b>",
        "<pre>`<b>`",
    ],
)
def test_markup_is_shown_not_used(text: str) -> None:
    assert not re.search(r"<(?!/?(p|code|pre|ul|li)>)", MarkdownIt("commonmark").render(clean(text)))


def test_markup_in_inline_code_reads_well() -> None:
    assert clean("use `Vec<String>` here") == "use `Vec<String>` here"


def test_comments_are_dropped() -> None:
    assert clean("a<!-- quorum:v1 fp=1 -->b <!-- open") == "a b &lt;!-- open"


def test_code_imitates_no_marker() -> None:
    assert "<!-- quorum" not in clean("```\n<!-- quorum:v1 fp=0123456789abcdef -->\n```")


@pytest.mark.parametrize(
    "text", ["/quorum review", "- /merge", "> /close", "```\n/lgtm\n```", "<!-- x -->/merge"]
)
def test_no_line_starts_with_a_command(text: str) -> None:
    assert not re.search(r"^\W*/\w", clean(text), re.M)


@pytest.mark.parametrize("language", ["suggestion", "mermaid", "SUGGESTION ", "math"])
def test_strangers_fences_are_never_active(language: str) -> None:
    assert clean(f"```{language}\nrm\n```").startswith("```\n")


def test_hidden_characters_are_removed_or_shown() -> None:
    assert clean("a\u202eb\u200bc\ufeff\U000e0041") == "a\ufffdbc\ufffd"


@pytest.mark.parametrize(
    "leak",
    [
        SECRET,
        SECRET[::-1],
        SECRET.encode().hex(),
        quote(SECRET, safe=""),
        base64.b64encode(SECRET.encode()).decode(),
        base64.b64encode(b"key=" + SECRET.encode() + b";").decode(),
        SECRET.replace("@", "&#64;"),
    ],
)
def test_live_secrets_never_leave(leak: str) -> None:
    assert leak not in (cleaned := seen(clean(f"it is {leak} indeed")))
    assert "[redacted]" in cleaned


def test_known_shapes_of_secrets_never_leave() -> None:
    token = "ghp_" + "a1B2c3D4e5F6" * 3
    assert token not in seen(clean(f"token {token}, and `{token}`\n```\n{token}\n```"))


def test_placeholders_of_secrets_stay_when_cleaned_again() -> None:
    token = "ghp_" + "a1B2c3D4e5F6" * 3
    once = clean(f"{token}\n`password = 'hunter2-{token[4:12]}'`\npostgres://u:{token[4:20]}@host/x")
    assert "«secret:" in once
    assert clean(once) == once


def test_sanitiser_hides_its_secrets() -> None:
    assert SECRET not in repr(SANITISER)


def test_long_text_is_cut_and_says_so() -> None:
    cleaned = clean("word word\n" * 10_000)
    assert len(cleaned.encode()) <= FRAGMENT_MAX_BYTES
    assert cleaned.endswith("*Shortened.*")


PIECES = (
    "@ octo &#64; &# 64; # 1 GH-1 ![ ] [ ( ) https:// x < img > <!-- --> ` `` ``` ~~~ \\ | / quorum : ! é &amp; <details>"
    f" www. {HOME}/blob/a/b {SECRET}"
).split(" ")
ATTACKS = st.lists(
    st.sampled_from([*PIECES, "\n", "  ", "    ", "- ", "> ", "\u200b", "\u202e", "\t", "\r"]), max_size=25
).map("".join)


@settings(max_examples=600, deadline=None)
@given(ATTACKS)
def test_no_mixture_gets_through(text: str) -> None:
    """As CommonMark reads the result, no text outside fenced code mentions, embeds, links elsewhere or comments."""
    cleaned = clean(text)
    assert SECRET not in seen(cleaned)
    tokens = MarkdownIt("commonmark").parse(cleaned)
    inline = [child for token in tokens for child in token.children or []]
    assert not [token for token in [*tokens, *inline] if token.type in {"html_block", "html_inline", "image"}]
    links = [str(token.attrs["href"]) for token in inline if token.type == "link_open"]
    assert all(link.startswith(f"{HOME}/") for link in links)
    said = "\n".join(token.content for token in inline if token.type in {"text", "code_inline"})
    assert not re.search(r"@[A-Za-z0-9]", said)
    assert not re.search(r"(?<![&\w])#\d", said)


@settings(max_examples=400, deadline=None)
@example("://:rmad@![")
@given(ATTACKS)
def test_cleaning_again_changes_nothing_but_what_has_the_shape_of_a_secret_now(text: str) -> None:
    once = clean(text)
    again = clean(once)
    assert again == once or "«secret:" in again


@settings(max_examples=200, deadline=None)
@given(ATTACKS)
def test_a_line_stays_one_line(text: str) -> None:
    assert "\n" not in SANITISER.line(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="`~\n x", max_size=40))
def test_nothing_inside_closes_a_fence(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(fenced(text.split("\n")))
    assert [token.type for token in tokens] == ["fence"]
    assert tokens[0].content.rstrip("\n") == text.rstrip("\n")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="` ab", min_size=1, max_size=12))
def test_inline_code_holds_any_text(text: str) -> None:
    inline = MarkdownIt("commonmark").parse(f"x{code_span(text)}x")[1].children or []
    assert [token.content for token in inline if token.type == "code_inline"] == [text]


def test_a_fence_in_a_list_does_not_shift_ours() -> None:
    """Where a list item hides a fence from us, what we leave as code is code for CommonMark too."""
    tokens = MarkdownIt("commonmark").parse(clean("- ```\n  x\n  ```\n@octo"))
    assert [token.type for token in tokens if "@octo" in token.content] == ["fence"]


def test_cut_text_closes_what_it_opened() -> None:
    body = "<details>\n\n```\n" + "x\n" * 100
    cut = cap(body, 120)
    assert len(cut.encode()) <= 120
    assert cut.endswith(f"\n```\n\n</details>\n\n{TRUNCATED}")


@pytest.mark.parametrize("max_bytes", [60, 61, 80, 100, 150])
def test_cut_text_never_exceeds_its_limit(max_bytes: int) -> None:
    assert len(cap("é\n" * 500, max_bytes).encode()) <= max_bytes


def test_split_text_is_prose_and_code() -> None:
    assert [segment.language for segment in split("a\n```py\nb\n```\nc")] == [None, "py", None]


def test_verbatim_text_is_refused_when_it_would_have_to_change() -> None:
    cleaner = Sanitiser(HOME)
    assert cleaner.verbatim("x = `1`\n@cache")
    assert not cleaner.verbatim("x\u202e")
    assert not cleaner.verbatim("/merge now")


def test_blob_address_is_quoted() -> None:
    assert blob_url(HOME, "abc", "a b/#?.py", 3) == f"{HOME}/blob/abc/a%20b/%23%3F.py#L3"


@pytest.mark.parametrize(
    "bomb",
    [
        "<!--" * 15_000,
        "[" * 60_000,
        "`" * 60_000,
        "a" * 60_000,
        "&#" * 30_000,
        "`a``b" * 9_000,
        "x:" * 30_000,
    ],
)
def test_crafted_text_is_not_slow(bomb: str) -> None:
    """Each would take minutes with a quadratic step in it; the suite's limit is the judge."""
    assert clean(bomb)
