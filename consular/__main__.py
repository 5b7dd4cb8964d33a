"""The `consular` command: Django's commands and our own under one name."""

import contextlib
import os
import sys

from consular.ops import local

SETS_UP_ITSELF = {"up", "prepare", "migrate", "help", "--help", "--version"}


def main() -> int:
    """Run one command, as `consular <command>` or `python -m consular <command>`; dashes and underscores are equal."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consular.settings")
    command = sys.argv[1].replace("-", "_") if len(sys.argv) > 1 and sys.argv[1][0] != "-" else ""
    if command == "up":
        return _up()
    with contextlib.ExitStack() as stack:
        if local.is_local() and local.prepare_environment():
            is_new = stack.enter_context(local.running_database())
            if is_new and command not in SETS_UP_ITSELF:
                _run(["consular", "prepare", "--quiet"])
        _run([sys.argv[0], command, *sys.argv[2:]] if command else sys.argv)
    return 0


def _run(arguments: list[str]) -> None:
    from django.core.management import execute_from_command_line  # noqa: PLC0415  reads the environment set above

    execute_from_command_line(arguments)


def _up() -> int:
    from consular.ops import supervisor  # noqa: PLC0415  needs the embedded broker, which production does not have

    return supervisor.main(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
