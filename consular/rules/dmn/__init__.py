"""DMN 1.1 to 1.5 decision files: `load` once, `Definitions.decide` often."""

from consular.rules.dmn import model
from consular.rules.dmn.builder import Builder
from consular.rules.dmn.definitions import Definitions, Result
from consular.rules.dmn.reading import read

__all__ = ["Definitions", "Result", "load"]


def load(xml: bytes, *, lenient: bool = False) -> Definitions:
    """A decision file ready to run. Raises SyntaxProblem when it is unsafe, malformed or circular, or holds an
    expression that cannot be read; when `lenient`, such an expression is null and listed in `problems`.
    """
    file = read(xml)
    builder = Builder(file)
    logic = {
        part.id: builder.logic(part.function if isinstance(part, model.KnowledgeModel) else part.logic)
        for part in file.parts.values()
        if isinstance(part, model.KnowledgeModel | model.Decision)
    }
    if builder.problems and not lenient:
        raise builder.problems[0]
    return Definitions(file, logic, builder.types, frozenset(builder.reads), tuple(builder.problems))
