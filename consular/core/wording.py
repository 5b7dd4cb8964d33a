"""How words are put together in the reader's language."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import pgettext


def listed(words: Iterable[str | Promise]) -> str:
    """The words one after the other, with what stands between them in the language: Arabic has a comma of its own."""
    return pgettext("between the words of a list", ", ").join(map(str, words))
