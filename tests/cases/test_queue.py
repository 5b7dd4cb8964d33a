"""The rows of the queue while others work on the same tasks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from consular.cases import queue
from consular.missions.postings import duties
from consular.workflow.models import Token
from tests import stages

pytestmark = pytest.mark.django_db


class DoneMeanwhile:
    """A colleague completes a task just before the second statement."""

    def __init__(self, task: Token) -> None:
        self.task, self.statements = task, 0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        self.statements += 1
        if self.statements == 2:
            self.task.delete()
        return execute(sql, *rest)


def test_a_task_that_is_done_while_the_page_is_read_does_not_end_the_list() -> None:
    post = stages.ministry()
    tasks = [stages.open_task(stages.sent(doc_number=f"G100000{number}")) for number in range(4)]
    held = duties(post.clerk)
    first, second, third, fourth = (row.token_id for row in queue.page(held, size=4)[0])

    with connection.execute_wrapper(DoneMeanwhile(next(task for task in tasks if task.pk == first))):
        rows, following = queue.page(held, size=2)

    assert [row.token_id for row in rows] == [second]
    assert following is not None
    assert [row.token_id for row in queue.page(held, after=following, size=2)[0]] == [third, fourth]
