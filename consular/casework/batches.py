"""Things done to many cases at once: kept as rows, done one case after the other by the worker, each its own verb.

Each case is one transaction, in which the result is written, too. A worker that is killed leaves the case it was at
as it was, and the next one goes on there. Nothing is allowed here that the verb of the single case refuses. A case at
which something breaks ends as failed, and the others go on.
"""

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from consular import formspec
from consular.accounts.models import User
from consular.cases.models import Batch, BatchItem, Case
from consular.cases.worklists import WITH_TASKS, Act
from consular.casework import handing_over, officer, record, relocating
from consular.casework.handing_over import Seen
from consular.casework.officer import NotRight
from consular.casework.verb import body, verb
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.decisions.models import Letter
from consular.workflow import store
from consular.workflow.graph import Allocation, Node
from consular.workflow.models import Token, TokenKind

MOST = 500
AT_ONCE = 50
"""Cases that one job does; the next ones are another job, so that no lease runs out."""
KEPT_FOR = timedelta(days=30)
JUDGED = frozenset({"propose", "approve"})
"""Steps that judge one case: whatever a process says, each is looked at by itself."""
NOT_TOGETHER = _(
    "These tasks cannot be completed together: they are not the same, or each has to be judged by itself."
)
FAILED = _("A fault kept this case from being done, and nothing has changed. Open it and do it by itself.")
Facts = Mapping[str, Any]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Same:
    """What tasks have in common that can be completed together: the version of the form, and the node."""

    service: str
    version: int
    node: Node

    @property
    def page(self) -> formspec.Page:
        """The form of the task."""
        return formspec.folder(self.service, self.version).form.tasks[self.node.form]


@verb
def begin_batch(act: str, token_ids: Sequence[int], facts: Facts, *, language: str, actor: User) -> Batch:
    """Do one thing to many cases; the worker does it. Gives the batch, whose items say how each case ended.

    Only open tasks of cases that the officer may see are in it. `facts` are `to`, `mission`, `reason` or `entries`, and
    `seen`: with whom the page showed a task, {number: (who, mission)}; without it, with whom it is now.
    """
    if act not in WITH_TASKS:
        raise Refused(_("Choose what to do."), code="no_act", field="act", status=422)
    found = chosen(token_ids, actor)
    if not found:
        raise Refused(_("Choose at least one case."), code="nothing", field="chosen", status=422)
    if act == Act.COMPLETE:
        facts = {**facts, "entries": _entries(found, facts), "node": found[0].node}
    if act == Act.ASSIGN and not facts.get("to"):
        raise Refused(_("Choose a colleague."), code="nobody", field="to", status=422)
    if act == Act.DELEGATE and not facts.get("mission"):
        raise Refused(_("Choose another mission."), code="no_mission", field="mission", status=422)
    facts = {**facts, "seen": _hands(found, facts.get("seen", {}))}
    batch = Batch.objects.create(by=actor, act=act, facts=facts, language=language, begun_at=clock.now())
    BatchItem.objects.bulk_create(
        BatchItem(batch=batch, position=at, case=token.instance.case, token_id=token.pk)
        for at, token in enumerate(found)
    )
    jobs.promise("casework.batch", key=f"batch:{batch.pk}:0", payload={"batch": batch.pk, "from": 0})
    return batch


def chosen(token_ids: Sequence[int], actor: User) -> list[Token]:
    """The open tasks among these whose cases the officer may see, in the given order, with their cases."""
    wanted = list(dict.fromkeys(token_ids))[:MOST]
    tokens = Token.objects.filter(
        pk__in=wanted, kind=TokenKind.TASK, instance__case__in=Case.objects.visible_to(actor)
    )
    related = tokens.select_related("instance__case", "instance__definition", "mission")
    found = {each.pk: each for each in related.defer("instance__definition__xml")}
    return [found[each] for each in wanted if each in found]


def same(tokens: Sequence[Token]) -> Same | None:
    """What these tasks have in common, where their process lets them be completed together; None where it does not."""
    kinds = {(each.instance.definition_id, each.node) for each in tokens}
    if len({node for _definition, node in kinds}) != 1:
        return None
    cases = {(each.instance.case.service, each.instance.case.version) for each in tokens}
    if len(cases) != 1:
        return None
    nodes = [_node(each) for each in {each.instance.definition_id: each for each in tokens}.values()]
    if not all(_may_be_together(node) and node.form == nodes[0].form for node in nodes):
        return None
    ((service, version),) = cases
    return Same(service, version, nodes[0])


def sweep() -> int:
    """Forget batches begun long ago: what was done stands in the history of each case. Returns how many rows."""
    return Batch.objects.filter(begun_at__lt=clock.now() - KEPT_FOR).delete()[0]


def work(payload: dict[str, Any]) -> None:
    """Do the next cases of a batch, and promise the rest; safe to run twice, and by two workers at a time."""
    batch = Batch.objects.select_related("by").get(pk=payload["batch"])
    with translation.override(batch.language):
        for _turn in range(AT_ONCE):
            if not _do_next(batch):
                return
    _go_on(batch, payload["from"] + AT_ONCE)


@verb
def _go_on(batch: Batch, start: int) -> None:
    jobs.promise(
        "casework.batch", key=f"batch:{batch.pk}:{start}", payload={"batch": batch.pk, "from": start}
    )


