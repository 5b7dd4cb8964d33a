"""What administrators do with processes: publish another edition, move running cases to it, one transaction each."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from consular import formspec
from consular.accounts.models import User
from consular.cases import outcomes
from consular.cases.consultations import MESSAGE as PARTNER_ANSWERED
from consular.cases.models import Case, Phase
from consular.casework import consents, failing, record
from consular.casework.administration import require_administrator
from consular.casework.appointments import CONFIRMED
from consular.casework.asking import ANSWERED
from consular.casework.verb import verb
from consular.casework.withdrawing import WITHDREW
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.decisions import composing, rulings
from consular.rules import dmn
from consular.workflow import check, library, migrating, publishing
from consular.workflow import difference as comparing
from consular.workflow.difference import Change
from consular.workflow.fitting import Reason
from consular.workflow.mapping import TokenMapping
from consular.workflow.migrating import DoesNotMap, Route
from consular.workflow.models import Definition
from consular.workflow.publishing import LANES, Release

AT_ONCE = 200
MESSAGES = frozenset({ANSWERED, CONFIRMED, WITHDREW, PARTNER_ANSWERED})
"""The messages that verbs send to processes."""
SET_HERE = frozenset({"answer", "booked", "outcome", consents.VARIABLE})
"""The variables that verbs and jobs set, beside the answers that route."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became, or would become, of one case: moved, stays (with the reasons), elsewhere (it ended or was moved by
    somebody else meanwhile), or busy (somebody held it; run it again).
    """

    reference: str
    code: str
    reasons: tuple[Reason, ...] = ()


def known(folder: formspec.Folder) -> check.Known:
    """What the processes of a folder may name: what every process may, its forms and variables, and our messages.

    Without questions it is a part of processes that call it, which set the variables.
    """
    return replace(
        known_anywhere(frozenset(name for table in folder.tables.values() for name in table.decisions)),
        forms=frozenset(folder.form.tasks),
        variables=formspec.routed_sorts(folder.form),
        messages=MESSAGES,
        asked=_inputs(folder.tables),
        names=SET_HERE if folder.form.questions else None,
    )


def _inputs(tables: Mapping[str, dmn.Definitions]) -> dict[str, frozenset[str]]:
    """What each decision of some tables reads."""
    return {name: table.inputs_of(name) for table in tables.values() for name in table.decisions}


def known_anywhere(decisions: frozenset[str]) -> check.Known:
    """What every process may name: roles, service steps, phases, letters, outcomes, and these decisions."""
    return check.Known(
        lanes=LANES,
        services=jobs.names(),
        phases=frozenset(Phase.values),
        decisions=decisions,
        letters=composing.WRITTEN,
        receipts=composing.AT_TASKS,
        writing=composing.WRITING,
        errors=failing.ERRORS,
        outcomes=outcomes.KNOWN,
    )


@verb
def publish_process(release: Release, *, valid_from: datetime | None = None, actor: User) -> Definition:
    """Publish a process; new cases start on it from that moment on (now unless said). For administrators.

    Refused when it does not fit the forms of its version, and for everything `publishing.release` refuses.
    """
    require_administrator(actor)
    now = clock.now()
    if valid_from is not None and valid_from.date() < now.date():
        raise Refused(
            _("This day is over. A process counts from today on, or later."), code="past", status=422
        )
    _require_sound(release)
    return publishing.release(release, by=actor, valid_from=valid_from, now=now)


def difference(release: Release) -> tuple[Change, ...]:
    """What a release changes, whether it is published already or not; refused when it could not be. Reads only."""
    _require_sound(release)
    before = library.predecessor(release.service, release.version, release.edition)
    tables = {name: dmn.load(content) for name, content in publishing.checked(release).items()}
    if before is None:
        return comparing.difference(None, publishing.compiled(release), {}, tables)
    was = library.published(before)
    return comparing.difference(was.graph, publishing.compiled(release), was.tables, tables)


def difference_between(service: str, old: str, new: str) -> tuple[Change, ...]:
    """What one published process of a service does differently from another."""
    was, now = (library.published(library.find(service, number)) for number in (old, new))
    return comparing.difference(was.graph, now.graph, was.tables, now.tables)


def _require_sound(release: Release) -> None:
    """Refused unless the process fits the forms, steps and phases there are."""
    folder = formspec.folder(release.service, release.version)
    graph = publishing.compiled(release)
    tables = {name: dmn.load(content) for name, content in publishing.asked(release).items()}
    findings = [
        *check.check(graph, replace(known(folder), decisions=None, asked=_inputs(tables))),
        *rulings.problems(release.service, release.version, graph, folder.form),
    ]
    if findings:
        raise Refused("; ".join(map(str, findings)), code="unsound", status=422)


def route(service: str, old: str, new: str, mapping: TokenMapping) -> Route:
    """The way from one published process of a service to another. Raises DoesNotMap when the mapping fits no case."""
    there = library.find(service, new)
    if there.valid_from > clock.now():
        raise Refused(
            _("The new version does not count yet. Cases can be moved to it from then on."), code="not_yet"
        )
    return migrating.route(library.find(service, old), there, mapping)


def would_move(route: Route) -> Iterator[Outcome]:
    """What would become of every running case of the old version. Reads only."""
    for chunk in _chunks(route):
        judged = dict(migrating.judge([case.instance_id or 0 for case in chunk], route, clock.now()))
        for case in chunk:
            reasons = (*_of_forms(case, route), *judged.get(case.instance_id or 0, ()))
            is_there = case.instance_id in judged
            yield Outcome(
                case.reference, "stays" if reasons else "moved" if is_there else "elsewhere", reasons
            )


def move_all(route: Route, *, actor: User) -> Iterator[Outcome]:
    """Move every running case of the old version, each in a transaction of its own, and say what became of it.

    Ended anywhere, every case is either where it was or wholly moved; the next run goes on with those that are left.
    """
    for chunk in _chunks(route):
        for case in chunk:
            try:
                yield Outcome(
                    case.reference, "moved" if move_case(case.pk, route, actor=actor) else "elsewhere"
                )
            except DoesNotMap as refused:
                yield Outcome(case.reference, "stays", refused.reasons)
            except DatabaseError:  # the lock did not come in time; it is tried again with the next run
                yield Outcome(case.reference, "busy")


@verb
def move_case(case_id: int, route: Route, *, actor: User) -> bool:
    """Move one running case to another version of its process; False when it has ended or left the old version.

    Judged as the case is now. Raises DoesNotMap, and Refused for anybody but administrators.
    """
    require_administrator(actor)
    case = Case.objects.select_for_update().get(pk=case_id)
    now = clock.now()
    forms = tuple(_of_forms(case, route))
    if forms:
        raise DoesNotMap(forms)
    step = migrating.migrate(case.instance_id, route, now=now) if case.instance_id else None
    if step is None:
        return False
    record.advance(case, step, actor=actor, at=now)
    return True


def _chunks(route: Route) -> Iterator[list[Case]]:
    """The running cases of the old version, some at a time."""
    running = Case.objects.filter(instance__definition=route.old, instance__ended_at=None).order_by("pk")
    last = 0
    while chunk := list(running.filter(pk__gt=last)[:AT_ONCE]):
        last = chunk[-1].pk
        yield chunk


def _of_forms(case: Case, route: Route) -> Iterator[Reason]:
    """The forms of the new process that the version of the case does not have: its answers belong to that version."""
    tasks = _tasks(case)
    for node in route.plan.new.nodes.values():
        if node.form and node.form not in tasks:
            yield Reason("form", node.id, f"version {case.version} of the service has no form {node.form}")


def _tasks(case: Case) -> Collection[str]:
    return case.form.tasks
