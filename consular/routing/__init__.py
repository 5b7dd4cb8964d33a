"""Which mission is responsible for a person, because of which rule, until when, and who else takes applications."""

from consular.routing.answers import NobodyResponsible, NotPrecise, Responsible
from consular.routing.because import Because
from consular.routing.changes import Change
from consular.routing.finding import as_guest, responsible, upcoming
from consular.routing.question import Situation
from consular.routing.sites import intake_sites

__all__ = [
    "Because",
    "Change",
    "NobodyResponsible",
    "NotPrecise",
    "Responsible",
    "Situation",
    "as_guest",
    "intake_sites",
    "responsible",
    "upcoming",
]
