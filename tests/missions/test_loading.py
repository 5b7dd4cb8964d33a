"""Data files and database say the same, however often they are brought together."""

import re
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from babel import Locale
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from consular.missions import areas, files, gazetteer, loading
from consular.missions.models import (
    District,
    ExchangeRate,
    Mission,
    Representation,
    ServiceGroup,
)
from tests import factories

MISSION = """
[[mission]]
code = "TEST"
kind = "embassy"
city = "Nairobi"
country = "KE"
time_zone = "Africa/Nairobi"
languages = ["en"]
currency = "KES"

[[mission.district]]
groups = ["visa_c"]
areas = ["KE"]
valid_from = 2021-01-01
"""


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "kenya.toml").write_text(text, encoding="utf-8")
    return tmp_path


def written(queries: CaptureQueriesContext) -> list[str]:
    return [q["sql"] for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]


@pytest.mark.django_db
def test_a_second_run_writes_nothing() -> None:
    first = loading.load()
    rows = sorted(District.objects.values_list())

    with CaptureQueriesContext(connection) as queries:
        second = loading.load()

    assert first.created > 1000
    assert second.is_nothing
    assert written(queries) == []
    assert sorted(District.objects.values_list()) == rows


@pytest.mark.django_db
def test_a_changed_row_is_changed_back_and_a_foreign_area_stays() -> None:
    loading.load()
    District.objects.filter(area="IN-MH", service_group="visa_c").update(uncertain=True)
    foreign = District.objects.create(
        mission=Mission.objects.get(code="NEWD"), service_group="visa_c", area="AQ"
    )

    done = loading.load()

    assert done == loading.Loaded(created=0, changed=1, removed=0)
    assert District.objects.filter(pk=foreign.pk).exists()


@pytest.mark.django_db
def test_a_row_given_another_beginning_replaces_the_old_one(tmp_path: Path) -> None:
    loading.load(folder(tmp_path, MISSION))

    done = loading.load(folder(tmp_path, MISSION.replace("2021-01-01", "2022-01-01")))

    assert done == loading.Loaded(created=1, removed=1)
    assert [row.valid_from for row in District.objects.all()] == [date(2022, 1, 1)]


@pytest.mark.django_db
def test_the_database_refuses_two_missions_on_one_day() -> None:
    loading.load()
    one, other = Mission.objects.all()[:2]
    day = date(2030, 1, 1)
    District.objects.create(mission=one, service_group="visa_c", area="AQ", valid_to=day)

    District.objects.create(mission=other, service_group="visa_c", area="AQ", valid_from=day)
    with pytest.raises(IntegrityError), transaction.atomic():
        District.objects.create(
            mission=other, service_group="visa_c", area="AQ",
            valid_from=day - timedelta(days=1), valid_to=day,
        )  # fmt: skip


SITE = """
[[mission.site]]
kind = "provider"
name = "Test"
cities = ["Nairobi", "Mombasa"]
groups = ["visa_c"]
"""
RATES = """
[[rates]]
valid_from = 2026-01-01

[rates.per_euro]
KES = ["150.5", "100"]
"""


@pytest.mark.django_db
def test_intake_sites_and_rates_are_loaded_and_changed(tmp_path: Path) -> None:
    first = loading.load(folder(tmp_path, MISSION + SITE + RATES))
    assert first == loading.Loaded(created=5)

    other = SITE.replace('"provider"', '"honorary_consul"') + RATES.replace("150.5", "160")
    done = loading.load(folder(tmp_path, MISSION + other))

    assert done == loading.Loaded(created=2, changed=1)
    assert [str(rate.per_euro) for rate in ExchangeRate.objects.all()] == ["160.000000"]
    assert loading.load(folder(tmp_path, MISSION + other)).is_nothing


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"provider"', '"shop"', "shop"),
        ('["Nairobi", "Mombasa"]', '["Nairobi", "Nairobi"]', "twice"),
        ("cities", "towns", "towns"),
        ('"150.5"', '"0"', "a rate or a step of nothing"),
        ('"100"]', '"-1"]', "a rate or a step of nothing"),
        ('"150.5"', '"dear"', "InvalidOperation|ConversionSyntax"),
    ],
)
def test_a_mistake_in_a_site_or_a_rate_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        files.read(folder(tmp_path, (MISSION + SITE + RATES).replace(old, new)))


def test_the_same_files_are_read_once_and_changed_ones_again(tmp_path: Path) -> None:
    first = files.read(folder(tmp_path, MISSION))

    assert files.read(tmp_path) is first
    assert files.read(folder(tmp_path, MISSION + RATES)).rates


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("2021-01-01", "2021-01-01\nvalid_form = 2021-01-01", "valid_form"),
        ("Africa/Nairobi", "Africa/Nowhere", "Africa/Nowhere"),
        ('areas = ["KE"]', 'areas = ["KEN"]', "write KE"),
        ('areas = ["KE"]', 'areas = ["KE-99"]', "UnknownArea"),
        ('areas = ["KE"]', 'areas = ["KE", "KE"]', "it is also TEST"),
        ('"visa_c"', '"visa_x"', "visa_x"),
        ('"embassy"', '"castle"', "castle"),
    ],
)
def test_a_mistake_in_a_file_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as wrong:
        files.read(folder(tmp_path, MISSION.replace(old, new)))

    assert "kenya.toml" in str(wrong.value)


