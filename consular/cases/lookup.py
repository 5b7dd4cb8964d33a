"""Finding cases by what somebody knows of a person: a name in any script and spelling, a document, a day of birth.

What the officer may not see is left out in the statement: nothing about other missions can be guessed from how many
there are.
"""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from consular.cases.models import Case, CaseQuerySet, SearchName, SearchWord
from consular.core import clock, crypto
from consular.core.prepared import all_rows
from consular.formspec import Form
from consular.travel import folding, mrz

MOST = 50
"""Cases that are shown. Whoever gets more should say more."""
CANDIDATES = 500
"""Names that are put into order at most."""
ALIKE = 0.35
"""How much a word has in common with the one that was typed (`similarity` of pg_trgm, 0 to 1)."""
EACH = 40
"""Words like one that was typed."""

NAMES = (
    ("surname", "given_names"),
    ("surname_at_birth", "given_names"),
    ("child_surname", "child_given_names"),
)
"""The questions whose answers are a name of a person the case is about; their ids are the same in all services."""


@dataclass(frozen=True)
class Wanted:
    """What is searched by; everything that is given must hold."""

    name: str = ""
    document: str = ""
    birth_date: date | None = None
    reference: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of what is given."""
        return tuple(name for name in ("name", "document", "birth_date", "reference") if getattr(self, name))

    @property
    def digest(self) -> bytes:
        """A keyed hash of all of it, to be compared with a text that is known."""
        parts = (
            folding.latin(self.name) or self.name,
            self.document,
            str(self.birth_date or ""),
            self.reference,
        )
        return crypto.fingerprint("\0".join(parts), purpose="cases.search")


def document_hash(number: str) -> bytes:
    """The keyed hash of the number of a document, however it was typed."""
    plain = unicodedata.normalize("NFKC", number).upper()
    return crypto.fingerprint("".join(filter(str.isalnum, plain)), purpose="cases.document")


def rows(case: Case, form: Form, answers: Mapping[str, Any]) -> list[SearchName]:
    """What a case is found by: one row for each name that is another one when all spellings are made the same."""
    number, born = answers.get("doc_number"), str(answers.get("birth_date") or "")
    document = document_hash(str(number)) if number else None
    there = [case.mission_id] if case.mission_id else []
    found = {}
    for name in filter(None, _names(form, answers)):
        latin, own = folding.latin(name), folding.own_words(name)
        keys = sorted({*(f"={word}" for word in latin.split()), *own})
        found[latin, *keys] = SearchName(
            case=case, latin=latin, keys=keys, missions=there, birth_date=born[:10], document=document
        )
    nameless = SearchName(case=case, keys=[], missions=there, birth_date=born[:10], document=document)
    return list(found.values()) or [nameless]


def keep(names: Sequence[SearchName]) -> None:
    """Write down names, and the words in them that are new."""
    SearchName.objects.bulk_create(names)
    words = {word for name in names for word in name.latin.split()}
    known = [SearchWord(word=word, consonants=folding.consonants(word)) for word in sorted(words)]
    SearchWord.objects.bulk_create(known, ignore_conflicts=True)


def find(
    wanted: Wanted, among: CaseQuerySet, missions: Collection[int] | None = None
) -> tuple[list[int], bool]:
    """The cases `among` these that fit, the best first, and whether there are more.

    `among` may be of these `missions` only, or be lent to them; None for somebody who sees all. The very words that
    were typed come first; words like them are looked for when those are not too many already.
    """
    visible, named = visible_rows(among)
    exact = [text for name, text in _EXACT.items() if name in wanted.fields]
    facts = named | _facts(wanted) | {"most": MOST + 1, "candidates": CANDIDATES}
    facts["missions"] = sorted(missions or ())
    if wanted.fields == ("reference",):
        found = all_rows(_BY_REFERENCE.format(visible=visible), facts)
    else:
        named_so = ["n.keys @> %(words)s::varchar[]"] if wanted.name else []
        found = all_rows(_statement([*exact, *named_so], visible, missions), facts)
        if wanted.name and len(found) <= MOST:
            like, more = _like(wanted)
            found += all_rows(_statement([*exact, like], visible, missions), facts | more)
    cases = list(dict.fromkeys(case for case, _score in found))
    return cases[:MOST], len(cases) > MOST


def move(case: Case) -> None:
    """A case belongs to another mission now: it is found there, and no longer where it was."""
    SearchName.objects.filter(case=case).update(missions=[case.mission_id])


def forget_words() -> int:
    """Forget the words that are part of no name any more; returns how many."""
    return len(all_rows(_FORGET, {}))


def visible_rows(among: CaseQuerySet) -> tuple[str, dict[str, object]]:
    """These cases as a part of a statement that gives their numbers, and its values by name."""
    text, values = among.order_by().values("pk").query.sql_with_params()
    named: dict[str, object] = {f"v{number}": value for number, value in enumerate(values)}
    return text % tuple(f"%({name})s" for name in named), named


def _names(form: Form, answers: Mapping[str, Any]) -> Iterator[str]:
    """The person's names as typed, in Latin letters where they were asked for in these too, and of the zone."""
    latin = {each.latin_of: each.id for each in form.questions if each.latin_of}
    for pair in NAMES:
        if answers.get(pair[0]):
            for ids in (pair, tuple(latin.get(part, part) for part in pair)):
                yield " ".join(str(answers[part]) for part in ids if answers.get(part))
    if answers.get("given_names") and not answers.get("surname"):
        yield str(answers["given_names"])
    for question in form.questions:
        zone = answers.get(question.id) if question.kind == "mrz" else None
        fields = mrz.read(zone, clock.today()).fields if isinstance(zone, str) else None
        if fields is not None:
            yield f"{fields.surname} {fields.given_names}"


