"""Defects to be seeded, each with its cure, another way to write it, and what a reviewer may call it."""

from __future__ import annotations

from dataclasses import dataclass

from workers.domain.finding import Aspect, Severity


@dataclass(frozen=True, slots=True)
class Kind:
    """`bad`, `other` (as bad) and `good` are lines of code; "§" is replaced by a number. `rules` are a model's slugs."""

    bad: str
    other: str
    good: str
    aspect: Aspect
    severity: Severity
    rules: tuple[str, ...]
    titles: tuple[str, ...]


_S, _Q, _P = Aspect.SECURITY, Aspect.QUALITY, Aspect.PERFORMANCE
_H, _M, _L = Severity.HIGH, Severity.MEDIUM, Severity.LOW

KINDS = (
    Kind(
        "done§ = subprocess.run(command§, shell=True)",
        "done§ = subprocess.run(command§, shell=True, check=True)",
        "done§ = subprocess.run(shlex.split(command§), check=True)",
        _S, _H,
        ("shell-injection", "command-injection", "os-command-injection"),
        ("The shell interprets what the caller passes", "Command injection through shell=True",
         "Untrusted text reaches a shell"),
    ),
    Kind(
        "digest§ = hashlib.md5(secret§).hexdigest()",
        "digest§ = hashlib.md5(salt§ + secret§).hexdigest()",
        "digest§ = hashlib.sha256(secret§).hexdigest()",
        _S, _M,
        ("weak-hash", "broken-crypto", "insecure-hash-function"),
        ("MD5 is broken", "A weak hash protects a secret", "Collisions of MD5 are cheap"),
    ),
    Kind(
        "loaded§ = yaml.load(body§)",
        "loaded§ = yaml.load(body§, yaml.Loader)",
        "loaded§ = yaml.safe_load(body§)",
        _S, _H,
        ("unsafe-deserialization", "yaml-load", "arbitrary-code-execution"),
        ("YAML from outside can build any object", "yaml.load runs code", "Unsafe deserialisation of the body"),
    ),
    Kind(
        'rows§ = cursor.execute(f"SELECT * FROM users WHERE name = \'{name§}\'")',
        'rows§ = cursor.execute("SELECT * FROM users WHERE name = \'" + name§ + "\'")',
        'rows§ = cursor.execute("SELECT * FROM users WHERE name = ?", (name§,))',
        _S, _H,
        ("sql-injection", "sqli", "unsafe-query"),
        ("SQL injection through the name", "The query is put together from text", "Anybody can change the statement"),
    ),
    Kind(
        "for index§ in range(len(items§) + 1):\n    total§ = items§[index§]",
        "for index§ in range(0, len(items§) + 1):\n    total§ = items§[index§]",
        "for index§ in range(len(items§)):\n    total§ = items§[index§]",
        _Q, _H,
        ("off-by-one", "index-error", "out-of-range"),
        ("The last index is one too far", "Off by one: IndexError after the last item", "The loop runs past the end"),
    ),
    Kind(
        "mean§ = sum(prices§) / len(prices§)",
        "mean§ = float(sum(prices§)) / len(prices§)",
        "mean§ = sum(prices§) / max(1, len(prices§))",
        _Q, _M,
        ("division-by-zero", "empty-input", "zero-division"),
        ("An empty list divides by zero", "ZeroDivisionError without prices", "Nothing guards against no prices"),
    ),
    Kind(
        "text§ = open(place§).read()",
        'text§ = open(place§, encoding="utf-8").read()',
        "with open(place§) as file§:\n    text§ = file§.read()",
        _Q, _M,
        ("resource-leak", "unclosed-file", "missing-close"),
        ("The file is never closed", "A handle leaks on every call", "Nobody closes what is opened here"),
    ),
    Kind(
        "is_owner§ = token§ == expected§",
        "is_owner§ = bool(token§ == expected§)",
        "is_owner§ = hmac.compare_digest(token§, expected§)",
        _S, _H,
        ("timing-attack", "insecure-comparison", "non-constant-time"),
        ("Comparing secrets takes a telling time", "Timing attack on the token", "The comparison leaks how much fits"),
    ),
    Kind(
        "found§ = [one for one in rows§ if one.id in [other.id for other in known§]]",
        "found§ = [one for one in rows§ if one.id in list(other.id for other in known§)]",
        "ids§ = {other.id for other in known§}\nfound§ = [one for one in rows§ if one.id in ids§]",
        _P, _M,
        ("quadratic", "nested-loop", "inefficient-lookup"),
        ("Quadratic: the inner list is built for every row", "The ids are gathered again for each row",
         "Slow for many rows"),
    ),
    Kind(
        "answer§ = requests.get(url§, verify=False)",
        "answer§ = requests.get(url§, verify=False, timeout=5)",
        "answer§ = requests.get(url§, verify=True, timeout=5)",
        _S, _H,
        ("certificate-check", "tls-verification-disabled", "insecure-transport"),
        ("Certificates are not checked", "TLS verification is turned off", "Anybody in between can answer"),
    ),
    Kind(
        "limit§ = settings§.get('limit') or 10",
        "limit§ = settings§.get('limit', None) or 10",
        "limit§ = settings§.get('limit', 10)",
        _Q, _L,
        ("falsy-default", "zero-lost", "or-default"),
        ("A limit of 0 becomes 10", "`or` drops a limit of zero", "Zero is taken for nothing"),
    ),
    Kind(
        "stamp§ = datetime.datetime.now()",
        "stamp§ = datetime.datetime.now(None)",
        "stamp§ = datetime.datetime.now(datetime.UTC)",
        _Q, _L,
        ("naive-datetime", "timezone", "local-time"),
        ("A time without a zone", "Naive time: other machines read it otherwise", "The zone is missing"),
    ),
)  # fmt: skip

