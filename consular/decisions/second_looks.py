"""Which decisions are looked at again: so many of a hundred, chosen by chance that nobody can foresee or influence."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from consular.cases.models import Case
from consular.core import clock, crypto
from consular.decisions.models import Decision
from consular.decisions.sampled import SecondLook

PURPOSE = "second look"
OTHERS = "others"
"""The row of services that have none of their own."""


def choose(decision: Decision) -> None:
    """Put an approved decision on the list of its mission, if chance says so. In the transaction of the approval."""
    case = decision.case
    share = shares().get(case.service, shares()[OTHERS])
    if case.mission_id is None or not is_chosen(decision.pk, share):
        return
    SecondLook.objects.create(
        decision=decision, mission_id=case.mission_id, share=share, chosen_at=clock.now()
    )


def follow(case: Case) -> None:
    """What is still to be looked at goes where the case has gone: nobody at the mission before may open it any more.

    What was looked at stays where that was.
    """
    SecondLook.objects.filter(decision__case=case, looked_at=None).update(mission=case.mission)


def is_chosen(number: int, share: int) -> bool:
    """Whether chance takes the decision of this number, where `share` of a hundred are taken.

    A keyed hash: whoever has no key cannot tell before, and whoever has it can check afterwards that it was so.
    """
    drawn = int.from_bytes(crypto.fingerprint(str(number), purpose=PURPOSE)[:8])
    return drawn % 100 < share


@cache
def shares() -> Mapping[str, int]:
    """How many of a hundred decisions are looked at again, by service."""
    text = Path(__file__).with_name("second_looks.toml").read_text(encoding="utf-8")
    found: dict[str, int] = tomllib.loads(text)
    return found
