"""Administrators are told in time that a certificate ends, each stage once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils.formats import date_format

from consular.accounts.models import Role
from consular.casework import expiring
from consular.core import clock, jobs
from consular.decisions import expiry, keys
from tests import factories

pytestmark = pytest.mark.django_db


def test_each_stage_is_told_once(monkeypatch: pytest.MonkeyPatch):
    keys.make_local()
    factories.official(Role.CASEWORKER)
    administrator = factories.official(Role.ADMINISTRATOR)
    assert expiring.tell() == 0
    end = clock.now() + timedelta(days=100)
    monkeypatch.setattr(expiry, "ENDS", {"seal_key": end.date})

    told = []
    for days in (61, 59, 58, 30, 7, 1, -1, -2):
        expiring.tell(end - timedelta(days=days))
        jobs.work()
        told.append(len(mail.outbox))

    assert told == [0, 1, 1, 2, 3, 3, 4, 4]
    assert {message.to[0] for message in mail.outbox} == {administrator.email}
    assert date_format(end.date(), "DATE_FORMAT") in mail.outbox[0].body
