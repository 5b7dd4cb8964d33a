"""Every sentence a person may read, found where it is written: Python, templates, forms, processes, tables.

Labels in `forms/`, cities in `consular/missions/data/` and flags of cases are message ids like any other.
"""

import io
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.extract import DEFAULT_KEYWORDS, extract
from defusedxml import ElementTree
from django.utils.translation.template import templatize

KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
TEMPLATE_ENDINGS = {".html", ".txt", ".ics"}
FORM_KEYS = {"title", "label", "hint", "intro", "text", "message"}
SHOWN_NODES = {
    "process", "participant", "lane", "startEvent", "endEvent", "intermediateCatchEvent", "boundaryEvent", "userTask",
    "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "subProcess", "callActivity", "exclusiveGateway",
    "parallelGateway", "eventBasedGateway", "sequenceFlow",
}  # fmt: skip
SHOWN_OUTPUTS = {"label", "name", "text", "sentence", "hint", "note", "basis"}
FEEL_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Found:
    """One message at one place; `plural` and `context` are empty for most."""

    text: str
    file: str
    line: int
    plural: str = ""
    context: str = ""


def found(base: Path) -> Iterator[Found]:
    """Every message of the project at `base`, in the order of its files."""
    for path in _files(base, "consular", {".py"}):
        if "migrations" not in path.parts and "static" not in path.parts:
            yield from in_python(path.read_text(encoding="utf-8"), str(path.relative_to(base)))
    for path in _files(base, "templates", TEMPLATE_ENDINGS):
        yield from in_template(path.read_text(encoding="utf-8"), str(path.relative_to(base)))
    for path in _files(base, "forms", {".toml", ".bpmn", ".dmn"}):
        yield from _in_form_folder(path, str(path.relative_to(base)))
    for path in sorted((base / "consular" / "missions" / "data").glob("*.toml")):
        yield from in_toml(path.read_text(encoding="utf-8"), str(path.relative_to(base)), {"city", "cities"})
    for path in sorted((base / "consular" / "cases").glob("flags.toml")):
        yield from in_toml(path.read_text(encoding="utf-8"), str(path.relative_to(base)), {"label"})


def in_python(source: str, file: str) -> Iterator[Found]:
    """Messages in calls of the gettext family; calls with anything but plain strings carry none."""
    stream = io.BytesIO(source.encode())
    for line, message, _comments, context in extract("python", stream, KEYWORDS, (), {"encoding": "utf-8"}):
        texts = (message,) if isinstance(message, str) else message
        if not texts[0].strip():
            continue  # the separator in `" ".join(…)` is no message
        yield Found(texts[0], file, line, texts[1] if len(texts) > 1 else "", context or "")


def in_template(source: str, file: str) -> Iterator[Found]:
    """Messages in translate and blocktranslate tags, and in `_()` inside other tags.

    Django turns the template into calls of gettext; each line stands for itself there, so indentation goes.
    """
    lines = templatize(source, origin=file).splitlines()
    yield from in_python("\n".join(line.strip() for line in lines) + "\n", file)


def in_toml(source: str, file: str, keys: Iterable[str]) -> Iterator[Found]:
    """The texts of these keys at any depth, on one line, each with the line where its words first stand."""
    for text in _texts(tomllib.loads(source), frozenset(keys)):
        position = source.find(text.splitlines()[0]) if text.strip() else -1
        yield Found(" ".join(text.split()), file, source.count("\n", 0, max(position, 0)) + 1)


def in_bpmn(source: bytes, file: str) -> Iterator[Found]:
    """The names of the process, its lanes, tasks, events, gateways and flows: officers read them in its diagram."""
    for element in ElementTree.fromstring(source).iter():
        name = " ".join(element.get("name", "").split())
        if name and element.tag.rpartition("}")[2] in SHOWN_NODES:
            yield Found(name, file, 1)


def in_dmn(source: bytes, file: str) -> Iterator[Found]:
    """The strings in output columns that people read (named name, label, text, sentence, hint, note, basis)."""
    for table in ElementTree.fromstring(source).iter():
        if table.tag.rpartition("}")[2] != "decisionTable":
            continue
        names = [child.get("name", "") for child in table if child.tag.endswith("}output")]
        shown = [number for number, name in enumerate(names) if name.rpartition("_")[2] in SHOWN_OUTPUTS]
        for rule in (child for child in table if child.tag.endswith("}rule")):
            entries = [child for child in rule if child.tag.endswith("}outputEntry")]
            for entry in (entries[number] for number in shown):
                for literal in FEEL_STRING.findall("".join(entry.itertext())):
                    yield Found(literal.replace('\\"', '"'), file, 1)


def _in_form_folder(path: Path, file: str) -> Iterator[Found]:
    if path.suffix == ".toml":
        yield from in_toml(path.read_text(encoding="utf-8"), file, FORM_KEYS)
    elif path.suffix == ".bpmn":
        yield from in_bpmn(path.read_bytes(), file)
    else:
        yield from in_dmn(path.read_bytes(), file)


def _texts(value: Any, keys: frozenset[str]) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and inner and key in keys:
                yield inner
                continue
            if isinstance(inner, list) and key in keys:
                yield from (text for text in inner if isinstance(text, str))
            if not isinstance(inner, str):
                yield from _texts(inner, keys)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, keys)


def _files(base: Path, folder: str, endings: set[str]) -> list[Path]:
    return sorted(path for path in (base / folder).rglob("*") if path.suffix in endings and path.is_file())
