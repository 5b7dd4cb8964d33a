"""The `consular` command: Django's commands and our own under one name."""

import contextlib
import os
import sys

from consular.ops import local, preparation, supervisor
from consular.ops.postgres import CannotRun

NEEDS_NO_DATABASE = {
    *{"", "help", "version", "messages", "rules", "forms", "collectstatic"},
    *{"mrz", "stay_days", "seal", "signing_keys", "draw"},
}
WITHOUT_DATABASE_ONLY = {"process": {"check", "play"}}
"""Of these commands only some actions do without."""
SETS_UP_ITSELF = {"prepare", "migrate", "makemigrations", "showmigrations"}


def main() -> int:
    """Run one command, as `consular <command>` or `python -m consular <command>`; dashes and underscores are equal."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consular.settings")
    arguments = _arguments(sys.argv[1:])
    command = arguments[0] if arguments and arguments[0][0] != "-" else ""
    if command == "up":
        return supervisor.main(arguments[1:])
    if arguments[:2] == ["help", "up"]:
        return supervisor.main(["--help"])
    with contextlib.ExitStack() as stack:
        if local.is_local() and local.prepare_environment() and _needs_database(command, arguments):
            try:
                stack.enter_context(local.running_database())
            except CannotRun as reason:
                sys.stderr.write(f"{reason}\n")
                return 1
            stack.callback(_let_go)
            if command not in SETS_UP_ITSELF and not preparation.is_current(demo=False):
                _prepare()
        _run([sys.argv[0], *arguments])
    return 0


def _arguments(given: list[str]) -> list[str]:
    """The arguments, with the names of commands written as Django finds them."""
    names = 2 if given[:1] == ["help"] else 1
    return [
        word.replace("-", "_") if position < names and word[:1] not in {"-", ""} else word
        for position, word in enumerate(given)
    ]


def _needs_database(command: str, arguments: list[str]) -> bool:
    if {"-h", "--help", "--version"} & set(arguments):
        return False
    actions = WITHOUT_DATABASE_ONLY.get(command)
    if actions is not None:
        return next((word for word in arguments[1:] if word[:1] != "-"), "check") not in actions
    return command not in NEEDS_NO_DATABASE


def _prepare() -> None:
    """Bring the embedded database up to the code; nothing of it goes to standard output."""
    with preparation.turn():
        if not preparation.is_current(demo=False):
            sys.stderr.write("Preparing the local database ...\n")
            _run([sys.argv[0], "prepare", "--quiet"])
            preparation.remember()


def _let_go() -> None:
    """Close what the pool holds open, before the server stops."""
    from django.db import connections  # noqa: PLC0415  reads the environment set above

    for connection in connections.all(initialized_only=True):
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL has one


def _run(arguments: list[str]) -> None:
    from django.core.management import execute_from_command_line  # noqa: PLC0415  reads the environment set above

    execute_from_command_line(arguments)


if __name__ == "__main__":
    sys.exit(main())
