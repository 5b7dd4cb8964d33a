"""Mapping files: read strictly, for they decide where people's cases go on."""

import json

import pytest

from consular.workflow.mapping import NO_CHANGES, MappingProblem, TokenMapping, of_json, read
from tests import rows

FULL = {
    "elements": {"a": "b"}, "flows": {"f": "g"}, "begin": ["late"], "without": ["other"], "drop": ["old"],
}  # fmt: skip


def test_a_mapping_is_read_and_written_back() -> None:
    found = read(json.dumps(FULL).encode())

    assert found == TokenMapping(
        {"a": "b"}, {"f": "g"}, frozenset({"late"}), frozenset({"other"}), frozenset({"old"})
    )
    assert found.as_json() == FULL
    assert of_json(found.as_json()) == found
    assert (read(b"{}"), NO_CHANGES.as_json()) == (NO_CHANGES, {})


WRONG = {
    "empty": b"", "list": b"[]", "no text": b"\xff", "deep": b'{"elements":' * 5_000, "unknown": b'{"element": {}}',
    "twice": b'{"elements": {"a": "b", "a": "c"}}', "no table": b'{"elements": ["a"]}', "no list": b'{"begin": "a"}',
    "number": b'{"elements": {"a": 1}}',
    "nothing": b'{"elements": {"a": ""}}', "long": b'{"drop": ["%s"]}' % (b"x" * 101),
    "control": b'{"drop": ["a\\u0000"]}', "turned": b'{"drop": ["\\u202ea"]}', "half": b'{"drop": ["\\ud800"]}',
    "both": b'{"begin": ["a"], "without": ["a"]}', "huge": b" " * 200_001,
    "many": json.dumps({"drop": [f"x{number}" for number in range(2_001)]}).encode(),
}  # fmt: skip


@rows.every("content", WRONG.values())
def test_anything_else_is_refused_with_a_short_sentence(content: bytes) -> None:
    with pytest.raises(MappingProblem) as refused:
        read(content)

    assert 10 < len(str(refused.value)) < 200
