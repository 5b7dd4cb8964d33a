"""What is published: found by number or by day, verified and compiled once per process of the operating system."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

import structlog
from django.db.models import Q
from django.utils.translation import gettext as _

from consular.core.errors import Refused
from consular.rules import dmn
from consular.workflow import sealing
from consular.workflow.compile import compile
from consular.workflow.deciding import from_tables
from consular.workflow.graph import Graph
from consular.workflow.models import Definition, PublishedTable
from consular.workflow.state import Decide

_MOST_COMPILED = 200
_compiled: "OrderedDict[tuple[int, str], Published]" = OrderedDict()

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Published:
    """A definition ready to run: the compiled process and the decision files it was published with."""

    graph: Graph
    tables: Mapping[str, dmn.Definitions]
    decide: Decide


def in_force(service: str, version: int, now: datetime) -> Definition:
    """The process a new case of this version starts on: the newest edition whose day has come.

    Refused with `not_yet` when there is none, and with `not_authentic` when the seal of any edition does not hold: a
    changed date would choose another process.
    """
    found = list(Definition.objects.defer("xml").filter(service=service, version=version))
    tables = hashes(found)
    for row in found:
        _require_seal(row, tables.get(row.pk, {}))
    editions = [row for row in found if row.valid_from <= now]
    if not editions:
        raise Refused(_("This service cannot be applied for yet. Please come back later."), code="not_yet")
    return max(editions, key=lambda row: row.edition)


def version_in_force(service: str, now: datetime) -> int | None:
    """The newest version of a service that has a process which counts already; None when there is none."""
    found = Definition.objects.filter(service=service, valid_from__lte=now)
    return found.order_by("version").values_list("version", flat=True).last()


def find(service: str, number: str) -> Definition:
    """A published process by its number, such as 1.2 (or 1 for the first edition). Refused when there is none (404)."""
    version, _dot, edition = number.removeprefix("v").partition(".")
    if all(part.isascii() and part.isdigit() and len(part) < 5 for part in (version, edition or "1")):
        found = Definition.objects.filter(
            service=service, version=int(version), edition=int(edition or "1")
        ).first()
        if found is not None:
            return found
    raise Refused(_("There is no such published process."), code="not_found", status=404)


def predecessor(service: str, version: int, edition: int) -> Definition | None:
    """The process published before this one: the edition before it, or the last one of the version before."""
    earlier = Q(version__lt=version) | Q(version=version, edition__lt=edition)
    return Definition.objects.filter(earlier, service=service).order_by("version", "edition").last()


def is_authentic(definition: Definition) -> bool:
    """Whether the facts of a row are those that were sealed; its bytes are looked at when it is run."""
    return _is_sealed(definition, hashes([definition]).get(definition.pk, {}))


def graph(definition: Definition) -> Graph:
    """The compiled process of a definition (lanes, names, forms of its nodes)."""
    return published(definition).graph


def published(definition: Definition) -> Published:
    """A definition ready to run. Refused with `not_authentic` when its bytes or facts are not those published."""
    key = (definition.pk, definition.sha256)
    found = _compiled.get(key)
    if found is None:
        found = _compiled[key] = _verified(Definition.objects.get(pk=definition.pk), definition.sha256)
        if len(_compiled) > _MOST_COMPILED:
            _compiled.popitem(last=False)
    return found


def source(definition: Definition) -> bytes:
    """The file of a definition. Refused with `not_authentic` when its bytes or facts are not those published."""
    published(definition)
    xml = bytes(Definition.objects.values_list("xml", flat=True).get(pk=definition.pk))
    if sealing.digest(xml) != definition.sha256:
        _refuse_forged(definition)
    return xml


def contents(definition: Definition) -> Mapping[str, bytes]:
    """The decision files a definition was published with, verified."""
    published(definition)
    return _contents(definition)


def _verified(row: Definition, sha256: str) -> Published:
    xml, tables = bytes(row.xml), _contents(row)
    _require_seal(row, digests(tables))
    if not sha256 == row.sha256 == sealing.digest(xml):
        _refuse_forged(row)
    read = {name: dmn.load(content) for name, content in tables.items()}
    return Published(compile(xml, called), read, from_tables(read.values()))


def _require_seal(row: Definition, tables: Mapping[str, str]) -> None:
    if not _is_sealed(row, tables):
        _refuse_forged(row)


def _is_sealed(row: Definition, tables: Mapping[str, str]) -> bool:
    facts = sealing.Facts(
        row.service, row.version, row.edition, row.sha256, tables, row.valid_from, row.published_at,
        row.published_by_id,
    )  # fmt: skip
    return sealing.holds(bytes(row.signature), facts)


def _refuse_forged(row: Definition) -> NoReturn:
    log.error("process_not_authentic", service=row.service, version=row.number)
    raise Refused(
        _(
            "This process is not the one that was published. Nothing was done; an administrator has to look at it."
        ),
        code="not_authentic",
        status=500,
    )


def _contents(definition: Definition) -> dict[str, bytes]:
    rows = definition.tables.order_by("name").values_list("name", "content")
    return {name: bytes(content) for name, content in rows}


def digests(tables: Mapping[str, bytes]) -> dict[str, str]:
    """The hash of each decision file, by name."""
    return {name: sealing.digest(content) for name, content in tables.items()}


def hashes(definitions: Iterable[Definition]) -> dict[int, dict[str, str]]:
    """The hashes of the decision files of some definitions, without the files."""
    found: dict[int, dict[str, str]] = {}
    rows = PublishedTable.objects.filter(definition__in=definitions)
    for pk, name, sha256 in rows.values_list("definition_id", "name", "sha256"):
        found.setdefault(pk, {})[name] = sha256
    return found


def first_edition(process: str, version: int) -> Definition:
    """The published process that a call activity names: the first edition of that version. Raises LookupError."""
    try:
        return Definition.objects.get(service=process, version=version, edition=1)
    except Definition.DoesNotExist as missing:
        raise LookupError(f"{process} v{version}") from missing


def called(process: str, version: int) -> Graph:
    """The compiled process that a call activity names. LookupError when there is none."""
    return graph(first_edition(process, version))
