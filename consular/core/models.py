"""Jobs: promises written in the same transaction as the fact they follow from."""

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One promise to do something after commit; kept until done, leased while somebody works on it."""

    name = models.CharField(max_length=80)
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["run_at"], name="job_open", condition=Q(done_at=None, dead_at=None)),
            models.Index(fields=["dead_at"], name="job_dead", condition=~Q(dead_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"


class KeptAnswer(models.Model):
    """The answer to one request of a program, kept for a day under a keyed hash of its caller and its key."""

    key = models.BinaryField(primary_key=True, max_length=32)
    request = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=60)
    location = models.CharField(max_length=200)
    body = models.BinaryField()
    claimed_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.status} {self.claimed_at}"
