"""Cross-checks: what somebody answered against what the zone of their document says."""

from collections.abc import Mapping
from dataclasses import dataclass

from consular.travel import wording
from consular.travel.comparing import Agreement, compare
from consular.travel.mrz import Fields, Reading
from consular.travel.wording import Sentence


@dataclass(frozen=True)
class Check:
    """One fact compared: by the name of its field, what the zone says, and how far they are the same."""

    field: str
    in_zone: str
    outcome: Agreement

    @property
    def message(self) -> Sentence | None:
        """What to tell the person; nothing when it simply agrees."""
        text = wording.OUTCOMES.get(str(self.outcome)) if self.in_zone else wording.NOTHING
        return Sentence(text, {"in_zone": self.in_zone}) if text else None


def check(reading: Reading, answers: Mapping[str, str]) -> tuple[Check, ...]:
    """Compare answers with a reading, one check for each answer given.

    The keys of `answers` are `surname`, `given_names`, `birth_date`, `document_number`, `nationality`,
    `issuing_country`, `sex` and `expiry_date`: dates ISO 8601 (of birth also partial), states ISO 3166-1 alpha-3,
    sex F, M or X. Blank answers are not compared. Without fields there is nothing to compare.
    """
    fields = reading.fields
    if fields is None:
        return ()
    checks = [*_names(reading, fields, answers)]
    for field, in_zone in _facts(fields).items():
        given = answers.get(field, "").strip()
        if given and in_zone:
            checks.append(Check(field, in_zone, _outcome(field, given, in_zone)))
    return tuple(checks)


def _names(reading: Reading, fields: Fields, answers: Mapping[str, str]) -> list[Check]:
    """Surname and given names; somebody without a surname has the given names in its place."""
    given = {field: answers.get(field, "").strip() for field in ("surname", "given_names")}
    zone = {"surname": fields.surname, "given_names": fields.given_names}
    if not given["surname"] and given["given_names"] and not fields.given_names:
        zone = {"surname": "", "given_names": fields.surname}
    state, is_full = fields.issuing_country, reading.name_may_be_cut
    return [
        Check(field, zone[field], compare(text, zone[field], state=state, may_be_cut=is_full))
        for field, text in given.items()
        if text
    ]


def _facts(fields: Fields) -> dict[str, str]:
    return {
        "birth_date": fields.birth_date,
        "document_number": fields.document_number,
        "nationality": fields.nationality_country,
        "issuing_country": fields.issuing_country,
        "sex": fields.sex,
        "expiry_date": fields.expiry_date,
    }


def _outcome(field: str, given: str, in_zone: str) -> Agreement:
    if field == "document_number":
        given, in_zone = ("".join(filter(str.isalnum, text)).upper() for text in (given, in_zone))
    if given == in_zone:
        return Agreement.AGREES
    if field == "birth_date" and given.startswith(f"{in_zone}-"):
        return Agreement.TRUNCATED
    return Agreement.DIFFERS
