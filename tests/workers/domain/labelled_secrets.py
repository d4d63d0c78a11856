"""Lines with and without a credential. The credentials are made up here, from parts, each time the tests run."""

from __future__ import annotations

import base64
import json
import random
import string
from dataclasses import dataclass

ALNUM = string.ascii_letters + string.digits
UPPER32 = string.ascii_uppercase + "234567"
HEX = "0123456789abcdef"
_chance = random.Random(20)


@dataclass(frozen=True, slots=True)
class Line:
    """`secret` is the value to be found in `text`, None when there is none; `kind` what it has to be called."""

    text: str
    secret: str | None = None
    kind: str | None = None


def rnd(length: int, alphabet: str = ALNUM) -> str:
    """Characters by chance, the same on every run."""
    return "".join(_chance.choice(alphabet) for _ in range(length))


def _in(text: str, secret: str, kind: str | None = None) -> Line:
    return Line(text.replace("@@", secret), secret, kind)


def _segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def jwt() -> str:
    """A token of three segments with a signature of no key."""
    return f"{_segment({'alg': 'RS256', 'typ': 'JWT'})}.{_segment({'iss': rnd(9), 'exp': 1})}.{rnd(43)}"


def pem(lines: int = 6, name: str = "RSA ") -> str:
    """The armour of a key around bytes of chance."""
    dashes = "-" * 5
    body = "\n".join(rnd(64) for _ in range(lines))
    return f"{dashes}BEGIN {name}PRIVATE KEY{dashes}\n{body}\n{dashes}END {name}PRIVATE KEY{dashes}"


