"""The demo: seeded once, usable, and never in production."""

import re
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from consular.accounts import factors, tokens
from consular.accounts.models import Kind, User
from consular.cases.models import Attachment, Case, Phase
from consular.missions import loading
from consular.ops import demo, demo_cases, demo_help, publication


@pytest.fixture
def accounts(transactional_db: None, settings: Any, tmp_path: Path) -> str:
    """A seeded demo; the text with its accounts."""
    settings.HOME = tmp_path
    loading.load()
    publication.publish_all()
    demo.seed()
    file = tmp_path / "demo-accounts.txt"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    return file.read_text(encoding="utf-8")


def test_it_is_usable_seeded_once_and_goes_on_where_it_was_interrupted(
    accounts: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("seed_demo")

    assert Case.objects.filter(service=demo_cases.SERVICE).count() == len(demo_cases.PEOPLE)
    assert Case.objects.get(service=demo_help.EMERGENCY).mission.code == "MUMB"
    assert set(Case.objects.values_list("phase", flat=True)) == {Phase.IN_REVIEW, Phase.WAITING}
    assert Attachment.objects.count() == 2 * sum(person.has_documents for person in demo_cases.PEOPLE) > 0
    assert User.objects.filter(kind=Kind.STAFF).count() == accounts.count("  recovery ")
    assert (settings.HOME / "demo-accounts.txt").read_text(encoding="utf-8") == accounts
    owners = set(Case.objects.values_list("owner__email", flat=True))
    last = f"applicant{len(demo_cases.PEOPLE)}@example.org"
    assert {last, demo_help.EMAIL} <= owners
    assert f"applicant1@example.org to {last}, {demo_help.EMAIL}" in accounts
    officer = User.objects.get(email="intake-clerk.mumb@example.org")
    assert officer.check_password(demo.PASSWORD)
    assert factors.verify(officer, _recovery_code(accounts, officer.email)).user == officer
    code = StringIO()
    call_command("second_factor_code", officer.email, stdout=code)
    assert factors.verify(officer, code.getvalue().strip()).user == officer
    _partners_can_ask_with_their_keys(accounts)

    more = (*demo_cases.PEOPLE, demo_cases.Person("Late", "Person", "IND", "IN-DL", "en", "sent"))
    monkeypatch.setattr(demo_cases, "PEOPLE", more)
    demo.seed()
    assert Case.objects.filter(service=demo_cases.SERVICE).count() == len(more)


@pytest.mark.parametrize("command", [["seed_demo"], ["second_factor_code", "auditor@example.org"]])
@pytest.mark.django_db
def test_production_has_no_demo(settings: Any, command: list[str]) -> None:
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="production"):
        call_command(*command)

    assert not User.objects.exists()


def _partners_can_ask_with_their_keys(accounts: str) -> None:
    keys = re.findall(r"^    (\S+@example\.org) +(\S+)$", accounts, re.MULTILINE)

    assert [email for email, _ in keys] == [
        f"{code.replace('_', '-')}@example.org" for code, *_ in demo.PARTNERS
    ]
    for email, key in keys:
        user = tokens.owner_of(key)
        assert user is not None
        assert user.email == email
        assert user.answers_for.count() == 1


def _recovery_code(accounts: str, email: str) -> str:
    found = re.search(rf"{re.escape(email)}\s+secret \w+\s+recovery (\S+)", accounts)
    assert found
    return found.group(1)
