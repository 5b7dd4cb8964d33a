"""Closed and exclusive missions come before districts, from the day the table says."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from lxml import etree

from consular.missions import files
from consular.missions.models import ServiceGroup
from consular.routing import Responsible, Situation
from consular.routing.finding import resolve
from consular.routing.question import Question
from consular.rules import dmn

TABLE = (Path(settings.FORMS_DIR) / "schengen_visa" / "v1" / "responsibility.dmn").read_bytes()
RULES = dmn.load(TABLE)
CLOSED = date(2021, 8, 15)

pytestmark = pytest.mark.usefixtures("network")


def ask(residence: str, nationality: str, on: date, table: dmn.Definitions | None = RULES) -> Responsible:
    question = Question(ServiceGroup.VISA_C, nationality, residence, on, Situation())
    return resolve(question, table)


@pytest.mark.django_db
def test_a_substitute_acts_from_the_day_a_mission_closes() -> None:
    before = ask("AF", "AFG", CLOSED - timedelta(days=1))
    after = ask("AF", "AFG", CLOSED)

    assert (before.mission.code, after.mission.code) == ("KABU", "ISLA")
    assert (after.because.rule, after.because.valid_from) == ("special:closed_kabul", CLOSED)
    assert after.because.sentence == (
        "You live in Afghanistan. Our mission there is closed; since 15 August 2021, the Embassy in Islamabad has "
        "acted for it."
    )
    assert after.is_uncertain


@pytest.mark.django_db
def test_without_the_table_nobody_would_say_that_the_mission_is_closed() -> None:
    answer = ask("AF", "AFG", CLOSED, table=None)

    assert answer.because.rule == "district:visa_c:AF:2021-08-15"
    assert "closed" not in answer.because.sentence


@pytest.mark.django_db
def test_a_date_nobody_has_recorded_is_not_claimed() -> None:
    answer = ask("SY", "SYR", date(2026, 3, 1))

    assert answer.because.sentence == (
        "You live in Syria. Our mission there is closed; the Embassy in Beirut acts for it."
    )
    with translation.override("fr"):
        assert "Syrie" in answer.because.sentence


@pytest.mark.django_db
def test_where_one_lives_counts_not_where_one_comes_from() -> None:
    assert ask("IN-MH", "AFG", date(2026, 3, 1)).mission.code == "MUMB"


@pytest.mark.django_db
def test_an_exclusive_mission_takes_a_nationality_from_the_district() -> None:
    text = TABLE.decode().replace('"closed"', '"exclusive"').replace(
        '<inputEntry id="closed_damascus_nationality">\n          <text>-</text>',
        '<inputEntry id="closed_damascus_nationality">\n          <text>"SYR"</text>',
    ).replace('"SY"', '"IN"')  # fmt: skip
    rules = dmn.load(text.encode())

    syrian = ask("IN-MH", "SYR", date(2026, 3, 1), rules)
    indian = ask("IN-MH", "IND", date(2026, 3, 1), rules)

    assert (syrian.mission.code, indian.mission.code) == ("BEIR", "MUMB")
    assert "the Embassy in Beirut alone takes these cases" in syrian.because.sentence


@pytest.mark.parametrize("path", sorted(Path(settings.FORMS_DIR).glob("*/v*/responsibility.dmn")), ids=str)
def test_every_mission_a_table_names_is_in_the_data(path: Path) -> None:
    rows = etree.fromstring(path.read_bytes()).iter("{*}rule")
    named = {rule.find("{*}outputEntry/{*}text").text.strip('"') for rule in rows} - {"null"}

    assert named
    assert named <= files.read().missions.keys()


@pytest.mark.django_db
def test_a_table_with_a_gap_is_our_mistake_and_never_answers() -> None:
    gap = TABLE.decode().replace(
        '<inputEntry id="otherwise_country">\n          <text>-</text>',
        '<inputEntry id="otherwise_country">\n          <text>"XX"</text>',
    )

    with pytest.raises(RuntimeError, match=r"responsibility\.dmn"):
        ask("IN-MH", "IND", date(2026, 3, 1), dmn.load(gap.encode()))
