"""L08: the standard form of Annex VI to the Visa Code, by which a visa is refused, annulled or revoked."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.formats import date_format

from consular.decisions import remedies
from consular.decisions.bodies import Ground, Refusal
from consular.decisions.choices import HOLDERS_WISH, Content, Outcome
from consular.decisions.letter import Version, plain
from consular.decisions.models import Decision
from consular.decisions.source import (
    Source,
    city,
    decided,
    decided_on,
    issued_on,
    office,
    version,
    written,
)
from consular.formspec import places

FILE = Path(__file__).with_suffix(".toml")

LANGUAGES = ("de", "en")
"""The language of the deciding state and one other official language of the Union (Visa Code art. 32(2))."""


def notification(source: Source, language: str) -> Version:
    """L08: the standard form, with the grounds that were approved ticked."""
    decision, words = decided(source), _words()[language]
    body = Refusal(
        annex=words["annex"],
        addressee=_filled(words["addressee"], {"applicant": plain(source.case.applicant_name)}),
        authority=_filled(words["authority"], {"office": office(source.case)}),
        examined=_examined(source, decision, words),
        refused=words["decided"][decision.outcome],
        based_on=words["based_on"],
        grounds=grounds(decision, language),
        remarks_title=words["remarks_title"],
        remarks=plain(decision.remarks) or words["no_remarks"],
        appeal_title=words["appeal_title"],
        appeal=_appeal(source, decision, words),
        place_and_date=f"{city(source.case)}, {written(source.issued_on)}",
    )
    return version(source, language, words["title"][decision.outcome], body)


def grounds(decision: Decision, language: str) -> tuple[Ground, ...]:
    """All grounds of the form, those of the decision ticked."""
    parts = {
        "alerting_state": plain(places.label(decision.alerting_state)) or "—",
        "statement": plain(decision.statement).rstrip(". ") or "—",
    }
    return tuple(
        Ground(number, _filled(text, parts), number in decision.grounds)
        for number, text in enumerate(_words()[language]["grounds"], start=1)
    )


def ground(number: int, language: str) -> str:
    """One ground of the form, with dots for what has not been said; in German and English where it is in no other
    language.
    """
    known = [language] if language in _words() else LANGUAGES
    texts = (_words()[one]["grounds"][number - 1] for one in known)
    return " / ".join(_filled(text, {"alerting_state": "…", "statement": "…"}) for text in texts)


def is_courtesy(language: str) -> bool:
    """Whether the grounds in this language are a translation of ours, not the wording of the regulation."""
    return bool(_words().get(language, {}).get("courtesy"))


def _examined(source: Source, decision: Decision, words: Mapping[str, Any]) -> str:
    """What was examined: the application, or the visa with its number and day of issue."""
    if decision.outcome == Outcome.REFUSED:
        return _filled(words["examined"], {"reference": source.case.reference})
    parts = []
    if decision.visa_number:
        parts.append(_filled(words["number"], {"number": plain(decision.visa_number)}))
    if decision.visa_issued_on:
        parts.append(_filled(words["issued"], {"day": date_format(decision.visa_issued_on)}))
    if decision.ends:
        granted = {
            "number": decision.ends.number,
            "day": written(issued_on(decision.ends)),
        }
        parts.append(_filled(words["by_letter"], granted))
    return _filled(words["examined_visa"], {"visa": ", ".join(parts)})


def _appeal(source: Source, decision: Decision, words: Mapping[str, Any]) -> tuple[str, ...]:
    """The way to a court; none against a revocation that the holder alone asked for (Visa Code art. 34(7))."""
    if decision.outcome == Outcome.REVOKED and decision.grounds == [HOLDERS_WISH]:
        return (words["no_appeal"],)
    remedy = remedies.against(Content.ANNEX_VI, decided_on(source))
    values = {
        "measure": words["measures"][decision.outcome],
        "court": f"{remedy.court}, {remedy.address}",
        "period": words["periods"][remedy.months - 1],
    }
    return tuple(_filled(paragraph, values) for paragraph in words["appeal"])


def _filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with its {names} replaced, each once; what was typed is never read as a pattern."""
    found = [(text.index("{" + name + "}"), name) for name in values if "{" + name + "}" in text]
    parts, rest = [], 0
    for start, name in sorted(found):
        parts += [text[rest:start], values[name]]
        rest = start + len(name) + 2
    return "".join([*parts, text[rest:]])


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
