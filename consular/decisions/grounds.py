"""The grounds of decisions that are not on the form of Annex VI: numbers that officers choose and letters print.

Of a national visa (Residence Act, Residence Ordinance) the numbers are ours; of a passport those up to 12 are the
numbers of section 7(1) of the Passport Act. The words are ours. To be confirmed before use: docs/letters.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consular.decisions.bodies import Entry
from consular.decisions.choices import Content


@dataclass(frozen=True)
class Ground:
    """One ground in words, with the provision behind it as German law names it."""

    text: str | Promise
    law: str


NATIONAL: Mapping[int, Ground] = {
    1: Ground(_("It is not shown that your livelihood is secured."), "§ 5 Abs. 1 Nr. 1 AufenthG"),
    2: Ground(_("Your identity or nationality is not clarified."), "§ 5 Abs. 1 Nr. 1a AufenthG"),
    3: Ground(_("There is a public interest in expelling you."), "§ 5 Abs. 1 Nr. 2 AufenthG"),
    4: Ground(
        _("Your stay would impair or endanger other interests of the Federal Republic of Germany."),
        "§ 5 Abs. 1 Nr. 3 AufenthG",
    ),
    5: Ground(_("You have no recognised and valid passport."), "§ 5 Abs. 1 Nr. 4, § 3 AufenthG"),
    6: Ground(
        _("Security interests of the Federal Republic of Germany stand against it."), "§ 5 Abs. 4 AufenthG"
    ),
    7: Ground(_("You are banned from entry and residence."), "§ 11 AufenthG"),
    8: Ground(_("The purpose of your stay is not shown."), "§ 7 Abs. 1 AufenthG"),
    9: Ground(
        _("The special requirements for a stay for this purpose are not met."),
        "§ 7 Abs. 1, §§ 16 – 38a AufenthG",
    ),
    10: Ground(_("The Federal Employment Agency has not given its consent."), "§ 18 Abs. 2, § 39 AufenthG"),
    11: Ground(_("The foreigners authority has not given its consent."), "§ 31 AufenthV"),
    12: Ground(
        _("You have not shown in time what you have to show, so we had to decide on the file."),
        "§ 82 Abs. 1 AufenthG",
    ),
}

PASSPORT: Mapping[int, Ground] = {
    1: Ground(
        _(
            "Facts justify the assumption that you endanger the security or other significant interests of Germany."
        ),
        "§ 7 Abs. 1 Nr. 1 PassG",
    ),
    2: Ground(
        _(
            "Facts justify the assumption that you want to evade criminal prosecution or a sentence in Germany."
        ),
        "§ 7 Abs. 1 Nr. 2 PassG",
    ),
    3: Ground(
        _("Facts justify the assumption that you want to violate the law on narcotics across the border."),
        "§ 7 Abs. 1 Nr. 3 PassG",
    ),
    4: Ground(
        _(
            "Facts justify the assumption that you want to evade taxes or violate the law on customs or foreign trade."
        ),
        "§ 7 Abs. 1 Nr. 4 PassG",
    ),
    5: Ground(
        _("Facts justify the assumption that you want to evade a statutory duty to pay maintenance."),
        "§ 7 Abs. 1 Nr. 5 PassG",
    ),
    6: Ground(
        _("Facts justify the assumption that you want to serve in foreign armed forces without permission."),
        "§ 7 Abs. 1 Nr. 6 PassG",
    ),
    7: Ground(
        _(
            "Facts justify the assumption that you want to be abroad without the permission that conscripts need."
        ),
        "§ 7 Abs. 1 Nr. 7 PassG",
    ),
    8: Ground(
        _(
            "Facts justify the assumption that you want to be abroad without permission in a state of tension or "
            "defence."
        ),
        "§ 7 Abs. 1 Nr. 8 PassG",
    ),
    9: Ground(
        _(
            "Facts justify the assumption that you want to be abroad without the permission that conscientious "
            "objectors need."
        ),
        "§ 7 Abs. 1 Nr. 9 PassG",
    ),
    10: Ground(
        _(
            "Facts justify the assumption that you will prepare a serious act of violence that endangers the state."
        ),
        "§ 7 Abs. 1 Nr. 10 PassG",
    ),
    11: Ground(
        _(
            "Facts justify the assumption that you will mutilate the genitals of a girl or woman, or have this done."
        ),
        "§ 7 Abs. 1 Nr. 11 PassG",
    ),
    12: Ground(
        _("Facts justify the assumption that you will abuse children sexually abroad."),
        "§ 7 Abs. 1 Nr. 12 PassG",
    ),
    13: Ground(_("Your identity is not established."), "§ 6 Abs. 2 PassG"),
    14: Ground(_("It is not shown that you are a German citizen."), "§ 1 Abs. 4 PassG"),
    15: Ground(_("Not all who have custody of the child have applied."), "§ 6 Abs. 1 PassG"),
    16: Ground(_("You have not provided what is needed to issue the document."), "§ 6 Abs. 2 PassG"),
    17: Ground(
        _("The requirements for a travel document of this kind are not met."),
        "§ 1 Abs. 3, § 19 PassG, § 13a AufenthV",
    ),
}

LISTS: Mapping[str, Mapping[int, Ground]] = {Content.NATIONAL: NATIONAL, Content.PASSPORT: PASSPORT}
"""The grounds by the content of the decision."""


def printed(content: str, numbers: list[int]) -> tuple[Entry, ...]:
    """The grounds of a decision in the active language, as its letter prints them: in words, with the provision."""
    found = [LISTS[content][number] for number in numbers]
    return tuple(Entry(str(ground.text).rstrip("."), ground.law) for ground in found)
