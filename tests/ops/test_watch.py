"""`consular watch` for those who run the service: findings, no personal data, an exit code."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from consular.accounts.models import Role
from consular.core import clock
from consular.workflow.models import Token
from tests import factories

pytestmark = pytest.mark.django_db


def watched(*arguments: str) -> tuple[int, str]:
    """How the command ends and what it says."""
    out = StringIO()
    try:
        call_command("watch", *arguments, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_with_nothing_wrong_it_ends_with_0() -> None:
    factories.sent_case()

    code, text = watched("--json")

    assert code == 0
    assert json.loads(text) == {
        "stalled_cases": [], "more_stalled_cases": False, "overdue_tasks": [], "more_overdue_tasks": False,
        "dead_jobs": 0, "late_timers": 0, "ending_certificates": [],
    }  # fmt: skip


def test_what_it_finds_it_tells_without_naming_anybody() -> None:
    mission = factories.mission("DELH")
    old = clock.now() - timedelta(days=40)
    case = factories.sent_case(mission=mission, changed_at=old)
    officer = factories.official(Role.CASEWORKER, mission=mission)
    Token.objects.create(
        instance=case.instance, number=1, node="examine", kind="task", lane="caseworker", mission=mission,
        since=old, due_at=old, assignee=officer,
    )  # fmt: skip

    code, text = watched("--json")

    assert code == 1
    assert json.loads(text)["stalled_cases"] == [
        {"reference": case.reference, "service": "schengen_visa", "phase": "in_review", "since": old.isoformat(),
         "mission": "DELH"}
    ]  # fmt: skip
    assert json.loads(text)["overdue_tasks"] == [
        {"reference": case.reference, "service": "schengen_visa", "node": "examine", "due_at": old.isoformat(),
         "mission": "DELH", "taken": True}
    ]  # fmt: skip
    assert officer.name not in text
    assert case.applicant_name not in text
    code, plain = watched("--mission", "delh", "--limit", "1")
    assert code == 1
    assert f"case {case.reference} at DELH: in_review since" in plain


def test_other_missions_are_left_out_and_unknown_ones_refused() -> None:
    factories.sent_case(changed_at=clock.now() - timedelta(days=40))
    factories.mission("DELH")

    assert watched("--mission", "DELH")[0] == 0
    with pytest.raises(CommandError) as refused:
        watched("--mission", "\x1b[31m")
    assert refused.value.returncode == 2
