"""`consular token`: keys for partners' systems that use the REST interface."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management import BaseCommand, CommandError

from consular.accounts import tokens
from consular.accounts.models import User
from consular.core import clock
from consular.core.errors import Refused

NOT_THERE = 1
BAD_INPUT = 2


class Command(BaseCommand):
    """Make a key, which is shown this once, or end one at once."""

    help = "Make or revoke a token by which a partner's system uses the REST interface as an account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="create|revoke")
        create = actions.add_parser("create", help="make a token and show it, once")
        revoke = actions.add_parser("revoke", help="end a token at once")
        for action in (create, revoke):
            action.add_argument("--user", required=True, metavar="EMAIL", help="the account it acts for")
            action.add_argument(
                "--name", required=True, help="what it is for, for example the partner's name"
            )
            action.add_argument("--json", action="store_true", help="answer as one JSON object")
        longest = f"for how many days it is valid, {tokens.LONGEST_DAYS} at most"
        create.add_argument("--days", type=int, required=True, help=longest)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["user"].strip()).first()
        if user is None:
            raise CommandError(f"There is no account {options['user']}.", returncode=NOT_THERE)
        act = self._create if options["action"] == "create" else self._revoke
        facts, text = act(user, options)
        self.stdout.write(json.dumps(facts) if options["json"] else text)

    def _create(self, user: User, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
        try:
            key = tokens.create(user, name=options["name"], days=options["days"])
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=BAD_INPUT) from refusal
        until = (clock.today() + timedelta(days=options["days"])).isoformat()
        text = f"{key}\nValid until {until}. Keep it safe: it is not shown again."
        return {"token": key, "user": user.email, "name": options["name"], "expires_on": until}, text

    def _revoke(self, user: User, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
        if not tokens.revoke(user, name=options["name"]):
            message = f"{user.email} has no open token called {options['name']}."
            raise CommandError(message, returncode=NOT_THERE)
        return {"user": user.email, "name": options["name"], "revoked": True}, "The token is revoked."
