"""What missions are called."""

import pytest
from django.utils import translation

from consular.missions.models import Mission, MissionKind
from consular.missions.titles import title


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        (MissionKind.EMBASSY, "Embassy in New Delhi"),
        (MissionKind.CONSULATE_GENERAL, "Consulate General in New Delhi"),
        (MissionKind.CONSULATE, "Consulate in New Delhi"),
        (MissionKind.OFFICE, "Representative office in New Delhi"),
        (MissionKind.BACK_OFFICE, "Back office in New Delhi"),
    ],
)
def test_the_title_of_a_mission_names_kind_and_city(kind: MissionKind, named: str) -> None:
    assert title(Mission(kind=kind, city="New Delhi")) == named


def test_a_title_is_in_the_language_of_the_reader() -> None:
    with translation.override("de"):
        assert title(Mission(kind="embassy", city="New Delhi")) == "Botschaft Neu-Delhi"


@pytest.mark.parametrize(("city", "named"), [("Cairo", "Ambassade au Caire"), ("Paris", "Ambassade à Paris")])
def test_french_contracts_its_preposition(city: str, named: str) -> None:
    with translation.override("fr"):
        assert title(Mission(kind="embassy", city=city)) == named
