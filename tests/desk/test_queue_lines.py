"""The lines of the queue: whatever stands in a field is shown as text."""

from dataclasses import fields, replace
from datetime import date
from html.parser import HTMLParser
from unittest.mock import patch

import pytest

from consular.cases.teamwork import FlagKind
from consular.desk import queue_filters, queue_lines
from consular.desk.rows import QueueRow

MARKUP = "\"'><script>alert(1)</script>&amp;{number}{}%(task)s%s\x00\u202e"
TEXTS = [field.name for field in fields(QueueRow) if field.type in ("str", "str | None", str, str | None)]
PLAIN = QueueRow(
    reference="F1", token_id=1_234, address="/desk/cases/F1/", claim_address="/claim/", applicant="Name, Given",
    service="Service", task="Task", phase="Phase", nationality="", due_on=date(2026, 5, 2), due="2 May 2026",
    due_in="today", waits="3 days", is_overdue=False, is_paused=False, assignee=None, has_unread=False, flags=(),
    is_handed_out=False, elsewhere="",
)  # fmt: skip


class Seen(HTMLParser):
    """What a browser makes of it: which elements, and what stands between them."""

    def __init__(self, written: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[str | None] = []
        self.words: list[str] = []
        self.feed(written)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [value for _name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def hostile() -> QueueRow:
    """Markup in every text of a row, and in its flags."""
    flag = FlagKind(MARKUP, MARKUP, MARKUP)
    return replace(PLAIN, **dict.fromkeys(TEXTS, MARKUP), flags=(flag,), has_unread=True)


def test_markup_in_any_field_of_a_row_is_shown_as_text() -> None:
    seen = Seen(queue_lines.lines([hostile()]))

    assert len(TEXTS) == 13
    assert "script" not in seen.elements
    told = [*seen.words, *(value for value in seen.attributes if value)]
    assert sum(text.count(MARKUP) for text in told) == len(TEXTS) + 4  # the box's two, the flag's two


@pytest.mark.parametrize("name", TEXTS)
def test_a_field_that_is_not_escaped_runs_the_script(name: str) -> None:
    row = replace(PLAIN, **{name: MARKUP})
    with patch.object(queue_lines, "escape", str):
        unsafe = queue_lines.lines([row])

    assert "script" in Seen(unsafe).elements
    assert "script" not in Seen(queue_lines.lines([row])).elements


def test_a_row_says_what_it_is_and_what_stands_still_is_not_overdue() -> None:
    handed_out = replace(PLAIN, is_handed_out=True, is_paused=True, is_overdue=True, assignee="An Officer")
    one, other = (queue_lines.lines([row]) for row in (PLAIN, handed_out))

    assert ' data-claim="/claim/"' in one
    assert "data-claim" not in other
    assert ("Nobody" in one, "<bdi>An Officer</bdi>" in other) == (True, True)
    assert [text in other for text in ("Clock stopped", "Handed out by the queue", "Overdue")] == [
        True, True, False,
    ]  # fmt: skip
    assert 'data-task="1234"' in one


def test_the_name_of_a_colleague_is_text_in_the_filters_too() -> None:
    offered = queue_filters._people("en", ((7, MARKUP),))

    assert "script" not in Seen(offered.written).elements
    assert '<option value="7" selected>' in offered.chosen("7")
    assert " selected" not in offered.chosen("8")
