"""The words of decisions and letters: what can be decided, what a decision must say, which letters there are."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """What can be decided; `cases.outcomes` says what each means to the applicant, and how else a case ends."""

    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    ANNULLED = "annulled", _("Visa annulled")
    REVOKED = "revoked", _("Visa revoked")
    VISA_STANDS = "visa_stands", _("The visa stands")
    ISSUED = "issued", _("Document issued")
    RESTRICTED = "restricted", _("Document restricted")


class Content(models.TextChoices):
    """What a decision must say: each has its rules in `judging` and in the database."""

    VISA = "visa", _("Short-stay visa")
    ANNEX_VI = "annex_vi", _("Grounds of Annex VI to the Visa Code")
    NATIONAL_VISA = "national_visa", _("National visa")
    NATIONAL = "national", _("Grounds of the Residence Act")
    PASSPORT = "passport", _("Grounds of the Passport Act")
    PLAIN = "plain", _("Nothing more")


class VisaType(models.TextChoices):
    """The kinds of visa (Visa Code art. 2(3) to (5), 25 and 26; Residence Act section 6(3))."""

    UNIFORM = "C", _("Uniform visa (C)")
    LIMITED = "LTV", _("Visa with limited territorial validity (LTV)")
    TRANSIT = "A", _("Airport transit visa (A)")
    NATIONAL = "D", _("National visa (D)")


class LimitedBecause(models.TextChoices):
    """Why a visa is valid for some states only (Visa Code art. 25(1) and (3))."""

    HUMANITARIAN = "humanitarian", _("Humanitarian grounds")
    NATIONAL_INTEREST = "national_interest", _("National interest")
    OBLIGATION = "obligation", _("International obligations")
    OBJECTION = "objection", _("A consulted state objects")
    URGENT = "urgent", _("Urgent, issued without prior consultation")
    SECOND_STAY = "second_stay", _("New stay within 180 days of which 90 have been used")
    DOCUMENT = "document", _("The travel document is not recognised by all member states")


class State(models.TextChoices):
    """Where a decision stands. A proposal's content never changes: a new content is a new proposal."""

    PROPOSED = "proposed", _("Proposed")
    SENT_BACK = "sent_back", _("Sent back")
    APPROVED = "approved", _("Approved")
    DROPPED = "dropped", _("Dropped with the application")


class Entries(models.TextChoices):
    """How often a visa lets its holder in (Visa Code art. 24)."""

    ONE = "1", _("One entry")
    TWO = "2", _("Two entries")
    MULTIPLE = "multiple", _("Multiple entries")


class Kind(models.TextChoices):
    """The kinds of letter."""

    L01 = "L01", _("Acknowledgement of your application")
    L02 = "L02", _("Confirmation of an appointment")
    L03 = "L03", _("Receipt for a fee")
    L04 = "L04", _("Request for documents or a statement")
    L05 = "L05", _("Return of an application: another authority is competent")
    L06 = "L06", _("Application not admissible")
    L07 = "L07", _("More time for the decision")
    L08 = "L08", _("Refusal, annulment or revocation of a visa")
    L09 = "L09", _("Refusal of a national visa")
    L10 = "L10", _("Notice of a granted visa")
    L11 = "L11", _("Confirmation of a withdrawal")
    L12 = "L12", _("Transfer of an application")
    L13 = "L13", _("Request to an authority")
    L14 = "L14", _("Notice about a passport or identity card")
    L15 = "L15", _("Refusal or restriction of a passport")
    L16 = "L16", _("Letter about data protection")
    L17 = "L17", _("Acknowledgement of a complaint")


INTERNAL = (Kind.L13,)
"""Letters to others: they belong to the file, and the applicant is not shown them."""


class End(models.TextChoices):
    """Why a letter no longer stands. Corrected: ask for the newer letter; annulled, revoked: for none."""

    CORRECTED = "corrected", _("Corrected")
    ANNULLED = "annulled", _("Annulled")
    REVOKED = "revoked", _("Revoked")


GROUNDS = range(1, 18)
"""The numbers of the grounds in Annex VI of the Visa Code (Regulation (EC) 810/2009)."""

ALERT = 6
"""The ground that names the state whose alert it is (Annex VI no. 6)."""

STATEMENTS_DOUBTED = 11
"""The ground whose text must be written by hand (Annex VI no. 11)."""

HOLDERS_WISH = 17
"""The ground that the holder asked for: for a revocation alone, and nobody can appeal against it (art. 34(3), (7))."""

NATIONAL_GROUNDS = range(1, 13)
"""The numbers of our list of grounds for refusing a national visa; see `grounds`."""

PASSPORT_GROUNDS = range(1, 18)
"""Numbers 1 to 12 are those of section 7(1) of the Passport Act, the others are ours; see `grounds`."""
