"""Every sentence is there in every language, and the languages offered are the languages we have."""

from gettext import c2py
from pathlib import Path

import pytest
from django.conf import settings

from consular.ops import catalogue, sources

LANGUAGES = [code for code, _name in settings.LANGUAGES]
FOLDER = Path(settings.LOCALE_PATHS[0])


def test_every_message_is_translated_into_every_language():
    found = catalogue.findings(FOLDER, LANGUAGES, sources.found(settings.BASE_DIR))
    assert [f"{item.language} {item.kind}: {item.message} ({item.where})" for item in found] == []


def test_each_language_offered_has_its_folder_and_no_folder_is_left_over():
    folders = {path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/django.po")}
    assert folders == set(LANGUAGES) - {catalogue.SOURCE_LANGUAGE}


def test_each_catalogue_compiles_with_the_plural_forms_of_its_language():
    expected = {"de": 2, "fr": 2, "ar": 6}
    assert {
        code: catalogue.read(catalogue.path(FOLDER, code), code).num_plurals
        for code in LANGUAGES
        if code != catalogue.SOURCE_LANGUAGE
    } == expected


@pytest.mark.parametrize(
    ("number", "form"),
    [(0, 0), (1, 1), (2, 2), (3, 3), (10, 3), (11, 4), (99, 4), (100, 5), (102, 5), (103, 3), (111, 4)],
)
def test_arabic_counts_in_its_six_forms(number, form):
    expression = catalogue.read(catalogue.path(FOLDER, "ar"), "ar").plural_expr
    assert c2py(expression)(number) == form
