"""A real mail server on this machine that can be told to misbehave."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage as Mail
from email.parser import BytesParser
from email.policy import default

import pytest
from aiosmtpd.controller import Controller


@dataclass
class Server:
    """What the server received, and how it answers: after a while, or when so many mails are there."""

    mails: list[Mail] = field(default_factory=list)
    answer: str = "250 thank you"
    wait: float = 0
    until: int = 0
    drops: bool = False

    async def handle_DATA(self, server, session, envelope) -> str:
        """Take a mail as told."""
        if self.drops:
            session.peer = None
            server.transport.abort()
            return "421 gone"
        await asyncio.sleep(self.wait)
        if self.answer.startswith("250"):
            self.mails.append(BytesParser(policy=default).parsebytes(envelope.content))
        while len(self.mails) < self.until:
            await asyncio.sleep(0.01)
        return self.answer


@pytest.fixture
def server(settings) -> Iterator[Server]:
    """The server Django sends to."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    received = Server()
    controller = Controller(received, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    settings.EMAIL_TIMEOUT = 60
    yield received
    controller.stop()
