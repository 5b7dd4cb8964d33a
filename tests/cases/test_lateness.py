"""Tasks that were completed late in the last weeks, as the histories of the cases tell it."""

from datetime import timedelta

import pytest

from consular.cases import lateness
from consular.core import clock
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


def test_what_was_completed_after_its_deadline_was_late_and_what_is_open_is_not_told() -> None:
    post = stages.ministry()
    in_time, late = stages.sent(), stages.sent()
    stages.sent()
    begun = clock.now()
    stages.do(in_time, post.clerk, complete=True)
    with clock.at(begun + timedelta(days=30)):
        stages.do(late, post.clerk, complete=False, request="A photograph, please.")
        here, later = [post.mission.pk], clock.now() - timedelta(days=1)
        (found,) = lateness.late([*here, factories.mission().pk], begun - timedelta(days=1))
        (lately,) = lateness.late(here, later)

    assert (found.service, found.node, found.mission_id) == (late.service, "check_completeness", here[0])
    assert (found.done, found.late) == (2, 1)
    assert (lately.done, lately.late) == (1, 1)
    assert lateness.by([found, lately], lambda one: one.node) == {"check_completeness": (3, 2)}
    assert lateness.late(here, clock.now() + timedelta(days=60)) == []
