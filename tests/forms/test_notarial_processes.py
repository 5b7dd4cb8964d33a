"""Stories of services of one appointment: wanted, booked, at the counter; served, missed, withdrawn, lapsed."""

import pytest

from tests.forms.stories import Stimulus, done, ended_in, finished, later, message, open_at, told

SERVED = {
    "signature_certification": "certify", "document_legalisation": "legalise", "birth_registration": "take_application",
}  # fmt: skip
BEFORE = {"birth_registration": (done("check_papers", complete=True),)}
SERVICES = sorted(SERVED)
BOOKED = message("appointment.confirmed", booked=True)


def begun(service: str) -> tuple[Stimulus, ...]:
    """Somebody wants an appointment, and whatever is before it is done."""
    return ({"start": {"booked": False}}, *BEFORE.get(service, ()))


def at_the_counter(service: str) -> tuple[Stimulus, ...]:
    return (*begun(service), BOOKED)


@pytest.mark.parametrize("service", SERVICES)
def test_who_has_an_appointment_already_waits_for_nothing(service: str) -> None:
    assert open_at(ended_in(service, {"start": {"booked": True}}, *BEFORE.get(service, ()))) == ["check_in"]


@pytest.mark.parametrize("service", SERVICES)
def test_the_person_comes_and_is_served(service: str) -> None:
    steps = told(service, *at_the_counter(service), done("check_in", arrival="came"))

    assert [open_at(step) for step in steps[-2:]] == [["check_in"], [SERVED[service]]]
    assert open_at(steps[-3], "message") == ["await_appointment", "on_withdrawal"]


@pytest.mark.parametrize("service", SERVICES)
def test_who_has_to_come_again_books_again_and_keeps_the_case(service: str) -> None:
    moved = (*at_the_counter(service), done("check_in", arrival="again"))
    missing = (
        *at_the_counter(service),
        done("check_in", arrival="came"),
        done(SERVED[service], result="again"),
    )

    for story in (moved, missing):
        assert open_at(ended_in(service, *story), "message") == ["await_appointment", "on_withdrawal"]
        assert open_at(ended_in(service, *story, BOOKED)) == ["check_in"]


@pytest.mark.parametrize("service", SERVICES)
def test_who_does_not_come_and_says_nothing_ends_the_case(service: str) -> None:
    missed = ended_in(service, *at_the_counter(service), done("check_in", arrival="absent"))

    assert (missed.ended, missed.phase) == (True, "closed")


@pytest.mark.parametrize("service", SERVICES)
def test_who_books_nothing_is_reminded_twice_and_then_told_that_it_lapsed(service: str) -> None:
    steps = told(
        service, *begun(service), later("P5M20D"), finished("remind_of_booking"), later("P8D"),
        finished("remind_again_of_booking"), later("P4D"),
    )  # fmt: skip

    assert [open_at(step) for step in steps[-5:]] == [
        ["remind_of_booking"],
        [],
        ["remind_again_of_booking"],
        [],
        [],
    ]
    assert (steps[-2].ended, steps[-1].ended, steps[-1].phase) == (False, True, "closed")


@pytest.mark.parametrize("service", SERVICES)
def test_a_withdrawal_is_confirmed_until_the_person_has_been_served(service: str) -> None:
    stories = (
        begun(service),
        at_the_counter(service),
        (*at_the_counter(service), done("check_in", arrival="came")),
    )

    for story in stories:
        steps = told(service, *story, message("applicant.withdrew"), finished("confirm_withdrawal"))
        assert open_at(steps[-2]) == ["confirm_withdrawal"]
        assert steps[-1].ended
