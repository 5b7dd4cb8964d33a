"""What would have become of a case on another process: its history is run on both, side by side, until they part.

What people entered, which messages came and when stays as it was; the ways of gateways, decisions and time limits are
those of the other process. After the first difference nobody can know what people would have done, so it ends there.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from consular.workflow.mapping import NO_CHANGES, TokenMapping
from consular.workflow.replay import Follow, Recorded
from consular.workflow.state import Broken, NotPossible
from consular.workflow.worlds import Comparison, Parted, World, blocks

CODES = SAME, OTHER, UNKNOWN = "same", "other", "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`code` is same, other or unknown (its history cannot be run, `detail` says why).

    Where the ways part the case `went` to one element (of its own process) and `would` have gone to another one; either
    is "" where it went, or would have gone, nowhere else.
    """

    code: str
    went: str = ""
    would: str = ""
    detail: str = ""


def compare(
    history: Iterable[Recorded],
    was: World,
    other: World,
    *,
    mapping: TokenMapping = NO_CHANGES,
    follow: Follow | None = None,
) -> Verdict:
    """Whether a case would have taken the same path; `mapping` says how elements are called in the other process."""
    comparison = Comparison(was.graph, other, mapping, follow)
    try:
        for block in blocks(history):
            comparison.take(block)
        comparison.end()
    except Parted as parted:
        return Verdict(OTHER, parted.went, parted.would, parted.detail)
    except (NotPossible, Broken, KeyError, ValueError) as problem:
        return Verdict(UNKNOWN, detail=str(problem))
    return Verdict(
        SAME if comparison.has_begun else UNKNOWN, detail="" if comparison.has_begun else "no history"
    )