HELD_OUT = (
    Kind(
        "os.chmod(folder§, 0o777)",
        "os.chmod(folder§, mode=0o777)",
        "os.chmod(folder§, 0o700)",
        _S, _H,
        ("world-writable", "loose-permissions", "insecure-file-mode"),
        ("Everybody on the machine may write there", "Mode 0o777 opens the folder to all",
         "The permissions are far too wide"),
    ),
    Kind(
        "wanted§ = eval(formula§)",
        "wanted§ = eval(formula§, {})",
        "wanted§ = ast.literal_eval(formula§)",
        _S, _H,
        ("code-execution", "eval-injection", "unsafe-eval"),
        ("Whatever the sender writes is run", "eval of foreign text", "The formula can call anything"),
    ),
    Kind(
        "pages§ = total§ // size§",
        "pages§ = int(total§ // size§)",
        "pages§ = -(-total§ // size§)",
        _Q, _H,
        ("last-page-lost", "rounding-down", "truncated-count"),
        ("What doesn't fill a page is never shown", "Rounds down: the last page is missing", "One page too few"),
    ),
    Kind(
        "try:\n    send§(message§)\nexcept Exception:\n    pass",
        "try:\n    send§(message§, 1)\nexcept Exception:\n    pass",
        "send§(message§)",
        _Q, _H,
        ("swallowed-error", "silent-failure", "broad-except"),
        ("Failures vanish without a trace", "A message that was not sent looks sent", "Every error is swallowed"),
    ),
    Kind(
        "reply§ = queue§.get()",
        "reply§ = queue§.get(True)",
        "reply§ = queue§.get(timeout=30)",
        _Q, _M,
        ("missing-timeout", "endless-wait", "blocks-forever"),
        ("Waits for ever if nobody answers", "No limit on the wait", "One lost reply stops the worker"),
    ),
    Kind(
        "text§ = ''\nfor part§ in parts§:\n    text§ += part§",
        "text§ = str()\nfor part§ in parts§:\n    text§ += part§",
        "text§ = ''.join(parts§)",
        _P, _M,
        ("string-building", "copies-grow", "slow-concatenation"),
        ("The text is copied again for every part", "Concatenation in a loop is quadratic", "Join the parts once"),
    ),
    Kind(
        "link§ = 'http://' + host§ + '/login'",
        "link§ = 'http://' + str(host§) + '/login'",
        "link§ = 'https://' + host§ + '/login'",
        _S, _H,
        ("cleartext", "unencrypted-login", "plain-http"),
        ("The password travels in the clear", "Log-in over plain http", "Nothing encrypts what is typed here"),
    ),
    Kind(
        "order§ = sorted(names§)[0]",
        "order§ = sorted(names§, key=str)[0]",
        "order§ = min(names§, default=None)",
        _Q, _M,
        ("empty-sequence", "unguarded-first", "index-of-nothing"),
        ("Nobody may be in the list", "The first of none raises", "Without names this fails"),
    ),
)  # fmt: skip
"""Never seen while tuning: other code, other words."""

NITS = (
    ("naming", "This name could say more"),
    ("readability", "Hard to read at first sight"),
    ("magic-number", "What does this value mean?"),
    ("complexity", "This could be split"),
)