@verb
def _do_next(batch: Batch) -> bool:
    """Do the first case that is open, and write down how it ended; False when there is none any more."""
    left = batch.items.filter(state=BatchItem.State.OPEN)
    item = left.select_for_update(skip_locked=True).order_by("position").first()
    if item is None:
        if not left.exists():
            Batch.objects.filter(pk=batch.pk, ended_at=None).update(ended_at=clock.now())
        return False
    case = Case.objects.get(pk=item.case_id)
    try:
        with transaction.atomic():
            _DOES[Act(batch.act)](batch, item, case)
        item.state = BatchItem.State.DONE
    except Refused as refusal:
        item.state, item.sentence = BatchItem.State.REFUSED, str(refusal.message)[:500]
    except Exception as error:  # one broken case must not keep all others
        _write_fault(item, error)
    item.save(update_fields=["state", "sentence", "letter_id"])
    return True


def _write_fault(item: BatchItem, error: Exception) -> None:
    """It has failed. The log says what and where, never the words of the error: they may hold what is in the case."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{place.name}:{place.lineno}"
    log.error("batch_item_failed", batch=item.batch_id, item=item.pk, error=type(error).__name__, where=where)
    item.state, item.sentence, item.letter_id = BatchItem.State.FAILED, str(FAILED), None


def _hands(found: Sequence[Token], seen: Mapping[str, Sequence[int | None]]) -> dict[str, list[int | None]]:
    """With whom each task was seen to be, by its number."""
    now = {str(token.pk): [token.assignee_id, token.mission_id] for token in found}
    return {token: list(seen.get(token, hands)) for token, hands in now.items()}


def _entries(found: Sequence[Token], facts: Facts) -> dict[str, Any]:
    """The entries for all of these tasks; refused where the process wants each one looked at, or they are not right."""
    common = same(found)
    if common is None:
        raise Refused(
            NOT_TOGETHER,
            code="not_together",
            field="act",
            status=422,
        )
    problems = formspec.page_problems(common.page, facts.get("entries", {}))
    if problems:
        raise NotRight(problems)
    return formspec.page_answers(common.page, facts.get("entries", {}))


def _may_be_together(node: Node) -> bool:
    """Whether the process allows it, and nobody decides, approves, or was chosen by the queue."""
    judged = bool(node.four_eyes_with) or node.step in JUDGED
    return node.together and not judged and node.allocation == Allocation.FREE


def _node(token: Token) -> Node:
    return store.graph(token.instance.definition).node(token.node)


def _task(item: BatchItem) -> int:
    if item.token_id is None:
        raise ValueError("this is done to tasks, not to cases")
    return item.token_id


def _seen(batch: Batch, item: BatchItem) -> Seen:
    return Seen(_task(item), *batch.facts["seen"][str(_task(item))])


def _claim(batch: Batch, item: BatchItem, case: Case) -> None:
    body(officer.claim)(case.reference, _task(item), actor=batch.by)


def _release(batch: Batch, item: BatchItem, case: Case) -> None:
    body(officer.release)(case.reference, _task(item), actor=batch.by)


def _assign(batch: Batch, item: BatchItem, case: Case) -> None:
    to, reason = batch.facts["to"], batch.facts.get("reason", "")
    body(handing_over.hand_over)(case.reference, _seen(batch, item), to, reason=reason, actor=batch.by)


def _delegate(batch: Batch, item: BatchItem, case: Case) -> None:
    mission, reason = batch.facts["mission"], batch.facts.get("reason", "")
    body(handing_over.delegate)(case.reference, _seen(batch, item), mission, reason=reason, actor=batch.by)


def _complete(batch: Batch, item: BatchItem, case: Case) -> None:
    """The same entries for each: the process must still let these tasks be done together."""
    token = Token.objects.select_related("instance__case").filter(pk=_task(item)).first()
    if token is not None and (token.node != batch.facts["node"] or same([token]) is None):
        raise Refused(_("This task has to be judged by itself."), code="not_together")
    body(officer.complete)(case.reference, _task(item), batch.facts["entries"], actor=batch.by)


def _transfer(batch: Batch, item: BatchItem, case: Case) -> None:
    mission, reason = batch.facts["mission"], batch.facts["reason"]
    seen = relocating.Seen(*batch.facts["seen"].get(str(case.pk), (None, "")))
    body(relocating.hand_case_over)(case.reference, mission, reason=reason, seen=seen, actor=batch.by)


def _bring_back(batch: Batch, item: BatchItem, case: Case) -> None:
    body(relocating.bring_back)(case.pk, actor=batch.by)


def _letters(batch: Batch, item: BatchItem, case: Case) -> None:
    """The last letter to the applicant that stands; that it was printed is written down."""
    locked = officer.locked(case.reference, batch.by)
    standing = Letter.objects.for_applicant().filter(Q(supersession=None), case=locked)
    letter = standing.order_by("-pk").values_list("pk", flat=True).first()
    if letter is None:
        raise Refused(_("There is no letter to print."), code="no_letter")
    item.letter_id = letter
    record.event(locked, "letter_printed", actor=batch.by, at=clock.now(), letter=letter)


_DOES: Mapping[Act, Callable[[Batch, BatchItem, Case], None]] = {
    Act.CLAIM: _claim,
    Act.RELEASE: _release,
    Act.ASSIGN: _assign,
    Act.DELEGATE: _delegate,
    Act.COMPLETE: _complete,
    Act.LETTERS: _letters,
    Act.TRANSFER: _transfer,
    Act.BRING_BACK: _bring_back,
}
