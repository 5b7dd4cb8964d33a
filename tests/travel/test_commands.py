"""`consular mrz` and `consular stay-days`."""

import io
import json
import sys

import pytest
from django.core.management import call_command

from consular.ops.management.commands import stay_days as stay_days_command
from tests.travel import specimens
from tests.travel.specimens import SPECIMENS, text


def asked(monkeypatch: pytest.MonkeyPatch, typed: str, *arguments: str) -> tuple[int, str]:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    out = io.StringIO()
    try:
        call_command("mrz", *arguments, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.parametrize("name", SPECIMENS)
def test_a_right_zone_ends_with_0_and_tells_fields_and_digits(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    code, out = asked(monkeypatch, text(SPECIMENS[name]) + "\n", "--json")
    answer = json.loads(out)

    assert (code, answer["valid"], answer["format"]) == (0, True, name)
    assert (answer["fields"]["surname"], answer["fields"]["given_names"]) == ("ERIKSSON", "ANNA MARIA")
    assert {tuple(digit) for digit in answer["check_digits"]} == {
        ("name", "expected", "found", "ok", "line", "position")
    }
    assert (answer["problems"], answer["doubts"], answer["suggestion"]) == ([], [], None)


def test_a_misread_character_ends_with_1_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = text(SPECIMENS["TD3"]).replace("L898902", "L8989O2")
    code, out = asked(monkeypatch, wrong, "--json")
    answer = json.loads(out)

    assert (code, answer["valid"]) == (1, False)
    assert [digit["name"] for digit in answer["check_digits"] if not digit["ok"]] == [
        "document_number",
        "composite",
    ]
    assert answer["doubts"] == [
        {"line": 2, "position": 6, "found": "O", "candidates": ["0"], "field": "document_number"}
    ]
    assert answer["suggestion"] == list(SPECIMENS["TD3"])


def test_people_get_words(monkeypatch: pytest.MonkeyPatch) -> None:
    code, out = asked(monkeypatch, text(SPECIMENS["TD3"]).replace("L898902", "L8989O2"))

    assert code == 1
    assert "check digit of Number of travel document: 6 wrong, should be 0" in out
    assert "Line 2, position 6: is the “O” perhaps “0”?" in out
    assert asked(monkeypatch, text(specimens.GERMAN_CARD))[1].startswith("TD1: everything is right\n")


def test_the_day_decides_the_century(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = text(SPECIMENS["TD3"])
    answers = [
        json.loads(asked(monkeypatch, typed, "--json", "--on", day)[1])["fields"]
        for day in ("2026-03-01", "2080-03-01")
    ]

    assert [answer["birth_date"] for answer in answers] == ["1974-08-12", "2074-08-12"]
    assert [answer["expiry_date"] for answer in answers] == ["2012-04-15", "2112-04-15"]


def test_any_bytes_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\x00\xc3(" * 5_000)))
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("mrz", "--json", stdout=out)

    assert end.value.code == 1
    assert json.loads(out.getvalue())["valid"] is False


def stay_days(*arguments: str) -> dict[str, object]:
    out = io.StringIO()
    call_command("stay_days", *arguments, "--json", stdout=out)
    answer: dict[str, object] = json.loads(out.getvalue())
    return answer


def test_stays_are_counted_and_overlaps_once() -> None:
    answer = stay_days(
        "--stay", "2025-03-01..2025-03-30", "--stay", "2025-03-20..2025-03-30", "--stay", "2025-05-01..2025-05-30",
        "--on", "2025-07-01", "--days", "31",
    )  # fmt: skip

    assert answer == {
        "on": "2025-07-01", "window": ["2025-01-03", "2025-07-01"], "used": 60, "left": 30, "longest": 30, "days": 31,
        "from": "2025-07-29", "stays": [["2025-03-01", "2025-03-30"], ["2025-05-01", "2025-05-30"]],
    }  # fmt: skip


def test_a_planned_stay_is_judged() -> None:
    answer = stay_days("--stay", "2025-01-01..2025-03-31", "--on", "2025-06-29", "--until", "2025-07-08")

    assert (answer["used"], answer["left"], answer["days"], answer["from"]) == (90, 0, 10, "2025-06-30")
    assert (answer["until"], answer["fits"], answer["overstay_from"]) == ("2025-07-08", False, "2025-06-29")
    assert stay_days("--on", "2025-06-29", "--until", "2025-12-31")["from"] is None


def test_people_get_sentences() -> None:
    out = io.StringIO()
    call_command(
        "stay_days",
        "--stay",
        "2025-01-01..2025-03-31",
        "--on",
        "2025-04-01",
        "--until",
        "2025-04-02",
        stdout=out,
    )

    assert out.getvalue().splitlines() == [
        "90 of 90 days are used in the 180 days from 2024-10-04 to 2025-04-01.",
        "0 days are left.",
        "A stay that begins on 2025-04-01 may last 0 days.",
        "A stay of 2 days may begin on 2025-06-30.",
        "A stay until 2025-04-02 is too long from 2025-04-01 on.",
    ]


def test_a_stay_of_one_day_is_told_as_one() -> None:
    out = io.StringIO()
    call_command("stay_days", "--on", "2025-04-01", stdout=out)

    assert "A stay of 1 day may begin on 2025-04-01." in out.getvalue()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--stay", "2025-03-31..2025-03-01", "--on", "2025-07-01"],
        ["--stay", "2025-03-31", "--on", "2025-07-01"],
        ["--stay", "..", "--on", "2025-07-01"],
        ["--stay", "x..y", "--on", "2025-07-01"],
        ["--on", "2025-02-30"],
        ["--on", "20250701"],
        ["--on", "٢٠٢٥-٠٧-٠١"],
        ["--stay", "2025-03-01..2025-03-02"],
        ["--on", "2025-07-01", "--until", "2025-06-30"],
        ["--on", "2025-07-01", "--days", "0"],
        ["--on", "2025-07-01", "--days", "91"],
    ],
)
def test_bad_input_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert failing(arguments) == 2
    assert capsys.readouterr().err


def failing(arguments: list[str]) -> object:
    """How the command ends when it is run as from a shell."""
    with pytest.raises(SystemExit) as end:
        stay_days_command.Command().run_from_argv(["consular", "stay_days", *arguments])
    return end.value.code


def test_bad_input_is_answered_with_a_clear_word(capsys: pytest.CaptureFixture[str]) -> None:
    failing(["--stay", "2025-03-31..2025-03-01", "--on", "2025-07-01"])

    assert "the stay 2025-03-31..2025-03-01 ends before it begins" in capsys.readouterr().err
