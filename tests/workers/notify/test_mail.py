"""E-mail, through a server on this machine."""

from __future__ import annotations

import ssl

import pytest

from config.errors import ConfigError
from tests.bot.serving import free_port
from tests.fakes.certificates import loopback_contexts
from tests.fakes.smtp import FakeSmtp, mail_serving
from tests.workers.notify.hooks import NOTICE
from workers.notify.mail import Mail
from workers.notify.mail_server import MailServer, mail_server
from workers.notify.notice import Notice, NotSentError

Contexts = tuple[ssl.SSLContext, ssl.SSLContext]


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> Contexts:
    return loopback_contexts(tmp_path_factory.mktemp("tls"))


def mail(url: str, context: ssl.SSLContext | None = None) -> Mail:
    return Mail(
        mail_server(url), "quorum@example.com", ["a@example.com", "b@example.com"], lambda: 0.0, context
    )


async def test_a_notice_arrives_with_text_and_facts() -> None:
    async with mail_serving(FakeSmtp()) as fake:
        await mail(f"smtp://127.0.0.1:{fake.port}").send(NOTICE)
    (message,) = fake.messages
    assert (message["From"], message["To"]) == ("quorum@example.com", "a@example.com, b@example.com")
    assert (message["Subject"], message["Date"]) == (NOTICE.subject, "Thu, 01 Jan 1970 00:00:00 +0000")
    said = ["Nothing stops yet. <!channel>", "", "Spent: $40.00", "Dearest <repository>: octo/repo"]
    assert message.get_content().splitlines() == said


async def test_the_password_goes_over_tls_that_the_conversation_turns_to(contexts: Contexts) -> None:
    server, trusting = contexts
    async with mail_serving(FakeSmtp(server)) as fake:
        await mail(f"smtp://me:p%40ss@127.0.0.1:{fake.port}", trusting).send(NOTICE)
    assert fake.seen.index("STARTTLS") < fake.seen.index("AUTH")
    assert (fake.logins, fake.encrypted) == ([("me", "p@ss")], [True])


async def test_or_over_tls_that_it_began_with(contexts: Contexts) -> None:
    server, trusting = contexts
    async with mail_serving(FakeSmtp(server, implicit=True)) as fake:
        await mail(f"smtps://me:pass@127.0.0.1:{fake.port}", trusting).send(NOTICE)
    assert (fake.logins, fake.encrypted) == ([("me", "pass")], [True])


async def test_a_certificate_of_nobody_known_is_refused(contexts: Contexts) -> None:
    async with mail_serving(FakeSmtp(contexts[0])) as fake:
        with pytest.raises(NotSentError, match="SSLCertVerificationError"):
            await mail(f"smtp://me:pass@127.0.0.1:{fake.port}").send(NOTICE)
    assert (fake.messages, fake.logins) == ([], [])


async def test_an_address_beyond_this_machine_is_given_nothing_without_tls() -> None:
    async with mail_serving(FakeSmtp(host="127.0.0.2")) as fake:
        far = MailServer("127.0.0.2", fake.port, implicit_tls=False, user="me", password="pass")
        with pytest.raises(NotSentError, match="offers no TLS"):
            await Mail(far, "q@x.org", ["a@x.org"], lambda: 0.0).send(NOTICE)
    assert (fake.logins, fake.messages) == ([], [])


@pytest.mark.parametrize(
    ("command", "answer", "retryable"),
    [
        ("DATA", "451 later, SECRET", True),
        ("DATA", "554 never, SECRET", False),
        ("MAIL", "550 no", False),
        ("RCPT", "550 nobody SECRET", False),
        ("EHLO", "421 busy", True),
    ],
)
async def test_a_refusal_is_told_without_its_words(command: str, answer: str, retryable: bool) -> None:
    refusals = {command: answer, "HELO": answer} if command == "EHLO" else {command: answer}
    async with mail_serving(FakeSmtp(refusals=refusals)) as fake:
        with pytest.raises(NotSentError) as caught:
            await mail(f"smtp://127.0.0.1:{fake.port}").send(NOTICE)
    assert "SECRET" not in str(caught.value)
    assert caught.value.retryable is retryable


async def test_a_server_that_is_away_may_come_back() -> None:
    with pytest.raises(NotSentError) as caught:
        await mail(f"smtp://me:SECRET@127.0.0.1:{free_port()}").send(NOTICE)
    assert (caught.value.retryable, "SECRET" in str(caught.value)) == (True, False)


async def test_a_subject_can_add_no_header() -> None:
    notice = Notice("id", "80 %\r\nBcc: everybody@example.com", "text")
    async with mail_serving(FakeSmtp()) as fake:
        await mail(f"smtp://127.0.0.1:{fake.port}").send(notice)
    assert fake.messages[0]["Bcc"] is None
    assert fake.messages[0]["Subject"] == "80 % Bcc: everybody@example.com"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.test", MailServer("mail.test", 587, implicit_tls=False)),
        (
            "smtps://u:p%2F@mail.test",
            MailServer("mail.test", 465, implicit_tls=True, user="u", password="p/"),
        ),
        ("smtp://mail.test:25", MailServer("mail.test", 25, implicit_tls=False)),
    ],
)
def test_the_url_names_server_and_login(url: str, server: MailServer) -> None:
    assert mail_server(url) == server


@pytest.mark.parametrize(
    "url", ["mail.test", "http://SECRET@mail.test", "smtp://", "smtp://x:SECRET/y", "smtp://m:99999"]
)
def test_a_url_that_can_not_be_used_is_not_repeated(url: str) -> None:
    with pytest.raises(ConfigError, match="QUORUM_SMTP_URL") as caught:
        mail_server(url)
    assert "SECRET" not in str(caught.value)


def test_the_password_is_not_in_the_repr() -> None:
    assert "SECRET" not in repr(mail_server("smtp://u:SECRET@mail.test"))
