"""Reading the local mail view, as a person would."""

import re
import time
import urllib.request
from dataclasses import dataclass
from html import unescape

MAIL = re.compile(
    r"<article><h2><bdi>(?P<subject>.*?)</bdi></h2>\s*<p>To: <bdi>(?P<to>.*?)</bdi>.*?"
    r"<pre dir=\"auto\">(?P<body>.*?)</pre></article>",
    re.DOTALL,
)
SECONDS = 90


@dataclass(frozen=True)
class Mail:
    """One mail."""

    to: str
    subject: str
    body: str


def mails(mail_url: str, address: str) -> list[Mail]:
    """The mails to this address, newest first."""
    with urllib.request.urlopen(f"{mail_url}/", timeout=60) as answer:
        page = answer.read().decode()
    found = [
        Mail(**{name: unescape(text) for name, text in match.groupdict().items()})
        for match in MAIL.finditer(page)
    ]
    return [mail for mail in found if address in mail.to]


def mails_with(mail_url: str, address: str, subjects: set[str]) -> list[Mail]:
    """The mails to this address, once there is one with each of these subjects."""
    end = time.monotonic() + SECONDS
    while True:
        found = mails(mail_url, address)
        missing = subjects - {mail.subject for mail in found}
        if not missing:
            return found
        assert time.monotonic() < end, f"no mail {missing} among {[mail.subject for mail in found]}"
        time.sleep(0.1)


def mailed_codes(mail_url: str, address: str) -> list[str]:
    """The six-digit codes that were mailed to this address, newest first."""
    return [
        code for mail in mails(mail_url, address) for code in re.findall(r"(?<!\d)\d{6}(?!\d)", mail.body)
    ]


def mailed_code(mail_url: str, address: str, *, known: int = 0) -> str:
    """The newest code, waiting until the worker has sent it; `known` is how many were there before it was asked for."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        codes = mailed_codes(mail_url, address)
        if len(codes) > known:
            return codes[0]
        time.sleep(0.1)
    raise AssertionError("no sign-in code arrived")


def mailed_link(mail_url: str, address: str, part: str) -> str:
    """The newest link with this part that was mailed to this address, waiting until the worker has sent it."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        bodies = "\n".join(mail.body for mail in mails(mail_url, address))
        if found := re.search(rf"https?://\S+{part}\S+", bodies):
            return found.group()
        time.sleep(0.1)
    raise AssertionError("no link arrived")
