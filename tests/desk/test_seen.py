"""The hidden field that says with whom tasks were when a page showed them."""

from consular.desk import seen
from consular.workflow.models import Token


def test_what_a_page_writes_is_read_again_and_what_is_made_up_is_not() -> None:
    tokens = [Token(pk=7, assignee_id=None, mission_id=2), Token(pk=8, assignee_id=5, mission_id=3)]

    field = seen.written(tokens)

    assert seen.read(field) == {"7": (None, 2), "8": (5, 3)}
    assert seen.written(tokens, {"7": (4, 2), "9": (1, 1)}) == "7-4-2 8-5-3"
    assert seen.read(f"7 7- 7-x-2 -1-2 7-1-{'9' * 80} \0 <b>") == {}
