"""What credentials look like: a table of issuers' formats, and one of the names that people give to credentials."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """A format known by its issuer's prefix. The group "value" has to hold `distinct_min` different characters
    behind its first `prefix_chars`; one of `keywords` has to be in the text before the pattern is tried.
    """

    kind: str
    keywords: tuple[str, ...]
    pattern: re.Pattern[str]
    prefix_chars: int = 4
    distinct_min: int = 7


@dataclass(frozen=True, slots=True)
class Assignment:
    """A name, a sign, a value. `test` names what the value has to be like; `keywords` are in lower case."""

    kind: str
    keywords: tuple[str, ...]
    pattern: re.Pattern[str]
    test: str
    quoted: bool


def _shape(kind: str, keywords: str, pattern: str, prefix_chars: int = 4, distinct_min: int = 7) -> Shape:
    """`pattern` may stand anywhere but inside a word."""
    whole = re.compile(rf"(?<![A-Za-z0-9])(?P<value>{pattern})(?![A-Za-z0-9])")
    return Shape(kind, tuple(keywords.split()), whole, prefix_chars, distinct_min)


_PEM = re.compile(
    r"(?P<value>-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    # Folded, quoted, escaped, or cut off by a hunk's end; a line of base64 has to follow at once.
    r"(?:(?:\\[nr]|[\s\"'+,>|#*-]){1,20}|(?:Proc-Type|DEK-Info|Version|Comment): ?[^\n\\]{0,80}){0,6}"
    r"[A-Za-z0-9+/=]{16,100}(?:[A-Za-z0-9+/=\s\\\"',:#*>|]|-(?!----))*+"
    r"(?:-----END [A-Z0-9 ]{0,40}-----)?)"
)
_JWT = r"eyJ[\w-]{10,4096}\.eyJ[\w-]{10,8192}\.[\w-]{10,2048}"

SHAPES: tuple[Shape, ...] = (
    Shape("private-key", ("-----BEGIN ",), _PEM, 30),
    _shape("github-token", "ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[A-Za-z0-9_]{16,300}(?:\.[\w-]{1,8192}){0,2}"),
    _shape("github-token", "github_pat_", r"github_pat_[A-Za-z0-9_]{40,255}", 11),
    _shape("gitlab-token", "glpat- gldt- glrt- glcbt- glptt- glsoat- glagent- glft- glimt-",
           r"gl(?:pat|dt|rt|cbt|ptt|soat|agent|ft|imt)-[\w.-]{20,255}", 6),
    _shape("aws-key", "AKIA ASIA ABIA ACCA", r"A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}"),
    _shape("slack-token", "xoxa- xoxb- xoxe- xoxe. xoxo- xoxp- xoxr- xoxs- xoxc- xoxd-",
           r"xox[abcdeoprs][.-][A-Za-z0-9.-]{10,400}", 5),
    _shape("slack-token", "xapp-", r"xapp-\d-[A-Za-z0-9-]{20,255}", 6),
    _shape("slack-webhook", "hooks.slack.com/",
           r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{20,120}", 25),
    _shape("discord-webhook", "/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/\d{16,20}/[\w-]{60,90}", 30),
    _shape("stripe-key", "sk_live_ rk_live_ sk_test_ rk_test_", r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,247}", 8),
    _shape("webhook-secret", "whsec_", r"whsec_[A-Za-z0-9+/=]{24,100}", 6),
    _shape("google-key", "AIza", r"AIza[\w-]{35}"),
    _shape("google-token", "ya29.", r"ya29\.[\w.-]{20,2048}", 5),
    _shape("google-secret", "GOCSPX-", r"GOCSPX-[\w-]{28}", 7),
    _shape("anthropic-key", "sk-ant-", r"sk-ant-[a-z0-9]{2,12}-[\w-]{20,200}", 13),
    _shape("openrouter-key", "sk-or-", r"sk-or-v\d-[0-9a-f]{40,80}", 9),
    _shape("openai-key", "sk-proj- sk-svcacct- sk-admin- sk-service",
           r"sk-(?:proj|svcacct|admin|service-[\w-]{1,60})-[\w-]{20,300}", 10, 10),
    # A digit and a capital: class names of style sheets ("sk-folding-cube") have none.
    _shape("openai-key", "sk-", r"sk-(?=[A-Za-z]{0,47}\d)(?=[a-z0-9]{0,47}[A-Z])[A-Za-z0-9]{20,64}", 3, 10),
    _shape("xai-key", "xai-", r"xai-[A-Za-z0-9]{60,100}"),
    _shape("groq-key", "gsk_", r"gsk_[A-Za-z0-9]{40,64}"),
    _shape("perplexity-key", "pplx-", r"pplx-[A-Za-z0-9]{40,64}", 5),
    _shape("hugging-face-token", "hf_ api_org_", r"(?:hf|api_org)_[A-Za-z0-9]{30,40}"),
    _shape("npm-token", "npm_", r"npm_[A-Za-z0-9]{36}"),
    _shape("pypi-token", "pypi-AgE", r"pypi-AgE[\w-]{50,300}", 12),
    _shape("rubygems-key", "rubygems_", r"rubygems_[a-f0-9]{48}", 9),
    _shape("docker-token", "dckr_", r"dckr_(?:pat|oat)_[\w-]{27,40}", 9),
    _shape("sendgrid-key", "SG.", r"SG\.[\w-]{16,32}\.[\w-]{32,64}", 3),
    _shape("mailgun-key", "key-", r"key-[0-9a-f]{32}"),
    _shape("twilio-key", "SK AC", r"(?:SK|AC)[0-9a-f]{32}", 2),
    _shape("digitalocean-token", "dop_v1_ doo_v1_ dor_v1_", r"do[opr]_v1_[a-f0-9]{64}", 7),
    _shape("shopify-token", "shpat_ shpss_ shpca_ shppa_", r"shp(?:at|ss|ca|pa)_[a-fA-F0-9]{32}", 6),
    _shape("databricks-token", "dapi", r"dapi[a-f0-9]{32}(?:-\d)?"),
    _shape("vault-token", "hvs. hvb. hvr.", r"hv[sbr]\.[\w-]{24,300}"),
    _shape("grafana-token", "glsa_ glc_", r"gl(?:sa|c)_[A-Za-z0-9_+/=]{32,400}", 5),
    _shape("linear-key", "lin_api_", r"lin_api_[A-Za-z0-9]{32,64}", 8),
    _shape("sentry-token", "sntrys_ sntryu_", r"sntry[su]_[A-Za-z0-9_+/=]{40,400}", 7),
    _shape("new-relic-key", "NRAK-", r"NRAK-[A-Z0-9]{27}", 5),
    _shape("atlassian-token", "ATATT3 ATCTT3", r"AT[AC]TT3[\w=-]{60,300}", 6),
    _shape("telegram-token", ":AA", r"\d{8,10}:AA[\w-]{32,34}", 12),
    _shape("age-key", "AGE-SECRET-KEY-", r"AGE-SECRET-KEY-1[A-Z0-9]{58}", 16),
    _shape("azure-key", "AccountKey= SharedAccessKey=", r"(?<=Key=)[A-Za-z0-9+/]{40,90}={0,2}", 0),
    _shape("jwt", "eyJ", _JWT),
)  # fmt: skip

# The name's last word decides: "db_password" and "SECRET_KEY" name credentials, "token_type", "secretName" and
# "password_hash" do not.
_CHOSEN_BY_PEOPLE = r"(?:passwords?|passwd|passphrase|pwd|passcode)"
_CHOSEN_BY_MACHINES = (
    r"(?:(?:secret|access|auth|api|private|encryption|signing|account|master|service|license)[_.-]?key(?!s?_?id)"
    r"|api[_-]?secret|secrets?|token|credentials?|auth[_-]?code|hmac|salt|bearer|webhook[_-]?url)"
)
_TAIL = r"(?:[_-]?(?:base|prod|production|live|dev|staging|test|value|v?\d{1,2}|b64|base64))?"
_CLOSE = r"[\"'\])]{0,3}"
_TYPE = r"[ \t]{0,4}[\w.|\[\] ]{1,40}[ \t]{0,4}"
_QUOTED_SIGN = (
    rf"[ \t]{{0,20}}(?::{_TYPE}=|:=|=>|={{1,3}}|!==?|:|,|\()[ \t]{{0,20}}(?:[bruf]|new String\(|@)?"
)
_BARE_SIGN = r"(?:[ \t]{0,20}(?::=|=>|=|:)[ \t]{0,20})"
_BARE = r"(?P<value>[^\s\"'`,;<>(){}\[\]]{8,300})(?=$|[\s,;<\"'&#)])"


def _value(quote: str, least: int) -> str:
    return rf"{quote}(?P<value>[^\s{quote}\\]{{{least},300}}){quote}"


def _named(kind: str, name: str, keywords: str, least: int) -> tuple[Assignment, ...]:
    words = tuple(keywords.split())
    flags = re.IGNORECASE | re.MULTILINE
    quoted = (
        re.compile(rf"{name}{_TAIL}{_CLOSE}{_QUOTED_SIGN}{_value(quote, least)}", flags)
        for quote in ('"', "'", "`")
    )
    bare = re.compile(rf"{name}{_TAIL}{_CLOSE}{_BARE_SIGN}{_BARE}", flags)
    option = re.compile(rf"(?<![\w-])--?[\w-]{{0,30}}{name}[ =][\"']?{_BARE}", flags)
    element = re.compile(rf"{name}>\s{{0,8}}(?P<value>[^\s<>]{{6,300}})\s{{0,8}}</", flags)
    return (
        *(Assignment(kind, words, pattern, kind, quoted=True) for pattern in quoted),
        *(Assignment(kind, words, pattern, kind, quoted=False) for pattern in (bare, option)),
        Assignment(kind, words, element, kind, quoted=True),
    )


ASSIGNMENTS: tuple[Assignment, ...] = (
    *_named("password", _CHOSEN_BY_PEOPLE, "passw passp passc pwd", 6),
    *_named("token", _CHOSEN_BY_MACHINES, "key secret token credential auth hmac salt bearer webhook", 10),
    Assignment(
        "token", ("bearer ", "basic ", "token "),
        re.compile(r"\b(?:bearer|basic|token)[ \t]{1,4}(?P<value>[A-Za-z0-9._~+/=-]{20,4096})", re.IGNORECASE),
        "token", quoted=False,
    ),
    Assignment(
        "url-password", ("://",),
        re.compile(r"://[^\s/:@'\"<>?#]{0,100}:(?P<value>[^\s/@'\"<>]{3,200})@(?=[\w\[$%{.-])"),
        "url", quoted=True,
    ),
)  # fmt: skip
