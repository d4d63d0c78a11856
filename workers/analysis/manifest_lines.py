"""Requirements in manifests that are programs or markup, read from lines of their usual form; nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterator

POM_DEPENDENCY = re.compile(r"<(dependency|plugin)>(?P<inside>(?:(?!</?\1>).){0,4000}?)</\1>", re.DOTALL)
POM_FIELD = re.compile(r"<(groupId|artifactId|version)>\s*([^<\s]{1,200})\s*</\1>")
GRADLE = re.compile(
    r"^[ \t]*(?:\w*(?:[iI]mplementation|[aA]pi|[cC]ompileOnly|[rR]untimeOnly|[aA]nnotationProcessor)|classpath|kapt|ksp)"
    r"[ \t(]+(?:(?:platform|enforcedPlatform)[ \t]*\([ \t]*)?"
    r"[\"'](?P<name>[\w.-]+:[\w.-]+)(?::(?P<wanted>[^\"':@\s]+))?[^\"'\n]*[\"']",
    re.MULTILINE,
)
GEM = re.compile(
    r"^[ \t]*gem[ \t(]+[\"'](?P<name>[\w.-]+)[\"'](?P<rest>[^\n#]*)",
    re.MULTILINE,
)
GEM_VERSION = re.compile(r"[\"']([^\"'\n]*\d[^\"'\n]*)[\"']")
GEM_ADDRESS = re.compile(
    r"\b(?:git|github):[ \t]*[\"']([^\"'\n]+)[\"']|:git[ \t]*=>[ \t]*[\"']([^\"'\n]+)[\"']"
)
GEM_COMMIT = re.compile(r"\bref:[ \t]*[\"']([0-9a-f]{40})[\"']")
GEM_PATH = re.compile(r"\bpath:")

Pair = tuple[str, str]
"""Name and what is wanted of it, as written."""


def pom(text: str) -> Iterator[Pair]:
    """Dependencies and plugins of a Maven pom; a version that is set elsewhere reads "managed"."""
    for found in POM_DEPENDENCY.finditer(_without_comments(text)):
        fields = dict(reversed(POM_FIELD.findall(found["inside"])))
        if "artifactId" in fields:
            name = f"{fields.get('groupId', 'org.apache.maven.plugins')}:{fields['artifactId']}"
            yield name, fields.get("version", "managed")


def _without_comments(text: str) -> str:
    """In one pass: a pattern would look for the end again and again."""
    first, *rest = text.split("<!--")
    return first + "".join(part.partition("-->")[2] for part in rest)


def gradle(text: str) -> Iterator[Pair]:
    """Dependencies of a Gradle build in Groovy or Kotlin that stand as "group:name:version"."""
    for found in GRADLE.finditer(text):
        yield found["name"], found["wanted"] or "managed"


def gemfile(text: str) -> Iterator[Pair]:
    """Gems of a Gemfile. A gem without a version is bounded by its lockfile only."""
    for found in GEM.finditer(text):
        rest = found["rest"]
        address, commit = GEM_ADDRESS.search(rest), GEM_COMMIT.search(rest)
        if GEM_PATH.search(rest):
            yield found["name"], "path"
        elif address:
            yield found["name"], f"git+{address[1] or address[2]}" + (f"@{commit[1]}" if commit else "")
        else:
            yield (
                found["name"],
                ", ".join(GEM_VERSION.findall(rest.partition(", group")[0].partition("require:")[0])),
            )
