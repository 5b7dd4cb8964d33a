"""The translation catalogues: one PO file per language, kept complete by `consular messages`."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from consular.ops.sources import Found

SOURCE_LANGUAGE = "en"
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|\{\w+\}")
POSITIONAL = re.compile(r"(?<!%)(?:%%)*%[sdifr]|\{\}")
TAG = re.compile(r"</?[a-z]+[ >/]")
HEADER = "# Translations of consular into %s. Terms: docs/glossary.md. Written by `consular messages update`."
PLURAL_FORMS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
}
"""Where the library's own rule is wrong: it takes 11 to 99 for the last form."""

MADE_ON = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Finding:
    """One thing wrong with one message in one language (`en`: with the sentence in the sources)."""

    language: str
    kind: str
    message: str
    where: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def template(messages: Iterable[Found]) -> Catalog:
    """All messages of the sources as an empty catalogue, each with the files it stands in."""
    catalog = Catalog(charset="utf-8")
    for found in sorted(messages, key=lambda found: (found.file, found.line)):
        text = (found.text, found.plural) if found.plural else found.text
        catalog.add(text, locations=[(found.file, 0)], context=found.context or None)
    return catalog


def path(folder: Path, language: str) -> Path:
    """Where the catalogue of a language lies."""
    return folder / language / "LC_MESSAGES" / "django.po"


def read(file: Path, language: str) -> Catalog:
    """The catalogue in a file; an empty one where there is none yet."""
    if not file.exists():
        return Catalog(locale=language, domain="django", charset="utf-8", fuzzy=False)
    with file.open("rb") as stream:
        return read_po(stream, locale=language, domain="django")


def update(file: Path, language: str, messages: Iterable[Found]) -> Catalog:
    """Bring the file up to the sources: new messages come in empty, messages nobody uses any more go away."""
    catalog = read(file, language)
    catalog.update(template(messages), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    write(file, language, catalog)
    return catalog


def write(file: Path, language: str, catalog: Catalog) -> None:
    """Write a catalogue so that the same content always gives the same file."""
    catalog.header_comment = HEADER % language
    catalog.project, catalog.version = "consular", "1"
    catalog.creation_date = catalog.revision_date = MADE_ON
    catalog.fuzzy = False
    if language in PLURAL_FORMS:
        catalog.mime_headers = [("Plural-Forms", PLURAL_FORMS[language])]
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        write_po(stream, catalog, width=110, sort_output=True, include_lineno=False)


def compile_one(file: Path) -> Path:
    """Write the binary file gettext reads; replaced at once, so a running service never reads half of it."""
    target = file.with_suffix(".mo")
    fresh = target.with_suffix(".mo.new")
    with fresh.open("wb") as stream:
        write_mo(stream, read(file, file.parent.parent.name))
    fresh.replace(target)
    return target


def findings(folder: Path, languages: Iterable[str], messages: Iterable[Found]) -> list[Finding]:
    """Everything that keeps a reader of one of these languages from a right sentence."""
    wanted = template(messages)
    result = list(_in_sources(wanted))
    for language in languages:
        if language != SOURCE_LANGUAGE:
            result += _in_catalogue(wanted, read(path(folder, language), language), language)
    return result


def _in_sources(wanted: Catalog) -> Iterator[Finding]:
    for message in _messages(wanted):
        for text in _forms(message.id):
            where = _where(message)
            if text != text.strip() and any(character.isalpha() for character in text):
                yield Finding(SOURCE_LANGUAGE, "whitespace", text, where)
            if POSITIONAL.search(text):
                yield Finding(SOURCE_LANGUAGE, "placeholder without a name", text, where)


def _in_catalogue(wanted: Catalog, catalog: Catalog, language: str) -> Iterator[Finding]:
    for message in _messages(wanted):
        present = catalog.get(message.id, message.context)
        text = _forms(message.id)[0]
        if present is None:
            yield Finding(language, "not in the catalogue", text, _where(message))
        elif not is_translated(present):
            yield Finding(language, "missing", text, _where(message))
        else:
            yield from _in_translation(present, language, catalog.num_plurals, _where(message))
    for message in _messages(catalog):
        if wanted.get(message.id, message.context) is None:
            yield Finding(language, "obsolete", _forms(message.id)[0])
    for message in catalog.obsolete.values():
        yield Finding(language, "obsolete", _forms(message.id)[0])


def _in_translation(message: Message, language: str, plurals: int, where: str) -> Iterator[Finding]:
    sources, translations = _forms(message.id), _forms(message.string)
    text = sources[0]
    if message.fuzzy:
        yield Finding(language, "fuzzy", text, where)
    if len(sources) > 1 and len(translations) != plurals:
        yield Finding(language, "plural forms", text, where)
    for translation in translations:
        if _edges(translation) != _edges(text):
            yield Finding(language, "whitespace", text, where)
        if not _placeholders_agree(sources, translation):
            yield Finding(language, "placeholders", text, where)
        if not any(Counter(TAG.findall(source)) == Counter(TAG.findall(translation)) for source in sources):
            yield Finding(language, "markup", text, where)


def is_translated(message: Message) -> bool:
    """Whether every form of the message says something."""
    forms = _forms(message.string)
    return bool(forms) and all(forms)


def _placeholders_agree(sources: tuple[str, ...], translation: str) -> bool:
    """The same placeholders as in the source; a plural form may leave out its number ("one day")."""
    used = set(PLACEHOLDER.findall(translation))
    known = [set(PLACEHOLDER.findall(source)) for source in sources]
    if POSITIONAL.search(translation):
        return False
    if len(sources) == 1:
        return used == known[0]
    everything = known[0] | known[1]
    return used <= everything and len(everything - used) <= 1


def _edges(text: str) -> tuple[bool, bool]:
    """Whether the text begins and ends with white space."""
    return text[:1].isspace(), text[-1:].isspace()


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def _where(message: Message) -> str:
    return ", ".join(sorted({file for file, _line in message.locations}))
