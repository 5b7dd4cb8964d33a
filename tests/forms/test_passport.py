"""Stories of passports and identity cards (Passport Act sections 6, 7, 15, 19; Passport Ordinance section 17)."""

from datetime import UTC, datetime

import pytest

from tests.forms.stories import Stimulus, done, ended_in, finished, later, message, open_at, told

SERVICE = "passport"
HERE: dict[str, object] = {"document": "EPASS", "lives_in_district": True}
SENT: Stimulus = {"start": {"booked": False}}
BOOKED = message("appointment.confirmed")
CHECKED = done("check", complete=True)
SEARCHED = done("search_registers")
PROPOSED = done("propose", recommendation="issue")
APPROVED = done("approve", approved=True)
ORDERED = done("order")
SOUND = done("receive", faultless=True)
TOLD = finished("tell_ready")


def applied(**facts: object) -> tuple[Stimulus, ...]:
    """Up to the application at the counter, by somebody who lives here and wants a passport unless said otherwise."""
    return (SENT, BOOKED, done("apply", **(HERE | facts)))


def produced(**facts: object) -> tuple[Stimulus, ...]:
    """Up to the order from the manufacturer."""
    return (*applied(**facts), CHECKED, SEARCHED, PROPOSED, APPROVED, ORDERED)


def asked(*partners: str, **facts: object) -> tuple[Stimulus, ...]:
    """Up to the answers of so many authorities."""
    return (*applied(**facts), CHECKED, *(finished("ask_authority") for _partner in partners), SEARCHED)


def answers(partner: str, answer: str) -> Stimulus:
    """An authority answers."""
    return message("partner.answered", partner, answer=answer)


def day(month: int, number: int) -> datetime:
    """The first moment of a day in 2026."""
    return datetime(2026, month, number, tzinfo=UTC)


ELSEWHERE: dict[str, object] = {"lives_in_district": False, "lives_elsewhere": True}
BY_AUTHORISATION: dict[str, object] = ELSEWHERE | {"good_cause": True}


def test_a_passport_goes_from_the_counter_to_the_register() -> None:
    steps = told(SERVICE, *produced(), SOUND, TOLD, done("hand_over"), done("enter_register"))

    assert [open_at(step) for step in steps] == [
        [], ["apply"], ["check"], ["search_registers"], ["propose"], ["approve"], ["order"], ["receive"],
        ["tell_ready"], ["hand_over"], ["enter_register"], [],
    ]  # fmt: skip
    assert (steps[-1].ended, steps[-1].phase) == (True, "closed")


def test_production_has_six_weeks_and_two_when_express() -> None:
    usual = ended_in(SERVICE, *produced())
    express = ended_in(SERVICE, *produced(express=True))

    assert {one.due for one in usual.open if one.id in {"receive", "production_late"}} == {day(2, 17)}
    assert {one.due for one in express.open if one.id in {"receive", "production_late"}} == {day(1, 20)}


def test_a_late_document_is_asked_for_and_comes_after_all() -> None:
    late = (*produced(), later("P43D"))

    assert open_at(ended_in(SERVICE, *late)) == ["ask_manufacturer", "receive"]
    assert open_at(ended_in(SERVICE, *late, SOUND)) == ["tell_ready"]


def test_a_document_with_a_defect_is_ordered_again() -> None:
    defect = (*produced(), done("receive", faultless=False))
    again = (*defect, done("order_again"), SOUND, TOLD)

    assert open_at(ended_in(SERVICE, *defect)) == ["order_again"]
    assert open_at(ended_in(SERVICE, *again)) == ["hand_over"]


def test_a_provisional_passport_is_printed_at_the_mission() -> None:
    to_print = (*applied(document="PROV"), CHECKED, SEARCHED, PROPOSED, APPROVED)

    assert open_at(ended_in(SERVICE, *to_print)) == ["print_provisional"]
    assert open_at(ended_in(SERVICE, *to_print, done("print_provisional"), TOLD)) == ["hand_over"]


def test_a_document_can_be_mailed() -> None:
    mailed = (*produced(delivery="mail"), SOUND, TOLD)

    assert open_at(ended_in(SERVICE, *mailed)) == ["mail"]
    assert open_at(ended_in(SERVICE, *mailed, done("mail"))) == ["enter_register"]


