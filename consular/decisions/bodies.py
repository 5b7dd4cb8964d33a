"""What the letters say, kind by kind, as frozen plain values: the text of one version without its head."""

from dataclasses import dataclass

from consular.decisions.lines import Entry as Entry
from consular.decisions.lines import Typed as Typed
from consular.decisions.lines import direction as direction


@dataclass(frozen=True)
class Section:
    """Lines under one heading."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Receipt:
    """Text of L01: what the applicant sent and declared, exactly as it was seen."""

    service: str
    sections: tuple[Section, ...]
    declarations: tuple[str, ...]


@dataclass(frozen=True)
class Ground:
    """One of the printed grounds of Annex VI, ticked or not."""

    number: int
    text: str
    is_ticked: bool


@dataclass(frozen=True)
class Refusal:
    """Text of L08: the standard form of Annex VI to the Visa Code, in one language."""

    annex: str
    addressee: str
    authority: str
    examined: str
    refused: str
    based_on: str
    grounds: tuple[Ground, ...]
    remarks_title: str
    remarks: str
    appeal_title: str
    appeal: tuple[str, ...]
    place_and_date: str


@dataclass(frozen=True)
class Returned:
    """Text of L05: the state or authority that is competent ("" when it is not named)."""

    service: str
    state: str

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, after the name itself: an officer may have typed it."""
        return direction(self.state)


@dataclass(frozen=True)
class Inadmissible:
    """Text of L06: the conditions that were not met."""

    service: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Extension:
    """Text of L07: the last day for the decision, and why it takes longer."""

    service: str
    lodged_on: str
    last_day: str
    reason: str


@dataclass(frozen=True)
class Named:
    """One question or document that has to be corrected or added: why, and what the officer wrote about it."""

    title: str
    reason: str
    remark: Typed


@dataclass(frozen=True)
class Request:
    """Text of L04: what is needed, and by when; `last_day` is empty where no time runs.

    `is_strict`: what comes after that day may be disregarded, and the letter says so.
    """

    service: str
    asked: Typed
    last_day: str
    named: tuple[Named, ...] = ()
    is_strict: bool = False


@dataclass(frozen=True)
class Hearing:
    """Text of L04 before an annulment or revocation: what is considered, on which grounds, and the time to answer.

    `courtesy` is the sentence that the grounds are only translated, "" where they are the official wording.
    """

    visa: tuple[Entry, ...]
    measure: str
    grounds: tuple[str, ...]
    courtesy: str
    facts: Typed
    last_day: str


@dataclass(frozen=True)
class Order:
    """Text of L09 and L15: what is decided, the facts, the reasons and the way to a court.

    `courtesy` is the sentence that a translation begins with, "" in the text that counts.
    """

    courtesy: str
    operative: str
    conditions: Typed
    asked: str
    facts: Typed
    grounds: tuple[Entry, ...]
    reasons: Typed
    remarks: Typed
    notes: tuple[str, ...]
    remedy: tuple[str, ...]


@dataclass(frozen=True)
class Withdrawal:
    """Text of L11: the day on which the application was withdrawn."""

    service: str
    withdrawn_on: str


@dataclass(frozen=True)
class Transfer:
    """Text of L12: the mission that has passed the application on, and the one that deals with it now.

    `appointment` is the day of one that was given back by it, "" when there was none.
    """

    service: str
    before: str
    appointment: str = ""


@dataclass(frozen=True)
class Document:
    """Text of L14: which document it is about, and what is known of it."""

    document: str
    facts: tuple[Entry, ...]
    is_mailed: bool


@dataclass(frozen=True)
class Grant:
    """Text of L10: what the visa allows.

    `territory` and `days` are empty where they do not apply, `asked` where nothing more was asked for than granted.
    """

    service: str
    visa_type: str
    territory: str
    valid_from: str
    valid_until: str
    entries: Entry
    days: int | None
    asked: tuple[Entry, ...]
    duty: str
    remarks: Typed
    conditions: Typed


@dataclass(frozen=True)
class Appointment:
    """Text of L02: when and where; `page` is where it can be moved or cancelled."""

    service: str
    day: str
    time: str
    office: str
    address: Typed
    booking: str
    papers: tuple[str, ...]
    page: str


@dataclass(frozen=True)
class Queueing:
    """Text of L02 for somebody who waits for an appointment, or was drawn or not: what stands, and what comes next.

    `page` is where one leaves the list, `proof` where anybody can check the draw ("" without one).
    """

    service: str
    stands: str
    facts: tuple[Entry, ...]
    coming: tuple[str, ...]
    page: str
    proof: str


@dataclass(frozen=True)
class FeeReceipt:
    """Text of L03: what was paid, or that nothing is due, and on which ground."""

    service: str
    is_waived: bool
    lines: tuple[Entry, ...]
    basis: str


@dataclass(frozen=True)
class AuthorityRequest:
    """Text of L13: what an authority has to know to answer; `last_day` is empty where it may take its time."""

    authority: str
    number: str
    service: str
    asked_on: str
    last_day: str
    silence_consents: bool
    data: tuple[Entry, ...]


@dataclass(frozen=True)
class Privacy:
    """Text of L16, as a notice and as an answer: `held` and `number` are empty in the notice.

    `officer` is how the data protection officer is reached, `kept` what is kept how long.
    """

    number: str
    received_on: str
    held: tuple[Entry, ...]
    operator: str
    address: Typed
    email: str
    officer: Typed
    kept: tuple[Entry, ...]


@dataclass(frozen=True)
class Answer:
    """Text of L16 and L17: what was asked, what is answered and why."""

    service: str
    number: str
    received_on: str
    subject: Typed
    reply: str
    reasons: Typed


Body = (
    Receipt
    | Appointment
    | Queueing
    | FeeReceipt
    | AuthorityRequest
    | Privacy
    | Answer
    | Request
    | Hearing
    | Returned
    | Inadmissible
    | Extension
    | Refusal
    | Order
    | Grant
    | Withdrawal
    | Transfer
    | Document
)
"""The text of a letter in one language, by kind."""
