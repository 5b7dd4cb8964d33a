"""A letter is issued once, whole, and never changes."""

import hashlib
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from consular.decisions import ending, issuing, pdf, signature
from consular.decisions.models import Letter
from tests import factories
from tests.decisions import letters
from tests.harm import without_trigger

pytestmark = pytest.mark.django_db


def issued(**fields: object) -> Letter:
    """A receipt for a new case."""
    return issuing.issue(factories.sent_case(**fields), "L01", key="receipt", folder=letters.folder())


def test_a_letter_is_numbered_hashed_signed_and_keeps_its_values():
    case = factories.sent_case()

    letter = issuing.issue(case, "L01", key="one", folder=letters.folder())

    letter.refresh_from_db()
    assert letter.number == f"{case.reference}/1"
    assert letter.sha256 == hashlib.sha256(letter.content).hexdigest()
    assert signature.check(letter.content).good
    assert letter.values["versions"][0]["body"]["declarations"] == []


def test_issuing_twice_gives_the_same_letter():
    case = factories.sent_case()

    first = issuing.issue(case, "L01", key="one", folder=letters.folder())
    second = issuing.issue(case, "L01", key="one", folder=letters.folder())
    other = issuing.issue(case, "L01", key="two", folder=letters.folder())

    assert first == second
    assert bytes(second.content) == first.content
    assert other.number == f"{case.reference}/2"


def test_a_decision_letter_points_to_its_decision():
    decision = letters.approved(letters.REFUSAL)

    letter = issuing.issue(
        decision.case, "L08", key="d", about=issuing.About(decision), folder=letters.folder()
    )

    assert letter.decision == decision
    assert letter.languages == ["de", "en"]


def test_codes_have_more_than_a_hundred_bits_and_differ():
    codes = {issuing.references.issue(issuing.CODE_LENGTH) for _ in range(100)}

    assert len(codes) == 100
    assert issuing.CODE_LENGTH * 5 >= 100


@pytest.mark.parametrize(
    ("module", "step", "error"), [(pdf, "render", ValueError("no")), (signature, "sign", OSError("no key"))]
)
def test_a_failed_step_leaves_nothing_issued(
    module: object, step: str, error: Exception, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object, **__: object) -> bytes:
        raise error

    monkeypatch.setattr(module, step, fail)

    with pytest.raises(type(error)):
        issued()
    assert not Letter.objects.exists()


def test_without_a_key_nothing_is_issued(settings: object, tmp_path: Path):
    settings.SIGNING_KEY_FILE = tmp_path / "missing.p12"
    signature.current.cache_clear()

    with pytest.raises(OSError, match="missing"):
        issued()

    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    "statement", ["UPDATE decisions_letter SET content = 'x'", "UPDATE decisions_letter SET sha256 = 'x'",
                  "DELETE FROM decisions_letter"]
)  # fmt: skip
def test_the_database_refuses_to_change_a_letter(statement: str):
    issued()

    with (
        pytest.raises(DatabaseError, match="append_only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_without_the_trigger_a_letter_is_overwritten():
    letter = issued()

    with without_trigger("decisions.Letter:append_only"):
        Letter.objects.filter(pk=letter.pk).update(content=b"other")

    letter.refresh_from_db()
    assert bytes(letter.content) == b"other"


def test_a_letter_is_superseded_once():
    first = issued()
    second = issuing.issue(first.case, "L01", key="corrected", folder=letters.folder())

    ending.supersede(first, end="corrected", by=second, reason="corrected", actor=factories.official())

    with pytest.raises(IntegrityError), transaction.atomic():
        ending.supersede(first, end="revoked", reason="issued in error", actor=factories.official())
    with pytest.raises(IntegrityError, match="no_letter_replaces_itself"), transaction.atomic():
        ending.supersede(second, end="corrected", by=second, reason="corrected", actor=factories.official())


def test_lists_of_letters_do_not_carry_the_files():
    letter = issued()

    listed = letter.case.letters.listed().get()

    assert {"content", "values"} <= listed.get_deferred_fields()


def test_a_wrong_kind_is_refused_before_anything_is_written():
    with pytest.raises(ValueError, match="L99"):
        issuing.issue(factories.sent_case(), "L99", key="x", folder=letters.folder())
