"""What went wrong in the last weeks: tasks that were late, and refusals, of one mission and of all one heads."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from consular.cases import lateness
from consular.cases.lateness import Late
from consular.cases.narrowing import Nation
from consular.core import clock
from consular.decisions import refusals, weekly
from consular.decisions.refusals import ALL, Refusals
from consular.desk import charts, section
from consular.desk.figure_table import Table, percent, whole
from consular.missions.models import Mission
from consular.missions.titles import title
from consular.workflow import store
from consular.workflow.models import Definition

MOST_COMPARED = 30
"""Missions that are compared; whoever heads more looks at them one by one."""
MOST_TASKS = 12
"""Tasks that have bars."""


def tables(mission: Mission, headed: Mapping[int, Mission]) -> list[Table]:
    """Late tasks and refusals at one mission, and, for whoever heads several, those of each; two statements."""
    compared = sorted(headed) if 1 < len(headed) <= MOST_COMPARED else [mission.pk]
    since = weekly.since(mission, clock.now())
    late, told = lateness.late(compared, since), refusals.told(refusals.counted(compared, since))
    here = [
        _missed([one for one in late if one.mission_id == mission.pk]),
        _refused([one for one in told if one.mission_id == mission.pk]),
    ]
    return here if len(compared) == 1 else [*here, _missions(late, told, headed)]


def _missed(found: list[Late]) -> Table:
    definitions = Definition.objects.defer("xml").in_bulk({one.definition_id for one in found})
    names = [_(store.graph(definitions[one.definition_id]).node(one.node).name) for one in found]
    shown = found[:MOST_TASKS]
    series = [("first", [one.done for one in shown]), ("second", [one.late for one in shown])]
    return Table(
        "missed",
        _("Tasks that were late"),
        _(
            "Of the tasks completed in these weeks, in cases that are here now: those completed after their deadline."
        ),
        (_("No."), _("Service"), _("Task"), _("Completed"), _("Completed late"), _("Share that was late")),
        [
            [
                str(number),
                section.service_name(one.service),
                name,
                whole(one.done),
                whole(one.late),
                percent(one.late, one.done),
            ]
            for number, (one, name) in enumerate(zip(found, names, strict=True), 1)
        ],
        charts.bars([str(number) for number, _one in enumerate(shown, 1)], series) if shown else None,
        (("first", _("Completed")), ("second", _("Completed late"))),
    )


def _refused(rows: list[Refusals]) -> Table:
    known = [row for row in rows if row.decided is not None]
    note = _(
        "Numbers are told where at least %(number)s were refused and at least %(number)s were not; otherwise all "
        "nationalities stand together, or nothing is told: somebody could be recognised."
    ) % {"number": weekly.FEWEST}
    series = [("first", [row.decided for row in known]), ("second", [row.refused for row in known])]
    return Table(
        "refusals",
        _("Refusals by service and nationality"),
        note,
        (_("No."), _("Service"), _("Nationality"), _("Decided"), _("Refused"), _("Share refused")),
        [
            [
                str(known.index(row) + 1) if row in known else "",
                section.service_name(row.service),
                _nation(row.nation),
                whole(row.decided),
                whole(row.refused),
                percent(row.refused, row.decided),
            ]
            for row in rows
        ],
        charts.bars([str(number) for number, _row in enumerate(known, 1)], series) if known else None,
        (("first", _("Decided")), ("second", _("Refused"))),
    )


def _missions(late: list[Late], told: list[Refusals], headed: Mapping[int, Mission]) -> Table:
    tasks, decided = lateness.by(late, lambda one: one.mission_id), refusals.by_mission(told)
    named = sorted((title(headed[pk]), pk) for pk in tasks.keys() | decided.keys())
    numbers = [(name, *tasks.get(pk, (0, 0)), *decided.get(pk, (None, None))) for name, pk in named]
    return Table(
        "missions",
        _("Your missions compared"),
        _("Decisions and refusals are those that the table of the mission tells."),
        (
            _("Mission"),
            _("Tasks completed"),
            _("Completed late"),
            _("Share that was late"),
            _("Decided"),
            _("Refused"),
            _("Share refused"),
        ),
        [
            [
                name,
                whole(done),
                whole(missed),
                percent(missed, done),
                whole(all_decided),
                whole(refused),
                percent(refused, all_decided),
            ]
            for name, done, missed, all_decided, refused in numbers
        ],
    )


def _nation(nation: str) -> str:
    if nation == ALL:
        return _("All nationalities")
    return str(Nation(nation).label) if nation else _("Not known")
