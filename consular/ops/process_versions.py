"""`consular process publish|list|diff|migrate|whatif`: what they read, and how they answer. The verbs do the rest."""

import json
from argparse import ArgumentParser, ArgumentTypeError, _SubParsersAction
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.db.models import Count, Q

from consular import casework
from consular.accounts.models import User
from consular.casework.replays import Group, Period
from consular.core.errors import Refused
from consular.formspec import editions, lock
from consular.workflow import library, mapping, markup, publishing
from consular.workflow.difference import Change
from consular.workflow.mapping import TokenMapping
from consular.workflow.migrating import DoesNotMap
from consular.workflow.models import Definition
from consular.workflow.publishing import Release

FOUND_SOMETHING = 1
UNREADABLE = 2

Write = Callable[[str], object]
Options = Mapping[str, Any]


def add_arguments(actions: "_SubParsersAction[ArgumentParser]") -> None:
    """The actions on published versions."""
    publish = actions.add_parser(
        "publish", help="publish processes with the tables beside them, for administrators"
    )
    publish.add_argument("files", nargs="+", type=Path, metavar="FILE.bpmn")
    publish.add_argument(
        "--from", dest="valid_from", type=_moment, metavar="DATE", help="when new cases start on it"
    )
    publish.add_argument("--by", metavar="EMAIL", help="the administrator who publishes")
    publish.add_argument("--dry-run", action="store_true", help="only check, and say what would change")
    listing = actions.add_parser(
        "list", help="what is published, since when, by whom, and how many cases run on it"
    )
    listing.add_argument("service", nargs="?")
    diff = actions.add_parser("diff", help="what one published version does differently from another")
    _add_way(diff)
    for action in (publish, listing, diff, _add_migrate(actions), _add_whatif(actions)):
        action.add_argument("--json", action="store_true", help="answer in JSON, an object a line")


def _add_migrate(actions: "_SubParsersAction[ArgumentParser]") -> ArgumentParser:
    migrate = actions.add_parser(
        "migrate", help="move running cases; ends with 1 when some stay where they are"
    )
    _add_way(migrate)
    _add_mapping(migrate)
    migrate.add_argument("--by", metavar="EMAIL", help="the administrator who moves them")
    migrate.add_argument("--dry-run", action="store_true", help="only say which cases would stay, and why")
    return migrate


def _add_whatif(actions: "_SubParsersAction[ArgumentParser]") -> ArgumentParser:
    whatif = actions.add_parser(
        "whatif", help="replay cases on a process and count which would have gone elsewhere"
    )
    whatif.add_argument("service")
    whatif.add_argument("file", type=Path, metavar="FILE.bpmn")
    whatif.add_argument(
        "--since", required=True, type=_moment, metavar="DATE", help="cases closed from then on"
    )
    whatif.add_argument("--until", type=_moment, metavar="DATE", help="and before that")
    whatif.add_argument(
        "--all", action="store_true", help="cases sent in that time, also those that still run"
    )
    _add_mapping(whatif)
    return whatif


def _add_way(action: ArgumentParser) -> None:
    action.add_argument("service")
    action.add_argument("old", metavar="FROM", help="such as 1.1")
    action.add_argument("new", metavar="TO", help="such as 1.2")


def _add_mapping(action: ArgumentParser) -> None:
    action.add_argument(
        "--mapping", type=Path, metavar="FILE.json", help="which element is which; see docs/versions.md"
    )


def handle(options: Options, write: Write) -> None:
    """Do what was asked for; a refusal becomes the sentence of the command's error."""
    try:
        ACTIONS[options["action"]](options, write)
    except DoesNotMap as refused:
        raise CommandError("\n".join(map(str, refused.reasons)), returncode=FOUND_SOMETHING) from refused
    except (Refused, mapping.MappingProblem) as refused:
        raise CommandError(str(refused), returncode=FOUND_SOMETHING) from refused


