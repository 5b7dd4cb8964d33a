"""Functions that build one valid thing; a test passes only what it is about."""

from datetime import date

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from consular.accounts import sessions
from consular.accounts.models import Kind, Role, User
from consular.cases.models import Answers, Case, Phase
from consular.core import clock, references
from consular.missions.models import Mission, Posting
from consular.workflow.models import Definition, Instance

_numbers = iter(range(1, 1_000_000))


def applicant(**fields: object) -> User:
    """An applicant with an account."""
    return User.objects.create_user(f"applicant{next(_numbers)}@example.org", **fields)


def official(*roles: Role, mission: Mission | None = None, **fields: object) -> User:
    """A member of staff, posted with these roles at one mission (None: everywhere)."""
    number = next(_numbers)
    user = User.objects.create_user(
        f"official{number}@example.org", kind=Kind.STAFF, name=f"Official {number}", **fields
    )
    for role in roles:
        Posting.objects.create(user=user, mission=mission, role=role, starts_on=date(2020, 1, 1))
    return user


def mission(code: str | None = None, **fields: object) -> Mission:
    """An embassy in India's time zone unless said otherwise."""
    values = {
        "code": code or f"M{next(_numbers)}",
        "kind": "embassy",
        "city": "New Delhi",
        "country": "IN",
        "time_zone": "Asia/Kolkata",
        "languages": ["en", "de"],
    }
    return Mission.objects.create(**{**values, **fields})


def sent_case(**fields: object) -> Case:
    """A case that has been sent, without answers, at a mission of its own unless said otherwise."""
    now = clock.now()
    post = fields.pop("mission", None) or mission()
    definition, _ = Definition.objects.get_or_create(
        service="schengen_visa",
        version=1,
        defaults={"xml": b"", "sha256": "0" * 64, "valid_from": now, "published_at": now},
    )
    values = {
        "reference": references.issue(),
        "service": "schengen_visa",
        "version": 1,
        "owner": fields.pop("owner", None) or applicant(),
        "language": "en",
        "phase": Phase.IN_REVIEW,
        "mission": post,
        "applicant_name": "Ama Mensah",
        "instance": Instance.objects.create(
            definition=definition, mission=post, phase=Phase.IN_REVIEW, started_at=now
        ),
        "created_at": now,
        "changed_at": now,
        "submitted_at": now,
    }
    case = Case.objects.create(**{**values, **fields})
    Answers.objects.create(case=case, saved_at=now)
    return case


def signed_in(client: Client, user: User, level: sessions.Level | None = None) -> Client:
    """The client with a session of this user; for staff after an authenticator app, which is made if there is none."""
    device = None
    if user.kind == Kind.STAFF:
        device, _made = TOTPDevice.objects.get_or_create(user=user, confirmed=True, defaults={"name": "app"})
    request = HttpRequest()
    request.session, request.user = client.session, AnonymousUser()
    sessions.begin(request, user, level or sessions.Level(user.kind), device=device)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return client
