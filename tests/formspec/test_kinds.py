"""Every kind of question: what it takes, how it tidies it, what it refuses with a sentence."""

import unicodedata

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from consular import formspec
from consular.formspec import text
from consular.formspec.kinds import KINDS
from consular.formspec.problems import counted
from tests import rows
from tests.formspec import forms

OPTIONS = '[{ value = "a", label = "A" }, { value = "b", label = "B" }, { value = "c", label = "C" }]'
GROUP = '\n[[pages.questions.questions]]\nid = "inner"\nkind = "name"\nlabel = "Inner"'
SETTINGS = {"choice": {"options": OPTIONS}, "choices": {"options": OPTIONS}}

ZONE = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
)
"""The specimen of ICAO Doc 9303 part 4."""

ADDRESS = {"lines": "5 Old Street", "postal_code": "110021", "place": "New Delhi", "country": "IND"}

GOOD = [
    ("text", "  Old   Street 5 ", "Old Street 5"),
    ("text", "Łódź & <b>Co</b>", "Łódź & <b>Co</b>"),
    ("text", "e\u0301", "é"),
    ("text", "\u200eA\ufeff", "A"),
    ("long_text", "One\r\ntwo  \n", "One\ntwo"),
    ("name", "O'Brien-D’Angelo", "O'Brien-D’Angelo"),
    ("name", "X", "X"),
    ("name", "ʻOkina Kahanamoku", "ʻOkina Kahanamoku"),
    ("name", "İIıi ẞß", "İIıi ẞß"),
    ("name", "C̨̆ M̂ n̂ k͟h L̥̄ ñ̄", "C̨̆ M̂ n̂ k͟h L̥̄ ñ̄"),
    ("name", "Đặng Thị Ngọc", "Đặng Thị Ngọc"),
    ("name", "محمد بن عبد الله", "محمد بن عبد الله"),
    ("name", "می‌خواهم", "می‌خواهم"),
    ("name", "欧阳娜娜", "欧阳娜娜"),
    ("name", "𠮷田", "𠮷田"),
    ("name", "ສົມສັກ", "ສົມສັກ"),
    ("name", "श्रीमती", "श्रीमती"),
    ("name", "Null", "Null"),
    ("name", "van der Meer, jr.", "van der Meer, jr."),
    ("name", "Henry Ⅷ", "Henry Ⅷ"),
    ("date", ["1", "2", "1990"], "1990-02-01"),
    ("date", ["٢٩", "٠٢", "٢٠٢٤"], "2024-02-29"),
    ("date", "2026-12-31", "2026-12-31"),
    ("country", "IND", "IND"),
    ("country", "XKX", "XKX"),
    ("nationality", "XXA", "XXA"),
    ("member_state", "DEU", "DEU"),
    ("mission", "MUMB", "MUMB"),
    ("member_states", ["SWE", "AUT"], ["AUT", "SWE"]),
    ("yes_no", "yes", True),
    ("yes_no", False, False),
    ("declaration", "yes", True),
    ("choice", "b", "b"),
    ("choices", ["c", "a", "a"], ["a", "c"]),
    ("email", "name@example.org", "name@example.org"),
    ("phone", "+49 (30) 1234-567", "+49 30 1234567"),
    ("phone", "+٩١ ٠١١ ٢٣٤٥٦٧٨٩", "+91 11 2345 6789"),
    ("phone", "001 202 555 0123", "+1 202-555-0123"),
    ("address", ["5 Old Street", "110021", "New Delhi", "IND"], ADDRESS),
    ("address", ADDRESS, ADDRESS),
    ("mrz", f" {ZONE[0].lower()}\r\n{ZONE[1]} ", "\n".join(ZONE)),
    ("document_number", " l898 902c ", "L898902C"),
    ("number", "007", "7"),
    ("money", "1250,5", "1250.50"),
    ("money", "0.05", "0.05"),
    ("group", [{"inner": " Ann "}], [{"inner": "Ann"}]),
]

