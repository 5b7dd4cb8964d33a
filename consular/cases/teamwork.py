"""What officers share about a case: flags, mentions, notes being written, and who opened it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class FlagKind:
    """One kind of flag as `flags.toml` has it: its id, what it is called (an English message), and how it looks."""

    id: str
    title: str
    tone: str

    @property
    def label(self) -> str:
        """What it is called, in the reader's language."""
        return _(self.title)


@cache
def flag_kinds() -> Mapping[str, FlagKind]:
    """The flags that can be set, by id, in the order of the file."""
    text = Path(__file__).with_name("flags.toml").read_text(encoding="utf-8")
    return {name: FlagKind(name, row["label"], row["tone"]) for name, row in tomllib.loads(text).items()}


class Flag(models.Model):
    """One flag on a case; it stays as a row when it is removed."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="flags", db_index=False)
    kind = models.CharField(max_length=20)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(removed_at=None), name="one_flag_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="who_removed_a_flag_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "case"], name="flagged_cases", condition=Q(removed_at=None)),
        ]

    def __str__(self) -> str:
        return f"flag {self.kind}"

    @property
    def label(self) -> str:
        """What the flag is called; its id where the list has it no more."""
        known = flag_kinds().get(self.kind)
        return known.label if known else self.kind

    @property
    def tone(self) -> str:
        """How it looks."""
        known = flag_kinds().get(self.kind)
        return known.tone if known else ""


class Mention(models.Model):
    """An officer whom an internal note is meant for, until they have read it."""

    message = models.ForeignKey("cases.Message", on_delete=models.CASCADE, related_name="mentions")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "to"], name="one_mention_per_note")]
        indexes = [models.Index(fields=["to", "id"], name="mentions_to_read", condition=Q(seen_at=None))]

    def __str__(self) -> str:
        return f"mention {self.pk}"


class NoteDraft(models.Model):
    """What an officer is writing about a case and has not sent: kept here, and never in the browser."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    text = models.TextField(max_length=5000)
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "case"], name="one_note_draft_per_author")]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Opening(models.Model):
    """An officer had a case open on a day: first, last, how often; `since` is the beginning of the last time.

    The applicant sees it, too, without the name; it cannot be deleted before two years are over.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="openings", db_index=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField()
    first_at = models.DateTimeField()
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "day", "by"], name="one_opening_per_day")]
        indexes = [models.Index(fields=["by", "day"], name="openings_of_officer")]
        triggers = [
            pgtrigger.Protect(
                name="kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition('OLD."day" >= now()::date - 730'),
            ),
        ]

    def __str__(self) -> str:
        return f"opening {self.pk}"
