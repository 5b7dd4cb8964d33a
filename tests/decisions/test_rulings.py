"""What can be decided in each service: the tables of the folders, and what is wrong with a bad one."""

from pathlib import Path

import pytest
from django.conf import settings

from consular.decisions import rulings
from consular.decisions.composing import DECIDING, LETTERS, ON_REQUEST, WRITTEN
from consular.decisions.models import Decision
from consular.decisions.rulings import Ruling, WrongTable
from consular.formspec import Form, Option, Page, Question
from consular.workflow.compile import compile
from consular.workflow.graph import Graph
from tests import factories
from tests.workflow import bpmn

FILES = sorted(Path(settings.FORMS_DIR).glob("*/v*/decisions.toml"))


def proposing() -> Graph:
    """A process with a task in which a decision is proposed."""
    return compile(
        bpmn.process(
            bpmn.start(),
            bpmn.user("examine", form="examination", step="propose"),
            bpmn.end(),
            bpmn.path("start", "examine", "end"),
        )
    )


def form(*recommendations: str) -> Form:
    """A form that offers these recommendations to the officer."""
    options = tuple(Option(value, value) for value in recommendations)
    page = Page("examination", "Examine", (Question("recommendation", "choice", "What?", options=options),))
    return Form("Visa", "visa_c", (), {"examination": page}, ())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_the_tables_of_all_services_name_letters_that_there_are(file: Path) -> None:
    assert {ruling.letter for ruling in rulings.read(file).values()} <= {*DECIDING, ""}


def test_a_letter_says_a_decision_is_named_by_a_process_or_is_asked_for() -> None:
    assert not DECIDING & ON_REQUEST
    assert set(LETTERS) - ON_REQUEST == DECIDING | WRITTEN
    assert {"L08", "L09", "L10", "L15", "L15.travel_document"} == DECIDING


def test_every_service_whose_process_decides_has_a_table() -> None:
    processes = Path(settings.FORMS_DIR).glob("*/v*/process.bpmn")

    assert {file.parent for file in FILES} == {
        one.parent for one in processes if b'"propose"' in one.read_bytes()
    }


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("[grant", "Expected"),
        ('[grant]\noutcome = "granted"', "has outcome, content"),
        ('[grant]\noutcome = "granted"\ncontent = "visa"\nleter = "L10"', "has outcome, content"),
        ('[grant]\noutcome = "granted"\ncontent = "annex_vi"', "does not go with"),
        ("grant = 1", "has outcome, content"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(table: str, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "decisions.toml"
    file.write_text(table)

    with pytest.raises(WrongTable, match=reason):
        rulings.read(file)


@pytest.mark.parametrize(
    ("table", "offered", "expected"),
    [
        ('[grant]\noutcome = "granted"\ncontent = "visa"\nletter = "L10"', ("grant", "ask"), []),
        (
            '[grant]\noutcome = "granted"\ncontent = "visa"\nletter = "L99"',
            (),
            ["[grant] L99 is no letter that says a decision"],
        ),
        (
            '[grant]\noutcome = "granted"\ncontent = "visa"',
            ("grant", "refuse"),
            ["examine: unknown recommendation refuse"],
        ),
        ("", ("grant",), ["examine: nothing can be decided"]),
    ],
)
def test_publication_finds_what_could_not_be_decided(
    table: str, offered: tuple[str, ...], expected: list[str], tmp_path: Path, settings
) -> None:
    folder = tmp_path / "visa" / "v1"
    folder.mkdir(parents=True)
    (folder / "decisions.toml").write_text(table)
    settings.FORMS_DIR = tmp_path

    assert rulings.problems("visa", 1, proposing(), form(*offered)) == [
        f"decisions.toml: {one}" for one in expected
    ]


def test_where_one_thing_alone_can_be_decided_nobody_has_to_say_which() -> None:
    refusal = Ruling("refused", "passport", "L15.travel_document")

    assert rulings.named("emergency_travel_document", 1, None) == refusal
    assert rulings.named("schengen_visa", 1, None) is None
    assert rulings.named("schengen_visa", 1, "annul") is None


@pytest.mark.django_db
def test_a_decision_that_no_letter_says_has_none() -> None:
    case = factories.sent_case(service="passport")

    with pytest.raises(LookupError, match="no letter says issued"):
        rulings.letter_of(Decision(case=case, outcome="issued", content="plain"))
