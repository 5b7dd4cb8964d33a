"""Two officers open the annulment of one visa in the same moment: there is one case of it."""

from functools import partial

import pytest
from django.db.models import QuerySet

from consular.accounts.models import User
from consular.cases.models import Case
from consular.casework import proceedings
from consular.workflow import store
from tests import stages
from tests.casework import racing
from tests.casework.test_proceedings import elsewhere

pytestmark = pytest.mark.django_db(transaction=True)


def at_once() -> list[str]:
    """Both at once, for a holder with an account; what each was told."""
    post = stages.ministry()
    User.objects.create_user("holder@example.org")
    return racing.together(*[partial(elsewhere, post)] * 2)


def test_of_two_officers_one_is_told_that_it_is_open_already() -> None:
    assert at_once() == ["", "already_open"]
    assert Case.objects.filter(service=proceedings.SERVICE).count() == 1


def test_without_the_lock_a_visa_would_be_annulled_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: no row is locked, both find nothing open, and there are two cases about one visa."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    monkeypatch.setattr(store, "start", racing.meet(store.start, 2))

    assert at_once() == ["", ""]
    assert Case.objects.filter(service=proceedings.SERVICE).count() == 2
