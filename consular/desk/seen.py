"""With whom tasks were when a page showed them, in one hidden field: what has gone to others since is left there."""

from collections.abc import Iterable, Mapping

from consular.workflow.models import Token

LONGEST = 60
Hands = tuple[int | None, int]
"""Who had a task (None: nobody), and in which mission's queue it lay."""


def written(tokens: Iterable[Token], before: Mapping[str, Hands] | None = None) -> str:
    """The field for these tasks; what an earlier page said (`before`) holds until the task is chosen anew."""
    hands = {str(each.pk): (each.assignee_id, each.mission_id) for each in tokens}
    kept = {token: (before or {}).get(token, now) for token, now in hands.items()}
    return " ".join(f"{token}-{who or ''}-{mission}" for token, (who, mission) in kept.items())


def read(text: str) -> dict[str, Hands]:
    """The same from the field; what somebody made up in it counts as not given."""
    found: dict[str, Hands] = {}
    for part in text.split():
        token, who, mission = (part.split("-") + ["", "", ""])[:3]
        known = token.isdecimal() and mission.isdecimal() and (who or "0").isdecimal()
        if known and len(part) <= LONGEST:
            found[token] = (int(who) if who else None, int(mission))
    return found
