"""The lines of the queue's table, written in one go: a template takes four times as long for so many cells."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from consular.core.templatetags.tags import tag
from consular.desk.rows import QueueRow

_LINE = """
<tr class="kern-table__row" data-task="{number}"{claim}>
  <td class="kern-table__cell"><label class="row-choice"><input type="checkbox" name="chosen" value="{number}">\
<span class="kern-sr-only">{choose}</span></label></td>
  <th class="kern-table__header" scope="row"><a href="{address}"><bdi class="reference">{reference}</bdi></a><br>\
<bdi class="row-name">{applicant}</bdi></th>
  <td class="kern-table__cell">{task}{marks}</td>
  <td class="kern-table__cell">{due}{due_in}{standing}</td>
  <td class="kern-table__cell">{waits}</td>
  <td class="kern-table__cell">{service}</td>
  <td class="kern-table__cell">{phase}</td>
  <td class="kern-table__cell">{nationality}</td>
  <td class="kern-table__cell">{assignee}{elsewhere}</td>
</tr>"""
_CLAIM = ' data-claim="{}"'
_BELOW = '<br><span class="muted">{}</span>'
_PERSON = "<bdi>{}</bdi>"


@dataclass(frozen=True)
class _Words:
    """What is said in many lines, looked up and written once for the page."""

    choose: str
    nobody: str
    overdue: SafeString
    stopped: SafeString
    unread: SafeString
    handed_out: SafeString


def lines(rows: Sequence[QueueRow]) -> SafeString:
    """The rows of the table's body; every value in them is escaped by `format_html`."""
    words = _Words(
        choose=_("Choose %(reference)s: %(task)s"),
        nobody=_("Nobody"),
        overdue=tag(_("Overdue"), "danger"),
        stopped=tag(_("Clock stopped"), "info"),
        unread=tag(_("New document"), "info"),
        handed_out=tag(_("Handed out by the queue"), ""),
    )
    return format_html_join("", "{}", ((_line(row, words),) for row in rows))


def _line(row: QueueRow, words: _Words) -> SafeString:
    return format_html(
        _LINE,
        number=str(row.token_id),
        claim="" if row.is_handed_out else format_html(_CLAIM, row.claim_address),
        choose=words.choose % {"reference": row.reference, "task": row.task},
        address=row.address,
        reference=row.reference,
        applicant=row.applicant,
        task=row.task,
        marks=_spaced(_marks(row, words)),
        due=row.due,
        due_in=format_html(_BELOW, row.due_in) if row.due_in else "",
        standing=_spaced(_standing(row, words)),
        waits=row.waits,
        service=row.service,
        phase=row.phase,
        nationality=row.nationality,
        assignee=format_html(_PERSON, row.assignee) if row.assignee else words.nobody,
        elsewhere=format_html(_BELOW, row.elsewhere) if row.elsewhere else "",
    )


def _marks(row: QueueRow, words: _Words) -> Iterator[SafeString]:
    """The tags behind the name of a task."""
    if row.has_unread:
        yield words.unread
    yield from (tag(flag.label, flag.tone) for flag in row.flags)
    if row.is_handed_out:
        yield words.handed_out


def _standing(row: QueueRow, words: _Words) -> Iterator[SafeString]:
    """The tag behind the day of a deadline."""
    if row.is_paused:
        yield words.stopped
    elif row.is_overdue:
        yield words.overdue


def _spaced(tags: Iterable[SafeString]) -> SafeString:
    return format_html_join("", " {}", ((each,) for each in tags))
