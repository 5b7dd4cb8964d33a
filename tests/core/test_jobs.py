"""Promises are kept once."""

import pytest

from consular.core import jobs
@pytest.mark.django_db
def test_x():
    jobs.promise("a.b", key="1")
    jobs.promise("a.b", key="1")
    from consular.core.models import Job
    assert Job.objects.count() == 1
