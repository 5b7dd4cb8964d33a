"""The demo: synthetic officers with a second factor at several missions, calendars, and cases at every stage.

Everything a person could have done goes through the same verbs as in production. It is seeded once, and never in
production.
"""

import base64
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from consular import casework
from consular.accounts import factors, tokens
from consular.accounts.models import Kind, Role, User
from consular.appointments.models import Calendar, OpeningRule
from consular.cases.consultations import Partner, PartnerKind, PartnerMember
from consular.core.errors import Refused
from consular.missions.models import Mission, Posting, ServiceGroup
from consular.ops import demo_cases, demo_help

PASSWORD = "correct horse battery staple"  # noqa: S105  printed at every start of the demo
SHOWN_CODES = 2
AT_EACH = (Role.INTAKE_CLERK, Role.CASEWORKER, Role.DECIDER, Role.SLOT_MANAGER, Role.HEAD_OF_SECTION)
TWICE = (Role.INTAKE_CLERK,)
"""What is printed is checked by a second person of the same role."""
EVERYWHERE = (Role.AUDITOR, Role.ADMINISTRATOR)
STAFFED = ("NEWD", "MUMB", "LOSA", "SAOP", "ISTA", "PEKI")
PARTNERS = (
    ("central_authorities", "Central visa authority", PartnerKind.CENTRAL),
    ("foreigners_authority", "Foreigners authority", PartnerKind.FOREIGNERS),
    ("employment_agency", "Employment agency", PartnerKind.EMPLOYMENT),
    ("security", "Security authority", PartnerKind.SECURITY),
    ("chambers", "Chamber of the trade or profession", PartnerKind.EXPERT),
    ("competent_authority", "Competent passport authority", PartnerKind.PASSPORT),
    ("registrar", "Registrar in Germany", PartnerKind.REGISTRY),
    ("citizenship_authority", "Citizenship authority", PartnerKind.CITIZENSHIP),
    ("state_of_nationality", "Ministry of the state of nationality", PartnerKind.CENTRAL),
)
CALENDARS = (
    (ServiceGroup.VISA_C, (demo_cases.SERVICE,), 2),
    (ServiceGroup.VISA_D, ("national_visa",), 1),
    (ServiceGroup.PASSPORT_ID, ("passport", "identity_card"), 1),
)
"""What one can book at each staffed mission: the group, its services, and at how many counters."""
KEY_DAYS = 365
SINCE = date(2024, 1, 1)


@dataclass(frozen=True)
class Account:
    """What one needs to sign in as a demo officer."""

    email: str
    secret: str
    recovery: tuple[str, ...]


@dataclass(frozen=True)
class Key:
    """What the system of a demo partner needs to answer."""

    email: str
    key: str


def seed() -> None:
    """Make the demo, once; one that was interrupted goes on where it stopped."""
    if settings.PRODUCTION:
        raise Refused("The demo is never seeded in production.", code="production")
    if not User.objects.filter(kind=Kind.STAFF).exists():
        with transaction.atomic():
            accounts = _officers()
            for mission in Mission.objects.filter(code__in=STAFFED):
                for category, services, counters in CALENDARS:
                    _calendar(mission, category, services, counters)
                demo_help.calendar(mission, SINCE)
            _write_down(accounts, [_partner(*partner) for partner in PARTNERS])
        casework.open_calendars()
    demo_cases.make()
    demo_help.make()


def _officers() -> list[Account]:
    """One officer for each role at each staffed mission, an auditor and an administrator everywhere."""
    hashed = make_password(PASSWORD)
    missions = Mission.objects.filter(code__in=STAFFED).order_by("code")
    accounts = [_officer(role, mission, hashed) for mission in missions for role in AT_EACH]
    accounts += [_officer(role, mission, hashed, "2") for mission in missions for role in TWICE]
    return accounts + [_officer(role, None, hashed) for role in EVERYWHERE]


def _officer(role: Role, mission: Mission | None, hashed: str, number: str = "") -> Account:
    """An account with a posting, an authenticator and recovery codes."""
    place = f".{mission.code.lower()}" if mission else ""
    user = User.objects.create(
        email=f"{role.value.replace('_', '-')}{number}{place}@example.org",
        password=hashed,
        kind=Kind.STAFF,
        name=f"{role.label} {mission.code} {number}".strip() if mission else str(role.label),
    )
    Posting.objects.create(user=user, mission=mission, role=role, starts_on=SINCE)
    device = TOTPDevice.objects.create(user=user, name="demo", confirmed=True)
    codes = factors.new_recovery_codes(user)[:SHOWN_CODES]
    return Account(user.email, base64.b32encode(device.bin_key).decode(), codes)


def _calendar(mission: Mission, category: ServiceGroup, services: tuple[str, ...], counters: int) -> None:
    """Weekday mornings for these services, every second Wednesday until four with a break.

    Where there are two counters, the second one is the staff's on the long Wednesdays. A fifth of the places is
    released a week before.
    """
    calendar = Calendar.objects.create(
        mission=mission,
        category=category,
        services=list(services),
        counters=counters,
        week_share=20,
        release_at=time(8),
        release_jitter=60,
    )
    always = {"calendar": calendar, "capacity": counters, "valid_from": SINCE, "opens_at": time(9)}
    OpeningRule.objects.bulk_create(
        OpeningRule(weekday=weekday, closes_at=time(12), **always) for weekday in range(5)
    )
    OpeningRule.objects.create(
        **always,
        weekday=2,
        every=2,
        closes_at=time(16),
        pause_from=time(12),
        pause_to=time(13),
        internal=counters - 1,
    )


def _partner(code: str, name: str, kind: PartnerKind) -> Key:
    """An authority that is consulted, an account that answers for it, and the key of its system."""
    user = User.objects.create_user(f"{code.replace('_', '-')}@example.org", name=name)
    partner = Partner.objects.create(code=code, name=name, kind=kind)
    PartnerMember.objects.create(partner=partner, user=user, starts_on=SINCE)
    return Key(user.email, tokens.create(user, name="demo", days=KEY_DAYS))


def _write_down(accounts: list[Account], keys: list[Key]) -> None:
    """Keep the demo accounts in a file of the owner's, which `consular up` shows at every start."""
    lines = [
        f"  Demo officers, all with the password:  {PASSWORD}",
        "  Second factor: add the secret to an authenticator app, ask `consular second-factor-code EMAIL`,",
        "  or use a recovery code, once.",
        "",
    ]
    lines += [
        f"    {account.email:<34} secret {account.secret}  recovery {' '.join(account.recovery)}"
        for account in accounts
    ]
    lines += ["", "  Demo partners, with the keys of their systems for the REST interface:", ""]
    lines += [f"    {key.email:<34} {key.key}" for key in keys]
    lines += ["", "  Demo applicants, who sign in with a code that is in the mail above:", ""]
    lines += [
        f"    applicant1@example.org to applicant{len(demo_cases.PEOPLE)}@example.org, {demo_help.EMAIL}"
    ]
    path = Path(settings.HOME) / "demo-accounts.txt"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
