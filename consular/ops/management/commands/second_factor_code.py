"""`consular second-factor-code EMAIL`: what an authenticator app would show for a demo officer. Never in production."""

from argparse import ArgumentParser
from time import time
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice


class Command(BaseCommand):
    """Print the current code of a local officer's authenticator."""

    help = "Print the code an authenticator app would show now for an officer of the demo (refused in production)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("In production the second factor stays with its owner.")
        device = TOTPDevice.objects.filter(user__email=options["email"].lower()).first()
        if device is None:
            raise CommandError(f"{options['email']} has no authenticator.")
        totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
        totp.time = time()
        self.stdout.write(f"{totp.token():0{device.digits}d}")