def _publish(options: Options, write: Write) -> None:
    releases = [(file, release(file)) for file in options["files"]]
    actor = None if options["dry_run"] else _administrator(options["by"])
    for file, new in releases:
        changes = casework.difference(new)
        standing = publishing.standing(new)
        answer = {
            "service": new.service,
            "version": new.number,
            "is_locked": lock.is_published(file.resolve().parent),
            "is_published": standing is not None,
            "unread_partners": casework.unread_partners(new),
        }
        if actor is not None:
            row = casework.publish_process(new, valid_from=options["valid_from"], actor=actor)
            answer |= _row(row)
        if options["json"]:
            write(json.dumps(answer | {"changes": [change.as_json() for change in changes]}))
            continue
        news = "is published already" if standing else "could be published"
        what = f"counts from {answer['valid_from']}" if actor else news
        write(f"{new.service} {new.number} {what}. {_counted(changes)}")
        for code in answer["unread_partners"]:
            write(
                _plain(f"  WARNING: nobody can read requests to the partner {code} (consular partner, token)")
            )
        for change in changes:
            write(_plain(f"  {change}"))


def release(file: Path) -> Release:
    """What lies in the folder of a process: the process, which one it is, and the tables beside it."""
    folder = file.resolve().parent
    found = editions.place(folder)
    if found is None:
        reason = f"{file} lies in no folder <service>/v<version> or <service>/v<version>/e<edition>."
        raise CommandError(_plain(reason), returncode=UNREADABLE)
    edited = [finding for finding in lock.findings(folder) if Path(finding.file).suffix in {".bpmn", ".dmn"}]
    if edited:
        raise CommandError(_plain("\n".join(map(str, edited))), returncode=FOUND_SOMETHING)
    return Release(
        found.service, found.version, _content(file, markup.MAX_BYTES), found.edition, editions.tables(folder)
    )


def _list(options: Options, write: Write) -> None:
    found = (
        Definition.objects.defer("xml")
        .select_related("published_by")
        .order_by("service", "version", "edition")
    )
    rows = found.filter(service=options["service"]) if options["service"] else found
    for row in rows.annotate(running=Count("instances", filter=Q(instances__ended_at=None))):
        answer = _row(row) | {"running": row.running, "is_authentic": library.is_authentic(row)}
        if options["json"]:
            write(json.dumps(answer))
        else:
            sealed = "" if answer["is_authentic"] else ", NOT THE ONE THAT WAS PUBLISHED"
            by = answer["published_by"] or "the installation"
            write(
                f"{row.service} {row.number}: from {answer['valid_from']}, by {by}, {row.running} running{sealed}"
            )


def _row(row: Definition) -> dict[str, Any]:
    return {
        "service": row.service,
        "version": row.number,
        "sha256": row.sha256,
        "valid_from": row.valid_from.isoformat(),
        "published_at": row.published_at.isoformat(),
        "published_by": row.published_by.email if row.published_by else None,
        "tables": sorted(row.tables.values_list("name", flat=True)),
    }


def _diff(options: Options, write: Write) -> None:
    changes = casework.difference_between(options["service"], options["old"], options["new"])
    if options["json"]:
        write(json.dumps({"changes": [change.as_json() for change in changes]}))
        return
    for change in changes:
        write(_plain(str(change)))
    write(_counted(changes))


def _migrate(options: Options, write: Write) -> None:
    route = casework.route(options["service"], options["old"], options["new"], _mapping(options))
    if route.old == route.new:
        raise CommandError("FROM and TO are the same version.", returncode=UNREADABLE)
    if options["dry_run"]:
        outcomes = casework.would_move(route)
    else:
        outcomes = casework.move_all(route, actor=_administrator(options["by"]))
    counts = dict.fromkeys(("moved", "stays", "elsewhere", "busy"), 0)
    for outcome in outcomes:
        counts[outcome.code] += 1
        if outcome.code in {"stays", "busy"}:
            reasons = [
                {"code": one.code, "element": one.element, "reason": one.detail} for one in outcome.reasons
            ]
            line = {"reference": outcome.reference, "outcome": outcome.code, "reasons": reasons}
            why = "; ".join(map(str, outcome.reasons)) or "somebody is working on it"
            write(json.dumps(line) if options["json"] else _plain(f"{outcome.reference}: {why}"))
    if options["json"]:
        write(
            json.dumps(
                {"from": route.old.number, "to": route.new.number, "dry_run": options["dry_run"], **counts}
            )
        )
    else:
        did = "would be moved" if options["dry_run"] else "moved"
        write(
            f"{counts['moved']} cases {did}, {counts['stays']} stay, {counts['busy']} are to be tried again."
        )
    if counts["stays"] or counts["busy"]:
        raise SystemExit(FOUND_SOMETHING)


