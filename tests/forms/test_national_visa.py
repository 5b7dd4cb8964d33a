"""Stories of national visas (Residence Act 6(3) and 81a, Residence Ordinance 31, Employment Ordinance 36)."""

from datetime import UTC, datetime

import pytest

from consular.workflow.play import Outcome
from tests.forms.stories import Stimulus, done, ended_in, finished, later, message, open_at, told

SERVICE = "national_visa"
WAITS = ("task", "service", "message", "timer")


def sent(category: str = "D_LANG", **facts: object) -> Stimulus:
    """An application is sent; by default one that the mission decides and only the security authorities see."""
    return {"start": {"booked": False, "category": category, **facts}}


def answers(partner: str, answer: str) -> Stimulus:
    """A partner answers."""
    return message("partner.answered", partner, answer=answer)


COMPLETE = done("precheck", complete=True)
INCOMPLETE = done("precheck", complete=False)
BOOKED = message("appointment.confirmed")
LODGED = done("lodge")
ASKED = finished("ask_partner")
SECURE = answers("security", "consent")
SEARCHED = done("search_registers")
PROPOSED = done("examine", recommendation="grant")
APPROVED = done("decide", approved=True)
TO_LODGING = (sent(), COMPLETE, BOOKED, LODGED)
TO_EXAMINATION = (*TO_LODGING, ASKED, SECURE, SEARCHED)
CORRECTED = message("applicant.answered")


def lodged(category: str, **facts: object) -> tuple[Stimulus, ...]:
    """Up to the lodging, checked by the back office or the mission as the category wants it."""
    by = "precheck_back_office" if category in {"D_EMP_VOC", "D_RESEARCH", "D_VOC"} else "precheck"
    return (sent(category, **facts), done(by, complete=True), BOOKED, LODGED)


def due(outcome: Outcome, *elements: str) -> list[datetime | None]:
    """When open elements are due."""
    found = {one.id: one.due for one in outcome.open}
    return [found[element] for element in elements]


def day(month: int, number: int) -> datetime:
    """The first moment of a day in 2026."""
    return datetime(2026, month, number, tzinfo=UTC)


def test_a_grant_goes_from_the_check_to_the_register() -> None:
    after = (
        finished("issue_grant"),
        done("print_visa"),
        done("check_visa", faultless=True),
        done("hand_over"),
    )
    steps = told(SERVICE, *TO_EXAMINATION, PROPOSED, APPROVED, *after, done("report_grant"))

    assert [open_at(step) for step in steps] == [
        ["precheck"], [], ["lodge"], ["ask_partner", "search_registers"], ["search_registers"], ["search_registers"],
        ["examine"], ["decide"], ["issue_grant"], ["print_visa"], ["check_visa"], ["hand_over"], ["report_grant"], [],
    ]  # fmt: skip
    assert (steps[-1].ended, steps[-1].phase) == (True, "closed")


def test_a_refusal_is_a_letter_of_its_own() -> None:
    refused = (done("examine", recommendation="refuse"), APPROVED)
    steps = told(SERVICE, *TO_EXAMINATION, *refused, finished("issue_refusal"), done("hand_over_refusal"))

    assert [open_at(step) for step in steps[-3:]] == [["issue_refusal"], ["hand_over_refusal"], []]
    assert steps[-1].ended


def test_the_check_before_the_appointment_has_ten_working_days() -> None:
    assert due(ended_in(SERVICE, sent()), "precheck") == [day(1, 20)]


def test_the_back_office_checks_and_decides_listed_categories() -> None:
    story = (*lodged("D_RESEARCH"), ASKED, SECURE, SEARCHED, PROPOSED)

    assert open_at(ended_in(SERVICE, sent("D_RESEARCH"))) == ["precheck_back_office"]
    assert open_at(ended_in(SERVICE, *story)) == ["decide_back_office"]
    assert open_at(ended_in(SERVICE, *story, done("decide_back_office", approved=True))) == ["issue_grant"]
    with pytest.raises(AssertionError, match="four_eyes"):
        told(SERVICE, *story, done("decide_back_office", by="examine", approved=True))


def test_corrections_go_back_to_the_same_office_also_late_ones() -> None:
    asked = ended_in(SERVICE, sent(), INCOMPLETE)
    late = (sent(), INCOMPLETE, later("P31D"), finished("remind_of_correction"))

    assert (asked.phase, due(asked, "correction_slow")) == ("your_turn", [day(2, 5)])
    assert open_at(ended_in(SERVICE, sent(), INCOMPLETE, CORRECTED)) == ["precheck"]
    assert open_at(ended_in(SERVICE, *late[:3])) == ["remind_of_correction"]
    assert ended_in(SERVICE, *late).phase == "your_turn"
    assert open_at(ended_in(SERVICE, *late, CORRECTED)) == ["precheck"]


