"""`consular process play`: which days count, and clocks that stand still."""

import json
from typing import Any

from tests.ops.processes import ran
from tests.workflow import bpmn
from tests.workflow.bpmn import path


def test_a_place_in_the_script_decides_which_days_count(at: Any) -> None:
    file = at("p.bpmn", bpmn.process(
        bpmn.start(), bpmn.timer("wait", "P3D", days="working", ends="day"), bpmn.end(), path("start", "wait", "end"),
    ))  # fmt: skip
    calendar = {"zone": "Asia/Amman", "weekend": [5, 6], "holidays": ["2026-01-11"]}
    script = at("s.json", json.dumps([{"start": {}, "calendar": calendar}, {"advance": "P9D"}]))

    status, out, _ = ran(
        "play", file, "--script", script, "--at", "2026-01-07T11:00", "--zone", "Asia/Amman", "--json"
    )

    begun, over = map(json.loads, out.splitlines())
    # Thursday 8, Monday 12 and Tuesday 13 January
    assert (status, begun["open"][0]["due"], begun["open"][0]["paused"]) == (
        0,
        "2026-01-13T21:00:00+00:00",
        None,
    )
    assert over["ended"]


def test_a_clock_that_stands_still_is_said_to(at: Any) -> None:
    file = at("p.bpmn", bpmn.process(
        bpmn.start(), bpmn.user("answer", phase="your_turn", sla="P3D", pauses="your_turn"), bpmn.end(),
        path("start", "answer", "end"),
    ))  # fmt: skip
    script = at("s.json", json.dumps([{"start": {}}, {"advance": "P9D"}]))

    assert ran("play", file, "--script", script)[1].splitlines() == [
        '2026-01-05 09:00 {"start": {}}: your_turn, waits for answer (task, paused)',
        '2026-01-14 09:00 {"advance": "P9D"}: your_turn, waits for answer (task, paused)',
    ]
    answered = json.loads(ran("play", file, "--script", script, "--json")[1].splitlines()[-1])
    assert (answered["open"][0]["due"], answered["open"][0]["paused"]) == (None, "2026-01-05T09:00:00+00:00")