BAD = [
    ("text", "a\nb"),
    ("text", "x" * 201),
    ("text", 5),
    ("text", {"a": "b"}),
    ("text", "a" + "\u0301" * 20),
    ("long_text", "x" * 2001),
    ("name", "R2D2"),
    ("name", "<b>"),
    ("name", "-"),
    ("name", "Ann 😀"),
    ("name", "x" * 81),
    ("date", ["31", "2", "2026"]),
    ("date", ["", "2", "2026"]),
    ("date", ["1", "2", "26"]),
    ("date", ["1", "2", "0000"]),
    ("date", ["one", "2", "2026"]),
    ("date", ["1.5", "2", "2026"]),
    ("date", ["²", "2", "2026"]),
    ("date", "2026-02-30"),
    ("date", "2026-02-01T00:00"),
    ("date", 5),
    ("country", "ZZZ"),
    ("country", "DDR"),
    ("country", "IN"),
    ("country", ["IND"]),
    ("nationality", "DDR"),
    ("member_state", "GBR"),
    ("mission", "Mumbai"),
    ("member_states", "AUT"),
    ("member_states", ["AUT", {"a": 1}]),
    ("yes_no", "maybe"),
    ("yes_no", 1),
    ("declaration", "no"),
    ("declaration", False),
    ("choice", "d"),
    ("choice", {"a": "b"}),
    ("choices", ["a", "d"]),
    ("choices", "a"),
    ("email", "name"),
    ("email", "a@b@c"),
    ("email", "name@example.org\nbcc: x@example.org"),
    ("email", "x" * 250 + "@example.org"),
    ("phone", "12345"),
    ("phone", "1" * 16),
    ("phone", "call me"),
    ("phone", "030 1234567"),
    ("phone", "+999 123456"),
    ("phone", "+1 202 555"),
    ("phone", "+1 202 555 0123 4"),
    ("phone", "+49 30 1234567 ext 5"),
    ("address", "5 Old Street"),
    ("address", ["5 Old Street", "110021", "", "IND"]),
    ("address", ["", "110021", "New Delhi", "IND"]),
    ("address", ["5 Old Street", "1100", "New Delhi", "IND"]),
    ("address", ["5 Old Street", "110021", "New Delhi", "ZZZ"]),
    ("address", ["5 Old Street", 5, "New Delhi", "IND"]),
    ("mrz", "P<UTO"),
    ("mrz", ZONE[0] + "\n" + ZONE[1].replace("L898902C3", "L898902C8")),
    ("mrz", {"a": 1}),
    ("document_number", "AB<C"),
    ("document_number", "ÄB1"),
    ("document_number", "A" * 21),
    ("number", "-1"),
    ("number", "1e5"),
    ("number", "²"),
    ("money", "-5"),
    ("money", "1.005"),
    ("money", "NaN"),
    ("money", "1."),
    ("money", "²"),
    ("group", [{"inner": "1"}]),
    ("group", [{"inner": "A"}, {"inner": "B"}]),
    ("group", ["A"]),
    ("group", "A"),
    ("group", {"inner": "A"}),
]

TYPED_TEXT = ["text", "long_text", "name", "email", "phone", "document_number", "number", "money"]


def page_of(kind, **more):
    inner = GROUP if kind == "group" else ""
    return forms.form(forms.question(kind, **SETTINGS.get(kind, {}), **more) + inner)


def test_the_tables_name_every_kind():
    covered = {kind for kind, *_ in GOOD} & {kind for kind, *_ in BAD}
    assert covered == set(KINDS) - {"area"}


@rows.every("kind, typed, tidy", GOOD)
def test_a_right_answer_is_taken_and_tidied(kind, typed, tidy):
    form = page_of(kind)
    assert formspec.problems(form, {"it": typed}) == []
    assert counted(form, {"it": typed}) == {"it": tidy}


@rows.every("kind, typed, tidy", GOOD)
def test_a_tidy_answer_stays_as_it_is_and_can_be_shown(kind, typed, tidy):
    form = page_of(kind)
    assert counted(form, {"it": tidy}) == {"it": tidy}
    assert formspec.shown(form.pages, {"it": tidy})[0].answers[0].value


@rows.every("kind, typed", BAD)
def test_a_wrong_answer_is_refused_with_a_sentence_and_does_not_count(kind, typed):
    form = page_of(kind)
    (problem,) = formspec.problems(form, {"it": typed})
    assert (problem.page, problem.question.partition("-")[0]) == ("about", "it")
    assert problem.message.endswith((".", "?"))
    assert counted(form, {"it": typed}) == {}


@rows.every("kind", TYPED_TEXT, "bad", [*forms.CONTROLS, *forms.BIDI])
def test_no_text_holds_characters_that_deceive_or_break(kind, bad):
    (problem,) = formspec.problems(page_of(kind), {"it": f"12345{bad}67"})
    assert problem.message
    problem.message.encode()


