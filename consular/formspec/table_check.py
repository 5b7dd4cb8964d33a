"""What is wrong with the decision tables of a folder, with file and line."""

from pathlib import Path

from lxml import etree

from consular.formspec.lines import Finding
from consular.rules import check

_PARSER = etree.XMLParser(
    resolve_entities=False, load_dtd=False, no_network=True, dtd_validation=False, huge_tree=False
)


def findings(file: Path, content: bytes) -> list[Finding]:
    """Everything that keeps a table from being published: texts, names, types, results, rules that never decide."""
    wrong = [found for found in check.check_bytes(content) if found.is_error]
    return [
        Finding(
            str(file), line_of(content, each.element), f"{each.element}: {each.message}".removeprefix(": ")
        )
        for each in wrong
    ]


def line_of(content: bytes, element: str) -> int:
    """The line of the element with this id, or of what is no XML; 1 when nobody can tell."""
    try:
        root = etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError as problem:
        return int(problem.lineno or 1)
    except ValueError:
        return 1
    found = (each for each in root.iter() if element and element in (each.get("id"), each.get("name")))
    return next((int(each.sourceline or 1) for each in found), 1)
