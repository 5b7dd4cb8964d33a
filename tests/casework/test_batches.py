"""One thing done to many cases: each by its own verb, with its own result, and never past what the verb forbids."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from consular import casework
from consular.accounts.models import Role, User
from consular.cases.models import Batch, BatchItem, Case, Event, Message, TaskEntry
from consular.cases.worklists import Act
from consular.casework import batches, officer, printing
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.core.models import Job
from consular.missions.models import Posting
from consular.workflow import permission
from consular.workflow.graph import Kind, Node
from consular.workflow.models import Token, TokenKind
from tests import factories, stages
from tests.casework.killing import die

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


@dataclass(frozen=True)
class Morning:
    """Three cases that wait for a clerk."""

    post: stages.Post
    cases: tuple[Case, ...]

    @property
    def tokens(self) -> list[int]:
        return [stages.open_task(case).pk for case in self.cases]


@pytest.fixture
def morning() -> Morning:
    post = stages.ministry()
    return Morning(post, tuple(stages.sent() for _ in range(3)))


def begin(act: str, tokens: list[int], actor: User, **facts: Any) -> Batch:
    return casework.begin_batch(act, tokens, facts, language="en", actor=actor)


def jobs_of_batches() -> None:
    """Do the work of the batches, and leave the letters alone."""
    Job.objects.exclude(name="casework.batch").delete()
    jobs.work()


def ends(batch: Batch) -> list[tuple[str, str]]:
    """How each case ended."""
    return list(batch.items.order_by("position").values_list("state", "sentence"))


def test_each_case_has_its_own_result_and_what_others_have_is_refused(morning: Morning) -> None:
    tokens = morning.tokens
    other = factories.official(Role.INTAKE_CLERK, mission=morning.post.mission)
    casework.claim(morning.cases[1].reference, tokens[1], actor=other)

    batch = begin("claim", [*tokens, tokens[0], 999_999], morning.post.clerk)
    jobs_of_batches()

    refusal = f"{other.name} is working on this task."
    assert ends(batch) == [("done", ""), ("refused", refusal), ("done", "")]
    assert Token.objects.filter(pk__in=tokens, assignee=morning.post.clerk).count() == 2
    assert Event.objects.filter(kind="claimed", actor=morning.post.clerk).count() == 2
    assert Batch.objects.get().ended_at is not None
    assert batches.sweep() == 0

    back = begin("release", tokens, morning.post.clerk)
    jobs_of_batches()
    assert [state for state, _why in ends(back)] == ["done", "refused", "done"]
    Batch.objects.update(begun_at=clock.now() - batches.KEPT_FOR)
    assert batches.sweep() == 2 + 6


def test_a_worker_killed_in_the_middle_leaves_that_case_as_it_was_and_the_next_one_goes_on(
    morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = begin("claim", morning.tokens, morning.post.clerk)
    with monkeypatch.context() as patched:
        done = iter([None])
        real = BatchItem.save
        patched.setattr(
            BatchItem, "save", lambda item, **how: real(item, **how) if next(done, 1) is None else die()
        )
        with pytest.raises(KeyboardInterrupt):
            jobs_of_batches()

    assert [state for state, _why in ends(batch)] == ["done", "open", "open"]
    assert Token.objects.filter(assignee=morning.post.clerk).count() == 1
    Job.objects.update(leased_until=None)  # a minute later
    jobs_of_batches()
    batches.work({"batch": batch.pk, "from": 0})

    assert [state for state, _why in ends(batch)] == ["done", "done", "done"]
    assert Event.objects.filter(kind="claimed").count() == 3


def test_a_case_at_which_something_breaks_fails_alone_and_the_log_names_nobody(
    morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the code breaks, once the database: after it has written, so that what it wrote has to go."""
    real, broken = batches._DOES[Act.CLAIM], iter(range(3))

    def breaks(batch: Batch, item: BatchItem, case: Case) -> None:
        real(batch, item, case)
        number = next(broken)
        if number == 0:
            raise RuntimeError(case.applicant_name)
        if number == 1:
            Case.objects.filter(pk=case.pk).update(reference=None)

    monkeypatch.setattr(batches, "_DOES", {Act.CLAIM: breaks})
    batch = begin("claim", morning.tokens, morning.post.clerk)
    with capture_logs() as logs:
        jobs_of_batches()

    assert ends(batch) == [("failed", str(batches.FAILED))] * 2 + [("done", "")]
    assert Event.objects.filter(kind="claimed").count() == 1
    assert Batch.objects.get().ended_at is not None
    told = [line for line in logs if line["event"] == "batch_item_failed"]
    assert [line["error"] for line in told] == ["RuntimeError", "IntegrityError"]
    assert morning.cases[0].applicant_name not in str(logs)


