"""Questions that repeat in an officer's task: entries are added and removed without scripts, and nothing is lost."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings as site
from django.test import Client

from consular.accounts.models import Role
from consular.cases.models import TaskEntry
from tests import factories
from tests.forms import test_signature_certification, walking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

SEALS = """
[[tasks.counter.questions]]
id = "seals"
kind = "group"
label = "Seal"
repeat = 2
required = false

    [[tasks.counter.questions.questions]]
    id = "seal_number"
    kind = "text"
    label = "Number of the seal"

"""
MARK = "[[tasks.counter.rules]]"


def test_entries_are_added_removed_and_kept(tmp_path: Path, settings: object, client: Client) -> None:
    shutil.copytree(site.FORMS_DIR / "signature_certification", tmp_path / "signature_certification")
    form = tmp_path / "signature_certification" / "v1" / "form.toml"
    text = form.read_text(encoding="utf-8")
    assert text.count(MARK) >= 1
    form.write_text(text.replace(MARK, SEALS + MARK, 1), encoding="utf-8")
    settings.FORMS_DIR = tmp_path

    case = walking.sent("signature_certification", test_signature_certification.answers(needed_by=None))
    walking.booked(case)
    (task,) = walking.open_tasks(case)
    factories.signed_in(client, factories.official(Role.INTAKE_CLERK, mission=case.mission))
    address, start = f"/desk/cases/{case.reference}/tasks/{task.pk}/", f"t{task.pk}-"
    first = client.get(f"/desk/cases/{case.reference}/").content.decode()
    assert f'formaction="{address}#{start}seals-1"' in first
    assert f'name="{start}seals-count" value="1"' in first

    typed = {f"{start}arrival": "came", f"{start}seals-count": "1", f"{start}seals-0-seal_number": "A 1"}
    added = client.post(address, {**typed, "add": "seals"})
    assert added.status_code == 200
    page = added.content.decode()
    assert 'value="A 1"' in page
    assert f'name="{start}seals-1-seal_number"' in page
    assert "There is a problem" not in page

    two = {**typed, f"{start}seals-count": "2", f"{start}seals-1-seal_number": "B 2"}
    removed = client.post(address, {**two, "remove": "seals-0"}).content.decode()
    assert f'name="{start}seals-0-seal_number"' in removed
    assert 'value="B 2"' in removed
    assert 'value="A 1"' not in removed
    assert not TaskEntry.objects.exists()

    missing = client.post(address, two)
    assert missing.status_code == 422
    assert 'value="B 2"' in missing.content.decode()
    done = client.post(address, {**two, f"{start}identity_checked": "yes", f"{start}fee": "paid"})
    assert done.status_code == 302
    assert TaskEntry.objects.get().entries["seals"] == [{"seal_number": "A 1"}, {"seal_number": "B 2"}]
