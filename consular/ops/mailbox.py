"""A mail server for local work: takes every mail, sends none on, and shows them on a plain page.

    python -m consular.ops.mailbox --smtp-port 1025 --http-port 8025 --dir .local/mail

Knows nothing of the service and needs no settings. It listens on this machine only.
"""

import argparse
import os
import signal
import threading
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from typing import Any

from aiosmtpd.controller import Controller

HERE = "127.0.0.1"
SHOWN = 100
LARGEST = 5_000_000

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Local mail</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
</head><body><main><h1>Local mail</h1><p>Newest first. Nothing leaves this machine.</p>{mails}</main></body></html>
"""
MAIL = """<article><h2><bdi>{subject}</bdi></h2>
<p>To: <bdi>{to}</bdi><br>Date: {date}</p><pre dir="auto">{body}</pre></article><hr>
"""


@dataclass(frozen=True)
class Mailbox:
    """The mails in a directory, one file each; their names sort by time."""

    folder: Path

    def keep(self, content: bytes) -> None:
        """Store one mail, whole or not at all."""
        name = f"{time.time_ns():020}-{os.getpid()}-{threading.get_ident()}"
        partial = self.folder / f"{name}.part"
        partial.write_bytes(content)
        partial.rename(self.folder / f"{name}.eml")

    def page(self) -> str:
        """All that was received lately, as HTML; nothing in a mail is ever markup here."""
        files = sorted(self.folder.glob("*.eml"), reverse=True)[:SHOWN]
        return PAGE.format(
            mails="".join(_shown(file.read_bytes()) for file in files) or "<p>No mail yet.</p>"
        )


class Receiver:
    """What the SMTP server does with a mail."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take it."""
        self.mailbox.keep(envelope.content)
        return "250 OK"


class Pages(ThreadingHTTPServer):
    """The page with the mails."""

    daemon_threads = True

    def __init__(self, port: int, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        super().__init__((HERE, port), Answer)


class Answer(BaseHTTPRequestHandler):
    """One request for the page."""

    server: Pages

    def do_GET(self) -> None:
        """Show the mails at /, nothing anywhere else."""
        found = self.path == "/"
        body = (self.server.mailbox.page() if found else "Not found").encode("utf-8", "replace")
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _shown(content: bytes) -> str:
    """One mail as HTML; what cannot be read is said, not guessed."""
    try:
        mail = BytesParser(policy=default).parsebytes(content)
        fields = {name: str(mail[name] or "") for name in ("subject", "to", "date")}
        fields["body"] = _text(mail)
    except (ValueError, LookupError, AttributeError, TypeError, IndexError):
        fields = {
            "subject": "Unreadable mail",
            "to": "",
            "date": "",
            "body": content[:2000].decode("ascii", "replace"),
        }
    return MAIL.format(**{name: escape(value) for name, value in fields.items()})


def _text(mail: EmailMessage) -> str:
    """The text of a mail, without attachments."""
    part = mail.get_body(preferencelist=("plain", "html"))
    return str(part.get_content()) if part is not None else ""


def run(smtp_port: int, http_port: int, folder: Path) -> None:
    """Receive and show until the process is told to stop."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    mailbox = Mailbox(folder)
    receiver = Controller(
        Receiver(mailbox), hostname=HERE, port=smtp_port, data_size_limit=LARGEST, enable_SMTPUTF8=True
    )
    pages = Pages(http_port, mailbox)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        threading.Thread(target=pages.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    receiver.start()
    try:
        pages.serve_forever()
    finally:
        pages.server_close()
        receiver.stop()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m consular.ops.mailbox", description="Catch and show all mail."
    )
    parser.add_argument("--smtp-port", type=int, default=1025)
    parser.add_argument("--http-port", type=int, default=8025)
    parser.add_argument("--dir", type=Path, required=True, dest="folder", help="where the mails are kept")
    options = parser.parse_args()
    run(options.smtp_port, options.http_port, options.folder)


if __name__ == "__main__":
    main()
