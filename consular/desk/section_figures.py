"""What a section received and decided, how long it took, who decided with whom: charts, tables, and files of them."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consular.accounts.models import Role
from consular.cases import load
from consular.core import clock
from consular.decisions import weekly
from consular.desk import charts, section, section_past
from consular.desk.access import officer_required
from consular.desk.figure_table import Table, percent, whole
from consular.desk.tables import as_file
from consular.missions.models import Mission


@require_safe
@officer_required(Role.HEAD_OF_SECTION)
def overview(request: HttpRequest) -> HttpResponse:
    """All figures of one mission."""
    mission = section.section_of(request)
    tables = _tables(mission, section.section_missions(request.duties))
    return section.shown(request, mission, "desk/section_figures.html", {"tables": tables})


@require_safe
@officer_required(Role.HEAD_OF_SECTION)
def as_table(request: HttpRequest, table: str) -> HttpResponse:
    """One of the tables as a file for a spreadsheet, with the numbers of the page and no others."""
    mission = section.section_of(request)
    tables = _tables(mission, section.section_missions(request.duties))
    found = {one.name: one for one in tables}.get(table)
    if found is None:
        raise Http404
    day = clock.today(mission.time_zone)
    return as_file(found.head, found.lines, f"{mission.code}-{found.name}-{day}")


def _tables(mission: Mission, headed: Mapping[int, Mission]) -> list[Table]:
    shares = weekly.shares(mission, clock.now())
    decided = [_weeks(mission), _durations(shares), _outcomes(shares)]
    return [*decided, _late(mission), *section_past.tables(mission, headed), _pairs(mission)]


def _weeks(mission: Mission) -> Table:
    found = weekly.weeks(mission, clock.now())
    days = [date_format(week.monday, "SHORT_DATE_FORMAT") for week in found]
    series = [
        ("first", [week.received for week in found]),
        ("second", [week.decided for week in found]),
    ]
    return Table(
        "weeks",
        _("Received and decided by week"),
        _("The last week is not over yet."),
        (_("Week that begins on"), _("Received"), _("Decided")),
        [[day, whole(week.received), whole(week.decided)] for day, week in zip(days, found, strict=True)],
        charts.bars([f"{week.monday.day}.{week.monday.month}." for week in found], series, every=3),
        (("first", _("Received")), ("second", _("Decided"))),
    )


def _durations(shares: list[weekly.Share]) -> Table:
    names = [section.service_name(share.service) for share in shares]
    series = [
        ("first", [share.half_days for share in shares]),
        ("second", [share.nine_of_ten_days for share in shares]),
    ]
    note = _(
        "Calendar days from the day the papers were taken in, or where that is not a step of the process from the day "
        "the application was sent, to the approval."
    )
    return Table(
        "durations",
        _("How long decisions took"),
        note,
        (
            _("No."),
            _("Service"),
            _("Decided"),
            _("Half of them within (days)"),
            _("Nine of ten within (days)"),
        ),
        [
            [
                str(number),
                name,
                whole(share.decided),
                whole(share.half_days),
                whole(share.nine_of_ten_days),
            ]
            for number, (name, share) in enumerate(zip(names, shares, strict=True), 1)
        ],
        charts.bars([str(number) for number, _share in enumerate(shares, 1)], series)
        if any(share.half_days for share in shares)
        else None,
        (("first", _("Half of them within (days)")), ("second", _("Nine of ten within (days)"))),
    )


def _outcomes(shares: list[weekly.Share]) -> Table:
    note = _(
        "Of fewer than %(number)s decisions, and where fewer than %(number)s ended in one of the two ways, nothing is "
        "told: somebody could be recognised."
    ) % {"number": weekly.FEWEST}
    return Table(
        "outcomes",
        _("How decisions ended"),
        note,
        (_("Service"), _("Decided"), _("Granted or issued"), _("All others"), _("Share granted or issued")),
        [
            [
                section.service_name(share.service),
                whole(share.decided),
                whole(share.favourable),
                whole(share.other),
                percent(share.favourable, share.decided),
            ]
            for share in shares
        ],
    )


def _late(mission: Mission) -> Table:
    found = load.by(load.heaps(mission.pk, section.horizon(mission)), lambda heap: heap.service)
    return Table(
        "late",
        _("Overdue tasks by service"),
        _("Of the tasks that are open now; where the clock stands still nothing is overdue."),
        (_("Service"), _("Open"), _("Overdue"), _("Share that is overdue")),
        [
            [
                section.service_name(service),
                whole(counts.open),
                whole(counts.late),
                percent(counts.late, counts.open),
            ]
            for service, counts in sorted(found.items())
        ],
    )


def _pairs(mission: Mission) -> Table:
    found = weekly.pairs(mission, clock.now())
    total = sum(pair.times for pair in found)
    return Table(
        "pairs",
        _("Who decided with whom"),
        _("Where the same two decide together nearly always, the four eyes are worth less: mix the pairs."),
        (_("Proposed by"), _("Approved by"), _("How often"), _("Share")),
        [
            [pair.proposed_by, pair.approved_by, whole(pair.times), percent(pair.times, total)]
            for pair in found
        ],
    )
