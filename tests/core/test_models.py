"""One promise for each key, also where two make it in the same moment."""

import pytest
from django.db import IntegrityError, transaction

from consular.core import jobs
from consular.core.models import Job
from tests.harm import without

pytestmark = pytest.mark.django_db


def promise_twice() -> None:
    for _ in range(2):
        jobs.promise("casework.acknowledge", key="acknowledge:1")


def test_one_key_is_promised_once() -> None:
    promise_twice()

    first = Job.objects.get()
    first.pk, first._state.adding = None, True
    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        first.save(force_insert=True)


def test_without_the_unique_key_a_promise_is_kept_twice() -> None:
    without(Job, "key")

    promise_twice()

    assert Job.objects.count() == 2
