"""One message for each key, also where two promise it in the same moment."""

import pytest
from django.db import IntegrityError, transaction

from consular.notifications import outbox
from consular.notifications.models import Notification
from tests import factories
from tests.harm import without

pytestmark = pytest.mark.django_db


def promise_twice() -> None:
    to = factories.applicant()
    for _ in range(2):
        outbox.promise("submitted", to=to, key="submitted:1")


def test_one_key_is_told_once() -> None:
    promise_twice()

    first = Notification.objects.get()
    first.pk, first._state.adding = None, True
    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        first.save(force_insert=True)


def test_without_the_unique_key_it_is_told_twice() -> None:
    without(Notification, "key")

    promise_twice()

    assert Notification.objects.count() == 2
