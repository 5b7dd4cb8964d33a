"""A process as a file, with what lies beside it: processes it calls, decision tables, the form of its service."""

from pathlib import Path

from django.core.management import CommandError

from consular import formspec
from consular.casework.versions import known as known_in
from consular.casework.versions import known_anywhere
from consular.formspec import editions, folders
from consular.rules import SyntaxProblem, dmn, limits
from consular.workflow import markup
from consular.workflow.check import Known
from consular.workflow.compile import NotInSubset, compile
from consular.workflow.deciding import from_tables
from consular.workflow.graph import Graph, Kind
from consular.workflow.state import Decide

UNREADABLE = 2
MOST_CALLS = 10


def graph(file: Path, calling: tuple[Path, ...] = ()) -> Graph:
    """The compiled process. Raises NotInSubset.

    What it calls is found as <service>/v<version>/process.bpmn beside its service, or else in the same folder, as
    <process>.v<version>.bpmn or <process>.bpmn.
    """

    def library(process: str, version: int) -> Graph:
        if process.replace("-", "_").replace(".", "_").isidentifier() and len(calling) < MOST_CALLS:
            for called in _places(file.resolve().parent, process, version):
                if called.is_file() and called not in (*calling, file.resolve()):
                    return graph(called, (*calling, file.resolve()))
        raise LookupError(process)

    return compile(content(file, markup.MAX_BYTES), library)


def _places(folder: Path, process: str, version: int) -> tuple[Path, ...]:
    place = editions.place(folder)
    services = (folder.parent if place and place.edition > 1 else folder).parent.parent
    return (
        services / process / f"v{version}" / "process.bpmn",
        folder / f"{process}.v{version}.bpmn",
        folder / f"{process}.bpmn",
    )


def decide(graph: Graph, file: Path) -> Decide | None:
    """Answers business rule tasks from the decision files beside the process; they are read only when needed."""
    if not any(node.kind is Kind.RULE for node in graph.nodes.values()):
        return None
    return from_tables(_tables(file))


def known(file: Path) -> Known:
    """What a process may name: our roles, phases, steps, letters and outcomes, the forms and decisions beside it.

    Forms are known only inside the folder of a service.
    """
    folder = file.resolve().parent
    place = editions.place(folder)
    if place and ((folder if place.edition == 1 else folder.parent) / "form.toml").is_file():
        try:
            return known_in(folders.load(folder) if place.edition == 1 else folders.load_edition(folder))
        except formspec.FolderProblem as problem:
            raise unreadable(folder, problem) from problem
    decisions = frozenset(name for table in _tables(file) for name in table.decisions)
    return known_anywhere(decisions)


def _tables(file: Path) -> list[dmn.Definitions]:
    tables = []
    for path in sorted(file.resolve().parent.glob("*.dmn")):
        try:
            tables.append(dmn.load(content(path, limits.FILE)))
        except SyntaxProblem as problem:
            raise unreadable(path, problem) from problem
    return tables


def content(file: Path, most: int) -> bytes:
    """A file, or one byte more than allowed of it: the reader refuses that."""
    try:
        with file.open("rb") as stream:
            return stream.read(most + 1)
    except (OSError, ValueError) as problem:
        raise CommandError(plain(f"{file} cannot be read: {problem}"), returncode=UNREADABLE) from problem


def unreadable(file: Path, problem: NotInSubset | Exception) -> CommandError:
    """The refusal of a file that is none."""
    return CommandError(plain(f"{file}: {problem}"), returncode=UNREADABLE)


def plain(text: str) -> str:
    """Text of a file for a terminal: what steers terminals or turns the direction of writing is shown as ?."""
    return "".join(character if character.isprintable() else "?" for character in text)
