"""Administrators see what was given up and can have it tried again."""

import pytest
from django.test import Client

from consular.accounts.models import Role
from consular.core import clock, jobs
from consular.core.models import Job
from tests import factories

pytestmark = pytest.mark.django_db


def _dead_job() -> Job:
    jobs.promise("tests.broken", key="broken")
    Job.objects.update(dead_at=clock.now(), attempts=jobs.ATTEMPTS, error="ValueError")
    return Job.objects.get()


def _client(role: Role) -> Client:
    return factories.signed_in(Client(), factories.official(role))


def test_an_administrator_sees_a_job_that_was_given_up_and_revives_it() -> None:
    job = _dead_job()
    client = _client(Role.ADMINISTRATOR)

    assert "ValueError" in client.get("/desk/jobs/").content.decode()
    client.post(f"/desk/jobs/{job.pk}/revive/")

    assert Job.objects.get().dead_at is None


def test_nobody_else_may() -> None:
    job = _dead_job()
    client = _client(Role.HEAD_OF_SECTION)

    assert client.get("/desk/jobs/").status_code == 403
    assert client.post(f"/desk/jobs/{job.pk}/revive/").status_code == 403
    assert Job.objects.get().dead_at is not None