def _whatif(options: Options, write: Write) -> None:
    file = options["file"]
    new = Release(
        options["service"], 0, _content(file, markup.MAX_BYTES), tables=editions.tables(file.resolve().parent)
    )
    period = Period(options["since"], options["until"], options["all"])
    if not Definition.objects.filter(service=options["service"]).exists():
        raise CommandError(_plain(f"Nothing is published of {options['service']}."), returncode=UNREADABLE)
    if period.until is not None and period.until < period.since:
        raise CommandError("The time ends before it begins.", returncode=UNREADABLE)
    answer = casework.what_if(new, period, _mapping(options))
    groups = list(map(_group, answer.by_size()))
    if options["json"]:
        write(json.dumps({**answer.counts, "groups": groups}))
        return
    for group in groups:
        went, would = (group[name] or "nowhere else" for name in ("went", "would"))
        path = f"{went} -> {would}" if group["outcome"] == "other" else "cannot be replayed"
        detail = f" ({group['detail']})" if group["detail"] else ""
        write(_plain(f"{group['count']} cases: {path}{detail}, such as {', '.join(group['examples'])}"))
    same, other, unknown = answer.counts.values()
    write(f"{same} cases the same path, {other} another path, {unknown} cannot be replayed.")


def _group(group: Group) -> dict[str, Any]:
    verdict = group.verdict
    facts = {"outcome": verdict.code, "went": verdict.went, "would": verdict.would, "detail": verdict.detail}
    return {**facts, "count": group.count, "examples": list(group.examples)}


def _administrator(email: str | None) -> User:
    """The account that acts; whether it may is for the verb to say."""
    if not email:
        raise CommandError("Say who does this: --by EMAIL", returncode=UNREADABLE)
    found = User.objects.filter(email__iexact=email).first()
    if found is None:
        raise CommandError(_plain(f"There is no account {email}."), returncode=UNREADABLE)
    return found


def _mapping(options: Options) -> TokenMapping:
    file = options["mapping"]
    return mapping.read(_content(file, mapping.MOST_BYTES)) if file else mapping.NO_CHANGES


def _content(file: Path, most: int) -> bytes:
    """A file, or one byte more than allowed of it: the reader refuses that."""
    try:
        with file.open("rb") as stream:
            return stream.read(most + 1)
    except (OSError, ValueError) as problem:
        raise CommandError(_plain(f"{file} cannot be read: {problem}"), returncode=UNREADABLE) from problem


def _moment(text: str) -> datetime:
    """A day, from its first moment in UTC on, or a moment; without an offset it counts in UTC."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as problem:
        raise ArgumentTypeError(f"{text[:60]!r} is no day or moment in ISO 8601.") from problem
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _counted(changes: tuple[Change, ...]) -> str:
    return f"{len(changes)} changes." if changes else "Nothing changes."


def _plain(text: str) -> str:
    """Text of a file for a terminal: what steers terminals or turns the direction of writing is shown as ?."""
    return "".join(character if character.isprintable() or character == "\n" else "?" for character in text)


ACTIONS: Mapping[str, Callable[[Options, Write], None]] = {
    "publish": _publish,
    "list": _list,
    "diff": _diff,
    "migrate": _migrate,
    "whatif": _whatif,
}
