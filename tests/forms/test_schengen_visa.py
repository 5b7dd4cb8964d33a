"""Stories of Schengen visa cases (Visa Code, articles 9, 18, 19, 22 and 23)."""

from datetime import UTC, datetime

import pytest

from tests.forms.stories import Stimulus, done, ended_in, finished, later, message, open_at, told

SERVICE = "schengen_visa"
SENT: Stimulus = {"start": {"booked": False, "nationality": "GHA", "purposes": ["tourism"]}}
COMPLETE = done("check_completeness", complete=True)
BOOKED = message("appointment.confirmed")
LODGED = done("lodge")
ADMISSIBLE = done("check_admissibility", admissibility="admissible")
SEARCHED = done("search_registers")
PROPOSED = done("examine", recommendation="grant")
APPROVED = done("decide", approved=True)
TO_LODGING = (SENT, COMPLETE, BOOKED, LODGED)
TO_EXAMINATION = (*TO_LODGING, ADMISSIBLE, SEARCHED)


def consulted(*further: Stimulus) -> tuple[Stimulus, ...]:
    """The story of a person whose nationality asks for prior consultation, up to the questions to the partners."""
    start = {"start": {"booked": False, "nationality": "IRQ", "purposes": ["tourism"]}}
    return (start, *TO_LODGING[1:], ADMISSIBLE, finished("ask_partner"), *further)


def test_a_grant_goes_from_the_form_to_the_hand_over() -> None:
    steps = told(SERVICE, *TO_EXAMINATION, PROPOSED, APPROVED, finished("issue_letter"), done("hand_over"))

    assert [open_at(step)[:1] for step in steps] == [
        ["check_completeness"], [], ["lodge"], ["check_admissibility"], ["search_registers"], ["examine"], ["decide"],
        ["issue_letter"], ["hand_over"], [],
    ]  # fmt: skip
    assert (steps[-1].ended, steps[-1].phase) == (True, "closed")


@pytest.mark.parametrize(
    ("found", "error", "letter", "refund", "end"),
    [
        (
            "inadmissible",
            "found_inadmissible",
            "tell_inadmissible",
            "refund_inadmissible",
            "inadmissible_closed",
        ),
        (
            "not_competent",
            "found_not_competent",
            "tell_not_competent",
            "refund_not_competent",
            "not_competent_closed",
        ),
    ],
)
def test_what_cannot_be_examined_here_is_returned_with_a_letter_and_the_fee(
    found: str, error: str, letter: str, refund: str, end: str
) -> None:
    judged = done("check_admissibility", admissibility=found)
    steps = told(SERVICE, *TO_LODGING, judged, finished(letter), done(refund))

    assert [open_at(step) for step in steps[-3:]] == [[letter], [refund], []]
    assert steps[-1].ended
    assert [line.node for step in steps[-3:] for line in step.history if line.kind == "reached"] == [
        error,
        end,
    ]


def test_who_took_the_fee_does_not_refund_it() -> None:
    judged = done("check_admissibility", admissibility="inadmissible")
    with pytest.raises(AssertionError, match="four_eyes"):
        told(
            SERVICE,
            *TO_LODGING,
            judged,
            finished("tell_inadmissible"),
            done("refund_inadmissible", by="lodge"),
        )


def test_another_mission_goes_on_with_its_own_check() -> None:
    moved = done("check_admissibility", admissibility="transfer", mission="NEWD")
    steps = told(SERVICE, *TO_LODGING, moved, finished("transfer"))

    assert [open_at(step) for step in steps[-2:]] == [["transfer"], ["check_admissibility"]]


def test_partners_are_asked_while_the_registers_are_searched() -> None:
    asked = ended_in(SERVICE, *consulted())
    answered = ended_in(
        SERVICE, *consulted(message("partner.answered", "central_authorities", answer="consent"), SEARCHED)
    )

    assert open_at(asked) == ["search_registers"]
    assert "partner_answered" in open_at(asked, "message")
    assert open_at(answered) == ["examine"]


def test_seven_days_of_silence_are_no_objection() -> None:
    waiting = ended_in(SERVICE, *consulted(SEARCHED, later("P6D")))
    silent = told(SERVICE, *consulted(SEARCHED, later("P8D"), finished("record_silence")))

    assert open_at(waiting) == []
    assert [open_at(step) for step in silent[-2:]] == [["record_silence"], ["examine"]]
    assert {one.due for one in waiting.open if one.id == "partner_silent"} == {
        datetime(2026, 1, 13, tzinfo=UTC)
    }


def test_for_airport_transit_nobody_is_consulted() -> None:
    start = {"start": {"booked": False, "nationality": "IRQ", "purposes": ["airport_transit"]}}

    assert open_at(ended_in(SERVICE, start, *TO_LODGING[1:], ADMISSIBLE)) == ["search_registers"]


def test_the_clock_runs_from_lodging_and_does_not_stop_for_the_applicant() -> None:
    asked = ended_in(SERVICE, *TO_EXAMINATION, done("examine", recommendation="ask"))
    reminded = (later("P8D"), finished("remind_of_information"))
    silent = ended_in(
        SERVICE, *TO_EXAMINATION, done("examine", recommendation="ask"), *reminded, later("P3D")
    )

    assert asked.phase == "your_turn"
    assert {one.id: one.due for one in asked.open if one.kind == "timer"} == {
        "deadline_near": datetime(2026, 1, 15, 9, tzinfo=UTC),
        "deadline": datetime(2026, 1, 21, tzinfo=UTC),
        "last_day": datetime(2026, 2, 20, tzinfo=UTC),
        "information_three_days_left": datetime(2026, 1, 12, 9, tzinfo=UTC),
        "information_missing": datetime(2026, 1, 16, tzinfo=UTC),
    }
    assert open_at(silent) == ["examine", "watch_deadline"]


