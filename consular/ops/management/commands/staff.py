"""`consular staff`: accounts of officers and where they are posted. The first administrator starts here."""

import json
import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.validators import ValidationError, validate_email
from django.db import transaction

from consular.accounts.models import Kind, Role, User
from consular.core import clock
from consular.missions.models import Mission, Posting

BAD_INPUT = 2
ROLES = [role.value for role in Role if role is not Role.APPLICANT]


class Command(BaseCommand):
    """Post an officer, or shut an account."""

    help = (
        "Post an officer to a mission in a role, or shut an officer's account. A new account gets a password, shown "
        "this once; the second factor is set up at the first sign-in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="post|shut")
        post = actions.add_parser("post", help="post an officer; makes the account where there is none")
        post.add_argument("--name", default="", help="the officer's name, for a new account")
        post.add_argument("--role", required=True, choices=ROLES)
        post.add_argument("--mission", metavar="CODE", help="the mission; everywhere unless given")
        shut = actions.add_parser("shut", help="nobody signs in with this account any more")
        for action in (post, shut):
            action.add_argument("email", metavar="EMAIL")
            action.add_argument("--json", action="store_true", help="answer as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        answer = _post(options) if options["action"] == "post" else _shut(options["email"])
        text = "\n".join(f"{name}: {value}" for name, value in answer.items())
        self.stdout.write(json.dumps(answer) if options["json"] else text)


@transaction.atomic
def _post(options: dict[str, Any]) -> dict[str, Any]:
    """Make the account where there is none, and the posting where it is not there."""
    mission = _mission(options["mission"])
    user = User.objects.filter(email__iexact=options["email"].strip()).first()
    answer: dict[str, Any] = {}
    if user is None:
        answer["password"] = secrets.token_urlsafe(18)
        user = _new(options["email"], options["name"], answer["password"])
    if user.kind != Kind.STAFF:
        raise CommandError(f"{user.email} is an applicant's account.", returncode=BAD_INPUT)
    if not user.is_active:
        raise CommandError(f"The account {user.email} is shut.", returncode=BAD_INPUT)
    today = clock.today()
    wanted = {"user": user, "mission": mission, "role": options["role"]}
    if not Posting.objects.valid_on(today).filter(**wanted).exists():
        Posting.objects.create(**wanted, starts_on=today)
    where = mission.code if mission else "everywhere"
    return {"email": user.email, "role": options["role"], "mission": where, **answer}


def _mission(code: str | None) -> Mission | None:
    if code is None:
        return None
    mission = Mission.objects.filter(code=code).first()
    if mission is None:
        raise CommandError(f"There is no mission {code}.", returncode=BAD_INPUT)
    return mission


def _new(email: str, name: str, password: str) -> User:
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"{email[:80]!r} is no e-mail address.", returncode=BAD_INPUT) from None
    return User.objects.create_user(email, password, kind=Kind.STAFF, name=name)


def _shut(email: str) -> dict[str, Any]:
    """Shut the account; its sessions end with the next request."""
    shut = User.objects.filter(email__iexact=email.strip(), kind=Kind.STAFF).update(is_active=False)
    if not shut:
        raise CommandError(f"There is no officer {email}.", returncode=BAD_INPUT)
    return {"email": email, "shut": True}
