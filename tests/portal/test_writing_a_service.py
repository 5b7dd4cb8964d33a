"""docs/writing-a-service.md, followed word for word: a service nobody has programmed, from the folder to the end."""

import contextlib
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from consular import casework
from consular.accounts.models import Role
from consular.cases.models import Case, Phase
from consular.core import jobs
from consular.decisions import keys
from consular.decisions.models import Letter
from consular.formspec import lock
from consular.formspec.kinds import KINDS
from consular.missions.models import Mission
from tests import factories, prepared, stages
from tests.portal import drafting

pytestmark = pytest.mark.django_db(transaction=True)

DOC = (Path(__file__).resolve().parents[2] / "docs" / "writing-a-service.md").read_text(encoding="utf-8")
HEADING = re.compile(r"### \d\. .*`([a-z.]+)`")
SERVICE = "life_certificate"


def files() -> Iterator[tuple[str, str]]:
    """Each file the page shows, by its name: the first block below the heading that names it."""
    for section in DOC.split("\n#"):
        heading = HEADING.match(f"#{section.lstrip('#')}".replace("#", "###", 1))
        if heading:
            yield heading[1], section.split("```")[1].partition("\n")[2]


@pytest.fixture
def folder(tmp_path: Path, settings: object) -> Path:
    """The files of the page, in a folder of their own."""
    path = tmp_path / SERVICE / "v1"
    path.mkdir(parents=True)
    for name, text in files():
        (path / name).write_text(text, encoding="utf-8")
    settings.FORMS_DIR = tmp_path
    return path


def checked() -> str:
    """What `consular forms check` says."""
    said = StringIO()
    with contextlib.suppress(CommandError):
        call_command("forms", "check", stdout=said)
    return said.getvalue()


def save(client: Client, reference: str, page: str, **typed: str) -> object:
    """Open a page, type, save."""
    address = f"/drafts/{reference}/{page}/"
    return client.post(address, {**drafting.hidden(client.get(address)), **typed})


def test_the_page_names_all_files_and_they_are_in_order(folder: Path) -> None:
    assert sorted(file.name for file in folder.iterdir()) == [
        "documents.dmn",
        "fees.dmn",
        "form.toml",
        "process.bpmn",
    ]
    assert checked() == "1 folders checked, 0 findings.\n"
    call_command("forms", "publish", SERVICE, "1", stdout=StringIO())
    assert lock.is_published(folder)
    (folder / "form.toml").write_text((folder / "form.toml").read_text() + "\n# later\n", encoding="utf-8")
    assert "differs from the published version" in checked()


def test_a_mistake_is_named_with_its_file_and_line(folder: Path) -> None:
    file = folder / "form.toml"
    file.write_text(file.read_text().replace("can_come = false", "can_come = 5"), encoding="utf-8")
    line = file.read_text().splitlines().index('show_when = "can_come = 5"') + 1
    assert f"form.toml:{line}: the condition is neither true nor false" in checked()


def test_the_service_works_from_the_start_page_to_the_end(folder: Path, client: Client) -> None:
    prepared.prepare()
    keys.make_local()
    owner = factories.applicant()
    factories.signed_in(client, owner)
    assert "Life certificate" in client.get("/").content.decode()
    found = client.get(f"/find/?service={SERVICE}&nationality=DEU&country=IN&state=IN-MH")
    assert f'action="/apply/{SERVICE}/"' in found.content.decode()

    reference = client.post(f"/apply/{SERVICE}/", {"nationality": "DEU", "residence": "IN-MH"}).url.split(
        "/"
    )[2]
    born = {"birth_date_day": "5", "birth_date_month": "6", "birth_date_year": "1950"}
    assert save(client, reference, "about", surname="Weber", nationality="DEU", **born).status_code == 302
    home = {"home_address_lines": "12 Example Road", "home_address_place": "Mumbai"}
    wrong = save(client, reference, "residence", home_address_postal_code="4000", **home)
    assert list(wrong.context["form"].errors) == ["residence_country"]
    live = {"residence_country": "IND", "residence_area": "IN-MH", "phone": "022 5550 1234"}
    assert (
        save(client, reference, "residence", home_address_postal_code="400001", **live, **home).status_code
        == 302
    )
    address = f"/drafts/{reference}/pension/"
    typed = drafting.hidden(client.get(address)) | {
        "pensions-0-payer": "First fund",
        "pensions-0-number": "77",
    }
    more = client.post(address, typed | {"add": "pensions"})
    assert "Pension, no. 2" in more.content.decode()
    both = (
        typed
        | drafting.hidden(more)
        | {"pensions-1-payer": "Second", "pensions-1-number_not_applicable": "yes"}
    )
    asked = client.post(address, both | {"can_come": "no"})
    assert asked.url == address
    again = both | drafting.hidden(client.get(address)) | {"can_come": "no", "why_not": "I am ill."}
    assert client.post(address, again).url == f"/drafts/{reference}/review/"
    review = client.get(f"/drafts/{reference}/review/").content.decode()
    for shown in (
        "Pension, no. 2: Number of your pension",
        "Not applicable",
        "+91 22 5550 1234",
        "400001 Mumbai",
        "Age",
    ):
        assert shown in review

    sent = client.post(f"/drafts/{reference}/send/", {"true_and_complete": "on"})
    assert sent.url == f"/cases/{reference}/"
    jobs.work()
    case = Case.objects.get()
    assert case.mission == Mission.objects.get(code="MUMB")
    assert case.answers.data["pensions"] == [
        {"payer": "First fund", "number": "77"},
        {"payer": "Second", "number": {"not_applicable": True}},
    ]
    assert Letter.objects.filter(case=case, kind="L01").exists()

    clerk = factories.official(Role.INTAKE_CLERK, mission=case.mission)
    page = factories.signed_in(Client(), clerk).get(f"/desk/cases/{reference}/").content.decode()
    assert "How did you convince yourself?" in page
    casework.complete(reference, stages.open_task(case).pk, {"seen": "visit"}, actor=clerk)
    assert Case.objects.get().phase == Phase.CLOSED
    assert client.get(f"/cases/{reference}/").status_code == 200


def test_the_page_tells_of_every_kind_and_setting() -> None:
    for kind in KINDS.keys() - {"declaration"}:
        assert f"`{kind}`" in DOC, kind
