"""What is tolerated, what is doubted, and what would make it right."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consular.travel import doubts, mrz
from consular.travel.mrz import Fields
from tests import rows
from tests.effort import calls
from tests.travel import specimens
from tests.travel.specimens import SPECIMENS, TODAY, text

PASSPORT = text(SPECIMENS["TD3"])


@pytest.mark.parametrize(
    "typed",
    [
        PASSPORT.lower(),
        PASSPORT.replace("\n", "\r\n"),
        PASSPORT.replace("\n", " "),
        PASSPORT.replace("\n", ""),
        f"\n  {PASSPORT}  \n\n",
        " ".join(PASSPORT),
        PASSPORT.replace("UTO", "UTO\n"),
        PASSPORT.replace("<<", "<\u200b<\u00ad"),
        "\ufeff" + PASSPORT.replace("\n", "\u2028"),
        PASSPORT.replace("<", "\u00a0<\t"),
    ],
)
def test_spaces_breaks_small_letters_and_invisible_marks_are_tolerated(typed: str) -> None:
    reading = mrz.read(typed, TODAY)

    assert (reading.valid, reading.lines, reading.doubts) == (True, SPECIMENS["TD3"], ())


@pytest.mark.parametrize("name", SPECIMENS)
def test_each_kind_is_found_without_line_breaks(name: str) -> None:
    assert mrz.read("".join(SPECIMENS[name]), TODAY).lines == SPECIMENS[name]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "position", "found", "candidate", "field"),
    [
        ("L898902", "L8989O2", 2, 6, "O", "0", "document_number"),
        ("7408122F", "74O8122F", 2, 16, "O", "0", "birth_date"),
        ("7408122F", "7408I22F", 2, 18, "I", "1", "birth_date"),
        ("7408122F", "740812ZF", 2, 20, "Z", "2", "birth_date"),
        ("ERIKSSON", "ERIK5SON", 1, 10, "5", "S", "name"),
        ("P<UTO", "P<UT0", 1, 5, "0", "O", "issuing_state"),
        ("36UTO74", "36UT074", 2, 13, "0", "O", "nationality"),
        ("ERIKSSON<<", "ERIKSSON«", 1, 14, "«", "<<", "name"),
        ("P<UTO", "P‹UTO", 1, 2, "‹", "<", "document_code"),
        ("ERIKSSON", "ЕRIKSSON", 1, 6, "Е", "E", "name"),
        ("F1204159", "F12٠4159", 2, 24, "٠", "0", "expiry_date"),
        ("ANNA", "ÄNNA", 1, 16, "Ä", "A", "name"),
    ],
)  # fmt: skip
def test_a_misread_character_is_named_with_what_it_should_be(
    right: str, wrong: str, line: int, position: int, found: str, candidate: str, field: str
) -> None:
    reading = mrz.read(PASSPORT.replace(right, wrong), TODAY)

    assert not reading.valid
    assert [
        (each.line, each.position, each.found, each.candidates, each.field) for each in reading.doubts
    ] == [(line, position, found, (candidate,), field)]
    assert reading.suggestion == SPECIMENS["TD3"]
    assert f"“{candidate}”" in str(reading.doubts[0].message)


def test_the_composite_digit_is_doubted_only_when_the_others_are_right() -> None:
    wrong = PASSPORT[:-1] + "8"
    misread = PASSPORT.replace("L898902", "L898903")

    assert [problem.field for problem in mrz.read(wrong, TODAY).problems] == ["composite"]
    assert [problem.field for problem in mrz.read(misread, TODAY).problems] == ["document_number"]
    assert [digit.name for digit in mrz.read(misread, TODAY).digits if not digit.ok] == [
        "document_number",
        "composite",
    ]


def test_several_ways_are_all_named_and_none_is_chosen() -> None:
    reading = mrz.read(PASSPORT.replace("ZE184226B", "2E184226B"), TODAY)

    assert [(each.position, each.candidates) for each in reading.doubts] == [
        (29, ("Z",)),
        (32, ("B",)),
        (35, ("Z",)),
    ]
    assert reading.suggestion is None


def test_what_is_certain_is_named_even_where_no_way_makes_everything_right() -> None:
    reading = mrz.read(PASSPORT.replace("1204159ZE", "120415GZE"), TODAY)

    assert [(each.position, each.candidates) for each in reading.doubts] == [(28, ("6",))]
    assert reading.suggestion is None


def test_two_misread_characters_are_found_together() -> None:
    reading = mrz.read(PASSPORT.replace("L898902", "L8989O2").replace("7408122F", "740B122F"), TODAY)

    assert reading.suggestion == SPECIMENS["TD3"]
    assert [each.position for each in reading.doubts] == [6, 17]


def test_neighbours_that_changed_places_are_found() -> None:
    reading = mrz.read(PASSPORT.replace("7408122F", "7048122F"), TODAY)

    assert [(each.position, each.candidates) for each in reading.doubts] == [(15, ("4",)), (16, ("0",))]
    assert reading.suggestion == SPECIMENS["TD3"]


@pytest.mark.parametrize("pair", ["G6", "L1", "AK", "A<", "KU"])
def test_check_digits_cannot_tell_these_apart(pair: str) -> None:
    """A fact of the standard that pages must not hide; see docs/travel.md."""
    typed = PASSPORT.replace("ZE184226B", f"ZE18422{pair[0]}B")
    line = typed.splitlines()[1]
    other = line.replace(f"22{pair[0]}B", f"22{pair[1]}B")

    assert [digit.expected for digit in mrz.read(typed, TODAY).digits] == [
        digit.expected for digit in mrz.read(typed.replace(line, other), TODAY).digits
    ]
    assert pair not in doubts.ALIKE


@rows.every("typed, codes, suggestion", [
        ("", ["empty"], None),
        (" \n\u200b\n", ["empty"], None),
        ("<" * 1001, ["too_long"], None),
        ("hello", ["format"], None),
        (f"PASSPORT\nUTOPIA\n{PASSPORT}\nx", ["format"], SPECIMENS["TD3"]),
        (f"{PASSPORT}\n\x04", ["format", "strange"], SPECIMENS["TD3"]),
        (f"Page 2\n{text(SPECIMENS['TD1'])}", ["format"], SPECIMENS["TD1"]),
        (f"Page 2\n{PASSPORT.replace('L898902', 'L898903')}", ["format"], None),
        ("<" * 50 + "\n" + "<" * 50, ["format"], None),
        ("A\nB\nC\nD", ["format"], None),
        (PASSPORT.replace("MARIA<<<", "MARIA"), ["length"], SPECIMENS["TD3"]),
        (PASSPORT.replace("MARIA<", "MARIA<<<<"), ["length"], SPECIMENS["TD3"]),
        (PASSPORT.replace("B<<<<<10", "B<<<10"), ["length"], SPECIMENS["TD3"]),
        (PASSPORT.replace("<<<\n", "\n").replace("B<<<<<10", "B<<<10"), ["length", "length"], SPECIMENS["TD3"]),
        (PASSPORT.replace("L898902", "L89890"), ["length"], None),
        (text(SPECIMENS["TD1"]).replace("UTO<<<<<<<<<<<6", "UTO<<<<<<<<<6"), ["length"], SPECIMENS["TD1"]),
        (text(SPECIMENS["MRV-B"])[:-3], ["length"], SPECIMENS["MRV-B"]),
    ])  # fmt: skip
def test_lines_of_a_wrong_length_are_no_zone(
    typed: str, codes: list[str], suggestion: tuple[str, ...] | None
) -> None:
    reading = mrz.read(typed, TODAY)

    assert (reading.valid, reading.fields, reading.format) == (False, None, "")
    assert [problem.code for problem in reading.problems] == codes
    assert reading.suggestion == suggestion


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("P<UTO", "X<UTO", "document_code"),
        ("2F12", "2K12", "sex"),
        ("P<UTOERIKSSON<<", "P<UTO<<<<<<<<<<", "no_name"),
    ],
)
def test_what_no_check_digit_guards_is_looked_at_too(right: str, wrong: str, code: str) -> None:
    reading = mrz.read(PASSPORT.replace(right, wrong), TODAY)

    assert (reading.valid, [problem.code for problem in reading.problems]) == (False, [code])


def test_an_x_for_the_sex_is_unusual_and_not_held_against_anybody() -> None:
    reading = mrz.read(PASSPORT.replace("2F12", "2X12"), TODAY)

    assert (reading.valid, reading.fields and reading.fields.sex) == (True, "X")
    assert [(problem.code, problem.is_error) for problem in reading.problems] == [("sex", False)]


def test_control_characters_are_named_not_shown() -> None:
    reading = mrz.read(PASSPORT.replace("ANNA", "A\x1bNA"), TODAY)

    assert [(each.found, each.candidates, each.message) for each in reading.doubts] == [("\x1b", (), None)]
    assert reading.fields
    assert reading.fields.given_names == "A NA MARIA"
    assert "\x1b" not in "".join(str(problem.message) for problem in reading.problems)


@given(specimens.fields(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_suggestion_is_always_right_and_one_misread_look_alike_is_always_doubted(
    fields: Fields, data: st.DataObject
) -> None:
    lines = mrz.write(fields)
    line = 0 if fields.format == "TD1" else 1
    start = 5 if fields.format == "TD1" else 0
    swap = {a: b for pair in doubts.ALIKE for a, b in (pair, pair[::-1])}
    places = [place for place in range(start, start + 9) if lines[line][place] in swap]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    row = lines[line]
    typed = [*lines]
    typed[line] = row[:place] + swap[row[place]] + row[place + 1 :]
    reading = mrz.read(text(tuple(typed)), TODAY)

    assert not reading.valid
    assert (line + 1, place + 1) in {(each.line, each.position) for each in reading.doubts}
    assert reading.suggestion is None or mrz.read(text(reading.suggestion), TODAY).valid


WORST = (
    "P<UTO" + "O" * 39 + "\n" + "B8OS1Z0I8" * 4 + "B8OS1Z0I",
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n8B05120181UTO8001015F300101180512B80512B8011",
)


@pytest.mark.parametrize("lines", WORST)
def test_even_the_worst_lines_are_little_work(lines: str) -> None:
    assert calls(lambda: mrz.read(lines, TODAY)) < 250_000
