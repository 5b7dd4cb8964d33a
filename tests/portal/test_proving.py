"""Where much is asked for, the pages ask for a proof of work: of programs that make accounts, and that hold times."""

import re

import pytest
from django.test import Client, override_settings

from consular.accounts import proofs, throttle
from consular.accounts.throttle import Limit
from consular.appointments import booking
from consular.appointments.models import Slot
from consular.cases.models import Case
from consular.casework import appointments
from consular.core import clock
from consular.portal import proving
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW
from tests.portal.test_sign_in import ADDRESS, CODE, ask

pytestmark = pytest.mark.django_db
FIELD = re.compile(rb'name="proof" value="([^"]+)"')


def one_only(limit: Limit) -> Limit:
    return Limit(limit.name, 1, limit.period)


def proof_on(answer: object) -> str:
    (found,) = FIELD.findall(answer.content)
    return found.decode()


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """One code from around here was sent without a proof already: there are no more."""
    monkeypatch.setattr(proofs, "challenge", lambda bound: CHALLENGE(bound, work=50))
    monkeypatch.setattr(proving, "CODES_WITHOUT", one_only(proving.CODES_WITHOUT))
    ask(Client(), "first@example.org")


CHALLENGE = proofs.challenge


@pytest.mark.usefixtures("busy")
def test_where_many_codes_are_asked_for_a_program_has_to_work(client: Client) -> None:
    refused = ask(client)
    assert (refused.status_code, b"ama@example.org" in refused.content) == (422, True)

    taken = ask(client, proof=proofs.solve(proof_on(refused)))
    assert (taken.status_code, taken["Location"]) == (302, CODE)
    again = client.post(CODE, {"again": "yes", "proof": proofs.solve(proof_on(refused))})
    assert again.status_code == 422


@pytest.mark.usefixtures("busy")
def test_without_javascript_the_page_that_was_opened_a_minute_ago_will_do(client: Client) -> None:
    opened = proof_on(client.get(ADDRESS))

    with clock.at(clock.now() + proofs.WAIT):
        assert ask(client, proof=opened)["Location"] == CODE


@pytest.mark.usefixtures("busy")
def test_without_asking_for_the_proof_a_program_would_make_accounts_for_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proofs, "require", lambda *_, **__: None)

    assert ask(client)["Location"] == CODE


@pytest.mark.usefixtures("busy")
def test_a_proof_of_one_browser_is_none_in_another(client: Client) -> None:
    assert ask(Client(), proof=proofs.solve(proof_on(client.get(ADDRESS)))).status_code == 422


def slots_and_case() -> tuple[list[Slot], Case]:
    first = factories.slot()
    later = factories.slot(first.calendar, starts_at=first.ends_at)
    return [first, later], factories.bookable_case(first.calendar)


def hold(client: Client, case: Case, slot: Slot, **more: str) -> object:
    return client.post(f"/cases/{case.reference}/appointment/", {"slot": slot.pk, **more})


@override_settings(HOLDS_WITHOUT_PROOF=1)
def test_after_some_holds_an_account_has_to_prove_its_next_one(client: Client) -> None:
    with clock.at(NOW):
        slots, case = slots_and_case()
        browser = people.signed_in(client, case.owner)

        assert hold(browser, case, slots[0]).status_code == 302
        refused = hold(browser, case, slots[1])
        assert (refused.status_code, booking.current(case.pk, now=NOW).slot) == (422, slots[0])

        proven = hold(browser, case, slots[1], proof=proofs.solve(proof_on(refused)))
        assert (proven.status_code, booking.current(case.pk, now=NOW).slot) == (302, slots[1])


@pytest.mark.parametrize("name", ["HOLDS", "HOLDS_AROUND"])
def test_holds_of_an_account_and_of_a_network_are_counted(
    client: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with clock.at(NOW):
        slots, case = slots_and_case()
        browser = people.signed_in(client, case.owner)
        assert [hold(browser, case, slot).status_code for slot in slots] == [302, 302]
        monkeypatch.setattr(proving, name, Limit("another", 1, throttle.HOUR))

        assert [hold(browser, case, slot).status_code for slot in slots] == [302, 429]


def test_one_person_holds_so_often_and_not_oftener(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appointments, "HOLDS", one_only(appointments.HOLDS))
    with clock.at(NOW):
        slots, case = slots_and_case()
        appointments.hold_slot(case.pk, slots[0].pk, actor=case.owner)

        with pytest.raises(appointments.Refused, match="too many"):
            appointments.hold_slot(case.pk, slots[1].pk, actor=case.owner)

        assert booking.current(case.pk, now=NOW).slot == slots[0]
        monkeypatch.setattr(throttle, "require", lambda tries: None)
        assert appointments.hold_slot(case.pk, slots[1].pk, actor=case.owner).slot == slots[1]
