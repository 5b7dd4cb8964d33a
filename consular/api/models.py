"""Keys by which partners' systems use the interface."""

from django.conf import settings
from django.db import models


class Token(models.Model):
    """One key of one account. Only its keyed hash is stored; the key itself is shown once, when it is made."""

    name = models.CharField(max_length=80)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens_of_partners"
    )
    digest = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