@pytest.mark.parametrize("kind", TYPED_TEXT)
def test_ten_kilobytes_are_refused_as_too_long(kind):
    (problem,) = formspec.problems(page_of(kind), {"it": "1" * 10_000})
    assert "characters" in problem.message


@pytest.mark.parametrize("typed", ["x" * 2000, *forms.MARKUP])
def test_free_text_is_kept_letter_by_letter(typed):
    assert counted(page_of("long_text"), {"it": typed}) == {"it": typed}


@rows.every("kind", sorted(set(KINDS) - {"area"}), "blank", [None, "", " ", [], [""], ["", "", ""], {}])
def test_what_was_not_answered_is_missing_only_where_an_answer_is_needed(kind, blank):
    assert len(formspec.problems(page_of(kind), {"it": blank})) == 1
    assert formspec.problems(page_of(kind, required="false"), {"it": blank}) == []


@pytest.mark.parametrize(
    ("typed", "iso", "shown"),
    [
        (["", "", "1985"], "1985", "1985"),
        (["", "3", "1985"], "1985-03", "March 1985"),
        (["7", "3", "1985"], "1985-03-07", "7 March 1985"),
        (["00", "00", "1985"], "1985", "1985"),
        (["XX", "3", "1985"], "1985-03", "March 1985"),
        (["٠٠", "٠", "١٩٨٥"], "1985", "1985"),
    ],
)
def test_a_partial_date_keeps_what_is_known(typed, iso, shown):
    form = page_of("date", partial="true")
    assert counted(form, {"it": typed}) == {"it": iso}
    assert formspec.problems(form, {"it": ["7", "", "1985"]})
    assert formspec.shown(form.pages, {"it": iso})[0].answers[0].value == shown


@pytest.mark.parametrize("typed", [["00", "00", "1985"], ["XX", "XX", "1985"], ["7", "3", "1234"]])
def test_a_whole_date_has_neither_unknown_parts_nor_an_impossible_year(typed):
    assert len(formspec.problems(page_of("date"), {"it": typed})) == 1


@pytest.mark.parametrize("kind", ["country", "nationality"])
def test_people_may_be_born_in_states_that_are_no_more(kind):
    assert formspec.problems(page_of(kind, historic="true"), {"it": "SUN"}) == []
    assert len(formspec.problems(page_of(kind), {"it": "SUN"})) == 1


def test_an_old_state_keeps_its_name_as_a_nationality_and_travel_documents_their_own():
    form = page_of("nationality", historic="true")
    assert "Soviet" in formspec.shown(form.pages, {"it": "SUN"})[0].answers[0].value
    assert formspec.problems(form, {"it": "XXA"}) == []


@pytest.mark.parametrize(("language", "name"), [("en", "Germany"), ("de", "Deutschland"), ("ar", "ألمانيا")])
def test_countries_are_named_in_the_active_language(language, name):
    with translation.override(language):
        (page,) = formspec.shown(page_of("country").pages, {"it": "DEU"})
    assert page.answers[0].value == name


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30) | st.text(st.sampled_from("a\u0301\u200d\u202e\u2066\x00\ud800 \n"), max_size=8))
@pytest.mark.parametrize("kind", ["text", "long_text", "name"])
def test_whatever_is_taken_is_clean(kind, typed):
    tidy = counted(page_of(kind), {"it": typed}).get("it", "")
    assert unicodedata.is_normalized("NFC", tidy)
    assert not set(tidy) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert not [char for char in tidy if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t"]
    tidy.encode()


def test_without_the_check_a_reversed_text_would_be_stored(monkeypatch):
    assert counted(page_of("text"), {"it": "a\u202eb"}) == {}
    monkeypatch.setattr(text, "_is_refused", lambda character: False)
    assert counted(page_of("text"), {"it": "a\u202eb"}) == {"it": "a\u202eb"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.just("inner"), inner)
    ),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(answer=JSON | st.text(alphabet=st.characters(), max_size=50))
@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"area"}))
def test_any_answer_at_all_is_either_tidied_once_and_for_all_or_refused(kind, answer):
    form = page_of(kind, required="false")
    tidy = counted(form, {"it": answer})
    assert counted(form, tidy) == tidy
    formspec.shown(form.pages, {"it": answer})