def test_without_corrections_somebody_decides_on_the_file() -> None:
    reminded = (later("P31D"), finished("remind_of_correction"), later("P26D"))
    silent = (sent(), INCOMPLETE, *reminded, finished("remind_again_of_correction"), later("P5D"))
    goes_on = ended_in(SERVICE, *silent, done("decide_on_file", proceed=True))
    stops = ended_in(SERVICE, *silent, done("decide_on_file", proceed=False))

    assert open_at(ended_in(SERVICE, *silent[:5])) == ["remind_again_of_correction"]
    assert open_at(ended_in(SERVICE, *silent)) == ["decide_on_file"]
    assert open_at(goes_on, "message") == ["await_appointment", "on_early_withdrawal"]
    assert (stops.ended, stops.phase) == (True, "closed")


def test_fast_track_means_an_appointment_and_a_decision_within_three_weeks_each() -> None:
    story = (sent(fast_track=True), COMPLETE)
    to_lodging = (*story, done("offer_appointment"), BOOKED, LODGED)
    offered = ended_in(SERVICE, *story)

    assert (open_at(offered), due(offered, "offer_appointment")) == (["offer_appointment"], [day(1, 27)])
    assert "watch_fast_track" in open_at(ended_in(SERVICE, *to_lodging, later("P22D")))
    assert "watch_fast_track" not in open_at(ended_in(SERVICE, *TO_LODGING, later("P22D")))


def test_an_application_without_appointment_lapses() -> None:
    lapsed = ended_in(SERVICE, sent(), COMPLETE, later("P7M"))

    assert open_at(ended_in(SERVICE, sent(booked=True), COMPLETE)) == ["lodge"]
    assert (lapsed.ended, lapsed.phase) == (True, "closed")


def test_partners_are_asked_in_parallel_each_with_its_own_days() -> None:
    outcome = ended_in(SERVICE, *lodged("D_VOC", prior_stay=True), ASKED, ASKED, ASKED)

    rounds = {(one.round, one.id, one.due) for one in outcome.open if one.kind == "timer" and one.round}
    assert rounds == {
        (1, "partner_silent", day(1, 16)),
        (2, "partner_silent", day(1, 20)),
        (3, "four_weeks", day(2, 3)),
        (3, "eight_weeks", day(3, 3)),
        (3, "twelve_weeks", day(3, 31)),
    }


def test_silence_of_the_agency_is_consent_but_not_silence_of_security() -> None:
    asked = (*lodged("D_EMP_VOC"), ASKED, ASKED, SEARCHED)
    deemed = (*asked, later("P15D"), finished("record_silence"))
    outcome = ended_in(SERVICE, *deemed, SECURE)

    assert open_at(ended_in(SERVICE, *asked, later("P13D"))) == []
    assert open_at(ended_in(SERVICE, *asked, later("P15D"))) == ["record_silence"]
    assert open_at(ended_in(SERVICE, *deemed)) == []
    assert (open_at(outcome), decided(outcome, "what_answers_allow")) == (["examine"], "consent")


def test_who_must_answer_is_reminded_after_four_and_eight_weeks_and_then_somebody_settles_it() -> None:
    asked = (*TO_LODGING, ASKED, SEARCHED)
    reminded = (
        *asked,
        later("P29D"),
        finished("remind_after_four"),
        later("P29D"),
        finished("remind_after_eight"),
    )
    overdue = (*reminded, later("P27D"))
    given_up = ended_in(
        SERVICE, *overdue, done("settle_silence", wait_on=False), finished("record_silence"), PROPOSED
    )
    waiting = ended_in(SERVICE, *overdue, done("settle_silence", wait_on=True))

    assert open_at(ended_in(SERVICE, *asked, later("P29D"))) == ["remind_after_four"]
    assert open_at(ended_in(SERVICE, *reminded[:-1])) == ["remind_after_eight"]
    assert open_at(ended_in(SERVICE, *overdue)) == ["settle_silence"]
    assert open_at(waiting, "message") == ["await_explicit", "on_withdrawal"]
    assert open_at(given_up) == ["review_objection"]


def test_a_late_answer_takes_open_reminders_away() -> None:
    outcome = ended_in(SERVICE, *TO_LODGING, ASKED, SEARCHED, later("P29D"), SECURE)

    assert open_at(outcome) == ["examine"]


def test_more_time_ends_the_silence_that_counts_as_consent() -> None:
    asked = (*lodged("D_RESEARCH", prior_stay=True), ASKED, ASKED, SECURE, SEARCHED)
    asks_time = (*asked, answers("foreigners_authority", "more_time"), ASKED)
    outcome = ended_in(SERVICE, *asks_time, later("P20D"))
    given_up = (later("P90D"), finished("remind_after_four"), done("settle_silence", wait_on=False))

    assert open_at(outcome, *WAITS[:3]) == ["await_explicit", "on_withdrawal"]
    assert open_at(ended_in(SERVICE, *asks_time, answers("foreigners_authority", "consent"))) == ["examine"]
    last = ended_in(SERVICE, *asks_time, *given_up, finished("record_silence"))
    assert decided(last, "what_answers_allow") == "missing"