def test_what_nobody_collects_is_reminded_of_and_made_void_after_a_year() -> None:
    ready = (*produced(), SOUND, TOLD)
    reminded = (*ready, later("P3M1D"), finished("remind_collection"))
    void = (*reminded, later("P9M"), done("void_unclaimed"))
    steps = told(SERVICE, *void, done("register_void"))

    assert open_at(ended_in(SERVICE, *reminded[:-1])) == ["hand_over", "remind_collection"]
    assert open_at(ended_in(SERVICE, *reminded, done("hand_over"))) == ["enter_register"]
    assert [open_at(step) for step in steps[-3:]] == [["void_unclaimed"], ["register_void"], []]
    assert steps[-1].ended
    with pytest.raises(AssertionError, match="four_eyes"):
        told(SERVICE, *void, done("register_void", by="void_unclaimed"))


def test_a_lost_document_is_blocked_first_and_the_person_may_travel_at_once() -> None:
    lost = applied(lost=True)
    travels = (*lost, done("block_lost", must_travel=True), finished("confirm_loss"))
    blocking = ended_in(SERVICE, *lost)

    assert open_at(blocking) == ["block_lost"]
    assert [one.due for one in blocking.open if one.id == "block_lost"] == [
        datetime(2026, 1, 5, 13, tzinfo=UTC)
    ]
    assert open_at(ended_in(SERVICE, *travels)) == ["open_emergency"]
    assert open_at(ended_in(SERVICE, *travels, done("open_emergency"))) == ["check"]
    assert open_at(
        ended_in(SERVICE, *lost, done("block_lost", must_travel=False), finished("confirm_loss"))
    ) == ["check"]


def test_another_authority_authorises_or_does_not() -> None:
    waits = asked("competent_authority", **BY_AUTHORISATION)
    refused = (*waits, answers("competent_authority", "objection"))

    assert open_at(ended_in(SERVICE, *waits, answers("competent_authority", "consent"))) == ["propose"]
    assert open_at(ended_in(SERVICE, *refused)) == ["tell_not_competent"]
    last = ended_in(SERVICE, *refused, finished("tell_not_competent"), done("return_papers"))
    assert (last.ended, last.phase) == (True, "closed")


def test_an_issue_against_the_will_of_a_parent_needs_a_release() -> None:
    """The Passport Act wants the consent of both (section 6(1))."""
    for consent, then in (("declined", "review_objection"), ("given", "approve"), ("in_person", "approve")):
        to_proposal = (*applied(second_consent=consent), CHECKED, SEARCHED, PROPOSED)
        assert open_at(ended_in(SERVICE, *to_proposal)) == [then]


def test_without_good_cause_only_the_competent_authority_acts() -> None:
    assert open_at(ended_in(SERVICE, *applied(**ELSEWHERE), CHECKED)) == ["tell_not_competent"]


def test_silence_is_no_authorisation() -> None:
    waits = asked("competent_authority", **BY_AUTHORISATION)
    silent = (*waits, later("P29D"), finished("remind_authority"), later("P14D"))
    given_up = (*silent, done("settle_silence", wait_on=False), finished("record_silence"), PROPOSED)

    assert open_at(ended_in(SERVICE, *waits, later("P29D"))) == ["remind_authority"]
    assert open_at(ended_in(SERVICE, *silent)) == ["settle_silence"]
    assert open_at(ended_in(SERVICE, *silent, done("settle_silence", wait_on=True)), "message") == [
        "await_authority",
        "on_withdrawal",
    ]
    assert open_at(ended_in(SERVICE, *given_up)) == ["review_objection"]
    assert open_at(ended_in(SERVICE, *given_up, done("review_objection", released=False))) == ["propose"]
    assert open_at(ended_in(SERVICE, *given_up, done("review_objection", released=True))) == ["approve"]
    with pytest.raises(AssertionError, match="four_eyes"):
        told(SERVICE, *given_up, done("review_objection", by="propose", released=True))


def test_more_time_is_no_answer_yet() -> None:
    more_time = (
        *asked("competent_authority", **BY_AUTHORISATION),
        answers("competent_authority", "more_time"),
    )

    assert open_at(ended_in(SERVICE, *more_time)) == []
    assert open_at(ended_in(SERVICE, *more_time, answers("competent_authority", "consent"))) == ["propose"]


