"""After a task the next one of the same queue is one key away."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from consular.cases import queue
from consular.cases.models import Case
from consular.cases.narrowing import Tab
from consular.desk.queue import Lane
from consular.missions.postings import Duties
from consular.missions.titles import title
from consular.workflow.models import Token


def say_done(request: HttpRequest, token: Token | None) -> None:
    """That the task is completed; the page shown next offers the next one of its queue."""
    messages.success(request, _("Done. The case has moved on."), extra_tags=token.lane if token else "")


def lanes(case: Case, duties: Duties) -> list[Lane]:
    """The queues of this officer at the mission of the case."""
    return [
        Lane(mission, role.value, str(role.label), title(case.mission))
        for mission, role in queue.queues(duties, Tab.TEAM)
        if mission == case.mission_id
    ]
