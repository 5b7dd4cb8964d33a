"""Decision files on disk, which import others of their own folder and no others."""

from pathlib import Path

from lxml import etree

from consular.rules import limits
from consular.rules.dmn import model
from consular.rules.dmn.definitions import Definitions
from consular.rules.dmn.loading import load
from consular.rules.dmn.xml import open_xml
from consular.rules.problems import SyntaxProblem

MOST_NEIGHBOURS = 200


def load_file(path: Path, *, lenient: bool = False) -> Definitions:
    """The decision file at a path, with what it imports. Raises SyntaxProblem as `load` does, and OSError."""
    xml = _bytes(path)
    return load(xml, lenient=lenient, imports=lambda wanted: _neighbour(path.parent, wanted))


def _bytes(path: Path) -> bytes:
    """The bytes of a file, not many more than a decision file may have."""
    with path.open("rb") as file:
        return file.read(limits.FILE + 1)


def _neighbour(folder: Path, wanted: model.Import) -> bytes | None:
    """The file of a folder that an import names by its location, else by its namespace."""
    files = sorted(file for file in folder.glob("*.dmn") if file.is_file())
    named = [file for file in files if file.name == wanted.location.removeprefix("./")]
    for file in (*named, *files[:MOST_NEIGHBOURS]):
        if _is_inside(folder, file) and _namespace(xml := _bytes(file)) == wanted.namespace:
            return xml
    return None


def _is_inside(folder: Path, file: Path) -> bool:
    """Whether a file really lies in a folder, also when it is a link."""
    return file.resolve().parent == folder.resolve()


def _namespace(xml: bytes) -> str:
    try:
        root: etree._Element = open_xml(xml)
    except SyntaxProblem:
        return ""
    return str(root.get("namespace") or "")
