"""The visible digital seal: its bytes, what proves it, and what does not."""

import base64
import hashlib
import io
import textwrap
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from PIL import Image

from consular.core import clock
from consular.decisions import barcode, issuing, keys, seal, seal_code, seal_reading
from consular.decisions.letter import Letter
from consular.decisions.seal import NotProven
from consular.decisions.seal_code import Header, NoSeal
from tests.decisions import letters
from tests.decisions.test_pdf import NAMES

DAY = date(2026, 5, 1)


@pytest.fixture(scope="module")
def sealed() -> Letter:
    return seal.put_on(replace(letters.grant(), applicant=NAMES["chinese"]), mission="ACCR", on=DAY)


@pytest.fixture(scope="module")
def content(sealed: Letter) -> bytes:
    return bytes.fromhex(sealed.seal)


@pytest.fixture(scope="module")
def printed(sealed: Letter) -> bytes:
    return issuing.render(sealed)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> seal.Key:
    file = tmp_path_factory.mktemp("seal") / "seal.p12"
    keys.write_seal(file, "x")
    return seal.load(file, "x")


def own() -> tuple[x509.Certificate, ...]:
    return (seal.current().certificate,)


@pytest.mark.parametrize(("text", "digits"), [("UTO", "d9c5"), ("D  ", "6abc"), ("DETS32", "6d32c91f")])
def test_letters_become_the_bytes_that_the_standard_gives(text: str, digits: str):
    assert seal_code.c40(text).hex() == digits
    assert seal_code.un_c40(seal_code.c40(text)) == text


@pytest.mark.parametrize(("day", "digits"), [(date(2024, 9, 27), "8d7ad8"), (date(1979, 10, 9), "99fdcb")])
def test_days_become_the_bytes_that_the_standard_gives(day: date, digits: str):
    assert seal_code.day(day).hex() == digits
    assert seal_code.undated(bytes.fromhex(digits)) == day


@given(
    st.text("0123456789ABCDEF", min_size=1, max_size=40),
    st.dates(date(2000, 1, 1), date(2999, 12, 31)),
    st.dictionaries(st.integers(0, 0xFE), st.binary(max_size=300), max_size=4),
)
@limits(max_examples=60, deadline=None)
def test_what_is_written_is_read_again(number: str, day: date, fields: dict[int, bytes]):
    header = Header("D<<", "DEXX", number, day, day + timedelta(days=1))
    signed = seal_code.message(header, fields)

    read = seal_code.parse(seal_code.sealed(signed, bytes(64)))

    assert (read.header, read.fields, read.signed, read.signature) == (header, fields, signed, bytes(64))


@given(st.binary(max_size=400) | st.binary(max_size=300).map(lambda tail: b"\xdc\x03\x6a\xbc" + tail))
@limits(max_examples=150, deadline=None)
def test_whatever_the_bytes_are_there_is_an_answer(noise: bytes):
    with pytest.raises(NoSeal):
        seal_code.parse(noise)


def test_a_seal_says_what_the_letter_says_and_no_more(sealed: Letter, content: bytes):
    facts = seal.prove(content, own())

    assert (facts.kind, facts.number, facts.mission, facts.applicant) == (
        "L10", sealed.number, "ACCR", sealed.applicant,
    )  # fmt: skip
    assert (facts.issued_on, facts.sealed_on, facts.issuer) == (DAY, clock.today(), "D<<")
    assert facts.verify_address == sealed.verify_address


