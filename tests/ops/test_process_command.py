"""`consular process`: what is wrong with a process, and how it behaves, without a database."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from consular import __main__ as command_line
from tests.ops.processes import BOMB, VISA, ran
from tests.ops.service import command
from tests.workflow import bpmn
from tests.workflow.bpmn import flow, path

START = {"start": {"booked": True}}


UNSOUND = bpmn.process(
    bpmn.start(), bpmn.parallel("split"), bpmn.user("a"), bpmn.exclusive("which", "which-b"), bpmn.user("b"),
    bpmn.parallel("join"), bpmn.end(), bpmn.end("other"),
    path("start", "split", "a", "join", "end"), path("split", "which", "b", "join"), flow("which", "other", "x = 1"),
)  # fmt: skip


def test_our_process_is_sound() -> None:
    assert ran("check", VISA) == (0, "90 elements checked, 0 findings.\n", "")
    status, out, _ = ran("check", VISA, "--json")
    assert (status, json.loads(out)) == (
        0, {"file": VISA, "process": "schengen_visa", "sound": True, "findings": []},
    )  # fmt: skip


def test_each_finding_names_its_line_element_and_reason(at: Any) -> None:
    file = at(
        "unsound.bpmn", UNSOUND.replace(b'<parallelGateway id="join"', b'\n\n<parallelGateway id="join"')
    )

    status, out, sentence = ran("check", file)
    answer = json.loads(ran("check", file, "--json")[1])

    assert (status, sentence) == (1, "The process is not fit for publication.")
    assert 'line 3: join "join": a token is left behind here when the rest has ended\n' in out
    assert (answer["sound"], answer["process"]) == (False, "p")
    assert {"code": "left_behind", "line": 3, "id": "join", "name": "join",
            "reason": "a token is left behind here when the rest has ended"} in answer["findings"]  # fmt: skip


def test_a_lane_that_is_no_role_is_a_finding(at: Any) -> None:
    file = at(
        "lane.bpmn",
        bpmn.process(bpmn.start(), bpmn.user("u"), bpmn.end(), path("start", "u", "end"), lane="cook"),
    )

    status, out, _ = ran("check", file)

    assert (status, "unknown lane cook" in out) == (1, True)


UNREADABLE = {
    "empty": b"",
    "no XML": b"{}",
    "entities": BOMB,
    "entities in UTF-16": BOMB.decode().encode("utf-16"),
    "external entity": b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><definitions>&a;</definitions>',
    "deep": b"<a>" * 50_000 + b"</a>" * 50_000,
    "huge": b"<definitions>" + b" " * 2_000_000 + b"</definitions>",
    "not BPMN": b"<html/>",
    "outside the subset": bpmn.process(
        bpmn.start(), bpmn.element("scriptTask", "x"), bpmn.end(), path("start", "x", "end")
    ),
    "call of nothing": bpmn.process(
        bpmn.start(),
        bpmn.element("callActivity", "x", "",
                     '<zeebe:calledElement processId="../../x"/>' + bpmn.properties(version="1")),
        bpmn.end(), path("start", "x", "end"),
    ),
    "version in strange digits": bpmn.process(
        bpmn.start(),
        bpmn.element("callActivity", "x", "", '<zeebe:calledElement processId="x"/>' + bpmn.properties(version="²")),
        bpmn.end(), path("start", "x", "end"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_file_that_cannot_be_run_ends_with_2_and_a_sentence(at: Any, content: bytes) -> None:
    file = at("wrong.bpmn", content)

    status, out, sentence = ran("check", file, "--json")
    played, nothing, same = ran("play", file, "--script", at("script.json", "[]"), "--json")

    assert (status, played, nothing, sentence) == (2, 2, "", same)
    assert sentence.startswith(f"{file}: ")
    assert len(sentence) < 400
    assert json.loads(out)["findings"][0]["code"] == "not_in_subset"


@pytest.mark.parametrize("name", ["/nowhere/p.bpmn", "/", "a\0b", "\ud800.bpmn"])
def test_a_file_that_is_not_there_ends_with_2(at: Any, name: str) -> None:
    assert ran("check", name)[0] == 2
    assert ran("play", VISA, "--script", name)[0] == 2


@pytest.mark.parametrize(
    "script", ["", "{}", "[1]", '[{"start": 1}]', "[" * 100_000, '[{"start": {"a": "\\u0000"}}]']
)
def test_a_malformed_script_ends_with_2_and_plays_nothing(at: Any, script: str) -> None:
    status, out, sentence = ran("play", VISA, "--script", at("script.json", script), "--json")

    assert (status, out) == (2, "")
    assert sentence.startswith(("The script", "Stimulus 1"))


def test_a_play_answers_one_line_for_each_stimulus(at: Any) -> None:
    complete = {"complete": "check_completeness", "data": {"complete": True}, "by": "Ada"}
    script = at("script.json", json.dumps([START, {"advance": "P1D"}, complete]))

    status, out, _ = ran("play", VISA, "--script", script, "--json")
    lines = [json.loads(line) for line in out.splitlines()]

    assert status == 0
    assert [line["stimulus"] for line in lines] == [START, {"advance": "P1D"}, complete]
    assert {frozenset(line) for line in lines} == {
        frozenset({"stimulus", "now", "open", "phase", "effects", "history", "ended", "error"})
    }
    assert lines[1]["now"] == "2026-01-06T09:00:00+00:00"
    task, withdrawal = sorted(lines[2]["open"], key=lambda token: token["kind"], reverse=True)
    assert withdrawal["kind"] == "message"
    assert {name: task[name] for name in ("id", "name", "kind", "lane", "due")} == {
        "id": "lodge", "name": "Lodge the application in person", "kind": "task", "lane": "intake_clerk",
        "due": "2026-02-05T09:00:00+00:00",
    }  # fmt: skip


def test_a_refused_stimulus_ends_with_1_after_the_whole_play(at: Any) -> None:
    script = at("script.json", json.dumps([START, {"complete": "nowhere"}, {"advance": "P1D"}]))

    status, out, _ = ran("play", VISA, "--script", script, "--json")

    assert status == 1
    assert [json.loads(line)["error"] for line in out.splitlines()] == [
        None, {"code": "unknown", "detail": "The process has no element nowhere."}, None,
    ]  # fmt: skip


def test_a_script_may_come_from_standard_input_and_the_answer_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = io.BytesIO(json.dumps([START, {"message": "\u202ego"}]).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(script))

    assert ran("play", VISA, "--script", "-") == (
        1,
        '2026-01-05 09:00 {"start": {"booked": true}}: in_review, waits for on_early_withdrawal (message), '
        "check_completeness (task, due 2026-01-07 09:00)\n"
        '2026-01-05 09:00 {"message": "?go"}: refused: Nobody waits for the message ?go. in_review, waits for '
        "on_early_withdrawal (message), check_completeness (task, due 2026-01-07 09:00)\n",
        "",
    )


@pytest.mark.parametrize(
    ("words", "now"),
    [
        (("--at", "2026-03-28T12:00"), "2026-03-29T12:00:00+00:00"),
        (("--at", "2026-03-28T12:00", "--zone", "Europe/Berlin"), "2026-03-29T10:00:00+00:00"),
        (("--at", "2026-03-28T12:00+05:00"), "2026-03-29T07:00:00+00:00"),
        (("--at", "2026-03-28"), "2026-03-29T00:00:00+00:00"),
    ],
)
def test_a_play_may_begin_elsewhere(at: Any, words: tuple[str, ...], now: str) -> None:
    script = at("script.json", json.dumps([START, {"advance": "P1D"}]))

    status, out, _ = ran("play", VISA, "--script", script, "--json", *words)

    assert (status, json.loads(out.splitlines()[1])["now"]) == (0, now)


@pytest.mark.parametrize(
    "words",
    [
        ("--at", "soon"), ("--at", "0001-01-01T00:00+14:00"), ("--zone", "Europe/Bonn"), ("--zone", "../etc"),
        ("--zone", "Europe"), ("--zone", ""), ("--zone", "a\0b"), ("--at", "\0"),
    ],
)  # fmt: skip
def test_a_beginning_that_is_none_ends_with_2(at: Any, words: tuple[str, str]) -> None:
    assert ran("play", VISA, "--script", at("script.json", "[]"), *words)[0] == 2


def test_it_needs_no_database(tmp_path: Path) -> None:
    assert not command_line._needs_database("process", ["process", "check", VISA])

    answer = command(tmp_path, "process", "check", VISA)

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "90 elements checked, 0 findings.\n", "")
    assert not (tmp_path / "postgres").exists()
