"""`consular responsible` and `consular load_missions`: answers, exit codes, sentences."""

import io
import json
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from consular.missions import loading
from consular.missions.models import District

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def ask(residence: str, *more: str, service: str = "schengen_visa", nationality: str = "IND") -> str:
    return run(
        "responsible",
        f"--service={service}",
        f"--residence={residence}",
        f"--nationality={nationality}",
        *more,
    )


def fails(*arguments: str, **options: Any) -> tuple[int, str]:
    with pytest.raises(CommandError) as failure:
        ask(*arguments, **options)
    return failure.value.returncode, str(failure.value)


def test_the_answer_names_mission_and_rule() -> None:
    loading.load()

    answer = json.loads(ask("US-CA/06037", "--on=2026-03-01", "--json"))
    text = ask("US-CA/06037")

    assert (answer["mission"], answer["rule"]) == ("LOSA", "district:visa_c:US-CA/06037:2020-01-01")
    assert "You live in Los Angeles County, California, United States." in text
    assert text.startswith("LOSA  Consulate General in Los Angeles\n")


def test_the_answer_says_what_changes_who_else_takes_it_and_what_it_costs() -> None:
    loading.load()
    change = date(2030, 1, 1)
    District.objects.filter(area="US-CO", service_group="visa_c").update(valid_to=change)

    answer = json.loads(ask("US-CO", "--on=2026-03-01", "--json"))
    text = ask("US-CO", "--on=2026-03-01")

    assert answer["upcoming"] == {
        "on": "2030-01-01",
        "mission": None,
        "because": "From 1 January 2030, none of our missions will be responsible for this service in Colorado, "
        "United States.",
    }
    assert [site["name"] for site in answer["alternatives"]] == ["BLS International"]
    assert [(fee["from_age"], fee["amount"], fee["local_amount"]) for fee in answer["fees"]] == [
        (0, "0.00", "0.00"),
        (6, "45.00", "54.00"),
        (12, "90.00", "107.00"),
    ]
    assert "Fee from age 12: 90.00 EUR (107.00 USD)" in text
    assert "From 1 January 2030" in text


def test_a_guest_is_sent_to_where_they_are() -> None:
    loading.load()

    assert json.loads(ask("AQ", "--present-in=JO", "--json"))["mission"] == "AMMA"


def test_a_closed_mission_is_answered_by_the_table() -> None:
    loading.load()

    assert json.loads(ask("AF", "--json", nationality="AFG"))["mission"] == "ISLA"


def test_nobody_responsible_ends_with_one_and_the_reason() -> None:
    loading.load()

    assert fails("AQ")[0] == 1
    assert "None of our missions" in fails("AQ")[1]
    assert fails("IN-MH", "--destination=FRA")[0] == 1


def test_an_empty_database_says_what_to_do() -> None:
    assert fails("IN-MH") == (1, "No missions are loaded yet: run consular load_missions.")


@pytest.mark.parametrize(
    ("arguments", "options", "says"),
    [
        (("XX",), {}, "We do not know this place"),
        (("US-CA",), {}, "Say in which county you live"),
        (("IN",), {}, "Say in which state or province you live"),
        (("IN-MH",), {"nationality": "IN"}, "three-letter country code"),
        (("IN-MH",), {"service": "visa"}, "There is no such service. Known: "),
        (("IN-MH", "--on=1.3.2026"), {}, "Write it as 2026-03-01"),
    ],
)
def test_bad_input_ends_with_two_and_a_sentence(
    arguments: tuple[str, ...], options: dict[str, str], says: str
) -> None:
    loading.load()

    code, sentence = fails(*arguments, **options)

    assert code == 2
    assert says in sentence


def test_loading_twice_says_so() -> None:
    first = json.loads(run("load_missions", "--json"))
    second = run("load_missions")

    assert first["created"] > 1000
    assert second == "Nothing to do: missions and districts are as the files say.\n"