def test_more_data_starts_the_days_of_silence_anew() -> None:
    asked = (*lodged("D_VOC"), ASKED, ASKED, SECURE, SEARCHED)
    supplied = (later("P10D"), answers("employment_agency", "more_data"), done("supply_data"), ASKED)
    outcome = ended_in(SERVICE, *asked, *supplied)

    assert open_at(ended_in(SERVICE, *asked, *supplied[:2])) == ["supply_data"]
    assert due(outcome, "partner_silent") == [day(1, 30)]


def test_a_grant_against_the_will_of_a_parent_needs_the_head_of_section() -> None:
    declined = (sent(second_consent="declined"), *TO_EXAMINATION[1:], PROPOSED)

    assert open_at(ended_in(SERVICE, *declined)) == ["review_objection"]


def test_a_grant_against_an_objection_needs_the_head_of_section() -> None:
    objected = (*TO_LODGING, ASKED, answers("security", "objection"), SEARCHED)
    refusing = ended_in(SERVICE, *objected, done("examine", recommendation="refuse"))
    granting = (*objected, PROPOSED)

    assert open_at(refusing) == ["decide"]
    assert open_at(ended_in(SERVICE, *granting)) == ["review_objection"]
    assert open_at(ended_in(SERVICE, *granting, done("review_objection", released=True))) == ["decide"]
    assert open_at(ended_in(SERVICE, *granting, done("review_objection", released=False))) == ["examine"]
    with pytest.raises(AssertionError, match="four_eyes"):
        told(SERVICE, *granting, done("review_objection", by="examine", released=True))


def test_documents_are_verified_while_partners_are_asked() -> None:
    doubtful = (*TO_LODGING, ASKED, SECURE, done("search_registers", verify=True))
    ordered = ended_in(SERVICE, *doubtful, done("order_verification"))

    assert open_at(ended_in(SERVICE, *doubtful)) == ["order_verification"]
    assert (ordered.phase, due(ordered, "enter_verification")) == ("waiting", [day(4, 6)])
    assert open_at(ended_in(SERVICE, *doubtful, done("order_verification"), done("enter_verification"))) == [
        "examine"
    ]


def test_the_examination_goes_on_by_the_file_when_the_applicant_does_not_answer() -> None:
    asked = (*TO_EXAMINATION, done("examine", recommendation="ask"))
    reminded = (*asked, later("P31D"), finished("remind_of_information"))

    assert ended_in(SERVICE, *asked).phase == "your_turn"
    assert open_at(ended_in(SERVICE, *asked, CORRECTED)) == ["examine"]
    assert open_at(ended_in(SERVICE, *reminded, CORRECTED)) == ["examine"]
    again = (later("P26D"), finished("remind_again_of_information"))
    assert open_at(ended_in(SERVICE, *reminded, *again, later("P5D"))) == ["examine"]


def test_after_three_months_without_a_decision_somebody_settles_the_delay() -> None:
    slow = ended_in(SERVICE, *TO_EXAMINATION, later("P3M1D"))
    decided_late = ended_in(SERVICE, *TO_EXAMINATION, later("P3M1D"), PROPOSED, APPROVED)

    assert open_at(slow) == ["examine", "watch_inaction"]
    assert open_at(decided_late) == ["issue_grant"]


def test_decision_and_printing_need_two_people_each() -> None:
    printed = (*TO_EXAMINATION, PROPOSED, APPROVED, finished("issue_grant"), done("print_visa"))

    assert open_at(ended_in(SERVICE, *TO_EXAMINATION, PROPOSED, done("decide", approved=False))) == [
        "examine"
    ]
    assert open_at(ended_in(SERVICE, *printed, done("check_visa", faultless=False))) == ["print_visa"]
    with pytest.raises(AssertionError, match="four_eyes"):
        told(SERVICE, *TO_EXAMINATION, PROPOSED, done("decide", by="examine", approved=True))
    with pytest.raises(AssertionError, match="four_eyes"):
        told(SERVICE, *printed, done("check_visa", by="print_visa", faultless=True))


@pytest.mark.parametrize("story", [(sent(),), (sent(), INCOMPLETE), (sent(), COMPLETE)])
def test_an_application_that_was_not_lodged_can_be_withdrawn_and_leaves_no_papers(story) -> None:
    steps = told(SERVICE, *story, message("applicant.withdrew"), finished("confirm_early_withdrawal"))

    assert [open_at(step, *WAITS, "task", "service") for step in steps[-2:]] == [
        ["confirm_early_withdrawal"],
        [],
    ]
    assert steps[-1].ended


def test_an_application_can_be_withdrawn_until_the_decision() -> None:
    withdrawn = (*TO_LODGING, ASKED, message("applicant.withdrew"))
    steps = told(SERVICE, *withdrawn, finished("confirm_withdrawal"), done("return_papers"))

    assert [open_at(step) for step in steps[-3:]] == [["confirm_withdrawal"], ["return_papers"], []]
    assert steps[-1].ended
    with pytest.raises(AssertionError, match="unawaited"):
        told(SERVICE, *TO_EXAMINATION, PROPOSED, APPROVED, message("applicant.withdrew"))


def decided(outcome: Outcome, rule: str) -> object:
    """What a table answered in the last step."""
    return next(line.data["value"] for line in outcome.history if (line.kind, line.node) == ("decided", rule))
