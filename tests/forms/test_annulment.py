"""Stories of annulments and revocations (Visa Code article 34; Administrative Procedure Act section 28)."""

from datetime import UTC, datetime

import pytest

from tests.forms.stories import Stimulus, done, ended_in, finished, later, message, open_at, told

SERVICE = "annulment"
OPENED: Stimulus = {"start": {}}
FRAUD = done("establish_facts", kind="annul", grounds=[1, 10])
REQUEST = done("establish_facts", kind="revoke", grounds=[17])
DANGER = done("establish_facts", kind="revoke", grounds=[7], danger=True)
INVITED = finished("invite_statement")
STATED = message("applicant.answered")
PROPOSED = done("propose", recommendation="annul")
APPROVED = done("decide", approved=True)
ISSUED = finished("issue_letter")
FOLLOW_UP = ["cancel_sticker", "enter_register", "serve_letter"]
HEARD = (OPENED, FRAUD, INVITED, STATED)


def test_an_annulment_after_a_hearing_is_served_stamped_and_entered() -> None:
    follow_up = [done(task) for task in FOLLOW_UP]
    steps = told(SERVICE, *HEARD, PROPOSED, APPROVED, ISSUED, *follow_up)

    assert [open_at(step) for step in steps[:-2]] == [
        ["establish_facts"], ["invite_statement"], [], ["propose"], ["decide"], ["issue_letter"], FOLLOW_UP,
        FOLLOW_UP[1:],
    ]  # fmt: skip
    assert (steps[-1].ended, steps[-1].phase) == (True, "closed")


def test_the_holder_has_two_weeks_and_longer_when_the_last_day_is_free() -> None:
    asked = ended_in(SERVICE, OPENED, later("P4D"), FRAUD, later("P1D"), INVITED)

    assert asked.phase == "your_turn"
    assert {one.id: one.due for one in asked.open if one.kind == "timer"} == {
        "statement_three_days_left": datetime(2026, 1, 21, 9, tzinfo=UTC),
        "no_statement": datetime(2026, 1, 27, tzinfo=UTC),
    }
    silent = (OPENED, FRAUD, INVITED, later("P12D"), finished("remind_of_statement"), later("P3D"))
    assert open_at(ended_in(SERVICE, *silent)) == ["propose"]


@pytest.mark.parametrize("facts", [REQUEST, DANGER], ids=["on request", "danger in delay"])
def test_nobody_is_heard_on_the_own_request_or_in_danger(facts: Stimulus) -> None:
    assert open_at(ended_in(SERVICE, OPENED, facts)) == ["propose"]


def test_the_holder_can_be_heard_again() -> None:
    again = (*HEARD, done("propose", recommendation="ask"))

    assert open_at(ended_in(SERVICE, *again)) == ["invite_statement"]
    assert open_at(ended_in(SERVICE, *again, INVITED, STATED)) == ["propose"]


@pytest.mark.parametrize(("drop", "ended"), [(True, True), (False, False)])
def test_what_no_ground_carries_is_corrected_or_dropped(drop: bool, ended: bool) -> None:
    wrong = (OPENED, done("establish_facts", kind="annul", grounds=[17]))
    outcome = ended_in(SERVICE, *wrong, done("drop_or_correct", drop=drop))

    assert open_at(ended_in(SERVICE, *wrong)) == ["drop_or_correct"]
    assert (outcome.ended, open_at(outcome)) == (ended, [] if ended else ["establish_facts"])
    with pytest.raises(AssertionError, match="four_eyes"):
        told(SERVICE, *wrong, done("drop_or_correct", by="establish_facts", drop=drop))


def test_a_visa_that_stands_ends_in_a_word_to_the_holder() -> None:
    stands = (*HEARD, done("propose", recommendation="stand"), APPROVED)
    last = ended_in(SERVICE, *stands, done("tell_stands"))

    assert open_at(ended_in(SERVICE, *stands)) == ["tell_stands"]
    assert (last.ended, last.phase) == (True, "closed")


def test_another_state_that_issued_the_visa_is_told() -> None:
    foreign = done("establish_facts", kind="annul", grounds=[1], issued_by="FRA")
    issued = (OPENED, foreign, INVITED, STATED, PROPOSED, APPROVED, ISSUED)
    follow_up = [done(task) for task in FOLLOW_UP]

    assert open_at(ended_in(SERVICE, *issued)) == sorted([*FOLLOW_UP, "notify_state"])
    assert open_at(ended_in(SERVICE, *issued, *follow_up)) == ["notify_state"]
    assert ended_in(SERVICE, *issued, *follow_up, done("notify_state")).ended


def test_the_head_of_section_decides_and_is_another_person() -> None:
    proposed = (*HEARD, PROPOSED)
    lane = [one.lane for one in ended_in(SERVICE, *proposed).open]

    assert lane == ["head_of_section"]
    assert open_at(ended_in(SERVICE, *proposed, done("decide", approved=False))) == ["propose"]
    with pytest.raises(AssertionError, match="four_eyes"):
        told(SERVICE, *proposed, done("decide", by="propose", approved=True))
