"""Makes decision files ready to run, with the files they import."""

from collections.abc import Callable

from consular.rules.dmn import model
from consular.rules.dmn.builder import Builder
from consular.rules.dmn.definitions import Definitions
from consular.rules.dmn.reading import read
from consular.rules.problems import SyntaxProblem

Finder = Callable[[model.Import], bytes | None]
"""Gives the file that an import means, or nothing."""
DEEPEST_IMPORT = 8
MOST_FILES = 40


def load(xml: bytes, *, lenient: bool = False, imports: Finder = lambda wanted: None) -> Definitions:
    """A decision file ready to run. Raises SyntaxProblem when it is unsafe, malformed or circular, or holds an
    expression that cannot be read; when `lenient`, such an expression is null and listed in `problems`.
    """
    return _Loading(imports, lenient=lenient).file(xml, ())


class _Loading:
    """One file and all it imports; a file imported twice is read once."""

    def __init__(self, imports: Finder, *, lenient: bool) -> None:
        self.imports = imports
        self.lenient = lenient
        self.ready: dict[bytes, Definitions] = {}

    def file(self, xml: bytes, above: tuple[bytes, ...]) -> Definitions:
        """A file, inside those that import it."""
        if xml in above or len(above) > DEEPEST_IMPORT or len(self.ready) > MOST_FILES:
            raise SyntaxProblem("the file imports itself, or too many others", element="import")
        if xml not in self.ready:
            self.ready[xml] = self._built(read(xml), (*above, xml))
        return self.ready[xml]

    def _built(self, file: model.File, above: tuple[bytes, ...]) -> Definitions:
        imported: dict[str, tuple[str, Definitions]] = {}
        lost: list[SyntaxProblem] = []
        for wanted in file.imports:
            found = self.imports(wanted)
            if found is None:
                lost.append(SyntaxProblem(f"no file for {wanted.namespace}", element=f"import {wanted.name}"))
            else:
                imported[wanted.namespace] = (wanted.name, self.file(found, above))
        builder = Builder(file, dict(imported.values()))
        logic = {
            part.id: builder.part(part)
            for part in file.parts.values()
            if isinstance(part, model.KnowledgeModel | model.Decision)
        }
        problems = (*lost, *builder.problems)
        if problems and not self.lenient:
            raise problems[0]
        return Definitions(file, logic, builder.types, problems, imported)
