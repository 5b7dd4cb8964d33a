"""Who else takes applications: only for these services, these areas and these days."""

from datetime import date

import pytest

from consular.missions.models import IntakeSite, Mission
from consular.routing import intake_sites, responsible

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network")]
DAY = date(2026, 3, 1)


def cities(group: str, residence: str, on: date = DAY) -> list[str]:
    found = responsible(group, nationality="IND", residence=residence, on=on)
    return [f"{site.name or site.kind} {site.city}" for site in intake_sites(found)]


@pytest.mark.parametrize(
    ("group", "residence", "expected"),
    [
        ("visa_c", "IN-KL", ["VFS Global Bengaluru", "VFS Global Kochi", "VFS Global Thiruvananthapuram"]),
        ("passport_id", "IN-KL", []),
        ("visa_c", "BT", []),
        ("visa_c", "US-CO", ["BLS International Los Angeles"]),
        ("passport_id", "US-CO", ["honorary_consul Denver"]),
        ("passport_id", "US-UT", []),
        ("visa_c", "TR-07", ["iDATA Antalya", "iDATA Bodrum", "iDATA Izmir"]),
    ],
)
def test_sites_are_for_services_and_areas(group: str, residence: str, expected: list[str]) -> None:
    assert cities(group, residence) == expected


def test_a_site_holds_from_a_day_to_before_another() -> None:
    IntakeSite.objects.create(
        mission=Mission.objects.get(code="NAIR"), kind="provider", name="Test", city="Mombasa",
        service_groups=["visa_c"], valid_from=date(2026, 1, 1), valid_to=DAY,
    )  # fmt: skip

    assert [cities("visa_c", "KE", on) for on in (date(2025, 12, 31), date(2026, 2, 28), DAY)] == [
        [],
        ["Test Mombasa"],
        [],
    ]
