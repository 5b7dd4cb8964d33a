"""The tables of the standard, name by name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consular.travel import letters, transliteration
from tests import rows
from tests.bad_text import CORPUS


@rows.every("name, spelt", [
        ("Anna Maria", "ANNA MARIA"), ("Marie-Élise", "MARIE ELISE"), ("D'Artagnan", "DARTAGNAN"),
        ("O’Connor", "OCONNOR"), ("Anna, Maria", "ANNA MARIA"), ("Dr. Mabuse", "DR MABUSE"),
        ("Al–Basri", "AL BASRI"),
        ("Müller-Lüdenscheidt", "MUELLER LUEDENSCHEIDT"), ("Groß", "GROSS"), ("GROẞ", "GROSS"),
        ("Ångström", "AANGSTROEM"),
        ("Sørensen", "SOERENSEN"), ("Þórður", "THORDUR"), ("Łukasz Żółć", "LUKASZ ZOLC"),
        ("Đorđević", "DORDEVIC"),
        ("Nuñez", "NUNEZ"), ("Çağlar", "CAGLAR"), ("Ĳsbrand", "IJSBRAND"), ("Œuvrard", "OEUVRARD"),
        ("Ħamrun", "HAMRUN"),
        ("Nguyễn Văn Đạt", "NGUYEN VAN DAT"), ("ﬁtz", "FITZ"), ("Ａｎｎａ", "ANNA"), ("Mu\u0308ller", "MUELLER"),
        ("Işık", "ISIK"), ("Kaʻahumanu", "KAAHUMANU"), ("Əliyev", "ALIYEV"),
        ("Щербаков Юрий", "SHCHERBAKOV IURII"), ("Объедков Игорь", "OBIEEDKOV IGOR"), ("Ёлкина", "ELKINA"),
        ("Цой Жанна", "TSOI ZHANNA"), ("Эдуард Хачатурян", "EDUARD KHACHATURIAN"),
        ("Крыжановский", "KRYZHANOVSKII"),
        ("Γιώργος Παπαδόπουλος", "GIORGOS PAPADOPOULOS"), ("Φωτεινή Ψαρού", "FOTEINI PSAROU"),
        ("محمد", "MXHMD"), ("ابو بكر محمد بن زكريا الرازي", "ABW BKR MXHMD BN ZKRYA ALRAZY"),
        ("سمير بادمكدوذيل", "SMYR BADMKDWXDHYL"), ("جمال عبد الناصر", "JMAL EBD ALNAXSSR"),
        ("عبدالعزيز بن متعب", "EBDALEZYZ BN MTEB"), ("عزّ الدين إسماعيل", "EZZ ALDYN ISMAEYL"),
        ("نعيمة جميلة", "NEYMXAH JMYLXAH"), ("فضّة", "FXDZXDZXAH"), ("عبّاس", "EBBAS"),
        ("فاطمةزهرا", "FAXTTMXTAZHRA"),
        ("مُحَمَّد", "MXHMMD"), ("محـمـد", "MXHMD"), ("گلچین پژمان", "XGGLXCXYAN PXJMAN"), ("ٹھوس", "XXTXDOWS"),
        ("", ""), (" - ' ", ""),
    ])  # fmt: skip
def test_names_are_spelt_by_the_tables(name: str, spelt: str) -> None:
    assert transliteration.spell(name) == transliteration.Spelling(spelt)


@pytest.mark.parametrize(
    ("state", "name", "spelt"),
    [
        ("UKR", "Згурський Григорій", "ZHURSKYI HRYHORII"),
        ("UKR", "Єва Їжакевич Юлія Яна Йосип", "YEVA YIZHAKEVYCH YULIIA YANA YOSYP"),
        ("UKR", "Марія Галаґан", "MARIIA HALAGAN"), ("BLR", "Ёрш Ігар Глеб", "IORSH IHAR HLEB"),
        ("BGR", "Щерев Щилян", "SHTEREV SHTILIAN"),
        ("SRB", "Живојин Шћепан Цица Хаџић", "ZIVOJIN SCEPAN CICA HADZIC"),
        ("SRB", "Драган Љиљана Његош", "DRAGAN LJILJANA NJEGOS"),
        ("MKD", "Ѓорѓи Ќамил Џемо Хаџи Цане", "GJORGJI KJAMIL DJEMO HADJI CANE"),
        ("RUS", "Галина", "GALINA"), ("TUR", "Gül Öztürk", "GUL OZTURK"), ("ESP", "Güell", "GUELL"),
        ("DEU", "Güll", "GUELL"),
    ],
)  # fmt: skip
def test_national_differences_count(state: str, name: str, spelt: str) -> None:
    assert transliteration.spell(name, state).text == spelt


@pytest.mark.parametrize(
    ("name", "spelt", "unknown"),
    [
        ("王小明", "", ("王", "小", "明")),
        ("Anna 王", "ANNA", ("王",)),
        ("გიორგი", "", None),
        ("R2D2", "RD", ("2",)),
        ("דוד", "", ("ד", "ו")),
    ],
)
def test_letters_without_a_table_are_named(name: str, spelt: str, unknown: tuple[str, ...] | None) -> None:
    spelling = transliteration.spell(name)

    assert spelling.text == spelt
    assert spelling.unknown if unknown is None else spelling.unknown == unknown


def test_every_marked_letter_of_the_standard_is_covered() -> None:
    """Section 6 A lists the Latin letters from À to Ž; all have a spelling of capitals."""
    latin = [chr(code) for code in (*range(0xC0, 0x17F), 0x1E9E) if chr(code).isalpha()]

    spelt = {letter: transliteration.spell(letter) for letter in latin}

    assert {letter for letter, spelling in spelt.items() if spelling.unknown} <= {"ĸ"}
    assert all(spelling.text.isascii() for spelling in spelt.values())


def test_the_tables_hold_capitals_only_and_each_letter_once() -> None:
    for table in (
        letters.LATIN,
        letters.CYRILLIC,
        letters.ARABIC,
        letters.GREEK,
        letters.ALSO,
        letters.SOUNDS,
    ):
        assert all(set("".join(ways)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for ways in table.values())
        assert all(unicodedata.normalize("NFC", letter) == letter for letter in table)
    assert len(letters.ARABIC) == 68
    assert len({ways[0] for ways in letters.ARABIC.values()}) == 67  # yeh and Pashto yeh are one


@rows.every("name", CORPUS)
def test_any_text_is_spelt_without_harm(name: str) -> None:
    spelling = transliteration.spell(CORPUS[name])

    assert set(spelling.text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ ")


@given(st.text(max_size=60), st.sampled_from(["", "UKR", "SRB", "TUR"]))
def test_what_is_spelt_is_spelt_the_same_again(name: str, state: str) -> None:
    once = transliteration.spell(name, state).text

    assert transliteration.spell(once, state).text == once
    assert "  " not in once
    assert once == once.strip()
