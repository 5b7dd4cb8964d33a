"""How long drafts are kept that nobody works on: days as data, in `retention.toml`."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.db.models import Exists, OuterRef, QuerySet

from consular.cases.models import Attachment, Case, Phase


@dataclass(frozen=True)
class Rule:
    """A draft is deleted `kept` after its last change; its owner is told `told` before."""

    kept: timedelta
    told: timedelta


@cache
def of_drafts() -> Rule:
    """The rule of the file."""
    text = Path(__file__).with_name("retention.toml").read_text(encoding="utf-8")
    days = tomllib.loads(text)["draft"]
    return Rule(timedelta(days=days["kept"]), timedelta(days=days["told"]))


def untouched(since: datetime) -> QuerySet[Case]:
    """The drafts of which nothing was changed since: no answer, no document, nothing about the draft itself."""
    added = Attachment.objects.filter(case=OuterRef("pk"), changed_at__gte=since)
    drafts = Case.objects.filter(phase=Phase.DRAFT, changed_at__lt=since, answers__saved_at__lt=since)
    return drafts.exclude(Exists(added))