def _facts(wanted: Wanted) -> dict[str, object]:
    born, latin = wanted.birth_date, folding.latin(wanted.name)
    own = folding.own_words(wanted.name)
    return {
        "latin": latin,
        "words": [*own] or [f"={word}" for word in latin.split()],
        "document": document_hash(wanted.document) if wanted.document else b"",
        "births": [f"{born:%Y-%m-%d}", f"{born:%Y-%m}", f"{born:%Y}"] if born else [],
        "reference": wanted.reference,
    }


def _like(wanted: Wanted) -> tuple[str, dict[str, object]]:
    """The condition that a name has, for each word that was typed, this word or one that is like it."""
    words = folding.latin(wanted.name).split()
    sounds = [folding.consonants(word) for word in words]
    alike: dict[str, list[str]] = {}
    for typed, word in all_rows(_ALIKE, {"words": words, "sounds": sounds, "alike": ALIKE, "each": EACH}):
        alike.setdefault(typed, []).append(f"={word}")
    facts: dict[str, object] = {f"w{place}": alike.get(word, []) for place, word in enumerate(words)}
    parts = " AND ".join(f"n.keys && %({name})s::varchar[]" for name in facts)
    own = "n.keys @> %(words)s::varchar[]"
    return f"({own} OR ({parts}))" if parts else own, facts


def _statement(conditions: Sequence[str], visible: str, missions: Collection[int] | None) -> str:
    """People of one's missions by the index of both, and those whose case was lent to one of them besides."""
    where = " AND ".join(conditions)
    places = ["TRUE"] if missions is None else [_HERE, _LENT]
    parts = [_FIT.format(where=where, place=place, visible=visible) for place in places]
    return _FIND.format(fit=" UNION ALL ".join(parts))


_EXACT = {
    "document": "n.document = %(document)s",
    "birth_date": "n.birth_date = ANY(%(births)s)",
    "reference": "n.case_id = (SELECT id FROM cases_case WHERE reference = %(reference)s)",
}
_BY_REFERENCE = "SELECT id, 1 FROM cases_case WHERE reference = %(reference)s AND id IN ({visible})"
_HERE = "n.missions && %(missions)s::bigint[]"
_LENT = """n.case_id IN (
    SELECT c.id FROM workflow_token t JOIN cases_case c ON c.instance_id = t.instance_id
    WHERE t.kind = 'task' AND t.mission_id = ANY(%(missions)s::bigint[]) AND c.mission_id <> t.mission_id)"""
_FIT = """(
    SELECT n.case_id, similarity(%(latin)s, n.latin) AS score FROM cases_searchname n
    WHERE {where} AND {place} AND n.case_id IN ({visible}) LIMIT %(candidates)s)"""
_FIND = "SELECT case_id, max(score) FROM ({fit}) AS fit GROUP BY 1 ORDER BY 2 DESC, 1 DESC LIMIT %(most)s"
_ALIKE = """
SELECT typed.word, w.word FROM unnest(%(words)s::varchar[], %(sounds)s::varchar[]) AS typed (word, sound)
CROSS JOIN LATERAL (
    SELECT word, max(alike) FROM (
        (SELECT k.word, similarity(k.word, typed.word) AS alike FROM cases_searchword k
         WHERE k.word %% typed.word AND similarity(k.word, typed.word) >= %(alike)s)
        UNION ALL
        (SELECT k.word, 0.5 + similarity(k.word, typed.word) / 2 FROM cases_searchword k
         WHERE k.consonants = typed.sound AND length(typed.sound) > 1)
    ) AS found GROUP BY word ORDER BY 2 DESC, 1 LIMIT %(each)s
) AS w
"""
_FORGET = """
DELETE FROM cases_searchword w
WHERE NOT EXISTS (SELECT FROM cases_searchname n WHERE n.keys @> ARRAY['=' || w.word]::varchar[]) RETURNING w.word
"""
