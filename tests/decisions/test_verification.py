"""Anybody may ask; the answer is right and says nothing about a person."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from consular.cases.models import Case
from consular.core import clock
from consular.decisions import ending, issuing, keys, signature, verification
from consular.decisions.models import Letter
from consular.decisions.verification import Status, Verdict
from tests import emptying, factories
from tests.decisions import letters

pytestmark = pytest.mark.django_db
KOLKATA = ZoneInfo("Asia/Kolkata")


@pytest.fixture(scope="module")
def printed(django_db_setup: None, django_db_blocker: object) -> Iterator[int]:
    """A letter, printed and signed once for all tests here; each undoes what it did to it."""
    with django_db_blocker.unblock():
        keys.make_local()
        yield issuing.issue(factories.sent_case(), "L01", key="for all", folder=letters.folder()).pk
        emptying.forget()


@pytest.fixture
def letter(printed: int) -> Letter:
    return Letter.objects.get(pk=printed)


def test_a_letter_that_stands_is_valid_by_code_and_by_file(letter: Letter):
    expected = Verdict(Status.VALID, "L01", letter.issued_at.astimezone(KOLKATA).date())

    assert verification.look_up(letter.code) == expected
    assert verification.check_file(letter.content) == expected


def test_the_days_are_those_at_the_mission_as_the_letter_prints_them():
    """At 20:00 UTC the next day has begun in Kolkata."""
    with clock.at(datetime(2026, 5, 1, 20, tzinfo=UTC)):
        letter = issuing.issue(factories.sent_case(), "L01", key="one", folder=letters.folder())
    with clock.at(datetime(2026, 5, 3, 20, tzinfo=UTC)):
        ending.supersede(letter, end="revoked", reason="issued in error", actor=factories.official())

    verdict = verification.look_up(letter.code)

    assert letter.values["versions"][0]["issued_on"] == "2 May 2026"
    assert (verdict.issued_on, verdict.ended_on) == (date(2026, 5, 2), date(2026, 5, 4))

    moved = factories.mission(time_zone="America/New_York")
    Case.objects.filter(pk=letter.case_id).update(mission=moved)
    assert verification.look_up(letter.code) == verdict


@pytest.mark.parametrize("spoil", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} ",
                                   lambda code: code.replace("-", "").replace("0", "O").replace("1", "l")])  # fmt: skip
def test_a_code_is_found_however_it_is_typed(letter: Letter, spoil):
    assert verification.look_up(spoil(letter.code)).is_valid


def test_a_replaced_letter_is_superseded_and_its_successor_valid(letter: Letter):
    second = issuing.issue(letter.case, "L01", key="two", folder=letters.folder())
    ending.supersede(letter, end="corrected", by=second, reason="corrected", actor=factories.official())

    assert verification.look_up(letter.code).status == Status.SUPERSEDED
    assert verification.check_file(letter.content).status == Status.SUPERSEDED
    assert verification.look_up(second.code).is_valid


def test_a_revoked_letter_is_revoked(letter: Letter):
    ending.supersede(letter, end="revoked", reason="issued in error", actor=factories.official())

    verdict = verification.check_file(letter.content)

    assert (verdict.status, verdict.is_valid) == (Status.REVOKED, False)
    assert verdict.ended_on is not None


@pytest.mark.parametrize(
    "code", ["", "-", "0000", "x" * 10_000, "\x00", "DROP TABLE", "٠٠٠٠", "AAAA-BBBB-CCCC-DDDD"]
)
def test_an_unknown_code_is_unknown(code: str):
    assert verification.look_up(code) == Verdict(Status.UNKNOWN)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_changed_letter_is_changed(letter: Letter, share: float):
    place = int(len(letter.content) * share)

    assert verification.check_file(changed(letter.content, place)).status == Status.CHANGED


def test_three_hundred_changes_of_one_byte_are_all_seen(letter: Letter):
    places = range(0, len(letter.content), len(letter.content) // 300)

    seen = [verification.check_file(changed(letter.content, place)).is_valid for place in places]

    assert len(places) >= 300
    assert not any(seen)


def changed(content: bytes, place: int) -> bytes:
    """The file with one bit of one byte turned."""
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def test_an_added_revision_is_a_change(letter: Letter):
    assert verification.check_file(bytes(letter.content) + b"\n%%EOF\n").status == Status.CHANGED


def test_even_the_padding_of_the_signature_counts(letter: Letter):
    content = bytearray(letter.content)
    end = content.index(b">", content.index(b"/Contents <"))
    content[end - 1 : end] = b"1"

    assert not verification.check_file(bytes(content)).is_valid


def test_a_file_of_another_key_is_not_ours(letter: Letter, tmp_path):
    keys.write(tmp_path / "key.p12", "other", name="consular local test")
    stranger = signature.load(tmp_path / "key.p12", "other")

    shadow = stranger.sign(issuing.render(letters.grant()))

    assert verification.check_file(shadow) == verification.UNKNOWN


def test_a_forgery_that_prints_a_genuine_code_is_changed(letter: Letter):
    forgery = b"%PDF-1.7 (https://example.org/verify/" + letter.code.encode() + b"/) %%EOF"

    assert verification.check_file(forgery).status == Status.CHANGED


def test_our_signature_alone_does_not_make_a_letter():
    signed = signature.sign(issuing.render(letters.grant()))

    assert signature.check(signed).good
    assert verification.check_file(signed) == verification.UNKNOWN


def test_a_changed_register_alone_does_not_make_a_letter(letter: Letter):
    forged = b"%PDF-1.7 nothing"
    Letter.objects.create(
        case=letter.case,
        kind="L01",
        number="x",
        key="x",
        code="x",
        languages=["en"],
        values={},
        issued_at=letter.issued_at,
        sha256=issuing.hashlib.sha256(forged).hexdigest(),
        content=forged,
    )

    assert verification.check_file(forged).status == Status.CHANGED


def test_the_answer_holds_nothing_about_a_person(letter: Letter):
    said = " ".join(map(str, asdict(verification.check_file(letter.content)).values()))

    assert letter.case.applicant_name not in said
    assert letter.case.reference not in said


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7", b"\x00" * 1000])
def test_something_else_is_unknown(content: bytes):
    assert verification.check_file(content) == verification.UNKNOWN


def test_a_thousand_changes_of_one_byte_are_all_seen(letter: Letter):
    content = bytes(letter.content)
    changed = [
        content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :]
        for place in (len(content) * number // 1000 for number in range(1000))
    ]
    hashes = {hashlib.sha256(one).hexdigest() for one in changed}

    assert len(hashes) == 1000
    assert not Letter.objects.filter(sha256__in=hashes).exists()  # without that no file is valid
    assert not any(verification.check_file(one).is_valid for one in changed[::50])
    assert verification.check_file(content).is_valid
