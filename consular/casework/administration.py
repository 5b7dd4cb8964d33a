"""What administrators do for the service itself."""

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role, User
from consular.casework.verb import verb
from consular.core import jobs
from consular.core.errors import Refused
from consular.core.models import Job
from consular.missions.postings import duties


@verb
def revive_job(job_id: int, *, actor: User) -> Job:
    """Give a job that was given up a new series of attempts. For administrators."""
    require_administrator(actor)
    job = Job.objects.select_for_update().filter(pk=job_id).exclude(dead_at=None).first()
    if job is None:
        raise Refused(_("This job is not among those that were given up."), code="not_found", status=404)
    jobs.revive(job)
    return job


def require_administrator(actor: User) -> None:
    """Refused (403) unless this person is posted as an administrator today."""
    if Role.ADMINISTRATOR not in duties(actor).roles:
        raise Refused(_("Only administrators can do this."), code="forbidden", status=403)
