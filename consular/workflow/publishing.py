"""Definitions: published once, checked before, sealed, never changed; verified and compiled once per process of the
operating system.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn

from django.db import transaction
from django.utils.translation import gettext as _

from consular.accounts.models import Role, User
from consular.core import clock
from consular.core.errors import Refused
from consular.rules import SyntaxProblem, dmn
from consular.workflow import check, library, sealing
from consular.workflow.compile import Library, NotInSubset, compile
from consular.workflow.graph import Graph, Kind
from consular.workflow.library import graph as graph
from consular.workflow.models import Definition, PublishedTable

LANES = frozenset(role.value for role in Role) - {Role.APPLICANT.value}


@dataclass(frozen=True, slots=True)
class Release:
    """What is published together: a process and the decision files beside it, by name; only those that it asks count.

    `edition` numbers the processes of one version of a service: the same questions, another way through the house.
    """

    service: str
    version: int
    xml: bytes
    edition: int = 1
    tables: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """Version and edition, as people write them: 1.2."""
        return f"{self.version}.{self.edition}"


def publish(
    service: str, version: int, xml: bytes, by: User | None = None, now: datetime | None = None
) -> Definition:
    """Publish the first process of a version, from now on; the same file again changes nothing. See `release`."""
    return release(Release(service, version, xml), by=by, now=now)


def release(
    new: Release, *, by: User | None = None, valid_from: datetime | None = None, now: datetime | None = None
) -> Definition:
    """Publish a process with its tables; new cases start on it from `valid_from` on. The same again changes nothing.

    Refused with code `not_in_subset`, `unsound` or `bad_table` (422), saying what is wrong where, with `published` when
    this edition exists with other content, for running cases rely on it, and with `older` when there is a newer one.
    """
    with transaction.atomic():
        found = standing(new) or _publish(new, by, valid_from, now or clock.now())
    return _require_same(new, found)  # somebody else may have published it meanwhile


def standing(new: Release) -> Definition | None:
    """The row of a release that is published already; refused with `published` when that has other content."""
    found = Definition.objects.filter(service=new.service, version=new.version, edition=new.edition).first()
    return _require_same(new, found) if found else None


def _require_same(new: Release, found: Definition) -> Definition:
    tables = library.hashes([found]).get(found.pk, {})
    if (found.sha256, tables) != (sealing.digest(new.xml), library.digests(asked(new))):
        raise Refused(
            _("This version is published and cannot be changed. Publish a new version."), code="published"
        )
    return found


def _publish(new: Release, by: User | None, valid_from: datetime | None, now: datetime) -> Definition:
    tables = checked(new)
    if Definition.objects.filter(service=new.service, version=new.version, edition__gt=new.edition).exists():
        raise Refused(_("A newer edition of this process is published already."), code="older")
    facts = sealing.Facts(
        new.service, new.version, new.edition, sealing.digest(new.xml), library.digests(tables),
        valid_from or now, now, by.pk if by else None,
    )  # fmt: skip
    row, is_new = Definition.objects.get_or_create(
        service=new.service,
        version=new.version,
        edition=new.edition,
        defaults={
            "xml": new.xml,
            "sha256": facts.sha256,
            "valid_from": facts.valid_from,
            "published_at": now,
            "published_by": by,
            "signature": sealing.seal(facts),
        },
    )
    if is_new:
        PublishedTable.objects.bulk_create(
            PublishedTable(definition=row, name=name, content=content, sha256=facts.tables[name])
            for name, content in tables.items()
        )
    return row


def compiled(new: Release) -> Graph:
    """The process of a release. Refused with `not_in_subset` (422)."""
    return _compiled(new, library.called)


def _compiled(new: Release, calls: Library) -> Graph:
    try:
        return compile(new.xml, calls)
    except NotInSubset as problem:
        raise Refused(str(problem), code="not_in_subset", status=422) from problem


def asked(new: Release) -> dict[str, bytes]:
    """The decision files a process asks: of those beside it, and of those its called processes were published with.

    Refused with `bad_table` (422) when one cannot be read or a decision is in two of them, also when a called process
    takes it by another table.
    """
    called: list[Definition] = []

    def recorded(process: str, version: int) -> Graph:
        called.append(library.first_edition(process, version))
        return library.graph(called[-1])

    decisions = _decisions(_compiled(new, recorded))
    found: dict[str, bytes] = {}
    homes: dict[str, bytes] = {}
    for files in (new.tables, *(library.contents(one) for one in called)):
        for name, content in files.items():
            for decision in decisions.intersection(_read(name, content).decisions):
                if (
                    found.setdefault(name, content) != content
                    or homes.setdefault(decision, content) != content
                ):
                    _refuse_table(name, _("decision %(id)s is in two tables") % {"id": decision})
    return dict(sorted(found.items()))


def checked(new: Release) -> dict[str, bytes]:
    """The decision files of a release that could be published. Refused like `release`."""
    tables = asked(new)
    known = {decision for name, content in tables.items() for decision in _read(name, content).decisions}
    findings = check.check(compiled(new), check.Known(lanes=LANES, decisions=frozenset(known)))
    if findings:
        raise Refused("; ".join(map(str, findings)), code="unsound", status=422)
    return tables


def _read(name: str, content: bytes) -> dmn.Definitions:
    try:
        return dmn.load(content)
    except SyntaxProblem as problem:
        _refuse_table(name, str(problem))


def _refuse_table(name: str, reason: str) -> NoReturn:
    raise Refused(f"{name}: {reason}", code="bad_table", status=422)


def _decisions(of: Graph) -> set[str]:
    return {node.decision for node in of.nodes.values() if node.kind is Kind.RULE}
