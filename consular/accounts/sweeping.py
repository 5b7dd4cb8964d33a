"""What accounts leave behind and nobody needs any more; for a daily job."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django_otp.plugins.otp_email.models import EmailDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from consular.accounts import codes, throttle
from consular.core import clock

UNCONFIRMED = timedelta(days=1)


def sweep() -> int:
    """Forget old counts, sessions that are over, codes of yesterday and apps never confirmed; returns how many rows."""
    now = clock.now()
    over = (
        Session.objects.filter(expire_date__lt=now),
        EmailDevice.objects.filter(name=codes.NAME, valid_until__lt=now - codes.KEPT),
        TOTPDevice.objects.filter(confirmed=False, created_at__lt=now - UNCONFIRMED),
    )
    return throttle.sweep() + sum(rows.delete()[0] for rows in over)
