"""With a time-stamp service signatures are PAdES B-T; while it is away nothing is issued, unless that is allowed."""

import contextlib
import io
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from asn1crypto import tsp
from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper

from consular.core import clock
from consular.decisions import expiry, issuing, keys, seal, signature, timestamps
from consular.decisions.models import Letter
from tests import factories
from tests.decisions import letters

Answer = Callable[[BaseHTTPRequestHandler, bytes], None]


def stamper() -> DummyTimeStamper:
    """A time-stamp authority that signs whatever it is asked."""
    key = rsa.generate_private_key(65537, 2048)
    name = keys._name("time stamps")
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    made = keys._certificate(name, name, key.public_key(), authority=False).add_extension(
        usage, critical=True
    )
    certificate = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return DummyTimeStamper(Certificate.load(certificate), PrivateKeyInfo.load(private))


STAMPER = stamper()


def stamped(request: bytes) -> tsp.TimeStampResp:
    return STAMPER.request_tsa_response(tsp.TimeStampReq.load(request))


def sent(handler: BaseHTTPRequestHandler, content: bytes, status: int = 200) -> None:
    handler.send_response(status)
    handler.end_headers()
    handler.wfile.write(content)


def well(handler: BaseHTTPRequestHandler, request: bytes) -> None:
    sent(handler, stamped(request).dump())


def garbage(handler: BaseHTTPRequestHandler, _request: bytes) -> None:
    sent(handler, b"<html>502 Bad Gateway</html>")


def nothing(handler: BaseHTTPRequestHandler, _request: bytes) -> None:
    sent(handler, b"")


def failing(handler: BaseHTTPRequestHandler, _request: bytes) -> None:
    sent(handler, b"", 500)


def elsewhere(handler: BaseHTTPRequestHandler, _request: bytes) -> None:
    handler.send_response(302)
    handler.send_header("Location", "/other")
    handler.end_headers()


def refusing(handler: BaseHTTPRequestHandler, _request: bytes) -> None:
    sent(handler, tsp.TimeStampResp({"status": {"status": "rejection"}}).dump())


def endless(handler: BaseHTTPRequestHandler, _request: bytes) -> None:
    sent(handler, b"\x30" * (timestamps.LARGEST + 4096))


def hanging(_handler: BaseHTTPRequestHandler, _request: bytes) -> None:
    threading.Event().wait(1.0)


def for_something_else(handler: BaseHTTPRequestHandler, request: bytes) -> None:
    """A stamp with the right number, but for another signature."""
    asked = tsp.TimeStampReq.load(request)
    asked["message_imprint"]["hashed_message"] = b"\x00" * 32
    sent(handler, stamped(asked.dump(force=True)).dump())


def of_another_time(handler: BaseHTTPRequestHandler, request: bytes) -> None:
    """A stamp that is right in all but its time."""
    STAMPER.fixed_dt = clock.now() - timedelta(hours=1)
    try:
        well(handler, request)
    finally:
        STAMPER.fixed_dt = None


@pytest.fixture
def service(settings: object) -> Iterator[list[Answer]]:
    """A time-stamp service that answers as the first entry of the list says."""
    answers: list[Answer] = [well]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            answers[0](self, request)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings.TIMESTAMP_URL = f"http://127.0.0.1:{server.server_port}/tsa"
    yield answers
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return issuing.render(letters.grant())


def stamp_of(content: bytes) -> object:
    """The time stamp in the signature, an unsigned attribute of it (RFC 3161, appendix A)."""
    signer = PdfFileReader(io.BytesIO(content)).embedded_signatures[0].signer_info
    names = [attribute["type"].native for attribute in signer["unsigned_attrs"]]
    return "signature_time_stamp_token" in names or None


def test_a_signature_says_when_it_was_there(service: list[Answer], unsigned: bytes):
    content = signature.sign(unsigned)

    assert stamp_of(content) is not None
    assert signature.check(content).good
    assert not signature.check(content.replace(b"/Contents", b"/Contentz", 1)).good


WRONG = [
    garbage,
    nothing,
    failing,
    elsewhere,
    refusing,
    endless,
    hanging,
    for_something_else,
    of_another_time,
]


