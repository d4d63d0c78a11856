"""The mermaid that draws diagrams, from npm: one file of a pinned package, in the user's cache; and what it draws."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.browser.chromium import Chromium

VERSION = "11.12.1"
INTEGRITY = "UlIZrRariB11TY1RtTgUWp65tphtBv4CSq7vyS2ZZ2TgoMjs2nloq+wFqxiwcxlhHUvs7DPGgMjs2aeQxz5h9g=="
"""SHA-512 of the package."""
BUNDLE = "package/dist/mermaid.min.js"
PACK = ("npm", "pack", "--silent", "--ignore-scripts", "--fetch-timeout=10000", "--fetch-retries=1")
PACK_TIMEOUT_S = 60
PATIENCE_MS = 20_000
HERE = Path(__file__).parent
_DRAWN = re.compile(r'<script type="application/json" id="drawn">(.*?)</script>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a reader sees of a diagram: boxes by their labels, in order, and arrows; or mermaid's complaint."""

    labels: tuple[str, ...] = ()
    arrows: int = 0
    error: str = ""


def mermaid() -> Path | str:
    """The bundle, fetched once; or why it can't be had here."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "quorum-peers"
    bundle = cache / f"mermaid-{VERSION}.min.js"
    if not bundle.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            fetched = _fetched(Path(folder))
            if isinstance(fetched, str):
                return fetched
            os.replace(fetched, bundle)  # several test processes may do this at once
    return bundle


def drawn(
    chromium: Chromium, bundle: Path, diagrams: Mapping[str, str], folder: Path
) -> Mapping[str, Drawing]:
    """`diagrams` (Markdown blocks, by name) as mermaid reads and draws them, in one start of the browser."""
    script = (HERE / "draw.js").read_text(encoding="utf-8")
    told = json.dumps({name: _inside(text) for name, text in diagrams.items()}).replace("<", "\\u003c")
    page = folder / "diagrams.html"
    page.write_text(
        f'<!doctype html><meta charset="utf-8"><body><script src="{bundle.as_uri()}"></script>'
        f'<script type="application/json" id="diagrams">{told}</script><script>{script}</script>',
        encoding="utf-8",
    )
    found = _DRAWN.search(chromium.dom(page, patience_ms=PATIENCE_MS))
    if found is None:
        raise ValueError("the browser has drawn nothing")
    rows: dict[str, dict[str, str]] = json.loads(found[1])
    return {
        name: Drawing(tuple(row["labels"]), int(row["arrows"]), row["error"]) for name, row in rows.items()
    }


def _inside(block: str) -> str:
    """The diagram without its fence."""
    return block.split("\n", 1)[1].rsplit("\n", 1)[0]


def _fetched(folder: Path) -> Path | str:
    if shutil.which(PACK[0]) is None:
        return "no npm here: what mermaid makes of our diagrams is not tested"
    command = [*PACK, "--pack-destination", str(folder), f"mermaid@{VERSION}"]
    try:
        subprocess.run(command, capture_output=True, timeout=PACK_TIMEOUT_S, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failure:
        return f"npm brings no mermaid: {type(failure).__name__}"
    (package,) = folder.glob("*.tgz")
    if base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode() != INTEGRITY:
        raise ValueError(f"{package.name} is not the package that was pinned")
    with tarfile.open(package) as archive:
        archive.extract(BUNDLE, folder, filter="data")
    return folder / BUNDLE
