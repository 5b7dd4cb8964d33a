"""Server time, statements and bytes of the pages people open most, and how many of them under load.

Each page is asked in turns with a bare page that does the least of the same work for the same person.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.benchmarks import load, stand

PEOPLE = 32
FINDER = "/find/?service=schengen_visa&nationality=GHA&country=IN&state=IN-MH"


@dataclass(frozen=True)
class Seeded:
    """A case that lies before the caseworker, its people's sessions, and each of many applicants with a draft.

    Beside each draft lies another one for the bare form, which stores its answers a little differently.
    """

    case: str
    waiting: str
    applicant: str
    caseworker: str
    drafts: tuple[tuple[str, str, str], ...]
    typed: dict[str, Any]


@dataclass(frozen=True)
class Page:
    """One page: who opens it where, and the bare page it is compared with; `typed` is sent, nothing is read."""

    name: str
    session: str
    address: str
    bare: str
    typed: dict[str, Any] | None = None


def seed() -> Seeded:
    """Everything reached through the verbs."""
    stand.start_django()
    from django.test import Client  # noqa: PLC0415  models need the tables

    from tests import factories, stages  # noqa: PLC0415

    def session(user: Any) -> str:
        return factories.signed_in(Client(), user).cookies["session"].value

    post = stages.ministry()
    case = stages.at_examination(post)
    waiting = stages.sent(case.owner, doc_number="G7654321")
    owners = [factories.applicant() for _ in range(PEOPLE)]
    drafts = tuple(
        (session(owner), stages.draft(owner).reference, stages.draft(owner).reference) for owner in owners
    )
    return Seeded(
        case.reference, waiting.reference, session(case.owner), session(post.caseworker), drafts, typed()
    )


def typed() -> dict[str, Any]:
    """The first page as a person types it, once for the product and for the bare form."""
    from consular import formspec  # noqa: PLC0415  needs the settings
    from tests import stages  # noqa: PLC0415
    from tests.portal import drafting  # noqa: PLC0415

    page = formspec.latest(stages.SERVICE).form.page("identity")
    if page is None:
        raise RuntimeError("the form has no page identity")
    given = stages.answers()
    return {**drafting.typed(page, given), "birth_date": given["birth_date"]}


def pages(seeded: Seeded) -> tuple[Page, ...]:
    """What is measured."""
    owner, draft, other = seeded.drafts[0]
    case, form, bare = f"/cases/{seeded.case}/", f"/drafts/{draft}/identity/", f"/drafts/{other}/identity/"
    return (
        Page("page: start", owner, "/", case),
        Page("page: finder, answer", owner, FINDER, case),
        Page("page: task list of a draft", owner, f"/drafts/{draft}/", case),
        Page("page: form", owner, form, bare),
        Page("page: form, save", owner, form, bare, seeded.typed),
        Page("page: review", owner, f"/drafts/{draft}/review/", case),
        Page("page: my cases", seeded.applicant, "/my/", case),
        Page("page: case, applicant", seeded.applicant, case, case),
        Page("page: free times", seeded.applicant, f"/cases/{seeded.waiting}/appointment/", case),
        Page("page: queue, one case", seeded.caseworker, "/desk/", "/desk/"),
        Page("page: case, officer", seeded.caseworker, f"/desk{case}", case),
    )


def server_time(seeded: Seeded, count: int) -> Iterator[stand.Figure]:
    """Milliseconds of each page in this process, from request to answer."""
    from tests.benchmarks import browsing  # noqa: PLC0415  needs the settings

    for page in pages(seeded):
        stand.progress(page.name)
        ours, bare = browsing.both(page.session)
        works = [ours.work(page.address, page.typed), bare.work(page.bare, page.typed)]
        shown = works[0]()
        queries = browsing.counted(works[0])
        milliseconds, bare_ms = stand.in_turns(works, count)
        yield stand.figure(
            page.name,
            milliseconds,
            "ms",
            bare_ms,
            reference="minimal Django view",
            queries=queries,
            bytes=len(shown.content),
        )


def under_load(seeded: Seeded, seconds: float) -> Iterator[stand.Figure]:
    """Forms opened and saved a second by 32 applicants."""
    body = load.encoded(seeded.typed)
    with (
        load.crowd() as pool,
        stand.server("consular.wsgi") as ours,
        stand.server("tests.benchmarks.bare_wsgi") as bare,
    ):
        for name, sent in (("page: form, HTTP", ""), ("page: form, save, HTTP", body)):
            stand.progress(name)
            crowds: list[list[load.Browser]] = [[], []]
            for session, *drafts in seeded.drafts:
                for crowd, port, draft in zip(crowds, (ours.port, bare.port), drafts, strict=True):
                    crowd.append(load.Browser(port, session, (f"/drafts/{draft}/identity/",), sent))
            yield load.line(name, *load.in_turns(pool, crowds, seconds), clients=PEOPLE)


def main() -> None:
    """Print the figures, one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    with stand.database():
        seeded = seed()
        stand.emit(server_time(seeded, options.count))
        stand.emit(under_load(seeded, options.seconds))
        stand.hang_up()


if __name__ == "__main__":
    main()
