"""DMN 1.1 to 1.5 decision files: `load` once, `Definitions.decide` often."""

from consular.rules.dmn.definitions import Definitions, Result
from consular.rules.dmn.loading import load
from consular.rules.dmn.neighbours import load_file

__all__ = ["Definitions", "Result", "load", "load_file"]
