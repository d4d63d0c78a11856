"""What the broker mints is never more than one purpose's, whatever it is sent."""

from __future__ import annotations

import json
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from workers.github.broker_rules import PURPOSES, READING, BrokerRefusalError, checked_params, mint_of
from workers.jobs.healing import LIST

PATH = "/app/installations/7/access_tokens"
NAMES = sorted(
    {name for granted in PURPOSES.values() for name, _ in granted} | {"administration", "workflows"}
)
PERMISSIONS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(("read", "write", "admin", None)))
IDS = st.one_of(st.none(), st.lists(st.integers() | st.text(max_size=3), max_size=3))
BODIES = st.builds(lambda granted, ids: {"permissions": granted, "repository_ids": ids}, PERMISSIONS, IDS)


@given(st.one_of(BODIES.map(lambda body: json.dumps(body).encode()), st.binary(max_size=200)))
def test_a_token_is_within_a_purpose_and_one_repository_or_only_reads(body: bytes) -> None:
    with suppress(BrokerRefusalError):
        mint = mint_of(PATH, body)
        assert mint is not None
        most = dict(PURPOSES[mint.purpose])
        for name, level in mint.wish.permissions.items():
            assert most[name] in (level, "write")
        if mint.wish.repository_ids is None:
            assert mint.purpose == READING
        else:
            assert len(mint.wish.repository_ids) == 1


@given(st.lists(st.tuples(st.sampled_from(("page", "per_page", "cursor", "since")), st.text(max_size=8))))
def test_parameters_that_are_passed_on_are_pages(given_: list[tuple[str, str]]) -> None:
    with suppress(BrokerRefusalError):
        found = checked_params(given_)
        assert found.keys() <= {"page", "per_page", "cursor"}
        assert all(
            value.isascii() and value.isprintable() and not {*value} & {*" &#?"} for value in found.values()
        )


def test_every_job_gets_what_it_asks_for() -> None:
    for granted in (*PURPOSES.values(), LIST):
        body = {"permissions": dict(granted), "repository_ids": [1]}
        assert mint_of(PATH, json.dumps(body).encode())
    for granted in (PURPOSES[READING], LIST):
        assert mint_of(PATH, json.dumps({"permissions": dict(granted)}).encode())