def test_an_extension_is_told_in_writing_and_the_case_goes_on() -> None:
    extended = done("extend", extended=True)
    story = (*TO_EXAMINATION, later("P16D"), extended, finished("tell_extension"))

    assert open_at(ended_in(SERVICE, *story)) == ["examine", "watch_deadline"]
    assert open_at(ended_in(SERVICE, *story, later("P30D"))) == [
        "examine",
        "resolve_breach",
        "watch_deadline",
    ]


def test_a_decision_takes_open_reminders_away() -> None:
    late = ended_in(SERVICE, *TO_EXAMINATION, later("P50D"), PROPOSED, APPROVED)

    assert open_at(late, "task", "service", "timer") == ["issue_letter"]


def test_the_second_officer_is_another_person_and_can_send_the_proposal_back() -> None:
    back = ended_in(SERVICE, *TO_EXAMINATION, PROPOSED, done("decide", approved=False))
    with pytest.raises(AssertionError, match="four_eyes"):
        told(SERVICE, *TO_EXAMINATION, PROPOSED, done("decide", by="examine", approved=True))

    assert open_at(back) == ["examine"]


@pytest.mark.parametrize(
    ("story", "after"),
    [((SENT, done("check_completeness", complete=False)), "P4M"), ((SENT, COMPLETE), "P7M")],
    ids=["no answer", "no appointment"],
)
def test_an_application_nobody_goes_on_with_lapses(story: tuple[Stimulus, ...], after: str) -> None:
    waiting, lapsed = told(SERVICE, *story, later("P1M"))[-1], told(SERVICE, *story, later(after))[-1]

    assert (waiting.phase, lapsed.phase, lapsed.ended) == ("your_turn", "closed", True)


INCOMPLETE = done("check_completeness", complete=False)
REMINDED = ("remind_of_{}", "remind_again_of_{}")


@pytest.mark.parametrize(
    ("task", "subject", "days"),
    [
        (INCOMPLETE, "answer", [(3, 22, 9), (4, 2, 9), (4, 6, 0)]),
        (COMPLETE, "booking", [(6, 21, 9), (7, 2, 9), (7, 6, 0)]),
    ],
)
def test_who_is_waited_for_is_reminded_two_weeks_and_three_days_before_the_application_lapses(
    task: Stimulus, subject: str, days: list[tuple[int, int, int]]
) -> None:
    waiting = ended_in(SERVICE, SENT, task)
    clocks = (f"{subject}_two_weeks_left", f"{subject}_three_days_left", f"{subject}_missing")

    assert {one.id: one.due for one in waiting.open if one.kind == "timer"} == {
        clock: datetime(2026, month, day, hour, tzinfo=UTC)
        for clock, (month, day, hour) in zip(clocks, days, strict=True)
    }
    first, second = (step.format(subject) for step in REMINDED)
    months = "P2M20D" if subject == "answer" else "P5M20D"
    lapsed = told(
        SERVICE, SENT, task, later(months), finished(first), later("P10D"), finished(second), later("P5D")
    )
    assert [open_at(step) for step in lapsed[2:]] == [[first], [], [second], [], []]
    assert lapsed[-1].ended
    assert [line.node for line in lapsed[-1].history if line.kind == "reached"] == ["found_lapsed", "lapsed"]


@pytest.mark.parametrize("story", [(SENT,), (SENT, INCOMPLETE), (SENT, COMPLETE), (SENT, COMPLETE, BOOKED)])
def test_before_lodging_a_withdrawal_ends_with_a_letter(story: tuple[Stimulus, ...]) -> None:
    steps = told(SERVICE, *story, message("applicant.withdrew"), finished("confirm_early_withdrawal"))

    assert [one.id for one in steps[-2].open] == ["confirm_early_withdrawal"]
    assert steps[-1].ended


@pytest.mark.parametrize(
    "story",
    [TO_LODGING, consulted(), TO_EXAMINATION, (*TO_EXAMINATION, PROPOSED), (*TO_LODGING, later("P46D"))],
)
def test_until_the_decision_a_withdrawal_takes_all_work_away_and_the_papers_go_back(
    story: tuple[Stimulus, ...],
) -> None:
    withdrawn = (*story, message("applicant.withdrew"), finished("confirm_withdrawal"), done("return_papers"))
    steps = told(SERVICE, *withdrawn)

    assert [[one.id for one in step.open] for step in steps[-3:]] == [
        ["confirm_withdrawal"], ["return_papers"], [],
    ]  # fmt: skip
    assert [line.node for line in steps[-1].history if line.kind == "reached"] == ["withdrawn"]


def test_after_the_decision_nobody_waits_for_a_withdrawal_any_more() -> None:
    decided = (*TO_EXAMINATION, PROPOSED, APPROVED)
    for more in ((), (finished("issue_letter"),)):
        with pytest.raises(AssertionError, match="unawaited"):
            told(SERVICE, *decided, *more, message("applicant.withdrew"))