_PEM = pem()
SHAPED = (
    _in("aws_id = '@@'", "AK" + "IA" + rnd(16, UPPER32), "aws-key"),
    _in("export AWS_ACCESS_KEY_ID=@@", "AS" + "IA" + rnd(16, UPPER32), "aws-key"),
    *(_in("use @@ here", f"gh{letter}_" + rnd(36), "github-token") for letter in "pousr"),
    _in("token: @@", "gh" + "s_" + rnd(8, string.digits) + "_" + jwt(), "github-token"),
    _in("git clone https://x-access-token:@@@github.com/o/r", "gh" + "s_" + rnd(36), "github-token"),
    _in("- @@", "github" + "_pat_" + rnd(22) + "_" + rnd(59), "github-token"),
    _in("GITLAB=@@", "gl" + "pat-" + rnd(20), "gitlab-token"),
    _in("runner: @@", "gl" + "rt-" + rnd(20), "gitlab-token"),
    _in("slack(@@)", "xo" + "xb-" + rnd(12, string.digits) + "-" + rnd(24), "slack-token"),
    _in("x = @@;", "xa" + "pp-1-" + rnd(11).upper() + "-" + rnd(13, string.digits) + "-" + rnd(64, HEX), "slack-token"),
    _in("curl https://@@", "hooks.slack" + ".com/services/T" + rnd(8).upper() + "/B" + rnd(8).upper() + "/" + rnd(24),
        "slack-webhook"),
    _in("Stripe.api = '@@'", "sk" + "_live_" + rnd(24), "stripe-key"),
    _in("Stripe.api = '@@'", "rk" + "_test_" + rnd(60), "stripe-key"),
    _in("maps?key=@@&v=3", "AI" + "za" + rnd(35), "google-key"),
    _in("oauth: @@", "ya" + "29." + rnd(60), "google-token"),
    _in("client: @@", "GOC" + "SPX-" + rnd(28), "google-secret"),
    _in("ANTHROPIC: @@", "sk-" + "ant-api03-" + rnd(93) + "AA", "anthropic-key"),
    _in("OpenAI('@@')", "sk-" + rnd(20) + "T3Blbk" + "FJ" + rnd(20), "openai-key"),
    _in("OpenAI('@@')", "sk-" + "proj-" + rnd(74) + "-" + rnd(40), "openai-key"),
    _in("or: @@", "sk-" + "or-v1-" + rnd(64, HEX), "openrouter-key"),
    _in("//registry.npmjs.org/:_authToken=@@", "np" + "m_" + rnd(36), "npm-token"),
    _in("password: @@", "py" + "pi-AgEIcHlwaS5vcmc" + rnd(90), "pypi-token"),
    _in("hub @@", "dc" + "kr_pat_" + rnd(27), "docker-token"),
    _in("hf = @@", "h" + "f_" + rnd(34), "hugging-face-token"),
    _in("mail @@", "S" + "G." + rnd(22) + "." + rnd(43), "sendgrid-key"),
    _in("mail @@", "ke" + "y-" + rnd(32, HEX), "mailgun-key"),
    _in("do @@", "do" + "p_v1_" + rnd(64, HEX), "digitalocean-token"),
    _in("shop @@", "sh" + "pat_" + rnd(32, HEX), "shopify-token"),
    _in("dbx @@", "da" + "pi" + rnd(32, HEX), "databricks-token"),
    _in("VAULT @@", "hv" + "s." + rnd(90), "vault-token"),
    _in("bot @@", rnd(9, string.digits) + ":A" + "A" + rnd(33), "telegram-token"),
    _in("AccountName=x;AccountKey=@@;EndpointSuffix=y", rnd(86) + "==", "azure-key"),
    _in("Cookie: session=@@", jwt(), "jwt"),
    _in("@@", _PEM, "private-key"),
    _in("key = '''@@'''", pem(name=""), "private-key"),
    _in('"private_key": "@@",', pem(name="").replace("\n", "\\n"), "private-key"),
    _in("+@@", pem(name="EC ").replace("\n", "\n+"), "private-key"),
    _in("@@", _PEM[:200], "private-key"),
)  # fmt: skip
NAMED = (
    _in("aws_secret_access_key = @@", rnd(40, ALNUM + "/+"), "token"),
    _in('AWS_SECRET_ACCESS_KEY="@@"', rnd(40, ALNUM + "/+"), "token"),
    _in('password = "@@"', "hunt" + "er22!"),
    _in("password = '@@'", "Tr0ub" + "4dor&3"),
    _in("DB_PASSWORD=@@", rnd(14)),
    _in("db.password=@@", "S3cure" + "Pazz9x"),
    _in("  password: @@  # rotate", "k8s" + "Zw9qLm2"),
    _in('"password": "@@",', "P@ssw" + "0rd!77"),
    _in("passwd := `@@`", "qW3" + "rTy_82x"),
    _in('String pwd = "@@";', "Xk29" + "!fooQ"),
    _in('var password: String = "@@"', "n0tSo" + "Good"),
    _in('if password == "@@":', "bAckd" + "00r!"),
    _in("Server=db;User Id=sa;Password=@@;Encrypt=true", "Sq1" + "Zerver9Qp"),
    _in("mysql --user root --password @@", "l0ng" + "Kq82mmZ"),
    _in("mysql --password=@@ -h db", "z8Qv" + "K1pw3"),
    _in("<password>@@</password>", "Xm1" + "Pazz!w"),
    _in('conn.setPassword("@@")', "j4va" + "K!ng9"),
    _in('map.put("password", "@@");', "m4p" + "V@lue"),
    _in("API_KEY=@@", rnd(32)),
    _in('api_key: "@@"', rnd(32, HEX)),
    _in("apiKey: '@@',", rnd(28)),
    _in('const API_KEY = "@@";', "-".join(rnd(n, HEX) for n in (8, 4, 4, 4, 12))),
    _in('client_secret = "@@"', rnd(40, ALNUM + "-_~")),
    _in("clientSecret=@@", rnd(32)),
    _in('SECRET_KEY = "@@"', "django-inse" + "cure-" + rnd(50, ALNUM + "!#&*^+")),
    _in("secret_key_base: @@", rnd(128, HEX)),
    _in('app.secret = b"@@"', rnd(24)),
    _in("JWT_SECRET=@@", rnd(48)),
    _in('auth_token = "@@"', rnd(40, HEX)),
    _in('ACCESS_TOKEN: Final[str] = "@@"', rnd(32)),
    _in("encryption_key => '@@'", rnd(32)),
    _in('os.environ["API_TOKEN"] = "@@"', rnd(30)),
    _in("curl -H 'Authorization: Bearer @@'", rnd(40)),
    _in('"Authorization": "Basic @@"', base64.b64encode(f"{rnd(6)}:{rnd(16)}".encode()).decode()),
    _in("signing-key: @@", rnd(44)),
    _in('{"token":"@@"}', rnd(36)),
    _in("postgres://app:@@@db.internal:5432/app", "x9" + "Kq!mm2", "url-password"),
    _in("redis://:@@@cache:6379/0", rnd(20), "url-password"),
    _in("DATABASE_URL=mysql://root:@@@10.0.0.2/db", "pr0d" + "Lq7", "url-password"),
    _in("amqps://svc:@@@mq.example.org", rnd(12), "url-password"),
    _in("https://deploy:@@@git.example.org/x.git", rnd(16), "url-password"),
)  # fmt: skip
POSITIVES = SHAPED + NAMED