def test_name_and_citizenship_are_settled_before_anything_is_ordered() -> None:
    start = applied(name_unclear=True, citizenship_unclear=True)
    declared = (*start, CHECKED, done("take_name_declaration"))
    both = (*declared, finished("ask_authority"), finished("ask_authority"), SEARCHED)
    more = (
        *both,
        answers("citizenship_authority", "more_data"),
        done("supply_data"),
        finished("ask_authority"),
    )
    settled = (*more, answers("citizenship_authority", "consent"))

    assert open_at(ended_in(SERVICE, *start, CHECKED)) == ["take_name_declaration"]
    assert open_at(ended_in(SERVICE, *declared)) == ["ask_authority", "ask_authority", "search_registers"]
    assert open_at(ended_in(SERVICE, *both, answers("registrar", "more_time"))) == []
    assert open_at(ended_in(SERVICE, *settled)) == []
    assert open_at(ended_in(SERVICE, *settled, answers("registrar", "consent"))) == ["propose"]


def test_missing_papers_are_asked_for_twice_and_then_the_file_counts() -> None:
    asks = (*applied(), done("check", complete=False))
    reminded = (*asks, later("P31D"), finished("remind_of_papers"))

    assert ended_in(SERVICE, *asks).phase == "your_turn"
    assert open_at(ended_in(SERVICE, *asks, message("applicant.answered"))) == ["check"]
    assert open_at(ended_in(SERVICE, *reminded, message("applicant.answered"))) == ["check"]
    again = (later("P26D"), finished("remind_again_of_papers"))
    assert open_at(ended_in(SERVICE, *reminded, *again, later("P5D"))) == ["search_registers"]


def test_who_proposes_may_ask_the_applicant_once_more() -> None:
    asks = (*applied(), CHECKED, SEARCHED, done("propose", recommendation="ask"))

    assert open_at(ended_in(SERVICE, *asks, message("applicant.answered"))) == ["propose"]
    reminded = (*asks, later("P28D"), finished("remind_of_information"))
    assert open_at(ended_in(SERVICE, *reminded, later("P3D"))) == ["propose"]


@pytest.mark.parametrize(
    ("recommendation", "letter", "then"),
    [("refuse", "issue_refusal", "hand_over_refusal"), ("restrict", "issue_restriction", "order")],
)
def test_a_refusal_or_restriction_is_for_the_head_of_section(recommendation, letter, then) -> None:
    proposed = (*applied(), CHECKED, SEARCHED, done("propose", recommendation=recommendation))
    decided = (*proposed, done("approve_refusal", approved=True))

    assert open_at(ended_in(SERVICE, *proposed)) == ["approve_refusal"]
    assert open_at(ended_in(SERVICE, *decided)) == [letter]
    assert open_at(ended_in(SERVICE, *decided, finished(letter))) == [then]
    with pytest.raises(AssertionError, match="four_eyes"):
        told(SERVICE, *proposed, done("approve_refusal", by="propose", approved=True))


def test_the_second_officer_is_another_person_and_can_send_it_back() -> None:
    proposed = (*applied(), CHECKED, SEARCHED, PROPOSED)

    assert open_at(ended_in(SERVICE, *proposed, done("approve", approved=False))) == ["propose"]
    with pytest.raises(AssertionError, match="four_eyes"):
        told(SERVICE, *proposed, done("approve", by="propose", approved=True))


def test_an_application_can_be_withdrawn_until_the_document_is_ordered() -> None:
    withdrawn = (*applied(), CHECKED, message("applicant.withdrew"))
    last = ended_in(SERVICE, *withdrawn, finished("confirm_withdrawal"), done("return_papers_withdrawn"))

    assert open_at(ended_in(SERVICE, *withdrawn)) == ["confirm_withdrawal"]
    assert (last.ended, last.phase) == (True, "closed")
    with pytest.raises(AssertionError, match="unawaited"):
        told(SERVICE, *produced(), message("applicant.withdrew"))


def test_without_an_appointment_nothing_was_applied_for() -> None:
    assert open_at(ended_in(SERVICE, {"start": {"booked": True}})) == ["apply"]
    assert ended_in(SERVICE, SENT, later("P7M")).ended
