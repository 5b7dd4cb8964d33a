"""`consular forms check`: is every folder below forms/ in order? `consular forms publish`: lock one for good."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from consular import fees
from consular.core import clock
from consular.decisions import rulings
from consular.formspec import Finding, Folder, FolderProblem, editions, folders, lock
from consular.ops import publication
from consular.workflow import check, compile


class Command(BaseCommand):
    """Say what is wrong with forms, processes and tables, with file and line."""

    help = "Check the folders of the services, or lock a version so that it is never edited again."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="check|publish")
        check = actions.add_parser("check", help="check every folder; exit 1 when something is wrong")
        check.add_argument("--json", action="store_true", help="answer in JSON")
        publish = actions.add_parser(
            "publish", help="write published.lock for one version, or one edition of it"
        )
        publish.add_argument("service")
        publish.add_argument("version", type=int)
        publish.add_argument(
            "--edition", type=int, default=1, help="a further process of the version, in e<number>"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "publish":
            self._publish(editions.Place(options["service"], options["version"], options["edition"]))
        else:
            self._check(as_json=options["json"])

    def _check(self, *, as_json: bool) -> None:
        paths = _paths()
        findings = [finding for path in paths for finding in _findings(path)]
        if as_json:
            self.stdout.write(json.dumps(_as_json(paths, findings)))
        else:
            for finding in findings:
                self.stdout.write(_relative(finding))
            self.stdout.write(f"{len(paths)} folders checked, {len(findings)} findings.")
        if findings:
            raise CommandError("Some folders are not in order.", returncode=1)

    def _publish(self, wanted: editions.Place) -> None:
        path = next((path for path in _paths() if editions.place(path) == wanted), None)
        name = f"{wanted.service} v{wanted.version}" + (f" e{wanted.edition}" if wanted.edition > 1 else "")
        if path is None:
            raise CommandError(f"There is no version {name}.")
        if path in folders.prepared():
            raise CommandError(f"{name} has no form yet: nobody could apply for it.")
        findings = _findings(path)
        if findings:
            raise CommandError("\n".join(_relative(finding) for finding in findings))
        lock.publish(path)
        self.stdout.write(f"{name} is published.")


def _paths() -> list[Path]:
    """The folder of every version, also without a form yet, each followed by those of its further editions."""
    versions = sorted((*folders.paths(), *folders.prepared()))
    return [folder for path in versions for folder in (path, *editions.of(path))]


def _findings(path: Path) -> list[Finding]:
    """What is wrong with one folder."""
    of_tables = [*folders.table_findings(path), *lock.findings(path)]
    try:
        folder = _load(path)
    except FolderProblem as problem:
        said = {finding.file for finding in of_tables}
        return [*(each for each in problem.findings if each.file not in said), *of_tables]
    of_files = [*folders.findings(path), *_of_process(folder, path / "process.bpmn"), *of_tables]
    return of_files or list(_of_answers(folder, path))


def _load(path: Path) -> Folder:
    if path in folders.prepared():
        return folders.load_prepared(path)
    place = editions.place(path)
    return folders.load_edition(path) if place and place.edition > 1 else folders.load(path)


def _of_process(folder: Folder, path: Path) -> list[Finding]:
    """What is wrong with the process, seen together with the form; where there is none, its tasks may name any."""
    file = str(path)
    if not path.is_file():
        return [Finding(file, 0, "the file is missing")]
    try:
        graph = compile.compile(folder.process)
    except compile.NotInSubset as problem:
        return [Finding(file, problem.line, problem.reason)]
    known = publication.known(folder)
    found = check.check(graph, known if folder.form.pages else replace(known, forms=None))
    decided = rulings.problems(folder.service, folder.version, graph, folder.form)
    return [
        *(Finding(file, item.line, f"{item.node}: {item.reason}") for item in found),
        *(Finding(file, 0, reason) for reason in decided),
    ]


def _of_answers(folder: Folder, path: Path) -> Iterator[Finding]:
    """Whether the tables have an answer for somebody who has told nothing yet, as the finder asks them."""
    asked = (("fees", fees.known), ("documents", fees.documents), ("documents", fees.duration))
    for stem, ask in asked if folder.form.is_for_applicants else ():
        try:
            ask(folder, {}, clock.today())
        except fees.TableFailed as problem:
            yield Finding(str(path / f"{stem}.dmn"), 0, str(problem))
        except KeyError as problem:
            yield Finding(str(path / f"{stem}.dmn"), 0, f"a row of the answer lacks {problem.args[0]!r}")


def _as_json(paths: Iterable[Path], findings: Iterable[Finding]) -> dict[str, Any]:
    places = {path: editions.place(path) for path in paths}
    return {
        "folders": [
            {
                "service": place.service,
                "version": place.version,
                "edition": place.edition,
                "published": lock.is_published(path),
                "offered": path not in folders.prepared(),
            }
            for path, place in places.items()
            if place
        ],
        "findings": [
            {"file": finding.file, "line": finding.line, "message": finding.message} for finding in findings
        ],
    }


def _relative(finding: Finding) -> str:
    return str(finding).removeprefix(f"{settings.BASE_DIR}/")