@pytest.mark.parametrize("answer", WRONG, ids=lambda answer: answer.__name__)
def test_without_a_stamp_that_counts_nothing_is_signed_unless_that_is_allowed(
    answer: Answer, service: list[Answer], unsigned: bytes, settings: object, monkeypatch: pytest.MonkeyPatch
):
    service[0] = answer
    monkeypatch.setattr(timestamps, "SECONDS", 0.3)

    with pytest.raises(timestamps.NoTimestamp):
        signature.sign(unsigned)

    settings.TIMESTAMP_REQUIRED = False
    content = signature.sign(unsigned)
    assert stamp_of(content) is None
    assert signature.check(content).good


@pytest.mark.parametrize("before", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_an_answer_that_drips_is_given_up(
    before: bytes, service: list[Answer], settings: object, monkeypatch: pytest.MonkeyPatch
):
    """Headers as well: each byte alone comes in time."""
    asked = []

    def dripping(handler: BaseHTTPRequestHandler, _request: bytes) -> None:
        asked.append(handler.path)
        handler.wfile.write(before)
        with contextlib.suppress(OSError):
            for _ in range(500):
                handler.wfile.write(b"x")
                time.sleep(0.02)

    service[0] = dripping
    monkeypatch.setattr(timestamps, "SECONDS", 0.5)
    with pytest.raises(TimeoutError):
        timestamps._asked(f"{settings.TIMESTAMP_URL}?policy=1.2&key=a%2Fb", b"request")
    assert asked == ["/tsa?policy=1.2&key=a%2Fb"]


def test_without_looking_a_stamp_for_something_else_would_be_taken(
    service: list[Answer], unsigned: bytes, monkeypatch: pytest.MonkeyPatch
):
    service[0] = for_something_else
    content = signature.current().sign(unsigned, stamping=timestamps.service())

    assert stamp_of(content) is not None


@pytest.mark.django_db
def test_a_letter_waits_for_the_service_and_is_issued_whole(service: list[Answer], settings: object):
    case = factories.sent_case()
    address = settings.TIMESTAMP_URL
    settings.TIMESTAMP_URL = "http://127.0.0.1:1/refused"
    with pytest.raises(timestamps.NoTimestamp):
        issuing.issue(case, "L01", key="one", folder=letters.folder())
    assert not Letter.objects.exists()

    settings.TIMESTAMP_URL = address
    letter = issuing.issue(case, "L01", key="one", folder=letters.folder())

    assert stamp_of(bytes(letter.content)) is not None


@pytest.mark.parametrize(
    ("left", "stages"), [(61, []), (60, [60]), (31, [60]), (30, [30]), (7, [7]), (0, [7]), (-1, [0])]
)
def test_the_end_of_a_certificate_is_seen_before(
    left: int, stages: list[int], monkeypatch: pytest.MonkeyPatch
):
    day = clock.now().date() + timedelta(days=left)
    monkeypatch.setattr(expiry, "ENDS", {"seal_key": lambda: day})

    assert [one.stage for one in expiry.soon()] == stages


def test_the_ends_are_those_of_the_keys():
    assert expiry.soon() == []
    ends = {name: end() for name, end in expiry.ENDS.items()}
    assert ends["signing_key"] == signature.current().ends_at.date()
    assert ends["seal_key"] == seal.current().certificate.not_valid_after_utc.date()


@pytest.mark.parametrize(
    ("away", "why"),
    [
        (keys.LIFETIME + timedelta(days=1), "has ended"),
        (keys.BEGINS - clock.now() - timedelta(days=1), "has not begun"),
    ],
)
def test_outside_its_days_a_certificate_signs_nothing(
    away: timedelta, why: str, unsigned: bytes, monkeypatch: pytest.MonkeyPatch
):
    then = clock.now() + away
    monkeypatch.setattr(clock, "now", lambda: then)

    with pytest.raises(ValueError, match=why):
        signature.sign(unsigned)
    with pytest.raises(ValueError, match=why):
        seal.put_on(letters.grant(), mission="ACCR", on=then.date())
