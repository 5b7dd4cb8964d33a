"""Which mission is responsible for a person, and because of which rule."""

from consular.routing.answers import NobodyResponsible, NotPrecise, Responsible, Situation
from consular.routing.because import Because
from consular.routing.finding import responsible

__all__ = ["Because", "NobodyResponsible", "NotPrecise", "Responsible", "Situation", "responsible"]
