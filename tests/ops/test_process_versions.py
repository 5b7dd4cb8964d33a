"""`consular process publish|list|diff|migrate|whatif`, as an administrator uses them."""

import io
import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from consular import __main__ as command_line
from consular.accounts.models import Role, User
from consular.core import clock
from consular.workflow.models import Definition, Instance
from tests import factories, stages
from tests.casework import asking
from tests.casework.test_versions import RENAMED, changed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

TODAY = (clock.now() - timedelta(minutes=5)).isoformat()


@pytest.fixture
def post() -> stages.Post:
    return stages.ministry()


@pytest.fixture
def administrator() -> User:
    return factories.official(Role.ADMINISTRATOR)


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """The second edition of our process: "examine" is called "assess"."""
    folder = tmp_path / stages.SERVICE / "v1" / "e2"
    folder.mkdir(parents=True)
    for table in (Path(__file__).parents[2] / "forms" / stages.SERVICE / "v1").glob("*.dmn"):
        shutil.copy(table, folder)
    (folder / "process.bpmn").write_bytes(changed(*RENAMED))
    return folder / "process.bpmn"


@pytest.fixture
def renaming(tmp_path: Path) -> str:
    file = tmp_path / "mapping.json"
    file.write_text('{"elements": {"examine": "assess"}}')
    return str(file)


def ran(*words: object) -> tuple[int, list[Any]]:
    """The status, and the lines of the answer in JSON."""
    out = io.StringIO()
    status = 0
    try:
        call_command("process", *map(str, words), "--json", stdout=out)
    except SystemExit as end:
        status = int(end.code or 0)
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def said(*words: object) -> str:
    out = io.StringIO()
    call_command("process", *map(str, words), stdout=out)
    return out.getvalue()


def refused(*words: object) -> tuple[int, str]:
    with pytest.raises(CommandError) as refusal:
        call_command("process", *map(str, words), stdout=io.StringIO())
    return refusal.value.returncode, str(refusal.value)


def test_a_dry_run_shows_what_would_change_and_publishing_does_it(
    post: stages.Post, administrator: User, edition: Path
) -> None:
    before = ran("publish", edition, "--dry-run")
    assert Definition.objects.filter(service=stages.SERVICE).count() == 1

    status, (answer,) = ran("publish", edition, "--by", administrator.email)

    assert (before[0], before[1][0]["changes"]) == (status, answer["changes"])
    assert (before[1][0]["is_published"], answer["is_published"]) == (False, False)
    assert "schengen_visa 1.2 is published already." in said("publish", edition, "--dry-run")
    assert (answer["version"], answer["published_by"], answer["is_locked"]) == (
        "1.2",
        administrator.email,
        False,
    )
    found = {(change["how"], change["what"], change["id"]) for change in answer["changes"]}
    assert {
        ("added", "element", "assess"),
        ("removed", "element", "examine"),
        ("changed", "flow", "checks_done_to_examine"),
    } <= found
    assert ran("diff", stages.SERVICE, "1.1", "1.2")[1][0]["changes"] == answer["changes"]
    assert "added element assess" in said("diff", stages.SERVICE, "1", "1.2")


def test_the_list_says_since_when_by_whom_and_how_many_run(
    post: stages.Post, administrator: User, edition: Path
) -> None:
    stages.sent()
    day = (clock.now() + timedelta(days=9)).date().isoformat()
    said("publish", edition, "--from", day, "--by", administrator.email)

    first, second = ran("list", stages.SERVICE)[1]

    assert (first["version"], first["published_by"], first["running"], first["is_authentic"]) == (
        "1.1",
        None,
        1,
        True,
    )
    assert (second["version"], second["valid_from"], second["running"]) == ("1.2", f"{day}T00:00:00+00:00", 0)
    assert "schengen_visa 1.1: from" in said("list")


def test_a_migration_names_who_stays_and_why_and_moves_the_rest(
    post: stages.Post, administrator: User, edition: Path, renaming: str
) -> None:
    stages.sent(doc_number="G7654321")
    stuck = stages.at_examination(post)
    said("publish", edition, "--by", administrator.email)
    words = ("migrate", stages.SERVICE, "1.1", "1.2")

    status, (stays, sums) = ran(*words, "--dry-run")
    assert (status, stays["reference"], stays["reasons"][0]["element"]) == (1, stuck.reference, "examine")
    assert sums == {
        "from": "1.1",
        "to": "1.2",
        "dry_run": True,
        "moved": 1,
        "stays": 1,
        "elsewhere": 0,
        "busy": 0,
    }
    assert not Instance.objects.filter(definition__edition=2).exists()

    status, (sums,) = ran(*words, "--mapping", renaming, "--by", administrator.email)
    assert (status, sums["moved"], Instance.objects.filter(definition__edition=2).count()) == (0, 2, 2)
    assert "0 cases moved, 0 stay" in said(*words, "--by", administrator.email)


