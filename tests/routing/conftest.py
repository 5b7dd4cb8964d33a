"""The network of missions, as the data files have it."""

from collections.abc import Iterator

import pytest
from django.db import connection

from consular.missions import loading
from consular.missions.models import District, ExchangeRate, IntakeSite, Mission, Representation


@pytest.fixture(scope="module")
def network(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """The districts, loaded once for all tests of a file."""
    with django_db_blocker.unblock():
        loading.load()
        yield
        with connection.cursor() as cursor:
            for model in (ExchangeRate, IntakeSite, District, Representation, Mission):
                cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608  names of our own tables
