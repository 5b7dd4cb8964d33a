"""Work that failed too often and waits for an administrator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from consular import casework
from consular.accounts.models import Role
from consular.core.errors import Refused
from consular.core.models import Job
from consular.desk.access import officer_required

SHOWN = 100


@require_safe
@officer_required(Role.ADMINISTRATOR)
def given_up(request: HttpRequest) -> HttpResponse:
    """The jobs that were given up, the latest first."""
    jobs = Job.objects.exclude(dead_at=None).order_by("-dead_at")[:SHOWN]
    return render(request, "desk/jobs.html", {"jobs": jobs})


@require_POST
@officer_required(Role.ADMINISTRATOR)
def revive(request: HttpRequest, job_id: int) -> HttpResponse:
    """Try one of them again."""
    try:
        casework.revive_job(job_id, actor=request.user)
        messages.success(request, _("The job will be tried again."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:jobs")
