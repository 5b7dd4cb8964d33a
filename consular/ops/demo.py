"""The demo: synthetic officers with a second factor at several missions, calendars, and cases at every stage.

Everything goes through the same verbs as in production. It is seeded once and never in production.
"""

import base64
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from consular.accounts.models import Kind, Role, User
from consular.appointments.models import Calendar, OpeningRule
from consular.core.errors import Refused
from consular.missions.models import Mission, MissionKind, Posting, ServiceGroup

PASSWORD = "correct horse battery staple"  # noqa: S105  printed at every start; the demo never runs in production
RECOVERY_CODES = 3
AT_EACH = (Role.INTAKE_CLERK, Role.CASEWORKER, Role.DECIDER, Role.SLOT_MANAGER, Role.HEAD_OF_SECTION)
STAFFED = ("NEWD", "MUMB", "LOSA", "SAOP", "ISTA", "PEKI")
SINCE = date(2024, 1, 1)


@dataclass(frozen=True)
class Account:
    """What one needs to sign in as a demo officer."""

    email: str
    secret: str
    recovery: tuple[str, ...]


def seed() -> None:
    """Make the demo if there is none yet."""
    if settings.PRODUCTION:
        raise Refused("The demo is never seeded in production.", code="production")
    if User.objects.filter(kind=Kind.STAFF).exists():
        return
    with transaction.atomic():
        accounts = _officers()
        for mission in Mission.objects.exclude(kind=MissionKind.BACK_OFFICE):
            _calendar(mission)
    _write_down(accounts)


def _officers() -> list[Account]:
    """One officer for each role at each staffed mission, an auditor and an administrator everywhere."""
    accounts = []
    for mission in Mission.objects.filter(code__in=STAFFED).order_by("code"):
        for role in AT_EACH:
            name = f"{role.label} {mission.code}"
            accounts.append(
                _officer(f"{role.value}.{mission.code.lower()}@example.org", str(name), role, mission)
            )
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        accounts.append(_officer(f"{role.value}@example.org", str(role.label), role, None))
    return accounts


def _officer(email: str, name: str, role: Role, mission: Mission | None) -> Account:
    email = email.replace("_", "-")
    user = User.objects.create_user(email, PASSWORD, kind=Kind.STAFF, name=name)
    Posting.objects.create(user=user, mission=mission, role=role, starts_on=SINCE)
    device = TOTPDevice.objects.create(user=user, name="demo", confirmed=True)
    codes = StaticDevice.objects.create(user=user, name="recovery")
    tokens = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=codes, token=token) for token in tokens)
    return Account(email, base64.b32encode(device.bin_key).decode(), tuple(tokens))


def _calendar(mission: Mission) -> None:
    """Weekday mornings with two counters for short-stay visas."""
    calendar = Calendar.objects.create(mission=mission, services=["schengen_visa"])
    OpeningRule.objects.bulk_create(
        OpeningRule(
            calendar=calendar, weekday=weekday, opens=time(9), closes=time(12), places=2, valid_from=SINCE
        )
        for weekday in range(5)
    )


def _write_down(accounts: list[Account]) -> None:
    """Keep the demo accounts in a file of the owner's, which `consular up` shows at every start."""
    lines = [
        "  Demo officers, all with the password:  " + PASSWORD,
        "  Second factor: add the secret to an authenticator app, ask `consular second-factor-code EMAIL`,",
        "  or use a recovery code, once.",
        "",
    ]
    for account in accounts:
        lines.append(
            f"    {account.email:<34} secret {account.secret}  recovery {' '.join(account.recovery)}"
        )
    path = Path(settings.HOME) / "demo-accounts.txt"
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