NEGATIVES = tuple(
    Line(text)
    for text in (
        # stand-ins
        'password = "changeme"',
        "password: your-password-here",
        'api_key = "YOUR_API_KEY"',
        'token = "<token>"',
        'secret = "xxxxxxxxxxxxxxxx"',
        'PASSWORD = "********"',
        'apiKey: "REPLACE_ME_WITH_KEY"',
        'password = "password123"',
        'client_secret: "my-client-secret"',
        'api_key="test-api-key"',
        "API_KEY=your_api_key_here",
        'pwd = "string"',
        'api_key = "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxx"',
        "ghp_" + "x" * 36,
        "AK" + "IAIOSFODNN7EXAMPLE",
        "AK" + "IA" + "X" * 16,
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "token = '0123456789abcdef0123456789abcdef'",
        "sk-ant-...",
        'OPENAI_API_KEY="sk-..."',
        "password=secret",
        "DB_PASSWORD=postgres",
        'token: "dummy-token-1"',
        # references
        'password = os.environ["DB_PASSWORD"]',
        "password: ${DB_PASSWORD}",
        "token: ${{ secrets.GITHUB_TOKEN }}",
        "api_key = config.get('api_key')",
        "secret = settings.SECRET_KEY_V2",
        "token = self.tokens1.access_token2",
        "PASSWORD=$(cat /run/secrets/db)",
        "password=%(password)s",
        'password = f"{user}{salt1}"',
        "pwd: {{ vault_pwd1 }}",
        "const token = process.env.API_TOKEN2;",
        "apiKey: process.env['API_KEY_1']",
        "password = getpass.getpass()",
        'secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-Ab12Cd"',
        "token = request.headers['X-Token1']",
        "password = hash_password2(raw)",
        'secret: "projects/12345/secrets/db/versions/3"',
        "token_file: /run/secrets/token1",
        'password = "/run/secrets/db_pass1"',
        'private_key = "./keys/id_rsa2.pem"',
        'secret_key = "vault:secret/data/app#k1"',
        # names, types, prose
        "def login(user: str, password: str) -> Token:",
        "password: Optional[str] = None",
        "token: string;",
        "max_tokens: 4096",
        'tokenizer = "bert-base-uncased-v2"',
        'token_type = "bearer"',
        'secretName: "db-credentials-prod-1"',
        "password_field1",
        '<input type="password" name="password2" autocomplete="current-password">',
        'label = "Password (8-20 characters)"',
        "The token expires after 3600 seconds; the secret is rotated.",
        'raise ValueError("password must have 12 characters")',
        'token_url = "https://login.example.com/oauth2/v2.0/token"',
        'ACCESS_TOKEN_NAME = "X-Access-Token-V2"',
        'PASSWORD_RESET_TEMPLATE = "password_reset_email.html"',
        'API_KEY_HEADER = "x-api-key"',
        'secret = "super_secret_name"',
        'password: "Passwort vergessen"',
        "token = next(tokens)",
        "pwd=$PWD",
        'token: "identifier"',
        "passwords = load(path)",
        'auth_token_param = "auth_token"',
        'key_id = "1b7d2f0c9e"',
        'access_key_id: "not-the-secret"',
        "token := parser.Next()",
        # numbers and digests that are no secrets
        'integrity="sha512-' + rnd(86) + '=="',
        "sha256:" + rnd(64, HEX),
        "commit " + rnd(40, HEX),
        'etag: "' + rnd(32, HEX) + '"',
        "uses: actions/checkout@" + rnd(40, HEX),
        "id = '550e8400-e29b-41d4-a716-446655440000'",
        "monkey = 'Xq92kLmm0pZs81Qa'",
        'checksum = "' + rnd(64, HEX) + '"',
        "data:image/png;base64," + rnd(120),
        "keyboard: 'qwertz105'",
        "token = 1234567890123",
        # shapes that are not meant
        'class="sk-folding-cube sk-circle-fade-dot-animation-long"',
        "AKIAAAAAAAAAAAAAAAAA",
        "gh" + "p_short",
        "xoxb-1-2",
        "-----BEGIN PUBLIC KEY-----\n" + rnd(64) + "\n-----END PUBLIC KEY-----",
        'if "-----BEGIN ' + 'PRIVATE KEY-----" in text:\n    raise ValueError("a key does not belong here")',
        "-----BEGIN CERTIFICATE-----\n" + rnd(64) + "\n-----END CERTIFICATE-----",
        "task-runner-Ab12Cd34Ef56Gh78Ij90",
        "SKU: SK-12345",
        "eyJhbGciOi",
        "re.compile(r'gh[pousr]_[A-Za-z0-9_]{36}')",
        "risk-management-2024Q1-REPORT-FINAL",
        # addresses
        "http://localhost:8000/path@2x.png",
        "https://example.com:443/a@b",
        "redis://localhost:6379/0",
        "postgres://user:password@localhost/db",
        "postgresql://postgres:postgres@db:5432/x",
        "git@github.com:o/r.git",
        "https://user:${TOKEN}@host/",
        "mongodb://<user>:<password>@cluster0",
        "amqp://guest:guest@localhost//",
        "https://u:{password}@h",
        "mailto:a@b.example",
        "see http://a.example: b, c@d.example",
    )
)
