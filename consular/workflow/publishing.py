"""Definitions: published once, checked before, never changed; compiled once per process of the operating
system.
"""

import hashlib
from collections import OrderedDict
from datetime import datetime

from django.utils.translation import gettext as _

from consular.accounts.models import Role, User
from consular.core import clock
from consular.core.errors import Refused
from consular.workflow import check
from consular.workflow.compile import NotInSubset, compile
from consular.workflow.graph import Graph
from consular.workflow.models import Definition

LANES = frozenset(role.value for role in Role) - {Role.APPLICANT.value}

_MOST_COMPILED = 200
_compiled: "OrderedDict[str, Graph]" = OrderedDict()


def publish(
    service: str, version: int, xml: bytes, by: User | None = None, now: datetime | None = None
) -> Definition:
    """Publish a process; the same file again changes nothing.

    Refused with code `not_in_subset` or `unsound` (422), saying what is wrong where, and with `published`
    when this version exists with other content: running cases rely on it.
    """
    digest = hashlib.sha256(xml).hexdigest()
    existing = Definition.objects.filter(service=service, version=version).first()
    if existing is None:
        _require_sound(xml)
        moment = now or clock.now()
        facts = {
            "xml": xml,
            "sha256": digest,
            "valid_from": moment,
            "published_at": moment,
            "published_by": by,
        }
        existing, _new = Definition.objects.get_or_create(service=service, version=version, defaults=facts)
    if existing.sha256 != digest:
        raise Refused(
            _("This version is published and cannot be changed. Publish a new version."), code="published"
        )
    return existing


def _require_sound(xml: bytes) -> None:
    try:
        compiled = compile(xml, _library)
    except NotInSubset as problem:
        raise Refused(str(problem), code="not_in_subset", status=422) from problem
    findings = check.check(compiled, check.Known(lanes=LANES))
    if findings:
        raise Refused("; ".join(map(str, findings)), code="unsound", status=422)


def graph(definition: Definition) -> Graph:
    """The compiled process of a definition (lanes, names, forms of its nodes)."""
    key = definition.sha256
    found = _compiled.get(key)
    if found is None:
        found = _compiled[key] = compile(bytes(definition.xml), _library)
        if len(_compiled) > _MOST_COMPILED:
            _compiled.popitem(last=False)
    return found


def _library(process: str, version: int) -> Graph:
    """The published process that a call activity names."""
    try:
        return graph(Definition.objects.get(service=process, version=version))
    except Definition.DoesNotExist as missing:
        raise LookupError(f"{process} v{version}") from missing
