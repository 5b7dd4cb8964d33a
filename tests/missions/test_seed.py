"""The districts of five countries, row by row as they were published; and nobody in the world is without a mission."""

from datetime import date

import pytest

from consular.missions import areas, files, gazetteer
from consular.missions.models import ServiceGroup
from consular.routing.districts import Row, most_specific

TODAY = date(2026, 11, 22)
ALL = frozenset(ServiceGroup.values)
VISAS = frozenset({"visa_c", "visa_d"})
NOT_POLITICAL = ALL - {"citizen_help"}
FAR_NORTH = "BR-AC BR-AP BR-AM BR-DF BR-GO BR-MT BR-PA BR-RO BR-RR BR-TO"
SOUTH_WEST = "TR-07 TR-15 TR-32"

PUBLISHED = [
    ("NEWD", VISAS, "IN-HR IN-HP IN-JK IN-LA IN-PB IN-RJ IN-SK IN-UP IN-UK IN-CH IN-DL IN-AN IN-LD BT"),
    ("MUMB", VISAS, "IN-MH IN-GJ IN-GA IN-MP IN-CG IN-DH"),
    ("CHEN", VISAS, "IN-TN IN-AP IN-TS IN-PY"),
    ("BENG", VISAS, "IN-KA IN-KL"),
    ("KOLK", VISAS, "IN-WB IN-BR IN-JH IN-OD IN-AS IN-AR IN-MN IN-ML IN-MZ IN-NL IN-TR"),
    ("WASH", ALL, "US-DC US-DE US-MD US-VA US-WV"),
    ("ATLA", ALL, "US-AL US-GA US-MS US-NC US-SC US-TN"),
    ("BOST", ALL, "US-CT US-ME US-MA US-NH US-RI US-VT"),
    ("CHIC", ALL, "US-IL US-IN US-IA US-KS US-KY US-MI US-MN US-MO US-NE US-ND US-OH US-SD US-WI"),
    ("HOUS", ALL, "US-AR US-LA US-NM US-OK US-TX"),
    ("LOSA", ALL, "US-AZ US-CO US-NV US-UT"),
    ("LOSA", ALL, "US-CA/06025 US-CA/06029 US-CA/06037 US-CA/06059 US-CA/06065"),
    ("LOSA", ALL, "US-CA/06071 US-CA/06073 US-CA/06079 US-CA/06083 US-CA/06111"),
    ("MIAM", ALL, "US-FL US-PR US-VI"),
    ("NEWY", ALL, "US-NY US-NJ US-PA US-CT/09001 BM"),
    ("SANF", ALL, "US-AK US-HI US-ID US-MT US-OR US-WA US-WY US-CA US-UM"),
    (
        "PEKI",
        ALL,
        "CN-BJ CN-TJ CN-HE CN-HA CN-HB CN-QH CN-GS CN-XJ CN-XZ CN-NM CN-NX CN-SN CN-SX CN-HN CN-JX CN-SD",
    ),
    ("SHAN", ALL, "CN-SH CN-JS CN-ZJ CN-AH"),
    ("CHEG", ALL, "CN-SC CN-GZ CN-YN CN-CQ"),
    ("KANT", ALL, "CN-GD CN-FJ CN-GX CN-HI"),
    ("SHEN", ALL, "CN-LN CN-JL CN-HL"),
    ("HONG", ALL, "CN-HK CN-MO HK MO"),
    ("BRAS", frozenset({"citizen_help"}), FAR_NORTH),
    ("RIOD", NOT_POLITICAL, f"BR-ES BR-MG BR-RJ {FAR_NORTH}"),
    ("SAOP", ALL, "BR-SP BR-MS BR-PR"),
    ("PORT", ALL, "BR-RS BR-SC"),
    ("RECI", ALL, "BR-AL BR-BA BR-CE BR-MA BR-PB BR-PE BR-PI BR-RN BR-SE"),
    ("ISTA", ALL, "TR-34 TR-10 TR-11 TR-16 TR-17 TR-22 TR-39 TR-41 TR-54 TR-59 TR-77"),
    ("IZMI", ALL, "TR-35 TR-03 TR-09 TR-20 TR-43 TR-45 TR-48 TR-64"),
    ("IZMI", VISAS, SOUTH_WEST),
    ("ANTA", frozenset({"passport_id", "citizen_help"}), SOUTH_WEST),
    ("ANKA", ALL, "TR-01 TR-06 TR-25 TR-27 TR-55 TR-61 TR-65 TR-81"),
    ("LISS", frozenset({"passport_id"}), "CV"),
]
RENAMED = "IN-CT=IN-CG IN-OR=IN-OD IN-TG=IN-TS IN-UT=IN-UK IN-DN=IN-DH IN-DD=IN-DH"


