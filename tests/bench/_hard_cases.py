"""Changes whose diffs are easily misread: odd names, odd line ends, lines that look like headers, odd modes."""

from __future__ import annotations

from dataclasses import dataclass

from tests.bench._git import Tree

FILE, EXECUTABLE, LINK, SUBMODULE = "100644", "100755", "120000", "160000"
_PLAIN = b"".join(b"line %d\n" % number for number in range(30))


@dataclass(frozen=True, slots=True)
class Case:
    """One change: entries of the base tree and of the head tree."""

    name: str
    old: Tree
    new: Tree

    @property
    def paths(self) -> tuple[bytes, ...]:
        """Every path that the change names."""
        return tuple({**self.old, **self.new})


def _edit(name: str, path: bytes, old: bytes, new: bytes) -> Case:
    return Case(name, {path: (FILE, old)}, {path: (FILE, new)})


def _name(name: str, path: bytes) -> Case:
    return _edit(name, path, _PLAIN, _PLAIN.replace(b"line 7\n", b"line seven\n"))


def _swap(name: str, path: bytes, old: tuple[str, bytes], new: tuple[str, bytes]) -> Case:
    return Case(name, {path: old}, {path: new})


NAMES = (
    _name("a blank in the name", b"names/two words.py"),
    _name("two blanks at the end of a folder", b"names/end  /x.py"),
    _name("a tab in the name", b"names/tab\there.py"),
    _name("a newline in the name", b"names/new\nline.py"),
    _name("a quote in the name", b'names/"quoted".py'),
    _name("a backslash in the name", b"names/back\\slash.py"),
    _name("UTF-8 in the name", "names/prüfung.py".encode()),
    _name("Latin-1 in the name", b"names/pr\xfcfung.py"),
    _name("a bell and an escape in the name", b"names/\x07\x1b[0m.py"),
    _name("' b/' in the name", b"names/x b/names/x b/y.py"),
    _name("a name like /dev/null", b"dev/null"),
    _name("a name that starts with a dash", b"-rf"),
    _name("a name like a header", b"@@ -1 +1 @@"),
    _name("an apostrophe and a percent sign", b"names/it's 100%.py"),
    _name("U+2028 in the name", "names/a\u2028b.py".encode()),
)
LINES = (
    _edit("no newline at the old end", b"lines/old-end.txt", b"a\nb", b"a\nb\n"),
    _edit("no newline at the new end", b"lines/new-end.txt", b"a\nb\n", b"a\nb"),
    _edit("no newline at either end", b"lines/no-end.txt", b"a\nb", b"a\nc"),
    _edit("carriage returns alone", b"lines/cr.txt", b"a\rb\nc\n", b"a\rx\rb\nc\nd\re\n"),
    _edit("CRLF", b"lines/crlf.txt", b"a\r\nb\r\n", b"a\r\nc\r\nd\r\n"),
    _edit("CRLF becomes LF", b"lines/to-lf.txt", b"a\r\nb\r\n", b"a\nb\n"),
    _edit("form feeds", b"lines/ff.txt", b"a\n\x0cb\n", b"a\n\x0cc\x0cd\n"),
    _edit("vertical tabs and file separators", b"lines/vt.txt", b"a\n", b"a\x0bb\x1cc\x1dd\x1ee\n"),
    _edit("U+2028 and U+0085", b"lines/ls.txt", b"a\n", "a\u2028b\u2029c\u0085d\n".encode()),
    _edit("Latin-1", b"lines/latin.txt", b"caf\xe9\n", b"caf\xe9s\n"),
    _edit("removed lines like '--- a/x'", b"lines/minus.sql", b"-- a/x\nb\n-- c\n", b"b\n"),
    _edit("added lines like '+++ b/x'", b"lines/plus.txt", b"b\n", b"b\n++ b/x\n++ c\n"),
    _edit("'---' and '+++' one after the other", b"lines/both.txt", b"-- a/f\nx\n", b"++ b/f\nx\n"),
    _edit("lines like hunk headers", b"lines/hunk.txt", b"@@ -1,2 +1,2 @@\nx\n", b"@@ -1,9 +1,9 @@\nx\n@@\n"),
    _edit("lines like 'diff --git'", b"lines/diff.txt", b"x\n", b"diff --git a/q b/q\nx\nindex 1..2\n"),
    _edit("a diff inside a file", b"lines/x.patch", b"", b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"),
    _edit("lines like the note of no newline", b"lines/note.txt", b"x\n", b"\\ No newline at end of file\nx\n"),
    _edit("blank lines", b"lines/blank.txt", b"\n\n\n\n", b"\n\n \n\n\n\n"),
    _edit("blanks at line ends", b"lines/trail.txt", b"a \nb\t\n", b"a\t\nb \n"),
    _edit("a section heading with header marks", b"lines/section.c", b"int @@ -1 +1 @@ f()\n{\n" + _PLAIN,
          b"int @@ -1 +1 @@ f()\n{\n" + _PLAIN.replace(b"line 20\n", b"")),
    _edit("hunks of one line", b"lines/one.txt", b"a\n", b"b\n"),
    _edit("everything removed", b"lines/emptied.txt", b"a\nb\n", b""),
    _edit("a very long line", b"lines/long.txt", b"x" * 70_000 + b"\n", b"y" * 70_000 + b"\n"),
    _edit("many hunks", b"lines/many.txt", _PLAIN * 40, (_PLAIN * 40).replace(b"line 5\n", b"five\n")),
)  # fmt: skip
KINDS = (
    Case("new", {}, {b"kinds/new.txt": (FILE, b"n1\nn2\n")}),
    Case("new and empty", {}, {b"kinds/new-empty.txt": (FILE, b"")}),
    Case("gone", {b"kinds/gone.txt": (FILE, b"g1\ng2\n")}, {}),
    Case("gone and empty", {b"kinds/gone-empty.txt": (FILE, b"")}, {}),
    _swap("mode only", b"kinds/mode.sh", (FILE, b"m\n"), (EXECUTABLE, b"m\n")),
    _swap("mode and content", b"kinds/mode2.sh", (FILE, b"m\nn\n"), (EXECUTABLE, b"m\no\n")),
    _swap("file becomes link", b"kinds/to-link", (FILE, b"was\nfile\n"), (LINK, b"target")),
    _swap("link becomes file", b"kinds/to-file", (LINK, b"target"), (FILE, b"is\nfile\n")),
    _swap("link moves", b"kinds/link", (LINK, b"one"), (LINK, b"two")),
    _swap("submodule moves", b"kinds/sub", (SUBMODULE, b"1" * 40), (SUBMODULE, b"2" * 40)),
    Case("submodule new", {}, {b"kinds/sub-new": (SUBMODULE, b"3" * 40)}),
    _swap("submodule becomes file", b"kinds/sub-file", (SUBMODULE, b"4" * 40), (FILE, b"sf\n")),
    _edit("binary", b"kinds/image.png", b"\x89PNG\0\1", b"\x89PNG\0\2"),
    Case("binary new, odd name", {}, {b"kinds/a b/\xff.bin": (FILE, b"\0\1\2")}),
    Case("renamed", {b"kinds/from a.txt": (FILE, b"r1\n" + _PLAIN)}, {b'kinds/to "b".txt': (FILE, b"r1\n" + _PLAIN)}),
    Case("renamed and edited", {b"kinds/old name": (FILE, b"e1\n" + _PLAIN * 2)},
         {"kinds/neuer näme".encode(): (FILE, b"e2\n" + _PLAIN * 2)}),
    Case("copied", {b"kinds/origin": (FILE, b"c1\n" + _PLAIN * 3)},
         {b"kinds/origin": (FILE, b"c2\n" + _PLAIN * 3), b"kinds/co\tpy": (FILE, b"c1\nc3\n" + _PLAIN * 3)}),
)  # fmt: skip
CASES = NAMES + LINES + KINDS


def trees() -> tuple[Tree, Tree]:
    """The base tree and the head tree that hold every case."""
    old = {path: entry for case in CASES for path, entry in case.old.items()}
    new = {path: entry for case in CASES for path, entry in case.new.items()}
    return old, new
