"""`consular signing-keys`: whether the keys of letters and seals can sign, before anybody waits for a letter."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management import BaseCommand

from consular.decisions import expiry, seal, signature

SAMPLE = b"consular signing-keys"
SIGN: dict[str, Callable[[], bytes]] = {
    "signing_key": lambda: signature.sign_list(SAMPLE),
    "seal_key": lambda: seal.current().sign(SAMPLE),
}


class Command(BaseCommand):
    """Try both keys."""

    help = (
        "Sign something with the key of the letters and with that of the seal, and say until when their certificates "
        "count. Ends with 0 when both sign, with 1 when one does not, and says why."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        found = {name: _tried(name) for name in SIGN}
        if options["json"]:
            self.stdout.write(json.dumps(found))
        else:
            self.stdout.write("\n".join(_as_text(name, one) for name, one in found.items()))
        if not all(one["signs"] for one in found.values()):
            raise SystemExit(1)


def _tried(name: str) -> dict[str, Any]:
    try:
        SIGN[name]()
        return {"signs": True, "ends_on": expiry.ENDS[name]().isoformat(), "reason": ""}
    except (OSError, ValueError) as error:
        return {"signs": False, "ends_on": None, "reason": str(error) or type(error).__name__}


def _as_text(name: str, found: dict[str, Any]) -> str:
    if found["signs"]:
        return f"{name}: signs; its certificate ends on {found['ends_on']}"
    return f"{name}: does not sign: {found['reason']}"