def of(group: str, area: str, on: date = TODAY) -> str | None:
    """The mission of an area by the files alone: the most specific row that holds."""
    rows = [
        Row(key[1], number)
        for number, (key, row) in enumerate(files.read().districts.items())
        if key[0] == group and key[2] <= on and (row["valid_to"] is None or on < row["valid_to"])
    ]
    found = most_specific(rows, areas.chain(areas.canonical(area)))
    return list(files.read().districts.values())[found.mission]["mission"] if found else None


@pytest.mark.parametrize(("mission", "groups", "places"), PUBLISHED)
def test_the_published_districts(mission: str, groups: frozenset[str], places: str) -> None:
    held = {
        (key[0], key[1]): row["mission"]
        for key, row in files.read().districts.items()
        if row["valid_to"] is None
    }

    wrong = {
        (group, area): held.get((group, area))
        for group in groups
        for area in map(areas.canonical, places.split())
        if held.get((group, area)) != mission
    }
    assert wrong == {}


def test_every_other_province_of_turkey_is_ankaras() -> None:
    named = {
        area
        for mission, _, places in PUBLISHED
        if mission in {"ISTA", "IZMI", "ANTA"}
        for area in places.split()
    }
    others = {option.code for option in areas.states("TR")} - named

    assert {of("visa_c", area) for area in others} == {"ANKA"}
    assert len(others) == 59


def test_renamed_codes_lead_to_those_that_count() -> None:
    assert {old: areas.canonical(old) for old, _ in pairs()} == dict(pairs())


def pairs() -> list[tuple[str, str]]:
    return [(old, new) for old, _, new in (pair.partition("=") for pair in RENAMED.split())]


@pytest.mark.parametrize("group", ServiceGroup.values)
def test_every_country_and_territory_has_a_mission(group: str) -> None:
    named = {area[:2] for held, area, _ in files.read().districts if held == group}

    assert {option.code for option in areas.countries()} - named == {"AQ", gazetteer.HOME}


@pytest.mark.parametrize(
    ("area", "mission"),
    [
        ("AF", "ISLA"), ("SY", "BEIR"), ("YE", "AMMA"), ("GU", "SANF"), ("KP", "PEKI"), ("LI", "BERN"), ("VA", "ROMD"),
        ("XK", "PRIS"), ("TW", "TAIP"), ("PS", "RAMA"), ("FK", "LOND"), ("SC", "NAIR"), ("MV", "COLO"), ("PG", "CANB"),
    ],
)  # fmt: skip
def test_where_there_is_no_embassy_a_neighbour_serves(area: str, mission: str) -> None:
    assert of("passport_id", area) == mission


@pytest.mark.parametrize(
    ("group", "area", "mission"),
    [
        ("visa_c", "CA", "TORO"), ("passport_id", "CA", "OTTA"), ("visa_d", "NG", "LAGO"), ("notarial", "NG", "ABUJ"),
        ("visa_c", "AU", "SYDN"), ("passport_id", "AU", "SYDN"), ("visa_c", "PK-SD", "KARA"),
    ],
)  # fmt: skip
def test_one_hub_takes_the_visas_of_some_countries(group: str, area: str, mission: str) -> None:
    assert of(group, area) == mission
