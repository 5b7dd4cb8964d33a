"""Stories of emergency travel documents (Passport Act section 7, Passport Ordinance 22, Residence Ordinance 13a)."""

from datetime import UTC, datetime, timedelta

import pytest

from consular.workflow.play import Outcome
from tests.forms.stories import MONDAY, Stimulus, done, ended_in, finished, later, message, open_at, told

SERVICE = "emergency_travel_document"
KNOWN = done("check_identity", established=True)
SEARCHED = done("search_registers", alert=False)
ALERT = done("search_registers", alert=True)
APPROVED = done("approve", approved=True)
STATE = "state_of_nationality"


def asks(nationality: str = "DEU", **facts: object) -> Stimulus:
    """Somebody asks for help; by default a German who returns home."""
    return {"start": {"nationality": nationality, "returns_home": True, **facts}}


def due_in_hours(outcome: Outcome, element: str) -> float:
    """In how many hours an open element is due."""
    due = next(one.due for one in outcome.open if one.id == element)
    assert due is not None
    return (due - outcome.now) / timedelta(hours=1)


TO_APPROVAL = (asks(), KNOWN, SEARCHED)
PRINTED = (*TO_APPROVAL, APPROVED, done("print_document"))


def test_a_german_travels_the_same_day() -> None:
    steps = told(
        SERVICE, *PRINTED, done("check_print", faultless=True), done("hand_over"), done("enter_register")
    )

    assert [open_at(step) for step in steps] == [
        ["check_identity"], ["search_registers"], ["approve"], ["print_document"], ["check_print"], ["hand_over"],
        ["enter_register"], [],
    ]  # fmt: skip
    assert (steps[-1].ended, steps[-1].phase) == (True, "closed")


def test_every_step_to_the_document_has_hours_and_not_days() -> None:
    usual = told(SERVICE, *PRINTED, done("check_print", faultless=True))

    hours = [due_in_hours(step, open_at(step)[0]) for step in usual]
    assert hours == [1, 1, 1, 1, 1, 2]
    assert due_in_hours(usual[0], "day_goes_by") == 4


def test_after_four_hours_the_head_of_section_sees_to_it() -> None:
    assert open_at(ended_in(SERVICE, asks(), KNOWN, later("PT5H"))) == ["search_registers", "watch_day"]
    assert open_at(ended_in(SERVICE, asks(), KNOWN, later("PT5H"), SEARCHED, APPROVED)) == ["print_document"]


def test_a_lost_document_is_blocked_while_the_registers_are_searched() -> None:
    lost = (asks(lost=True), KNOWN)

    assert open_at(ended_in(SERVICE, *lost)) == ["block_lost", "search_registers"]
    assert open_at(ended_in(SERVICE, *lost, SEARCHED, done("block_lost"), finished("confirm_loss"))) == [
        "approve"
    ]


@pytest.mark.parametrize(("clarified", "then"), [(True, "search_registers"), (False, "propose_refusal")])
def test_a_doubtful_identity_is_clarified_first(clarified: bool, then: str) -> None:
    doubtful = (asks(), done("check_identity", established=False))
    outcome = ended_in(SERVICE, *doubtful, done("clarify_identity", clarified=clarified))

    assert open_at(ended_in(SERVICE, *doubtful)) == ["clarify_identity"]
    assert open_at(outcome) == [then]


def test_who_is_no_citizen_of_the_union_gets_a_letter_and_no_document() -> None:
    sent_back = (asks("USA"), KNOWN, done("propose_refusal"), done("approve_refusal", approved=False))
    decided = (done("propose_refusal"), done("approve_refusal", approved=True))
    refused = told(SERVICE, *sent_back, *decided, finished("issue_refusal"), done("hand_over_refusal"))

    assert [open_at(step) for step in refused[-6:]] == [
        ["approve_refusal"], ["propose_refusal"], ["approve_refusal"], ["issue_refusal"], ["hand_over_refusal"], [],
    ]  # fmt: skip
    assert refused[-1].ended


