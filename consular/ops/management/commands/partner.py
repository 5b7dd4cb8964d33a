"""`consular partner`: the authorities that are consulted, and the accounts that answer for them."""

import json
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.validators import ValidationError, validate_email, validate_slug
from django.db import transaction
from django.db.models import Q

from consular.accounts.models import User
from consular.cases.consultations import Partner, PartnerKind, PartnerMember
from consular.core import clock

NOT_THERE = 1
BAD_INPUT = 2


class Command(BaseCommand):
    """Add a partner, and say which account answers for it and until when."""

    help = (
        "Add an authority that is consulted, let an account answer for it, or end that. The code is the id the "
        "decision tables use; the account's system then needs a key (consular token)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="add|join|leave")
        add = actions.add_parser("add", help="add a partner, or give it another name")
        add.add_argument("--name", required=True, help="its name by function, in English")
        add.add_argument("--kind", required=True, choices=PartnerKind.values)
        join = actions.add_parser("join", help="let an account answer; makes the account where there is none")
        join.add_argument("--until", type=date.fromisoformat, metavar="DATE", help="the last day")
        leave = actions.add_parser("leave", help="the account answers no more, from now on")
        for action in (add, join, leave):
            action.add_argument("code", metavar="CODE")
            action.add_argument("--json", action="store_true", help="answer as one JSON object")
        for action in (join, leave):
            action.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        act = {"add": _add, "join": _join, "leave": _leave}[options["action"]]
        with transaction.atomic():
            answer = act(options)
        text = "\n".join(f"{name}: {value}" for name, value in answer.items() if value is not None)
        self.stdout.write(json.dumps(answer) if options["json"] else text)


def _add(options: dict[str, Any]) -> dict[str, Any]:
    code, name = options["code"], options["name"].strip()
    try:
        validate_slug(code)
    except ValidationError:
        raise CommandError(
            f"{code[:80]!r} is no code: letters, digits, - and _.", returncode=BAD_INPUT
        ) from None
    if len(code) > 60 or not name or len(name) > 160 or not name.isprintable():
        raise CommandError("A code has up to 60, a name 1 to 160 characters.", returncode=BAD_INPUT)
    Partner.objects.update_or_create(code=code, defaults={"name": name, "kind": options["kind"]})
    return {"code": code, "name": name, "kind": options["kind"]}


def _join(options: dict[str, Any]) -> dict[str, Any]:
    """Let the account answer from today on; an open membership only gets another last day."""
    partner, today = _partner(options["code"]), clock.today()
    until = options["until"]
    if until is not None and until < today:
        raise CommandError("The last day has passed.", returncode=BAD_INPUT)
    user = User.objects.filter(email__iexact=options["email"].strip()).first() or _new(options["email"])
    if user.is_official:
        raise CommandError(
            f"{user.email} is an officer's account: officers enter answers at the desk.", returncode=BAD_INPUT
        )
    if not user.is_active:
        raise CommandError(f"The account {user.email} is shut.", returncode=BAD_INPUT)
    if not _open(partner, user, today).update(ends_on=until):
        PartnerMember.objects.create(partner=partner, user=user, starts_on=today, ends_on=until)
    return {"code": partner.code, "email": user.email, "until": until.isoformat() if until else None}


def _leave(options: dict[str, Any]) -> dict[str, Any]:
    """End the membership with yesterday; one that began today never was."""
    partner, today = _partner(options["code"]), clock.today()
    user = User.objects.filter(email__iexact=options["email"].strip()).first()
    held = _open(partner, user, today) if user else PartnerMember.objects.none()
    if user is None or not held.exists():
        raise CommandError(f"{options['email']} does not answer for {partner.code}.", returncode=NOT_THERE)
    held.filter(starts_on=today).delete()
    held.update(ends_on=today - timedelta(days=1))
    return {"code": partner.code, "email": user.email, "left": True}


def _open(partner: Partner, user: User, today: date) -> Any:
    still = Q(ends_on=None) | Q(ends_on__gte=today)
    return PartnerMember.objects.filter(still, partner=partner, user=user)


def _partner(code: str) -> Partner:
    partner = Partner.objects.filter(code=code).first()
    if partner is None:
        raise CommandError(f"There is no partner {code}.", returncode=NOT_THERE)
    return partner


def _new(email: str) -> User:
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"{email[:80]!r} is no e-mail address.", returncode=BAD_INPUT) from None
    return User.objects.create_user(email)
