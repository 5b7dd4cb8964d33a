"""Finding cases by what somebody knows of a person: a name in any script and spelling, a document, a day of birth.

One statement over the rows of `SearchName`, and what the officer may not see is left out in that statement, too: nothing
about other missions can be guessed from how many there are.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from consular.cases.models import Case, CaseQuerySet, SearchName
from consular.core import clock, crypto
from consular.core.prepared import all_rows
from consular.formspec import Form
from consular.travel import folding, mrz

MOST = 50
"""Cases that are shown. Whoever gets more should say more."""
CANDIDATES = 400
"""Names that are compared one by one before the best are shown."""
ALIKE = 0.5
"""The share of three-letter pieces of what was typed that a name has to have (`pg_trgm.word_similarity_threshold`)."""

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
    found = {}
    for name in _names(form, answers):
        latin, keys = folding.latin(name), list(folding.keys(name))
        found[latin, *keys] = SearchName(
            case=case, latin=latin, keys=keys, birth_date=born[:10], document=document
        )
    return list(found.values()) or [SearchName(case=case, keys=[], birth_date=born[:10], document=document)]


def find(wanted: Wanted, among: CaseQuerySet) -> tuple[list[int], bool]:
    """The cases `among` these that fit, the best first, and whether there are more. Needs a transaction."""
    visible, values = among.order_by().values("pk").query.sql_with_params()
    named = {f"v{number}": value for number, value in enumerate(values)}
    visible = visible % tuple(f"%({name})s" for name in named)
    facts = _facts(wanted) | named | {"most": MOST + 1, "candidates": CANDIDATES}
    if wanted.name:
        all_rows(_TOLERANCE, {"alike": str(ALIKE)})
    found = all_rows(_statement(wanted, visible), facts)
    return [case for case, _score in found[:MOST]], len(found) > MOST


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
    born = wanted.birth_date
    return {
        "latin": folding.latin(wanted.name),
        "keys": list(folding.keys(wanted.name)),
        "document": document_hash(wanted.document) if wanted.document else b"",
        "births": [f"{born:%Y-%m-%d}", f"{born:%Y-%m}", f"{born:%Y}"] if born else [],
        "reference": wanted.reference,
    }


def _statement(wanted: Wanted, visible: str) -> str:
    """Exact facts narrow down first; a name alone is looked up by its index, the same spelling before the others."""
    narrow = [text for name, text in _EXACT.items() if name in wanted.fields]
    if wanted.fields == ("reference",):
        return f"SELECT id, 1 FROM cases_case WHERE reference = %(reference)s AND id IN ({visible})"  # noqa: S608
    mine = f"n.case_id IN ({visible})"
    if narrow:
        where = " AND ".join([*narrow, *([_LIKE] if wanted.name else []), mine])
        score = _SCORE if wanted.name else "1"
        inner = f"SELECT n.case_id, {score} AS score FROM cases_searchname n WHERE {where}"  # noqa: S608
    else:
        inner = _BY_NAME.format(mine=mine, score=_SCORE)
    return f"SELECT case_id, max(score) FROM ({inner}) f GROUP BY 1 ORDER BY 2 DESC, 1 DESC LIMIT %(most)s"  # noqa: S608


_TOLERANCE = "SELECT set_config('pg_trgm.word_similarity_threshold', %(alike)s, true)"
_EXACT = {
    "document": "n.document = %(document)s",
    "birth_date": "n.birth_date = ANY(%(births)s)",
    "reference": "n.case_id = (SELECT id FROM cases_case WHERE reference = %(reference)s)",
}
_HAS_KEYS = "(cardinality(%(keys)s::text[]) > 0 AND n.keys @> %(keys)s::varchar[])"
_LIKE = f"(word_similarity(%(latin)s, n.latin) >= 0.4 OR {_HAS_KEYS})"
_SCORE = (
    "word_similarity(%(latin)s, n.latin) + similarity(%(latin)s, n.latin) / 5"
    f" + CASE WHEN {_HAS_KEYS} THEN 0.3 ELSE 0 END"
)
_BY_NAME = f"""
(SELECT n.case_id, {{score}} AS score FROM cases_searchname n
 WHERE n.latin = %(latin)s AND n.latin <> '' AND {{mine}} LIMIT %(most)s)
UNION ALL
(SELECT n.case_id, {{score}} FROM cases_searchname n WHERE {{mine}} AND
 (%(latin)s <%% n.latin AND n.latin <> '' OR {_HAS_KEYS}) LIMIT %(candidates)s)
"""
