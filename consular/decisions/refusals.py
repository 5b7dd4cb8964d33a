"""How many decisions of the last weeks were refusals, by service and by class of nationality.

Told only where nobody can be recognised: see `told`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from consular import formspec
from consular.cases.narrowing import EU, OWN
from consular.core.prepared import all_rows
from consular.decisions.choices import Outcome
from consular.decisions.weekly import FEWEST, POSITIVE

_REFUSED = """
SELECT c.mission_id, c.service,
    CASE WHEN c.nationality = %(own)s::text THEN 'own' WHEN c.nationality = ANY(%(eu)s::text[]) THEN 'eu'
        WHEN c.nationality = '' THEN '' ELSE 'other' END AS nation,
    count(*), count(*) FILTER (WHERE d.outcome = %(refused)s::text),
    count(*) FILTER (WHERE d.outcome = ANY(%(positive)s::text[]))
FROM cases_case c JOIN decisions_decision d ON d.case_id = c.id AND d.state = 'approved'
WHERE c.mission_id = ANY(%(missions)s::bigint[]) AND c.service = ANY(%(services)s::text[]) AND c.outcome <> ''
AND c.changed_at >= %(since)s::timestamptz AND d.approved_at >= %(since)s::timestamptz
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


ALL = "all"
"""Instead of a class of nationality: all of them together."""


@dataclass(frozen=True)
class Counted:
    """The decisions of one service on one class of nationality ("": not known), as they are: not fit to be told."""

    mission_id: int
    service: str
    nation: str
    decided: int
    refused: int
    favourable: int


@dataclass(frozen=True)
class Refusals:
    """What may be told of them; None is what may not."""

    mission_id: int
    service: str
    nation: str
    decided: int | None
    refused: int | None


def counted(missions: Collection[int], since: datetime) -> list[Counted]:
    """The decisions approved since then; one statement."""
    values = {
        "missions": list(missions),
        "services": [folder.service for folder in formspec.services()],
        "since": since,
        "own": OWN,
        "eu": sorted(EU),
        "refused": Outcome.REFUSED.value,
        "positive": sorted(outcome.value for outcome in POSITIVE),
    }
    return [Counted(*row) for row in all_rows(_REFUSED, values)]


def told(found: Iterable[Counted]) -> list[Refusals]:
    """What may be told, by mission and service, in the order of the rows.

    A number is told where at least FEWEST were refused and FEWEST were not. Where that is not so for one class of
    nationality, all classes of the service stand together: who took the others from the total would know that one.
    """
    rows: list[Refusals] = []
    for (mission, service), group in groupby(found, lambda row: (row.mission_id, row.service)):
        classes = list(group)
        together = _sum(classes)
        if _is_told(together) and all(map(_is_open, classes)):
            rows += [Refusals(mission, service, one.nation, one.decided, one.refused) for one in classes]
        elif _is_told(together):
            rows.append(Refusals(mission, service, ALL, together.decided, together.refused))
        else:
            rows.append(Refusals(mission, service, ALL, None, None))
    return rows


def by_mission(rows: Iterable[Refusals]) -> dict[int, tuple[int, int]]:
    """How many were decided and refused at each mission, of what is told: a total of all would give the rest away."""
    sums: dict[int, tuple[int, int]] = {}
    for row in rows:
        if row.decided is not None and row.refused is not None:
            decided, refused = sums.get(row.mission_id, (0, 0))
            sums[row.mission_id] = (decided + row.decided, refused + row.refused)
    return sums


def _sum(rows: Sequence[Counted]) -> Counted:
    decided, refused = sum(row.decided for row in rows), sum(row.refused for row in rows)
    return Counted(
        rows[0].mission_id, rows[0].service, ALL, decided, refused, sum(row.favourable for row in rows)
    )


def _is_open(row: Counted) -> bool:
    """Whether so many were refused, and so many not, that nobody can be recognised."""
    return min(row.refused, row.decided - row.refused) >= FEWEST


def _is_told(row: Counted) -> bool:
    """The same for a whole service: another table tells the refused together with what is neither."""
    return _is_open(row) and not 0 < row.decided - row.refused - row.favourable < FEWEST
