"""Tables of figures, with a chart where there is one, and how their numbers are written."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from consular.desk.charts import Chart

NOT_TOLD = "–"


@dataclass(frozen=True)
class Table:
    """A table under its heading, with the chart of its numbers where it has one."""

    name: str
    title: str
    note: str
    head: Sequence[str]
    lines: list[list[str]]
    chart: Chart | None = None
    legend: tuple[tuple[str, str], ...] = ()


def whole(number: int | None) -> str:
    """A number as it is written in a table."""
    return NOT_TOLD if number is None else number_format(number, 0, force_grouping=True)


def percent(part: int | None, all_of_them: int | None) -> str:
    """A share as it is written in a table."""
    if part is None or not all_of_them:
        return NOT_TOLD
    return _("%(number)s %%") % {"number": number_format(round(100 * part / all_of_them), 0)}
