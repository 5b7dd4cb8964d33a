"""What lies beside a process: decision tables, called processes, the form of its service."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.ops.processes import BOMB, VISA, ran
from tests.rules import files
from tests.workflow import bpmn
from tests.workflow.bpmn import flow, path

RULED = bpmn.process(
    bpmn.start(), bpmn.rule("ask", "fee", "fee"), bpmn.exclusive("high", "high-end"), bpmn.user("pay"), bpmn.end(),
    path("start", "ask", "high", "end"), path("pay", "end"), flow("high", "pay", "fee &gt; 50"),
)  # fmt: skip
FEE = files.file(
    files.data("age"), files.decision("fee", files.table("UNIQUE", "age", "o", "< 6 | 0", ">= 6 | 90"), "age")
)


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (
            bpmn.service("x", type="casework.isue"),
            "unknown service casework.isue: did you mean casework.issue?",
        ),
        (bpmn.rule("x", "fees"), "unknown decision fees: did you mean fee?"),
        (bpmn.user("x", phase="reviewing"), "unknown phase reviewing"),
    ],
)
def test_names_our_service_does_not_know_are_findings(at: Any, part: str, reason: str) -> None:
    at("fees.dmn", FEE)
    file = at("names.bpmn", bpmn.process(bpmn.start(), part, bpmn.end(), path("start", "x", "end")))

    status, out, _ = ran("check", file)

    assert (status, out.splitlines()[0]) == (1, f'line 1: x "x": {reason}')


def test_forms_are_known_where_the_form_lies_beside(at: Any) -> None:
    visa = (
        Path(VISA)
        .read_bytes()
        .replace(b'name="form" value="examination"', b'name="form" value="examinatoin"')
        .replace(
            b'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=booked',
            b'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=boked',
        )
        .replace(b'name="applicant.withdrew"', b'name="applicant.withdraws"')
    )
    at("forms/schengen_visa/v1/form.toml", (Path(VISA).parent / "form.toml").read_bytes())
    for table in Path(VISA).parent.glob("*.dmn"):
        read = table.read_bytes().replace(b'name="purposes"', b'name="purpose"')
        at(
            f"forms/schengen_visa/v1/{table.name}",
            read if table.stem == "consultation" else table.read_bytes(),
        )

    status, out, _ = ran("check", at("forms/schengen_visa/v1/process.bpmn", visa))

    assert status == 1
    assert "unknown form examinatoin: did you mean examination?" in out
    assert "nothing sets boked: did you mean booked?" in out
    assert "nothing sets purpose, which the decision consultation reads: did you mean purposes?" in out
    assert "unknown message applicant.withdraws: did you mean applicant.withdrew?" in out


CALL = '<zeebe:calledElement processId="passport"/>' + bpmn.properties(version="2")
CALLING = bpmn.process(
    bpmn.start(), bpmn.element("callActivity", "call", "", CALL), bpmn.end(), path("start", "call", "end")
)
CALLED = bpmn.process(bpmn.start(), bpmn.user("look"), bpmn.end(), path("start", "look", "end"))


@pytest.mark.parametrize(
    ("caller", "called"),
    [
        ("p.bpmn", "passport.bpmn"),
        ("p.bpmn", "passport.v2.bpmn"),
        ("visa/v1/process.bpmn", "passport/v2/process.bpmn"),
        ("visa/v1/e2/process.bpmn", "passport/v2/process.bpmn"),
    ],
)
def test_a_called_process_is_found_beside(at: Any, caller: str, called: str) -> None:
    file, script = (
        at(caller, CALLING),
        at("script.json", json.dumps([{"start": {}}, {"complete": "call/look"}])),
    )
    at(called, CALLED)

    status, out, _ = ran("play", file, "--script", script, "--json")

    first, last = (json.loads(line) for line in out.splitlines())
    assert (status, [one["id"] for one in first["open"]], last["ended"]) == (0, ["call/look"], True)
    assert ran("check", file)[0] == 0


def test_processes_that_call_each_other_in_a_circle_are_refused(at: Any) -> None:
    file = at("passport.bpmn", CALLING)

    status, _out, sentence = ran("check", file)

    assert (status, "process passport version 2 is not published" in sentence) == (2, True)


@pytest.mark.parametrize(("age", "value", "opened", "rule"), [(3, 0, [], "r1"), (30, 90, ["pay"], "r2")])
def test_decisions_come_from_the_decision_files_beside_the_process(
    at: Any, age: int, value: int, opened: list[str], rule: str
) -> None:
    file, script = at("p.bpmn", RULED), at("script.json", json.dumps([{"start": {"age": age}}]))
    at("fees.dmn", FEE)

    status, out, _ = ran("play", file, "--script", script, "--json")
    answer = json.loads(out)

    assert (status, [one["id"] for one in answer["open"]]) == (0, opened)
    (line,) = [line for line in answer["history"] if line["kind"] == "decided"]
    assert line["data"] == {"decision": "fee", "value": value, "rules": [rule]}


def test_a_decision_that_is_nowhere_is_a_fault_and_a_file_that_is_none_ends_with_2(at: Any) -> None:
    file, script = at("p.bpmn", RULED), at("script.json", json.dumps([{"start": {}}]))

    status, out, _ = ran("play", file, "--script", script, "--json")
    assert (status, json.loads(out)["error"]["code"]) == (1, "broken")

    at("fees.dmn", BOMB)
    assert ran("play", file, "--script", script, "--json")[:2] == (2, "")


def test_a_called_process_is_found_beside_the_service_and_never_calls_itself(at: Any) -> None:
    called = bpmn.element("callActivity", "call", "", '<zeebe:calledElement processId="checks"/>'
                          + bpmn.properties(version="2"))  # fmt: skip
    caller = bpmn.process(bpmn.start(), called, bpmn.end(), path("start", "call", "end"))
    file = at("visa/v1/process.bpmn", caller)
    script = at("script.json", json.dumps([{"start": {}}, {"complete": "call/look"}]))
    at(
        "checks/v2/process.bpmn",
        bpmn.process(bpmn.start(), bpmn.user("look"), bpmn.end(), path("start", "look", "end")),
    )

    status, out, _ = ran("play", file, "--script", script, "--json")
    assert (status, json.loads(out.splitlines()[-1])["ended"]) == (0, True)

    at("checks/v2/process.bpmn", caller)
    assert ran("check", file)[0] == 2