def test_the_state_of_another_union_citizen_confirms_within_two_working_days() -> None:
    asked = (asks("SVN"), KNOWN, finished("ask_partner"), SEARCHED)
    waiting = ended_in(SERVICE, *asked)
    more = (
        message("partner.answered", STATE, answer="more_data"),
        done("supply_data"),
        finished("ask_partner"),
    )

    assert [one.due for one in waiting.open if one.id == "partner_silent"] == [
        datetime(2026, 1, 8, tzinfo=UTC)
    ]
    for answer in ("consent", "conditions"):
        assert open_at(ended_in(SERVICE, *asked, message("partner.answered", STATE, answer=answer))) == [
            "approve"
        ]
    assert open_at(ended_in(SERVICE, *asked, message("partner.answered", STATE, answer="more_time"))) == []
    assert open_at(ended_in(SERVICE, *asked, *more), "message") == ["on_withdrawal", "partner_answered"]


def test_who_no_longer_needs_the_document_ends_the_case_until_it_is_approved() -> None:
    begun = (asks(), KNOWN)
    steps = told(SERVICE, *begun, message("applicant.withdrew"), finished("confirm_withdrawal"))

    assert open_at(steps[-2]) == ["confirm_withdrawal"]
    assert steps[-1].ended
    with pytest.raises(AssertionError, match="unawaited"):
        told(SERVICE, *begun, SEARCHED, done("approve", approved=True), message("applicant.withdrew"))


def test_the_two_working_days_leave_out_the_weekend() -> None:
    asked = (asks("SVN"), KNOWN, later("P3D"), finished("ask_partner"))
    waiting = ended_in(SERVICE, *asked)

    assert waiting.now - MONDAY == timedelta(days=3)
    assert [one.due for one in waiting.open if one.id == "partner_silent"] == [
        datetime(2026, 1, 13, tzinfo=UTC)
    ]


@pytest.mark.parametrize("released", [True, False])
def test_silence_or_objection_of_the_state_is_settled_by_the_head_of_section(released: bool) -> None:
    asked = (asks("SVN"), KNOWN, finished("ask_partner"), SEARCHED)
    silent = (*asked, later("P4D"), finished("record_silence"))
    objected = (*asked, message("partner.answered", STATE, answer="objection"))

    for story in (silent, objected):
        settled = ended_in(SERVICE, *story, done("settle_alert", released=released))
        assert "settle_alert" in open_at(ended_in(SERVICE, *story))
        assert ("approve" in open_at(settled), "propose_refusal" in open_at(settled)) == (
            released,
            not released,
        )


def test_an_alert_never_keeps_a_german_from_the_journey_home() -> None:
    alert = (asks(), KNOWN, ALERT, done("settle_alert", released=False))
    provisional = (asks(returns_home=False), KNOWN, ALERT, done("settle_alert", released=False))
    changed = (asks(returns_home=False), KNOWN, ALERT, done("settle_alert", released=False, document="REAG"))

    assert open_at(ended_in(SERVICE, asks(), KNOWN, ALERT)) == ["settle_alert"]
    assert open_at(ended_in(SERVICE, *alert)) == ["approve"]
    assert open_at(ended_in(SERVICE, *provisional)) == ["propose_refusal"]
    assert open_at(ended_in(SERVICE, *changed)) == ["approve"]


def test_every_second_pair_of_eyes_belongs_to_another_person() -> None:
    assert open_at(ended_in(SERVICE, *TO_APPROVAL, done("approve", approved=False))) == ["check_identity"]
    assert open_at(ended_in(SERVICE, *PRINTED, done("check_print", faultless=False))) == ["print_document"]
    for story, task, by in (
        (TO_APPROVAL, "approve", "check_identity"),
        (PRINTED, "check_print", "print_document"),
        ((asks(), KNOWN, ALERT), "settle_alert", "search_registers"),
    ):
        with pytest.raises(AssertionError, match="four_eyes"):
            told(SERVICE, *story, done(task, by=by, approved=True, faultless=True, released=True))


def test_what_nobody_collects_within_a_month_is_void() -> None:
    ready = (*PRINTED, done("check_print", faultless=True), later("P1M2D"))
    last = ended_in(SERVICE, *ready, done("void_document"))

    assert open_at(ended_in(SERVICE, *ready)) == ["void_document"]
    assert (last.ended, last.phase) == (True, "closed")
