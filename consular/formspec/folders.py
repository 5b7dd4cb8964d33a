"""The folders below forms/: one per service, one below it per version.

A version without form.toml is being prepared: its process and tables are checked, but nobody can apply for it yet.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from consular.core.errors import Refused
from consular.formspec import editions, loading, needs, sorting, table_check
from consular.formspec.lines import Finding, FolderProblem, Lines
from consular.formspec.model import Folder, Form
from consular.rules import SyntaxProblem, dmn

_VERSION = re.compile(r"v([1-9][0-9]{0,3})")
_SERVICE = re.compile(r"[a-z][a-z0-9_]*")
_NO_FORM = Form(title="", service_group="", pages=(), tasks={}, declarations=())


class NoSuchService(Refused):
    """Somebody asked for a service or a version of it that is not there."""

    def __init__(self) -> None:
        super().__init__(_("There is no such service."), code="no_such_service", status=404)


def services() -> tuple[Folder, ...]:
    """The newest version of every service, by name."""
    return tuple(latest(name) for name in sorted(_by_service(paths())))


def offered() -> tuple[Folder, ...]:
    """The newest version of every service that people can apply for, by name."""
    return tuple(folder for folder in services() if folder.form.is_for_applicants)


def versions() -> tuple[Folder, ...]:
    """Every version of every service, by name, the newest first."""
    return tuple(
        _loaded(path) for path in sorted(paths(), key=lambda path: (path.parent.name, -version_of(path)))
    )


def latest(service: str) -> Folder:
    """The newest version of a service. Raises NoSuchService."""
    versions = _by_service(paths()).get(service)
    if not versions:
        raise NoSuchService
    return _loaded(versions[max(versions)])


def folder(service: str, version: int) -> Folder:
    """One version of a service, read once. Raises NoSuchService."""
    path = _by_service(paths()).get(service, {}).get(version)
    if path is None:
        raise NoSuchService
    return _loaded(path)


def load(path: Path) -> Folder:
    """Read one folder. Raises FolderProblem."""
    form_file = path / "form.toml"
    if not form_file.is_file():
        raise FolderProblem([Finding(str(form_file), 0, "the file is missing")])
    source = _text(form_file)
    return _folder(path, loading.form(source, str(form_file), _tables(path, editions.tables(path))))


def findings(path: Path) -> list[Finding]:
    """What is wrong with the form of a folder beyond what keeps it from being read; nothing where there is no form."""
    file = path / "form.toml"
    if not file.is_file():
        return []
    source, tables = _text(file), _tables(path, editions.tables(path))
    found = loading.findings(source, str(file), tables)
    if found:
        return found
    process = path / "process.bpmn"
    known = loading.form(source, str(file), tables)
    wrong = sorting.mistakes(known, tables, process.read_bytes() if process.is_file() else b"")
    lines, service = Lines(source), path.parent.name
    named = (
        ()
        if _SERVICE.fullmatch(service)
        else (f'the name "{service}" is no good: small letters, digits and _',)
    )
    return [
        *(Finding(str(path), 0, message) for message in named),
        *(Finding(str(file), lines.of((key,)), message) for key, message in needs.of_form(known)),
        *(_of_table(path, stem, message) for stem, message in (*needs.of_tables(known, tables), *wrong)),
    ]


def table_findings(path: Path) -> list[Finding]:
    """What is wrong with each table of a folder by itself."""
    tables = editions.tables(path).items()
    return [found for name, content in tables for found in table_check.findings(path / name, content)]


def _of_table(path: Path, stem: str, message: str) -> Finding:
    """A finding about a table; what is wrong begins with the element it is about, if with any."""
    file = path / f"{stem}.dmn"
    if not file.is_file():
        return Finding(str(file), 0, message)
    return Finding(str(file), table_check.line_of(file.read_bytes(), message.partition(" ")[0]), message)


def _text(file: Path) -> str:
    """The text of a file. Raises FolderProblem when it is none."""
    content = file.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise FolderProblem([Finding(str(file), line, "this is no text in UTF-8")]) from None


def load_prepared(path: Path) -> Folder:
    """Read a folder that has a process and tables but no form yet; its form asks nothing. Raises FolderProblem."""
    return _folder(path, _NO_FORM)


def load_edition(path: Path) -> Folder:
    """Read a further edition of a version: the same form, a process and tables of its own. Raises FolderProblem."""
    process_file, files = path / "process.bpmn", editions.tables(path)
    if not process_file.is_file():
        raise FolderProblem([Finding(str(process_file), 0, "the file is missing")])
    return replace(
        load(path.parent),
        process=process_file.read_bytes(),
        tables=_tables(path, files),
        files=files,
    )


def paths() -> tuple[Path, ...]:
    """The folder of every version of every service that can have cases, looked up once."""
    return _with_form(_paths(settings.FORMS_DIR), prepared())


def prepared() -> tuple[Path, ...]:
    """The folders that have a process and no form yet, looked up once: checked like the others, offered to nobody."""
    return _prepared(settings.FORMS_DIR)


def version_of(path: Path) -> int:
    """The number in the name of a version's folder."""
    return int(path.name.removeprefix("v"))


@cache
def _paths(directory: Path) -> tuple[Path, ...]:
    return tuple(sorted(path for path in directory.glob("*/v*") if _VERSION.fullmatch(path.name)))


@cache
def _prepared(directory: Path) -> tuple[Path, ...]:
    return tuple(
        path
        for path in _paths(directory)
        if (path / "process.bpmn").is_file() and not (path / "form.toml").is_file()
    )


@cache
def _with_form(all_of_them: tuple[Path, ...], without: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(path for path in all_of_them if path not in without)


@cache
def _by_service(found: tuple[Path, ...]) -> Mapping[str, Mapping[int, Path]]:
    """Service -> version -> folder."""
    services: dict[str, dict[int, Path]] = {}
    for path in found:
        services.setdefault(path.parent.name, {})[version_of(path)] = path
    return services


@cache
def _loaded(path: Path) -> Folder:
    return load(path)


def _folder(path: Path, form: Form) -> Folder:
    process_file, files = path / "process.bpmn", editions.tables(path)
    return Folder(
        service=path.parent.name,
        version=version_of(path),
        form=form,
        process=process_file.read_bytes() if process_file.is_file() else b"",
        tables=_tables(path, files),
        files=files,
    )


def _tables(path: Path, files: Mapping[str, bytes]) -> dict[str, dmn.Definitions]:
    return {name.removesuffix(".dmn"): _table(path / name, content) for name, content in files.items()}


def _table(file: Path, content: bytes) -> dmn.Definitions:
    try:
        return dmn.load(content)
    except SyntaxProblem as problem:
        line = table_check.line_of(content, problem.element)
        raise FolderProblem([Finding(str(file), line, str(problem))]) from None
