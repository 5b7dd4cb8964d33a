"""Reads BPMN files without trusting them: no document type, no entities, no network, bounded size and
depth.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

MAX_BYTES = 1_000_000
MAX_DEPTH = 60
MAX_ELEMENTS = 20_000
MAX_ATTRIBUTES = 50
MAX_ATTRIBUTE = 10_000

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"


class NotInSubset(Exception):
    """The file cannot be run: which element, its id, name and line, and why (English, for process owners)."""

    def __init__(
        self, reason: str, *, element: str = "", id: str = "", name: str = "", line: int = 0
    ) -> None:
        """`element` may be such as "property in userTask": then the id is that of the user task."""
        words = (f"line {line}: {element}", id, f'"{name}"' if name else "")
        super().__init__((" ".join(filter(None, words)) + ": " if element else "") + reason)
        self.reason = reason
        self.element = element.partition(" in ")[0]
        self.id = id
        self.name = name
        self.line = line


@lru_cache(maxsize=1_000)
def _short(tag: str) -> str:
    """The local name for BPMN, `zeebe:` and the local name for extensions; any other stays as it is."""
    namespace, _brace, name = tag[1:].rpartition("}")
    prefix = {BPMN: "", ZEEBE: "zeebe:"}.get(namespace)
    return tag if prefix is None else f"{prefix}{name}"


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the file."""

    raw: etree._Element

    @property
    def tag(self) -> str:
        return _short(self.raw.tag)

    @property
    def line(self) -> int:
        return int(self.raw.sourceline or 0)

    @property
    def text(self) -> str:
        return (self.raw.text or "").strip()

    def get(self, attribute: str) -> str:
        """The value of an attribute without namespace, "" when absent."""
        return str(self.raw.get(attribute) or "")

    @property
    def attributes(self) -> frozenset[str]:
        """The names of the attributes without namespace; those of other namespaces belong to the modeler."""
        return frozenset(str(name) for name in self.raw.attrib if not str(name).startswith("{"))

    def __iter__(self) -> Iterator["Element"]:
        return (Element(child) for child in self.raw if isinstance(child.tag, str))

    def all(self, *tags: str) -> list["Element"]:
        """The children with one of these tags."""
        return [child for child in self if child.tag in tags]

    def first(self, tag: str) -> "Element | None":
        """The first child with this tag."""
        return next((child for child in self if child.tag == tag), None)

    def refuse(self, reason: str) -> NotInSubset:
        """The refusal that names this element, and where it has neither id nor name the one in which it lies."""
        named = self
        while not (named.get("id") or named.get("name")) and (around := named.raw.getparent()) is not None:
            named = Element(around)
        tag, id, label = (_shown(text) for text in (self.tag, named.get("id"), named.get("name")))
        element = tag if named.raw is self.raw else f"{tag} in {_shown(named.tag)}"
        return NotInSubset(reason, element=element, id=id, name=label, line=self.line)


def parse(xml: bytes) -> Element:
    """The root of a BPMN file. Raises NotInSubset for anything that is too big, too deep, unsafe or no XML."""
    if len(xml) > MAX_BYTES:
        raise NotInSubset(f"the file is larger than {MAX_BYTES} bytes")
    if xml.count(b"<") > 3 * MAX_ELEMENTS:
        raise NotInSubset(f"the file has more than {MAX_ELEMENTS} elements")
    if xml.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise NotInSubset("the file is in UTF-16: save it in UTF-8")
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise NotInSubset("document types and entities are not allowed")
    # The encoding is fixed, so that no other encoding can hide a document type from the test above.
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = int(getattr(error, "lineno", None) or 0)
        said = _shown(getattr(error, "msg", "") or str(error), 200)
        raise NotInSubset(f"not well-formed XML in UTF-8: {said}", line=line) from error
    _bounded(root)
    return Element(root)


def _shown(text: str, most: int = 80) -> str:
    """Text of the file within a sentence: on one line, and not at full length."""
    line = " ".join(text[: 4 * most].split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _bounded(root: etree._Element) -> None:
    """Refuse what is nested too deeply, has too many elements or attributes, or too long an attribute."""
    level, depth, count = [root], 1, 1
    while level := [child for element in level for child in element]:
        depth, count = depth + 1, count + len(level)
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            raise NotInSubset("the file is nested too deeply or has too many elements")
    for element in root.iter():
        if (
            len(element.attrib) > MAX_ATTRIBUTES
        ):  # counted first: reading them all takes the square of their number
            raise Element(element).refuse(f"more than {MAX_ATTRIBUTES} attributes")
        if any(len(value) > MAX_ATTRIBUTE for value in element.attrib.values()):
            raise Element(element).refuse(f"an attribute is longer than {MAX_ATTRIBUTE} characters")
