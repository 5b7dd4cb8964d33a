"""Wherever somebody lives, whatever they need and whoever they are: a mission, a question, or a sentence that helps."""

from datetime import date

import pytest

from consular import formspec
from consular.missions import areas, files
from consular.missions.models import District, Mission, ServiceGroup
from consular.routing import NobodyResponsible, NotPrecise, Situation, districts, special
from consular.routing.districts import Found, Row, division, most_specific
from consular.routing.finding import resolve
from consular.routing.question import Question

TODAY = date(2026, 11, 22)
NATIONALITIES = ("IND", "AFG", "SYR", "DEU", "XXA")


@pytest.fixture
def in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of the files instead of those of the database: thousands of questions in a second."""
    read = files.read()
    numbers = {code: number for number, code in enumerate(read.missions, 1)}
    codes = {number: code for code, number in numbers.items()}
    held = {
        group: [
            Row(area, numbers[row["mission"]])
            for (each, area, since), row in read.districts.items()
            if each == group and since <= TODAY and (row["valid_to"] is None or row["valid_to"] > TODAY)
        ]
        for group in ServiceGroup
    }

    def find(group: ServiceGroup, area: str, on: date, *, field: str = "residence") -> Found:
        near = [row for row in held[group] if row.area[:2] == area[:2]]
        found = most_specific(near, areas.chain(area))
        divided = division(near, area, found)
        if divided:
            raise NotPrecise("say more", area=area, needed=divided, field=field)
        return Found(District(mission=read.missions[codes[found.mission]]) if found else None, ())

    monkeypatch.setattr(districts, "find", find)
    monkeypatch.setattr(special.Mission, "objects", FromFiles())


class FromFiles:
    """Missions by code."""

    def get(self, *, code: str) -> Mission:
        return files.read().missions[code]


def answer(area: str, nationality: str, folder: formspec.Folder) -> str:
    """The code of the mission, the part that has to be named, or the reason of the refusal."""
    question = Question(ServiceGroup(folder.form.service_group), nationality, area, TODAY, Situation())
    try:
        return resolve(question, folder.tables.get(special.DECISION)).mission.code
    except NotPrecise as more:
        return more.needed
    except NobodyResponsible as refusal:
        return refusal.code if str(refusal.message) else "silent"


@pytest.mark.usefixtures("in_memory")
@pytest.mark.parametrize("nationality", NATIONALITIES)
def test_every_country_and_every_service_has_an_answer(nationality: str) -> None:
    open_ends = {
        (option.code, folder.service): told
        for option in areas.countries()
        for folder in formspec.services()
        if len(told := answer(option.code, nationality, folder)) > len("state")
    }

    assert {(area, told) for (area, _), told in open_ends.items()} == {
        ("AQ", "nobody_responsible"),
        ("DE", "lives_at_home"),
    }


@pytest.mark.usefixtures("in_memory")
def test_where_a_part_has_to_be_named_every_part_has_an_answer() -> None:
    for folder in formspec.services():
        divided = [
            option.code for option in areas.countries() if answer(option.code, "IND", folder) == "state"
        ]
        for state in (state for country in divided for state in areas.states(country)):
            told = answer(state.code, "IND", folder)
            parts = [answer(county.code, "IND", folder) for county in areas.counties(state.code)]
            assert len(told) == 4 or (told == "county" and all(len(part) == 4 for part in parts)), state
