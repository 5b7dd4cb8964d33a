"""Letters as plain values, and the cases they are about, for tests."""

from dataclasses import replace
from datetime import date

from consular.accounts.models import Role
from consular.cases.models import Case
from consular.decisions import approval
from consular.decisions.approval import Proposal
from consular.decisions.bodies import Entry, Grant, Receipt, Section, Typed
from consular.decisions.letter import Letter, Version
from consular.decisions.models import Decision
from consular.formspec import Declaration, Folder, Form, Page, Question
from tests import factories

REFUSAL = Proposal("refused", grounds=(2, 13), remarks="The booking was cancelled.")
GRANT = Proposal(
    "granted", valid_from=date(2026, 7, 1), valid_until=date(2026, 9, 30), entries="multiple", days=30
)
LIMITED = replace(GRANT, visa_type="LTV", territory=("DEU", "AUT"), ltv_reason="objection")
TRANSIT = replace(GRANT, visa_type="A", entries="1", days=None)
CODE = "0000-1111-2222-3333-4444-5555"


def receipt(
    *values: str, language: str = "en", direction: str = "ltr", applicant: str = "Ama Mensah"
) -> Letter:
    """An L01 with these answers."""
    entries = tuple(Entry(f"Question {number}", value) for number, value in enumerate(values))
    body = Receipt("Schengen visa", (Section("About you", entries),), ("I have told the truth.",))
    version = Version(language, direction, "Acknowledgement", "Embassy in Accra", "1 May 2026", body)
    return Letter("L01", "AAAA-0000-1111/1", "AAAA-0000-1111", CODE, applicant, (version,))


def grant() -> Letter:
    """An L10 with everyday values."""
    body = Grant(
        service="Schengen visa",
        visa_type="Uniform visa (C)",
        territory="",
        valid_from="1 July 2026",
        valid_until="30 September 2026",
        entries=Entry("Entries", "Multiple entries"),
        days=30,
        asked=(),
        duty="A visa does not give an absolute right to enter.",
        remarks=Typed(""),
        conditions=Typed(""),
    )
    version = Version("en", "ltr", "Your visa has been granted", "Embassy in Accra", "1 May 2026", body)
    return Letter("L10", "AAAA-0000-1111/2", "AAAA-0000-1111", CODE, "Ama Mensah", (version,))


def folder() -> Folder:
    """A service that asks two questions and wants one declaration."""
    page = Page(
        "you", "About you", (Question("surname", "text", "Surname"), Question("purpose", "text", "Purpose"))
    )
    declarations = (Declaration("truth", 1, "I have told the truth."),)
    form = Form("Schengen visa", "visa_c", (page,), {}, declarations)
    return Folder("schengen_visa", 1, form, b"", {})


def approved(proposal: Proposal, case: Case | None = None) -> Decision:
    """A decision in force: proposed by a caseworker, approved by a decider."""
    case = case or factories.sent_case()
    decision = approval.propose(case, proposal, by=factories.official(Role.CASEWORKER))
    return approval.approve(decision, by=factories.official(Role.DECIDER))
