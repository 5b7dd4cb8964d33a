"""`consular up`: listed here for `consular help`; the command itself starts before Django does (see __main__)."""

from typing import Any

from django.core.management import BaseCommand

from consular.ops import supervisor


class Command(BaseCommand):
    """Run the whole service on this machine."""

    help = supervisor.DESCRIPTION
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        raise SystemExit(supervisor.main([]))
