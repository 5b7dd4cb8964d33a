"""The local mailbox takes every mail and shows it without obeying it."""

import signal
import smtplib
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from consular.ops.mailbox import Mailbox
from tests.processes import free_port, until


@pytest.fixture
def box(tmp_path: Path) -> Iterator[tuple[int, str]]:
    """A running mailbox: its SMTP port and its address."""
    smtp, http = free_port(), free_port()
    command = [
        sys.executable,
        "-m",
        "consular.ops.mailbox",
        "--smtp-port",
        str(smtp),
        "--http-port",
        str(http),
    ]
    process = subprocess.Popen([*command, "--dir", str(tmp_path / "mail")])
    until(lambda: _listens(smtp))  # the one that listens last
    yield smtp, f"http://127.0.0.1:{http}/"
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def mail(subject: str, body: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "no-reply@consular.example", "a@example.org", subject
    message.set_content(body)
    return message


def test_mails_are_shown_newest_first_and_as_text(box: tuple[int, str]):
    port, address = box
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.send_message(mail("First", "رمزك 123456"))
        server.send_message(mail("Second", "<script>alert(1)</script>"))

    page = urllib.request.urlopen(address).read().decode()

    assert page.index("Second") < page.index("First")
    assert "رمزك 123456" in page
    assert "<script>" not in page


def test_there_is_one_page_only(box: tuple[int, str]):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(box[1] + "../../etc/passwd")


BROKEN = [
    b"",
    b"\x00\xff",
    b"Content-Type: text/plain; charset=nonsense\n\nx",
    b"Subject: =?utf-8?b?!!!?=\n\nx",
    b"Content-Type: multipart/mixed\n\nx",
]


@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_mail_does_not_break_the_page(tmp_path: Path, content: bytes):
    box = Mailbox(tmp_path)
    box.keep(content)

    assert box.page().count("<article>") == 1


def test_an_empty_mailbox_says_so(tmp_path: Path):
    assert "No mail yet" in Mailbox(tmp_path).page()
