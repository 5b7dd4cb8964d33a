"""Decision tables of a service, asked directly: what they answer, and which rules they have."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from defusedxml import ElementTree
from django.conf import settings

from consular.rules import dmn

TODAY = date(2026, 3, 1)
DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"


def asked(service: str, table: str, decision: str, **facts: object) -> tuple[object, list[str]]:
    """What a decision answers on these facts, and the rules that fired; what is not said is not known."""
    definitions = dmn.load(_content(service, table))
    known = dict.fromkeys(_inputs(service, table)) | {"on": TODAY} | dict(facts)
    result = definitions.decide(decision, known)
    assert result.errors == ()
    return result.value, list(result.rules)


def fired(service: str, table: str, decision: str, **facts: object) -> list[str]:
    """Which rules fire on these facts."""
    return asked(service, table, decision, **facts)[1]


def untested(service: str, table: str, decision: str, rows: Iterable[Mapping[str, object]]) -> list[str]:
    """The rules of a decision that fire on none of these facts."""
    reached = {rule for facts in rows for rule in fired(service, table, decision, **facts)}
    tree = ElementTree.fromstring(_content(service, table))
    found = next(one for one in tree.iter(f"{DMN}decision") if one.get("id") == decision)
    return [rule.get("id") for rule in found.iter(f"{DMN}rule") if rule.get("id") not in reached]


def inputs_of(service: str, table: str, decision: str) -> list[str]:
    """The input data one decision asks for."""
    tree = ElementTree.fromstring(_content(service, table))
    found = next(one for one in tree.iter(f"{DMN}decision") if one.get("id") == decision)
    return [one.get("href", "").removeprefix("#") for one in found.iter(f"{DMN}requiredInput")]


@cache
def _content(service: str, table: str) -> bytes:
    return (Path(settings.FORMS_DIR) / service / "v1" / f"{table}.dmn").read_bytes()


def _inputs(service: str, table: str) -> list[str]:
    tree = ElementTree.fromstring(_content(service, table))
    return [one.get("name") for one in tree.iter(f"{DMN}inputData")]
