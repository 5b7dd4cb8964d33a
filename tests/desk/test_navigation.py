"""Which places the desk offers to whom: by the duties of the very request, never by what was written for others."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.translation import override

from consular.accounts.models import Role, User
from consular.core import clock
from consular.desk import navigation
from consular.missions.models import Posting
from tests import factories

OFFERED = {
    Role.INTAKE_CLERK: "queue search appointments absences",
    Role.CASEWORKER: "queue search absences",
    Role.DECIDER: "queue search register second_looks absences",
    Role.SLOT_MANAGER: "queue appointments waiting calendars absences",
    Role.HEAD_OF_SECTION: "queue search appointments waiting calendars section watch register absences missions",
    Role.AUDITOR: "queue search calendars register second_looks absences",
    Role.ADMINISTRATOR: "queue absences missions jobs previews",
}


ADDRESSES = {
    "queue": "/desk/", "search": "/desk/search/", "appointments": "/desk/appointments/",
    "waiting": "/desk/appointments/waiting/", "calendars": "/desk/calendars/", "section": "/desk/section/",
    "watch": "/desk/watch/", "register": "/desk/register/", "second_looks": "/desk/second-looks/",
    "absences": "/desk/absences/", "missions": "/desk/missions/", "jobs": "/desk/jobs/", "previews": "/desk/forms/",
}  # fmt: skip


def offered(page: str) -> list[str]:
    """The places that a page links to, in its order."""
    at = {name: page.find(f'href="{address}"') for name, address in ADDRESSES.items()}
    return sorted((name for name, place in at.items() if place >= 0), key=at.__getitem__)


def test_each_role_is_offered_its_places() -> None:
    for role, names in OFFERED.items():
        assert offered(navigation.links(frozenset({role}), "")) == names.split()
    both = navigation.links(frozenset({Role.INTAKE_CLERK, Role.ADMINISTRATOR}), "")
    assert offered(both) == ["queue", "search", "appointments", "absences", "missions", "jobs", "previews"]
    assert offered(navigation.links(frozenset(), "")) == ["queue"]


@pytest.mark.parametrize("here", ["queue", "missions", "mission", "nowhere", ""])
def test_the_page_one_is_on_is_marked(here: str) -> None:
    page = navigation.links(frozenset(Role), here)

    marked = re.findall(r'href="([^"]*)" aria-current="page"', page)
    assert marked == {
        "queue": ["/desk/"],
        "missions": ["/desk/missions/"],
        "mission": ["/desk/missions/"],
    }.get(here, [])


def test_each_language_has_its_own_words() -> None:
    with override("de"):
        assert "Suche" in navigation.links(frozenset(Role), "")
    with override("en"):
        assert "Suche" not in navigation.links(frozenset(Role), "")


def both(client: Client) -> tuple[User, str]:
    """A caseworker who is head of section too, and what is offered to them."""
    head = factories.official(Role.CASEWORKER, Role.HEAD_OF_SECTION)
    page = factories.signed_in(client, head).get("/desk/").content.decode()
    return head, page


@pytest.mark.django_db
def test_a_posting_that_ended_is_gone_from_the_very_next_page(client: Client) -> None:
    head, page = both(client)
    assert offered(page) == OFFERED[Role.HEAD_OF_SECTION].split()

    Posting.objects.filter(user=head, role=Role.HEAD_OF_SECTION).update(
        starts_on=clock.today() - timedelta(days=9), ends_on=clock.today() - timedelta(days=1)
    )

    assert offered(client.get("/desk/").content.decode()) == OFFERED[Role.CASEWORKER].split()
    assert client.get("/desk/section/").status_code == 403


@pytest.mark.django_db
def test_without_asking_for_the_roles_others_would_be_offered_what_was_written_first(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control."""
    first: list[str] = []
    write = navigation._written

    def written(roles: frozenset[Role], here: str, language: str | None) -> str:
        first.append(write(roles, here, language))
        return first[0]

    monkeypatch.setattr(navigation, "_written", written)
    head, _page = both(client)
    Posting.objects.filter(user=head, role=Role.HEAD_OF_SECTION).delete()

    assert "section" in offered(client.get("/desk/").content.decode())
