"""Opens decision files: no DTD, no entities, no network, no huge nesting."""

from collections.abc import Iterator

from lxml import etree

from consular.rules import limits
from consular.rules.problems import SyntaxProblem

DEPTH = 150


def open_xml(xml: bytes) -> etree._Element:
    """The root element of a file; anything unsafe or malformed raises SyntaxProblem."""
    if len(xml) > limits.FILE:
        raise SyntaxProblem(f"the file is larger than {limits.FILE} bytes")
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise SyntaxProblem(f"the file is not well-formed XML: {problem}") from None
    if root.getroottree().docinfo.doctype:
        raise SyntaxProblem("the file has a document type declaration; it must not")
    if int(root.xpath("count(//*)")) > limits.ELEMENTS:
        raise SyntaxProblem(f"the file has more than {limits.ELEMENTS} elements")
    if int(root.xpath("string-length(.)")) > limits.TEXTS:
        raise SyntaxProblem(f"the texts of the file are longer than {limits.TEXTS} characters")
    if _depth(root) > DEPTH:
        raise SyntaxProblem(f"the file nests more than {DEPTH} levels")
    if tag(root) != "definitions" or "/DMN/" not in (etree.QName(root).namespace or ""):
        raise SyntaxProblem("the file is not a DMN file")
    return root


def _depth(root: etree._Element) -> int:
    deepest = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def tag(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The elements directly inside, of some names."""
    return (child for child in element if tag(child) in names)


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first element of a name directly inside, if any."""
    return None if element is None else next(children(element, name), None)


def text(element: etree._Element | None) -> str:
    """The text of the <text> inside, or of the element itself."""
    if element is None:
        return ""
    inner = child(element, "text")
    return ("".join((element if inner is None else inner).itertext())).strip()


def target(element: etree._Element) -> str:
    """The id that an element's href points to."""
    return str(element.get("href", "")).rpartition("#")[2]