def test_no_change_of_one_bit_is_proven(content: bytes):
    proven = []
    for place in range(len(content) * 8):
        changed = bytearray(content)
        changed[place // 8] ^= 1 << place % 8
        try:
            seal.prove(bytes(changed), own())
        except NotProven:
            continue
        proven.append(place)

    assert proven == []


def test_without_the_signature_a_changed_seal_would_be_believed(
    content: bytes, monkeypatch: pytest.MonkeyPatch
):
    changed = content.replace(b"ACCR", b"BERL")
    with pytest.raises(NotProven, match="not_signed_by_it"):
        seal.prove(changed, own())

    monkeypatch.setattr(seal, "_is_signed_by", lambda *_: True)

    assert seal.prove(changed, own()).mission == "BERL"


@pytest.mark.parametrize("more", [b"\x00", b"\xff\x40" + bytes(64)])
def test_nothing_may_stand_behind_the_signature(content: bytes, more: bytes):
    with pytest.raises(NotProven, match="not_a_seal"):
        seal.prove(content + more, own())


def test_a_certificate_that_is_not_listed_proves_nothing(content: bytes, stranger: seal.Key):
    with pytest.raises(NotProven, match="unknown_certificate"):
        seal.prove(content, [stranger.certificate])


def test_a_key_on_its_day_only(content: bytes, monkeypatch: pytest.MonkeyPatch):
    header = seal_code.parse(content).header
    late = replace(header, sealed_on=header.sealed_on + keys.LIFETIME + timedelta(days=2))
    with pytest.raises(NotProven, match="out_of_date"):
        seal._require_its_days(own()[0], late.sealed_on)


def test_a_decoder_of_other_hands_reads_it_from_the_printed_page(printed: bytes, content: bytes):
    assert seal_reading.found(printed) == (content,)


def test_the_file_inside_the_letter_is_what_the_seal_is_a_hash_of(
    printed: bytes, sealed: Letter, content: bytes
):
    inside = seal_reading.facts_inside(printed)

    assert inside == hashlib.sha256(sealed.facts()).hexdigest() == seal.prove(content, own()).facts
    assert replace(sealed, seal="").facts() == sealed.facts()
    assert replace(sealed, number="N/9").facts() != sealed.facts()


def test_the_longest_name_still_fits_on_the_page():
    letter = seal.put_on(replace(letters.grant(), applicant="語" * 170), mission="ACCR", on=DAY)

    assert seal_reading.found(issuing.render(letter)) == (bytes.fromhex(letter.seal),)
    assert seal.prove(bytes.fromhex(letter.seal), own()).applicant == "語" * seal.LONGEST_NAME


@pytest.mark.parametrize(
    "write",
    [bytes.hex, lambda c: base64.b64encode(c).decode(), lambda c: "\n".join(textwrap.wrap(c.hex(), 60))],
)
def test_digits_are_read_however_they_are_written(content: bytes, write: Callable[[bytes], str]):
    assert seal_reading.found(write(content).encode()) == (content,)
    assert seal_reading.found(content) == (content,)


def test_a_photo_of_the_seal_is_read(content: bytes):
    rows = barcode.rows(content)
    size = len(rows)
    picture = Image.new("RGB", (size + 8, size + 8), "white")
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            picture.putpixel((x + 4, y + 4), (0, 0, 0) if value == "#" else (255, 255, 255))
    out = io.BytesIO()
    picture.resize((4 * picture.width, 4 * picture.height), 0).rotate(90, expand=True).save(out, "PNG")

    assert seal_reading.found(out.getvalue()) == (content,)


@pytest.mark.parametrize(
    "noise", [b"", b"hello", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"zz" * 5000, b"\xff\xd8\xff"]
)
def test_without_a_seal_there_is_an_answer(noise: bytes):
    with pytest.raises(seal_reading.Unreadable):
        seal_reading.found(noise)


def with_page(printed: bytes, box: list[float]) -> bytes:
    """The letter, and behind it an empty page of a size."""
    with pikepdf.open(io.BytesIO(printed)) as file:
        file.add_blank_page(page_size=(100, 100))
        file.pages[-1].MediaBox = pikepdf.Array(box)
        out = io.BytesIO()
        file.save(out)
    return out.getvalue()


@pytest.mark.parametrize("box", [[0, 0, 14400, 14400], [0, 0, 0.01, 1e9]])
def test_a_page_that_is_huge_is_never_drawn_so_and_hides_no_seal(
    box: list[float], printed: bytes, content: bytes, monkeypatch: pytest.MonkeyPatch
):
    drawn, most = [], 4_000_000
    monkeypatch.setattr(seal_reading, "_MOST_PIXELS", most)
    render = pypdfium2.PdfPage.render
    monkeypatch.setattr(
        pypdfium2.PdfPage,
        "render",
        lambda page, scale: drawn.append(page.get_size() + (scale,)) or render(page, scale=scale),
    )

    assert seal_reading.found(with_page(printed, box)) == (content,)
    assert all(width * height * scale**2 < most + 1 for width, height, scale in drawn)


def test_a_page_that_cannot_be_drawn_is_passed_over(
    printed: bytes, content: bytes, monkeypatch: pytest.MonkeyPatch
):
    pages = with_page(printed, [0, 0, 100, 100])
    get = pypdfium2.PdfDocument.__getitem__

    def failing(document: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage:
        if number == len(document) - 1:
            raise pypdfium2.PdfiumError("Failed to load page.")
        return get(document, number)

    monkeypatch.setattr(pypdfium2.PdfDocument, "__getitem__", failing)
    assert seal_reading.found(pages) == (content,)


def test_a_key_without_two_letters_and_a_country_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keys, "SEALER", ("DE", "Somebody"))
    keys.write_seal(tmp_path / "seal.p12", "x")

    with pytest.raises(ValueError, match="two letters"):
        seal.load(tmp_path / "seal.p12", "x")
    with pytest.raises(ValueError, match="password"):
        seal.load(tmp_path / "seal.p12", "y")


def test_a_picture_too_large_is_not_searched():
    class Picture(io.BytesIO):
        width, height = 100_000, 100_000

    with pytest.raises(ValueError, match="too large"):
        barcode.read(Picture())
