"""Cases of any service, sent with their answers and worked on by officers through the verbs of the service."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from consular import casework, formspec
from consular.accounts.models import Role
from consular.appointments.models import Booking, Calendar, OpeningRule, Slot
from consular.cases.models import Case
from consular.core import clock, jobs
from consular.decisions import keys
from consular.decisions.models import Letter
from consular.workflow import store
from consular.workflow.models import Token, TokenKind
from tests import factories, prepared

MOST_TASKS = 25
Entries = Mapping[str, Mapping[str, Any]]


def sent(service: str, answers: Mapping[str, Any], **account: Any) -> Case:
    """A case that somebody has just sent, with every declaration confirmed."""
    prepared.prepare()
    keys.make_local()
    owner = factories.applicant(**account)
    draft = casework.start(service, language=owner.language, actor=owner, answers=dict(answers))
    asked = formspec.declarations(formspec.latest(service).form, dict(answers))
    return casework.submit(draft.pk, attested=[each.id for each in asked], actor=owner)


def worked(case: Case, entries: Entries) -> list[str]:
    """Do every task for which there are entries, each as another officer of its lane, and the jobs between them.

    Returns the elements in the order in which they were done.
    """
    done: list[str] = []
    for _ in range(MOST_TASKS):
        jobs.work()
        task = next(
            (each for each in open_tasks(case) if each.node in entries and each.node not in done), None
        )
        if task is None:
            return done
        node = store.graph(task.instance.definition).node(task.node)
        officer = factories.official(Role(node.lane), mission=case.mission)
        casework.complete(case.reference, task.pk, dict(entries[task.node]), actor=officer)
        done.append(task.node)
    raise AssertionError(done)


def booked(case: Case) -> Booking:
    """An appointment for the case, on the first time of a calendar that is open every morning."""
    group = formspec.folder(case.service, case.version).form.service_group
    calendar = Calendar.objects.create(
        mission=case.mission, category=group, services=[case.service], counters=1
    )
    OpeningRule.objects.bulk_create(
        OpeningRule(
            calendar=calendar, weekday=weekday, opens_at=time(8), closes_at=time(10), capacity=1,
            valid_from=clock.today(),
        )
        for weekday in range(7)
    )  # fmt: skip
    casework.generate_slots(calendar, clock.today() + timedelta(days=7))
    slot = Slot.objects.filter(calendar=calendar, starts_at__gt=clock.now() + timedelta(days=3)).earliest(
        "starts_at"
    )
    held = casework.hold_slot(case.pk, slot.pk, actor=case.owner)
    return casework.confirm_booking(held.reference, actor=case.owner)


def open_tasks(case: Case) -> list[Token]:
    """The tasks that wait for somebody."""
    found = Token.objects.filter(instance=case.instance_id, kind=TokenKind.TASK)
    return list(found.select_related("instance__definition").order_by("number"))


def letters(case: Case) -> list[str]:
    """The names of the letters of a case, in their order."""
    return list(Letter.objects.filter(case=case).order_by("id").values_list("values__name", flat=True))
