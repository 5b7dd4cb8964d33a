"""What the database keeps of views and batches, whoever writes; and the harm without it."""

import pytest

from consular.accounts.models import Role, User
from consular.cases.models import Batch, BatchItem, SavedView
from consular.core import clock
from tests import factories, harm

pytestmark = pytest.mark.django_db


def _twice(**facts: object) -> None:
    owner = factories.official(Role.INTAKE_CLERK)
    for number in range(2):
        SavedView.objects.create(owner=owner, saved_at=clock.now(), **{"name": f"View {number}", **facts})


def _items(*places: tuple[int, int]) -> None:
    batch = Batch.objects.create(
        by=User.objects.create_user("a@example.org"), act="claim", begun_at=clock.now()
    )
    case = factories.sent_case()
    for position, token in places:
        BatchItem.objects.create(batch=batch, position=position, case=case, token_id=token)


CONSTRAINTS = [
    (SavedView, "one_view_per_name", lambda: _twice(name="Late")),
    (SavedView, "one_view_at_the_start", lambda: _twice(is_start=True)),
    (BatchItem, "one_place_per_item", lambda: _items((0, 1), (0, 2))),
    (BatchItem, "one_item_per_task", lambda: _items((0, 1), (1, 1))),
]

test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)
