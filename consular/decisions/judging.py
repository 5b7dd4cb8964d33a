"""What a proposal has to say, by the content of the decision; whatever belongs to another content is left out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consular.core.errors import Refused
from consular.decisions.choices import (
    ALERT,
    GROUNDS,
    HOLDERS_WISH,
    NATIONAL_GROUNDS,
    PASSPORT_GROUNDS,
    STATEMENTS_DOUBTED,
    Content,
    Entries,
    LimitedBecause,
    Outcome,
    VisaType,
)
from consular.formspec import places

LONGEST_STAY = 90
"""Days a short-stay visa may allow (Visa Code art. 2(2))."""

LONGEST_TRANSITS = 6
"""Months for which a visa for several airport transits may be valid (Visa Code art. 26(4))."""


@dataclass(frozen=True)
class Proposal:
    """What one officer proposes to decide.

    `content` says which of the fields count; without it the decision is about a short-stay visa. Grounds are numbers:
    of Annex VI (`statement` completes ground 11, `alerting_state` ground 6), or of the lists in `grounds`, which
    `facts` and `reasons` explain. A short-stay visa names its type, dates (both included), entries and, unless it is
    for airport transit, days of stay; one with limited territorial validity the states (alpha-3) and the reason, too.
    `conditions` restrict a passport or go with a national visa. An annulment or revocation names the visa and, where
    we have issued it, the letter that `ends` (its id).
    """

    outcome: str
    content: str = ""
    grounds: tuple[int, ...] = ()
    statement: str = ""
    alerting_state: str = ""
    remarks: str = ""
    visa_type: str = VisaType.UNIFORM
    territory: tuple[str, ...] = ()
    ltv_reason: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    entries: str = ""
    days: int | None = None
    facts: str = ""
    reasons: str = ""
    conditions: str = ""
    visa_number: str = ""
    visa_issued_on: date | None = None
    ends: int | None = None

    @property
    def says(self) -> str:
        """What the decision must say."""
        return self.content or (Content.VISA if self.outcome == Outcome.GRANTED else Content.ANNEX_VI)


VALIDITY = ("valid_from", "valid_until", "entries")
KEPT: Mapping[str, tuple[str, ...]] = {
    Content.VISA: (*VALIDITY, "visa_type", "territory", "ltv_reason", "days"),
    Content.ANNEX_VI: ("grounds", "statement", "alerting_state", "visa_number", "visa_issued_on", "ends"),
    Content.NATIONAL_VISA: (*VALIDITY, "conditions"),
    Content.NATIONAL: ("grounds", "facts", "reasons"),
    Content.PASSPORT: ("grounds", "facts", "reasons", "conditions"),
    Content.PLAIN: (),
}
"""The fields that count by content; remarks always do."""


def judge(proposal: Proposal) -> None:
    """Refuse a proposal that does not say all a decision must (Visa Code art. 24, 32(2), 34 and Annex VI)."""
    rule = RULES.get((proposal.says, proposal.outcome))
    if rule is None:
        raise _wrong("outcome", _("Choose what to decide."))
    rule(proposal)


def kept(proposal: Proposal) -> dict[str, Any]:
    """The fields of a proposal as a decision keeps them: tidied, and empty where they do not belong to its content."""
    names = {*KEPT[proposal.says], "remarks"}
    empty = {one.name: one.default for one in fields(Proposal) if one.name not in {"outcome", "content"}}
    empty["visa_type"] = VisaType.NATIONAL if proposal.says == Content.NATIONAL_VISA else ""
    values = {name: _tidied(getattr(proposal, name) if name in names else empty[name]) for name in empty}
    values["ends_id"] = values.pop("ends")
    return values


def _tidied(value: Any) -> Any:
    if isinstance(value, tuple):
        return sorted(set(value))
    return value.strip() if isinstance(value, str) else value


def _judge_annex_vi(proposal: Proposal) -> None:
    if not proposal.grounds or not set(proposal.grounds) <= set(GROUNDS):
        raise _wrong("grounds", _("A refusal names at least one ground."))
    if STATEMENTS_DOUBTED in proposal.grounds and not proposal.statement.strip():
        raise _wrong("statement", _("Say which statements are doubted: ground 11 requires it."))
    if ALERT in proposal.grounds and not proposal.alerting_state.strip():
        raise _wrong("alerting_state", _("Say which state issued the alert: ground 6 requires it."))
    if HOLDERS_WISH in proposal.grounds and proposal.outcome != Outcome.REVOKED:
        raise _wrong("grounds", _("At the request of the holder a visa is revoked, not annulled."))


def _judge_end_of_a_visa(proposal: Proposal) -> None:
    """An annulment or revocation says which visa it is about (Visa Code art. 34 and Annex VI)."""
    _judge_annex_vi(proposal)
    if not proposal.visa_number.strip() and proposal.ends is None:
        raise _wrong("visa_number", _("Name the visa: its number, or the letter by which it was granted."))


def _judge_national(proposal: Proposal) -> None:
    _judge_reasons(proposal, NATIONAL_GROUNDS)


def _judge_passport(proposal: Proposal) -> None:
    _judge_reasons(proposal, PASSPORT_GROUNDS)
    if proposal.outcome == Outcome.RESTRICTED and not proposal.conditions.strip():
        raise _wrong("conditions", _("Say how the document is restricted."))


def _judge_reasons(proposal: Proposal, numbers: range) -> None:
    if not proposal.grounds or not set(proposal.grounds) <= set(numbers):
        raise _wrong("grounds", _("A refusal names at least one ground."))
    if not proposal.reasons.strip():
        raise _wrong("reasons", _("Give the reasons: the ground alone explains nothing."))


def _judge_visa(proposal: Proposal) -> None:
    if proposal.visa_type not in {VisaType.UNIFORM, VisaType.LIMITED, VisaType.TRANSIT}:
        raise _wrong("visa_type", _("Choose the type of visa."))
    _judge_territory(proposal)
    first, last = _validity(proposal)
    if proposal.visa_type == VisaType.TRANSIT:
        _judge_transit(proposal, first, last)
    elif proposal.days is None or not 1 <= proposal.days <= min(LONGEST_STAY, (last - first).days + 1):
        raise _wrong(
            "days", _("The days of stay must be between one and 90, and no more than the days of validity.")
        )


def _validity(proposal: Proposal) -> tuple[date, date]:
    """First and last day of a visa."""
    first, last = proposal.valid_from, proposal.valid_until
    if first is None or last is None or last < first:
        raise _wrong("valid_until", _("A visa is valid from a day to the same or a later day."))
    if proposal.entries not in Entries.values:
        raise _wrong("entries", _("Choose the number of entries."))
    return first, last


def _judge_territory(proposal: Proposal) -> None:
    """A visa with limited territorial validity says where it is valid and why; no other one does (art. 25)."""
    named = set(proposal.territory)
    if proposal.visa_type != VisaType.LIMITED:
        if named or proposal.ltv_reason:
            raise _wrong(
                "territory", _("Only a visa with limited territorial validity names states and a reason.")
            )
        return
    if not named or not named <= set(places.MEMBER_STATES):
        raise _wrong("territory", _("Name the member states for which the visa is valid."))
    if named == set(places.MEMBER_STATES):
        raise _wrong("territory", _("A visa for all member states is a uniform visa."))
    if proposal.ltv_reason not in LimitedBecause.values:
        raise _wrong("ltv_reason", _("Choose why the visa is valid for some states only."))


def _judge_transit(proposal: Proposal, first: date, last: date) -> None:
    """An airport transit visa allows no stay, and several transits in at most six months (art. 2(5), 26(4))."""
    if proposal.days is not None:
        raise _wrong("days", _("An airport transit visa allows no days of stay."))
    if proposal.entries != Entries.ONE and _months(first, last) > LONGEST_TRANSITS:
        raise _wrong("valid_until", _("A visa for several airport transits is valid for at most six months."))


def _months(first: date, last: date) -> int:
    """Calendar months from the first to the last day; a month that has begun counts."""
    whole = (last.year - first.year) * 12 + last.month - first.month
    return whole + (last.day > first.day)


def _judge_national_visa(proposal: Proposal) -> None:
    _validity(proposal)


def _judge_nothing(_proposal: Proposal) -> None:
    """Nothing more has to be said."""


RULES: Mapping[tuple[str, str], Callable[[Proposal], None]] = {
    (Content.VISA, Outcome.GRANTED): _judge_visa,
    (Content.ANNEX_VI, Outcome.REFUSED): _judge_annex_vi,
    (Content.ANNEX_VI, Outcome.ANNULLED): _judge_end_of_a_visa,
    (Content.ANNEX_VI, Outcome.REVOKED): _judge_end_of_a_visa,
    (Content.NATIONAL_VISA, Outcome.GRANTED): _judge_national_visa,
    (Content.NATIONAL, Outcome.REFUSED): _judge_national,
    (Content.PASSPORT, Outcome.REFUSED): _judge_passport,
    (Content.PASSPORT, Outcome.RESTRICTED): _judge_passport,
    (Content.PLAIN, Outcome.ISSUED): _judge_nothing,
    (Content.PLAIN, Outcome.VISA_STANDS): _judge_nothing,
}
"""Content and outcome that belong together, and what such a proposal must fulfil."""


def _wrong(field: str, sentence: str | Promise) -> Refused:
    return Refused(sentence, code="invalid", field=field, status=422)
