"""Scripts are read without trusting them."""

import json
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from consular.workflow import script
from consular.workflow.days import Week
from consular.workflow.script import Entry, Place, ScriptProblem, Verb
from tests import rows
from tests.bad_text import CORPUS


def test_null_beside_a_verb_is_left_out() -> None:
    (entry,) = script.read(b'[{"message": "answered", "key": null, "data": null}]')

    assert (entry.key, entry.data) == ("", {})


def test_every_stimulus_is_read() -> None:
    stimuli: list[dict[str, object]] = [
        {"start": {"a": 1}},
        {"complete": "examine", "data": {"b": [1.5, None]}, "by": "Ada", "round": 2},
        {"finish": "issue"},
        {"fail": "issue", "code": "lost"},
        {"message": "answered", "key": 7},
        {"inform": {}},
        {"advance": "P7D"},
    ]

    read = script.read(json.dumps(stimuli).encode())

    assert read == (
        Entry(Verb.START, data={"a": 1}, written=stimuli[0]),
        Entry(Verb.COMPLETE, "examine", {"b": [1.5, None]}, by="Ada", round=2, written=stimuli[1]),
        Entry(Verb.FINISH, "issue", written=stimuli[2]),
        Entry(Verb.FAIL, "issue", code="lost", written=stimuli[3]),
        Entry(Verb.MESSAGE, "answered", key="7", written=stimuli[4]),
        Entry(Verb.INFORM, written=stimuli[5]),
        Entry(Verb.ADVANCE, "P7D", written=stimuli[6]),
    )


@pytest.mark.parametrize(
    ("calendar", "expected"),
    [
        ({}, Place()),
        ({"zone": "Asia/Amman"}, Place(ZoneInfo("Asia/Amman"))),
        (
            {"weekend": [5, 6], "holidays": ["2026-05-25"]},
            Place(None, Week(frozenset({5, 6}), frozenset({date(2026, 5, 25)}))),
        ),
        ({"weekend": []}, Place(None, Week(frozenset()))),
    ],
)
def test_the_start_may_say_where_it_is(calendar: dict[str, object], expected: Place) -> None:
    (entry,) = script.read(json.dumps([{"start": {}, "calendar": calendar}]).encode())

    assert entry.place == expected


MALFORMED = {
    "nothing": b"",
    "no JSON": b"start",
    "not UTF-8": b'["\xff"]',
    "no list": b'{"start": {}}',
    "no object": b'["start"]',
    "no verb": b'[{"data": {}}]',
    "two verbs": b'[{"start": {}, "finish": "a"}]',
    "unknown word": b'[{"start": {}, "colour": "red"}]',
    "a word of another verb": b'[{"finish": "a", "by": "Ada"}]',
    "start without data": b'[{"start": null}]',
    "data that is a list": b'[{"complete": "a", "data": []}]',
    "element that is a number": b'[{"complete": 1}]',
    "person that is a list": b'[{"complete": "a", "by": ["Ada"]}]',
    "key that is true": b'[{"message": "a", "key": true}]',
    "round nought": b'[{"complete": "a", "round": 0}]',
    "round that is true": b'[{"complete": "a", "round": true}]',
    "error without code": b'[{"fail": "a"}]',
    "no duration": b'[{"advance": "tomorrow"}]',
    "duration backwards": b'[{"advance": "-P1D"}]',
    "no number": b'[{"start": {"a": NaN}}]',
    "infinite number": b'[{"start": {"a": 1e999}}]',
    "huge number": b'[{"start": {"a": ' + b"9" * 5_000 + b"}}]",
    "calendar elsewhere": b'[{"inform": {}, "calendar": {}}]',
    "calendar that is a country": b'[{"start": {}, "calendar": {"country": "JO"}}]',
    "calendar that is a list": b'[{"start": {}, "calendar": []}]',
    "no such zone": b'[{"start": {}, "calendar": {"zone": "Europe/Bonn"}}]',
    "zone outside": b'[{"start": {}, "calendar": {"zone": "../../etc/passwd"}}]',
    "zone that is a folder": b'[{"start": {}, "calendar": {"zone": "Europe"}}]',
    "zone that is too long": b'[{"start": {}, "calendar": {"zone": "' + b"x" * 10_000 + b'"}}]',
    "eighth day": b'[{"start": {}, "calendar": {"weekend": [8]}}]',
    "weekday that is true": b'[{"start": {}, "calendar": {"weekend": [true]}}]',
    "weekend without end": b'[{"start": {}, "calendar": {"weekend": [1, 2, 3, 4, 5, 6, 7]}}]',
    "holiday that is none": b'[{"start": {}, "calendar": {"holidays": ["2027-02-29"]}}]',
    "holiday that is a number": b'[{"start": {}, "calendar": {"holidays": [20270101]}}]',
    "too many holidays": b'[{"start": {}, "calendar": {"holidays": [' + b"1," * 2_000 + b"1]}}]",
    "NUL": b'[{"start": {"a": "\\u0000"}}]',
    "NUL in a name": b'[{"start": {"a\\u0000": 1}}]',
    "half a character": b'[{"complete": "\\ud83d"}]',
    "deep": b'[{"start": {"a": ' + b"[" * 50 + b"]" * 50 + b"}}]",
    "very deep": b"[" * 100_000,
    "long data": b'[{"start": {"a": "' + b"x" * 30_000 + b'"}}]',
    "too many": b"[" + b",".join([b'{"inform": {}}'] * 2_001) + b"]",
    "too large": b"[" + b" " * 1_000_000 + b"]",
}


@rows.every("malformed", MALFORMED.values())
def test_anything_else_is_refused_in_one_sentence(malformed: bytes) -> None:
    with pytest.raises(ScriptProblem, match=r"^(The script|Stimulus 1) .{5,160}\.$|^Stimulus 1: .{5,160}\.$"):
        script.read(malformed)


@rows.every("text", CORPUS.values())
def test_strange_text_is_read_or_refused(text: str) -> None:
    for stimulus in (
        {"complete": text, "by": text},
        {"message": text, "key": text},
        {"start": {text: text}},
        {"start": {}, "calendar": {"zone": text}},
    ):
        sentence = ""
        try:
            script.read(json.dumps([stimulus]).encode())
        except ScriptProblem as problem:
            sentence = str(problem)
        assert len(sentence) < 200