def test_what_if_counts_the_closed_cases_that_would_have_gone_elsewhere(
    post: stages.Post, edition: Path, renaming: str
) -> None:
    case = stages.issued(post)
    stages.do(case, post.clerk, handed_over_on=clock.today().isoformat(), handed_to="applicant")
    open_case = stages.sent(doc_number="G7654321")
    words = ("whatif", stages.SERVICE, edition, "--since", TODAY)

    _status, (answer,) = ran(*words)
    assert (answer["same"], answer["other"], answer["unknown"]) == (0, 1, 0)
    (group,) = answer["groups"]
    assert (group["went"], group["would"], group["examples"]) == ("examine", "assess", [case.reference])

    assert ran(*words, "--mapping", renaming)[1][0]["same"] == 1
    assert ran(*words, "--mapping", renaming, "--all")[1][0]["same"] == 2
    assert ran(*words, "--until", TODAY)[1][0] == {"same": 0, "other": 0, "unknown": 0, "groups": []}
    assert "1 cases: examine -> assess, such as" in said(*words)
    assert open_case.reference not in said(*words)


def test_what_is_missing_or_wrong_is_said_in_a_sentence(
    post: stages.Post, administrator: User, edition: Path, tmp_path: Path
) -> None:
    clerk = factories.official(Role.INTAKE_CLERK)
    (tmp_path / "lost.bpmn").write_bytes(b"")
    bad = tmp_path / "bad.json"
    bad.write_text('{"elements": {"a": "b", "a": "c"}}')
    by = ("--by", administrator.email)

    assert refused("publish", edition) == (2, "Say who does this: --by EMAIL")
    assert refused("publish", edition, "--by", "nobody@example.org") == (
        2,
        "There is no account nobody@example.org.",
    )
    assert refused("publish", edition, "--by", clerk.email) == (1, "Only administrators can do this.")
    assert refused("publish", tmp_path / "lost.bpmn", *by)[0] == 2
    assert refused("publish", edition, "--from", "2020-01-01", *by)[0] == 1
    assert refused("publish", edition, "--from", "soon", *by) == (
        1, "Error: argument --from: 'soon' is no day or moment in ISO 8601.",
    )  # fmt: skip
    period = ("--since", "2026-02-01", "--until", "2026-01-01")
    assert refused("whatif", "visa", edition, *period) == (2, "Nothing is published of visa.")
    assert refused("whatif", stages.SERVICE, edition, *period) == (2, "The time ends before it begins.")
    assert refused("migrate", stages.SERVICE, "1.1", "1", *by) == (2, "FROM and TO are the same version.")
    assert refused("migrate", stages.SERVICE, "1.1", "7.7", *by)[1] == "There is no such published process."
    said("publish", edition, *by)
    edition.write_bytes(edition.read_bytes().replace(b"P45D", b"P44D"))
    assert refused("publish", edition, "--dry-run") == (
        1, "This version is published and cannot be changed. Publish a new version.",
    )  # fmt: skip
    assert refused("migrate", stages.SERVICE, "1.1", "1.2", "--mapping", bad, *by) == (
        1, "The mapping is not JSON: 'a' stands there twice.",
    )  # fmt: skip
    bad.write_text('{"elements": {"nothing": "assess"}}')
    assert refused("migrate", stages.SERVICE, "1.1", "1.2", "--mapping", bad, *by)[1] == (
        "nothing: the old process has no such element"
    )


def test_an_edition_that_was_edited_after_it_was_locked_is_not_published(
    post: stages.Post, administrator: User, edition: Path, settings: Any, tmp_path: Path
) -> None:
    (edition.parent / "published.lock").write_text(f"{'0' * 64}  process.bpmn\n")

    assert "differs from the published version" in refused("publish", edition, "--dry-run")[1]


@pytest.mark.parametrize(
    ("words", "needs"),
    [
        (["check", "x.bpmn"], False), (["--json", "play"], False), ([], False), (["publish", "x", "--help"], False),
        (["publish", "x.bpmn"], True), (["list"], True), (["migrate"], True), (["whatif"], True), (["diff"], True),
    ],
)  # fmt: skip
def test_only_what_looks_at_cases_needs_a_database(words: list[str], needs: bool) -> None:
    assert command_line._needs_database("process", ["process", *words]) is needs


def test_publication_warns_of_partners_at_which_nobody_can_read(edition: Path) -> None:
    _, before = ran("publish", edition, "--dry-run")
    asking.member("central_authorities")
    _, after = ran("publish", edition, "--dry-run")

    assert (before[0]["unread_partners"], after[0]["unread_partners"]) == (["central_authorities"], [])
