"""What cases are found by, and who searched for what purpose.

Names are kept in a form that is the same for every spelling (`consular.travel.folding`), numbers of documents as a
keyed hash. Of a search the typed text is kept as a keyed hash only: who knows the text can see whether it was meant.
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

DIGEST = 32


class Purpose(models.TextChoices):
    """Why an officer searches. Searching without one is not possible."""

    APPLICANT = "applicant", _("The applicant is at the counter or on the telephone")
    MAIL = "mail", _("Letter or e-mail that belongs to a case")
    EXAMINATION = "examination", _("Earlier or parallel applications in an examination")
    AUTHORITY = "authority", _("Request of another authority")
    RIGHTS = "rights", _("Request of a person about their own data")
    SUPERVISION = "supervision", _("Supervision or complaint")
    OTHER = "other", _("Something else, as explained")


class SearchName(models.Model):
    """One name of the person of a sent case, with what else the person is found by; a case has one to four.

    `latin` is the name as `consular.travel.folding` spells it, `keys` are its words: those in Latin letters with a sign
    of equality before them, and those of its own script. `missions` has the mission of the case: an index of both
    passes over other missions' people at once. `birth_date` is as in the answers (it may be partial), `document` a
    keyed hash of the number of the travel document.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="search_names")
    latin = models.CharField(max_length=400, blank=True)
    keys = ArrayField(models.CharField(max_length=200))
    missions = ArrayField(models.BigIntegerField())
    birth_date = models.CharField(max_length=10, blank=True)
    document = models.BinaryField(null=True)

    class Meta:
        indexes = [
            GinIndex(fields=["keys", "missions"], name="search_by_key"),
            models.Index(fields=["latin"], name="search_by_name"),
            models.Index(fields=["birth_date"], name="search_by_birth"),
            models.Index(fields=["document"], name="search_by_document", condition=Q(document__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"name {self.pk}"


class SearchWord(models.Model):
    """One word of some name in the plain Latin spelling: what a mistyped word may have been meant to be."""

    word = models.CharField(max_length=200, primary_key=True)
    consonants = models.CharField(max_length=200)

    class Meta:
        indexes = [
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="words_alike"),
            models.Index(fields=["consonants"], name="words_sounding_alike"),
        ]

    def __str__(self) -> str:
        return self.word


class Search(models.Model):
    """One search: who, when, why, by which fields, and which cases were shown. Kept to the end of the following year.

    `digest` is a keyed hash of what was typed. `missions` are those the officer was posted at, whose auditors see it.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    note = models.CharField(max_length=200, blank=True)
    fields = ArrayField(models.CharField(max_length=20))
    digest = models.BinaryField(max_length=DIGEST)
    missions = ArrayField(models.BigIntegerField())
    shown = ArrayField(models.BigIntegerField())
    is_cut = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["by", "-id"], name="searches_of_officer"),
            GinIndex(fields=["missions"], name="searches_of_mission"),
            GinIndex(fields=["shown"], name="searches_that_showed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(purpose="other") | ~Q(note=""), name="another_purpose_is_explained"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="never_rewritten", operation=pgtrigger.Update),
            pgtrigger.Protect(
                name="kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.\"at\" >= date_trunc('year', now()) - interval '1 year'"),
            ),
        ]

    def __str__(self) -> str:
        return f"search {self.pk}"
