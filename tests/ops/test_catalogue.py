"""What the check of the catalogues finds: each kind of mistake is made once on purpose."""

import gettext

import pytest

from consular.ops import catalogue
from consular.ops.sources import Found

SENTENCES = [
    Found("Sign in", "a.py", 1),
    Found("Hello %(name)s", "a.py", 2),
    Found("%(n)s day", "a.py", 3, plural="%(n)s days"),
    Found("May", "a.py", 4, context="month"),
    Found("Use <b>bold</b>", "a.py", 5),
]
GOOD = {
    "Sign in": "Anmelden",
    "Hello %(name)s": "Guten Tag, %(name)s",
    "%(n)s day": ("ein Tag", "%(n)s Tage"),
    "May": "Mai",
    "Use <b>bold</b>": "<b>Fett</b> verwenden",
}


def written(folder, translations, **flags):
    """A German catalogue with these translations on disk."""
    file = catalogue.path(folder, "de")
    fresh = catalogue.update(file, "de", SENTENCES)
    for message in fresh:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            message.string = translations.get(key, message.string)
            if key in flags.get("fuzzy", ()):
                message.flags.add("fuzzy")
    catalogue.write(file, "de", fresh)
    return file


def kinds(folder, sentences=SENTENCES):
    return [(item.kind, item.message) for item in catalogue.findings(folder, ["en", "de"], sentences)]


def test_a_complete_catalogue_has_no_findings(tmp_path):
    written(tmp_path, GOOD)
    assert kinds(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "translation", "kind"),
    [
        ("Sign in", "", "missing"),
        ("Sign in", " Anmelden", "whitespace"),
        ("Sign in", "Anmelden %(name)s", "placeholders"),
        ("Hello %(name)s", "Guten Tag", "placeholders"),
        ("Hello %(name)s", "Guten Tag, %(nmae)s", "placeholders"),
        ("Hello %(name)s", "Guten Tag, %s", "placeholders"),
        ("%(n)s day", ("%(n)s Tag", "%(m)s Tage"), "placeholders"),
        ("%(n)s day", ("%(n)s Tag", ""), "missing"),
        ("Use <b>bold</b>", "Fett verwenden", "markup"),
    ],
)
def test_a_wrong_translation_is_found(tmp_path, text, translation, kind):
    written(tmp_path, {**GOOD, text: translation})
    assert kinds(tmp_path) == [(kind, text)]


def test_a_translation_somebody_only_guessed_is_found(tmp_path):
    written(tmp_path, GOOD, fuzzy=["May"])
    assert kinds(tmp_path) == [("fuzzy", "May")]


def test_a_message_that_nobody_added_to_the_catalogue_is_found(tmp_path):
    written(tmp_path, GOOD)
    assert kinds(tmp_path, [*SENTENCES, Found("New", "b.py", 1)]) == [("not in the catalogue", "New")]


def test_a_message_that_nobody_uses_any_more_is_found(tmp_path):
    written(tmp_path, GOOD)
    assert kinds(tmp_path, SENTENCES[1:]) == [("obsolete", "Sign in")]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        (" Sign in", "whitespace"),
        ("Hello %s", "placeholder without a name"),
        ("Hello {}", "placeholder without a name"),
    ],
)
def test_a_sentence_that_cannot_be_translated_well_is_found_in_the_sources(tmp_path, sentence, kind):
    assert catalogue.findings(tmp_path, ["en"], [Found(sentence, "a.py", 1)])[0].kind == kind


def test_a_catalogue_that_is_not_there_misses_everything(tmp_path):
    assert [kind for kind, _text in kinds(tmp_path)] == ["not in the catalogue"] * 5


def test_updating_keeps_translations_drops_what_is_unused_and_is_stable(tmp_path):
    file = written(tmp_path, GOOD)
    catalogue.update(file, "de", SENTENCES[1:])
    once = file.read_bytes()
    catalogue.update(file, "de", SENTENCES[1:])
    assert file.read_bytes() == once
    assert kinds(tmp_path, SENTENCES[1:]) == []


def test_gettext_reads_the_compiled_file(tmp_path):
    target = catalogue.compile_one(written(tmp_path, GOOD))
    with target.open("rb") as stream:
        german = gettext.GNUTranslations(stream)
    assert german.gettext("Sign in") == "Anmelden"
    assert german.ngettext("%(n)s day", "%(n)s days", 2) == "%(n)s Tage"
    assert german.pgettext("month", "May") == "Mai"