def test_without_one_transaction_for_both_a_case_would_be_done_twice(
    morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the verb commits by itself, and its result is lost with the worker."""
    batch = begin("claim", morning.tokens[:1], morning.post.clerk)
    case = morning.cases[0]
    casework.claim(
        case.reference, batch.items.get().token_id, actor=morning.post.clerk
    )  # and the worker dies
    batches.work({"batch": batch.pk, "from": 0})

    assert Event.objects.filter(case=case, kind="claimed").count() == 2


def test_what_was_lost_meanwhile_is_judged_at_each_case(morning: Morning) -> None:
    batch = begin("claim", morning.tokens, morning.post.clerk)
    Posting.objects.filter(user=morning.post.clerk).update(ends_on=clock.today().replace(year=2021))

    jobs_of_batches()

    assert [state for state, _why in ends(batch)] == ["refused"] * 3
    assert not Token.objects.exclude(assignee=None).exists()


def test_cases_one_may_not_see_are_in_no_batch(morning: Morning, monkeypatch: pytest.MonkeyPatch) -> None:
    abroad = factories.official(Role.INTAKE_CLERK, mission=factories.mission())

    with pytest.raises(Refused) as refusal:
        begin("claim", morning.tokens, abroad)
    assert (refusal.value.code, Batch.objects.count()) == ("nothing", 0)

    everything = type(Case.objects.all())
    monkeypatch.setattr(everything, "visible_to", lambda cases, *_who: cases.all())  # negative control
    assert begin("claim", morning.tokens, abroad).items.count() == 3


def test_what_the_queue_hands_out_is_picked_by_nobody(
    morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    Token.objects.filter(kind=TokenKind.TASK).update(allocation="random")

    first = begin("claim", morning.tokens, morning.post.clerk)
    jobs_of_batches()
    assert [state for state, _why in ends(first)] == ["refused"] * 3

    monkeypatch.setattr(permission, "require_handed_out", lambda *_: None)  # negative control
    second = begin("claim", morning.tokens, morning.post.clerk)
    jobs_of_batches()
    assert [state for state, _why in ends(second)] == ["done"] * 3


def test_a_head_of_section_assigns_and_delegates_with_a_reason_for_each_case(morning: Morning) -> None:
    post, tokens = morning.post, morning.tokens
    head = factories.official(Role.HEAD_OF_SECTION, mission=post.mission)
    other = factories.mission()
    factories.official(Role.INTAKE_CLERK, mission=other)

    given = begin("assign", tokens[:2], head, to=post.clerk.pk, reason="Holiday cover")
    lent = begin("delegate", tokens[2:], head, mission=other.pk, reason="Too many here")
    without = begin("assign", tokens[:1], post.clerk, to=head.pk)
    jobs_of_batches()

    assert [state for state, _why in ends(given)] == ["done", "done"]
    assert [state for state, _why in ends(lent)] == ["done"]
    assert ends(without)[0][0] == "refused"
    assert sorted(Message.objects.values_list("body", flat=True)) == ["Holiday cover"] * 2 + ["Too many here"]
    task = Token.objects.get(pk=tokens[2])
    assert (task.mission, task.home) == (other, post.mission)


def test_a_task_that_somebody_took_after_the_page_was_shown_stays_with_them(morning: Morning) -> None:
    post, token = morning.post, morning.tokens[0]
    head = factories.official(Role.HEAD_OF_SECTION, mission=post.mission)
    other = factories.official(Role.INTAKE_CLERK, mission=post.mission)
    casework.claim(morning.cases[0].reference, token, actor=other)
    how = {"to": post.clerk.pk, "reason": "Holiday cover"}

    shown = begin("assign", [token], head, **how, seen={str(token): (None, post.mission.pk)})
    jobs_of_batches()
    assert ends(shown)[0][0] == "refused"
    assert other.name in ends(shown)[0][1]

    without = begin("assign", [token], head, **how)  # negative control: nobody says what the page showed
    jobs_of_batches()
    assert ends(without) == [("done", "")]


def test_only_what_the_process_allows_is_completed_together(morning: Morning) -> None:
    for act, facts, code in (
        ("complete", {"entries": {"complete": True}}, "not_together"),
        ("assign", {}, "nobody"),
        ("delegate", {}, "no_mission"),
        ("burn", {}, "no_act"),
    ):
        with pytest.raises(Refused) as refusal:
            begin(act, morning.tokens, morning.post.clerk, **facts)
        assert refusal.value.code == code
    assert not Batch.objects.exists()


def test_travel_documents_are_handed_over_together_and_letters_printed() -> None:
    post = stages.ministry()
    case = stages.issued(post)
    token = stages.open_task(case).pk
    abroad = factories.official(Role.INTAKE_CLERK, mission=factories.mission())

    printed = begin("letters", [token, stages.open_task(stages.sent()).pk], post.clerk)
    with pytest.raises(officer.NotRight):
        begin("complete", [token], post.clerk, entries={"handed_to": "nobody"})
    done = begin("complete", [token], post.clerk, entries={"handed_to": "courier"})
    jobs_of_batches()

    assert ends(printed) == [("done", ""), ("refused", "There is no letter to print.")]
    assert case.letters.filter(pk=printed.items.order_by("position")[0].letter_id).exists()
    assert Event.objects.filter(case=case, kind="letter_printed").count() == 1
    assert (printing.letters(printed, actor=post.clerk) or b"")[:5] == b"%PDF-"
    assert printing.letters(printed, actor=abroad) is None
    assert ends(done) == [("done", "")]
    assert TaskEntry.objects.filter(case=case, form="hand_over").get().entries["handed_to"] == "courier"
    assert Case.objects.get(pk=case.pk).phase == "closed"


@pytest.mark.parametrize(
    "change",
    [{"four_eyes_with": "examine"}, {"step": "approve"}, {"allocation": "random"}, {"together": False}],
)
def test_whatever_a_process_says_what_is_judged_is_never_done_together(change: dict[str, Any]) -> None:
    """A pure table; with none of these it may be done together."""
    node = Node(id="n", kind=Kind.USER, together=True)

    assert batches._may_be_together(node)
    assert not batches._may_be_together(replace(node, **change))
