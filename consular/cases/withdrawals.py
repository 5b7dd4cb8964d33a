"""Withdrawals that did not come over the applicant's own page."""

from django.db import models
from django.utils.translation import gettext_lazy as _

ENTERED = "withdrawal_entered"
"""The event of a withdrawal that an officer entered: `on` is the day it reached the mission, `how` a channel."""


class Channel(models.TextChoices):
    """How it reached the mission."""

    LETTER = "letter", _("By letter")
    COUNTER = "counter", _("At the counter")
    EMAIL = "email", _("By e-mail")