def test_the_network_is_whole() -> None:
    read = files.read()
    held = {row["mission"] for row in read.districts.values()}

    assert len(read.missions) >= 150
    assert held == read.missions.keys() - {"BFAA"}
    assert all(re.fullmatch("[A-Z]{4}", code) for code in read.missions)
    assert {mission.time_zone for mission in read.missions.values()} <= available_timezones()
    assert {mission.country for mission in read.missions.values()} <= {
        option.code for option in areas.countries()
    }


@pytest.mark.parametrize("language", ["en", "de", "fr", "ar"])
def test_languages_and_currencies_of_missions_have_names(language: str) -> None:
    missions, names = files.read().missions.values(), Locale(language)

    assert {code for mission in missions for code in mission.languages} <= names.languages.keys()
    assert {mission.currency for mission in missions} <= names.currencies.keys()


def test_every_file_with_missions_says_where_its_rows_come_from() -> None:
    documents = {path.name: gazetteer.read(path) for path in gazetteer.DATA.glob("*.toml")}
    silent = [
        name
        for name, document in documents.items()
        if document.keys() & files.READERS and not document.get("source")
    ]

    assert silent == []


def test_currencies_without_a_rate_are_known_ones() -> None:
    read = files.read()
    rated = {currency for currency, _ in read.rates}

    assert {mission.currency for mission in read.missions.values()} - rated == {"AFN", "EUR", "IRR", "VES"}
    assert all(row["uncertain"] for row in read.rates.values())


@pytest.mark.parametrize("country", ["IN", "CN", "BR", "TR"])
@pytest.mark.parametrize("group", ["visa_c", "visa_d", "citizen_help"])
def test_every_subdivision_of_the_five_countries_has_a_mission(country: str, group: str) -> None:
    named = {key[1] for key in files.read().districts if key[0] == group}

    assert {option.code for option in areas.states(country)} - named == set()


def test_california_is_divided_by_ten_of_fifty_eight_counties() -> None:
    south = {key[1] for key in files.read().districts if key[1].startswith("US-CA/")}

    assert len(south) == 10
    assert south < {option.code for option in areas.counties("US-CA")}
    assert len(areas.counties("US-CA")) == 58


def test_what_is_known_from_hearsay_is_marked() -> None:
    rows = files.read().districts
    doubtful = {key[1] for key, row in rows.items() if row["uncertain"] and key[0] == "visa_c"}

    assert {"TR-34", "BR-SP", "BR-RS", "BR-BA", "HK", "MO", "IN-LA", "KE", "GU", "AU"} <= doubtful
    assert not doubtful & {"IN-MH", "US-CA", "US-CA/06037", "CN-BJ", "BR-RJ"}


@pytest.mark.django_db
def test_representations_are_loaded_with_every_group_of_services() -> None:
    loading.load()

    assert Representation.objects.get(represented="LI").by == "CH"
    assert set(District.objects.values_list("service_group", flat=True)) == set(ServiceGroup.values)


@pytest.mark.django_db
def test_without_the_constraint_two_missions_would_answer_for_one_day() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE missions_district DROP CONSTRAINT one_district_per_area_and_day")
    one, other = factories.mission(), factories.mission()

    District.objects.create(mission=one, service_group="visa_c", area="AQ")
    District.objects.create(mission=other, service_group="visa_c", area="AQ", valid_from=date(2021, 1, 1))

    assert District.objects.valid_on(date(2026, 1, 1)).filter(area="AQ").count() == 2


REPRESENTATION = """
[[representation]]
represented = "IS"
by = "DE"
areas = ["IN"]
"""


def test_a_representation_is_named_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"kenya\.toml.*IS IN 2020-01-01 twice"):
        files.read(folder(tmp_path, REPRESENTATION * 2))


@pytest.mark.django_db
def test_the_database_refuses_two_states_that_act_for_one_on_one_day() -> None:
    day = date(2022, 1, 1)
    Representation.objects.create(represented="IS", by="DE", area="IN", valid_to=day)

    Representation.objects.create(represented="IS", by="FR", area="IN", valid_from=day)
    with pytest.raises(IntegrityError), transaction.atomic():
        Representation.objects.create(
            represented="IS", by="NO", area="IN", valid_from=day - timedelta(days=1), valid_to=day
        )


@pytest.mark.django_db
def test_without_the_constraint_two_states_would_act_for_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE missions_representation DROP CONSTRAINT one_representation_per_area_and_day"
        )

    Representation.objects.create(represented="IS", by="DE", area="IN")
    Representation.objects.create(represented="IS", by="FR", area="IN", valid_from=date(2022, 1, 1))

    assert Representation.objects.valid_on(date(2026, 1, 1)).filter(represented="IS").count() == 2
