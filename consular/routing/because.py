"""Why a mission is responsible, in words a person understands, in any language, now or years later."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from consular.missions import areas
from consular.missions.models import Mission
from consular.missions.titles import as_subject


@dataclass(frozen=True)
class Because:
    """The rule that decided, and its sentence as an English message with named places.

    `params` are codes (an area, a kind of mission, a city as English message, an ISO date); they are put into
    words only when somebody reads the sentence.
    """

    rule: str
    message: str
    params: Mapping[str, str] = field(default_factory=dict)
    valid_from: date | None = None

    @property
    def sentence(self) -> str:
        """The sentence in the active language."""
        if not self.message:
            return ""
        return gettext(self.message) % _in_words(self.params)

    def __str__(self) -> str:
        return self.sentence

    def as_json(self) -> dict[str, Any]:
        """What a case keeps; `from_json` brings it back."""
        return {
            "rule": self.rule,
            "message": self.message,
            "params": dict(self.params),
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Because":
        """What a case kept; a case that is not sent yet has nothing to say."""
        since = stored.get("valid_from")
        return cls(
            rule=stored.get("rule", ""),
            message=stored.get("message", ""),
            params=stored.get("params", {}),
            valid_from=date.fromisoformat(since) if since else None,
        )


def about(mission: Mission, **places: str) -> dict[str, str]:
    """The params that name a mission, with further ones."""
    return {"kind": mission.kind, "city": mission.city, **places}


def _in_words(params: Mapping[str, str]) -> dict[str, str]:
    words = dict(params)
    if "area" in params:
        words["area"] = areas.full_name(params["area"])
    if "kind" in params:
        words["mission"] = as_subject(params["kind"], params["city"])
    if "since" in params:
        words["since"] = date_format(date.fromisoformat(params["since"]), "DATE_FORMAT")
    return words
