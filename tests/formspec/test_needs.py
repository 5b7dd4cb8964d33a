"""What a service lacks is said before it is offered: questions, tables, decisions, and the group it belongs to."""

import pytest

from consular import formspec
from consular.formspec import loading, needs
from consular.formspec.model import MISSION
from consular.rules import dmn
from tests.formspec import forms

HEAD = 'title = "Test"\nservice_group = "{group}"\n{more}\n[[pages]]\nid = "about"\ntitle = "A"\n'
ASKED = {
    "surname": "name",
    "given_names": "name",
    "nationality": "nationality",
    "residence_country": "country",
}
AREA = {"residence_area": "area"}
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="t" namespace="t">
<decision id="{name}" name="{name}"><variable name="{name}" />
<literalExpression><text>1</text></literalExpression></decision>
</definitions>"""


def form(asked: dict[str, str], *, group: str = "notarial", more: str = "") -> formspec.Form:
    """A form that asks these questions, by their kinds."""
    questions = [
        forms.question(kind, **({"country": '"residence_country"'} if kind == "area" else {})).replace(
            '"it"', f'"{name}"'
        )
        for name, kind in asked.items()
    ]
    return loading.form(HEAD.format(group=group, more=more) + "\n".join(questions))


def missing(asked: dict[str, str], **settings: str) -> list[str]:
    return [said for _key, said in needs.of_form(form(asked, **settings))]


def test_our_services_have_what_they_need() -> None:
    for folder in formspec.services():
        assert [*needs.of_form(folder.form), *needs.of_tables(folder.form, folder.tables)] == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, []),
        ({"nationality": "country"}, ['a question "nationality" of the kind nationality is missing']),
        ({"surname": "text"}, ['a question "surname" of the kind name is missing']),
    ],
)
def test_the_questions_by_which_a_mission_and_a_person_are_found(changes, said) -> None:
    assert missing(ASKED | AREA | changes) == said


def test_without_the_area_no_mission_is_found() -> None:
    assert missing(ASKED) == ['a question "residence_area" of the kind area is missing']
    assert missing(ASKED, more=f'opened_by = "{MISSION}"') == []


def test_help_in_an_emergency_asks_where_somebody_is() -> None:
    assert missing(ASKED | AREA, group="citizen_help") == [
        'a question "present_country" of the kind country is missing',
        'a question "present_area" of the kind area is missing',
    ]


def test_a_group_of_services_that_there_is_not() -> None:
    ((key, said),) = needs.of_form(form(ASKED | AREA, group="notary"))
    assert (key, "notarial" in said) == ("service_group", True)


def test_tables_and_decisions_that_are_asked_have_to_be_there() -> None:
    known = form(ASKED | AREA)
    tables = {"fees": dmn.load(TABLE.format(name="cost").encode())}
    assert list(needs.of_tables(known, tables)) == [
        ("fees", 'the decision "fee" is missing'),
        ("documents", "the file is missing"),
    ]
    assert list(needs.of_tables(form(ASKED, more=f'opened_by = "{MISSION}"'), {})) == []
