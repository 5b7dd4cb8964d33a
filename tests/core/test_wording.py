"""Words of a list, in the reader's language."""

from django.utils import translation
from django.utils.translation import gettext_lazy

from consular.core.wording import listed
from tests import rows


@rows.every(
    "language, expected", [("en", "one, two"), ("de", "one, two"), ("fr", "one, two"), ("ar", "one، two")]
)
def test_what_stands_between_words_is_the_language_s_own(language: str, expected: str) -> None:
    with translation.override(language):
        assert listed(["one", gettext_lazy("two")]) == expected
