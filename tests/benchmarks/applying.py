"""The full Schengen form: all its pages opened and saved, sending, and whole applications over HTTP.

Opened and saved in turns with the bare form page, as many times as the form has pages; `pages` measures single ones.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.benchmarks import applicants, load, pages, stand

PEOPLE = pages.PEOPLE


@dataclass(frozen=True)
class Seeded:
    """Sessions, one of whom has a complete draft and one for the bare form; drafts to be sent; what is typed."""

    sessions: tuple[str, ...]
    draft: str
    bare: str
    complete: tuple[str, ...]
    typed: tuple[tuple[str, dict[str, Any]], ...]
    bare_typed: dict[str, Any]
    attested: dict[str, str]


def seed(count: int) -> Seeded:
    """Everything reached through the verbs."""
    stand.start_django()
    from django.test import Client  # noqa: PLC0415  models need the tables

    from consular import formspec  # noqa: PLC0415
    from tests import factories, stages  # noqa: PLC0415
    from tests.portal import drafting  # noqa: PLC0415

    stages.ministry()
    owners = [factories.applicant() for _ in range(PEOPLE)]
    sessions = tuple(factories.signed_in(Client(), owner).cookies["session"].value for owner in owners)
    given, form = stages.answers(), formspec.latest(stages.SERVICE).form
    shown = {page.id for page in formspec.shown(form.pages, given)}
    typed = tuple((page.id, drafting.typed(page, given)) for page in form.pages if page.id in shown)
    drafts = tuple(stages.draft(owners[0]).reference for _ in range(count + 2))
    return Seeded(
        sessions,
        drafts[0],
        drafts[1],
        drafts[2:],
        typed,
        pages.typed(),
        dict.fromkeys(stages.ATTESTED, "yes"),
    )


def server_time(seeded: Seeded, count: int) -> Iterator[stand.Figure]:
    """Milliseconds of all pages of the form together, in this process, and the most that one of them takes."""
    from tests.benchmarks import browsing  # noqa: PLC0415  needs the settings

    ours, bare = browsing.both(seeded.sessions[0])
    for name, is_saved in (("form: all pages, opened", False), ("form: all pages, saved", True)):
        stand.progress(name)
        works = [
            ours.work(f"/drafts/{seeded.draft}/{page}/", typed if is_saved else None)
            for page, typed in seeded.typed
        ]
        plain = bare.work(f"/drafts/{seeded.bare}/identity/", seeded.bare_typed if is_saved else None)
        statements = [browsing.counted(work) for work in works]
        sizes = [len(work().content) for work in works]
        milliseconds, bare_ms = stand.in_turns(
            [
                lambda works=works: [work() for work in works],
                lambda plain=plain: [plain() for _ in seeded.typed],
            ],
            count,
        )
        yield stand.figure(
            name, milliseconds, "ms", bare_ms, reference="minimal Django view, as many times",
            pages=len(works), most_queries=max(statements), **({} if is_saved else {"most_bytes": max(sizes)}),
        )  # fmt: skip
    stand.progress("form: review, and sending")
    review = ours.work(f"/drafts/{seeded.draft}/review/")
    (milliseconds,) = stand.in_turns([review], count)
    yield stand.figure(
        "form: review", milliseconds, "ms", queries=browsing.counted(review), bytes=len(review().content)
    )
    waiting = iter(seeded.complete)

    def send() -> Any:
        return browsing.require(ours.post(f"/drafts/{next(waiting)}/send/", seeded.attested), 302)

    statements_to_send = browsing.counted(send)
    (milliseconds,) = stand.in_turns([send], len(seeded.complete) - 3)
    yield stand.figure("form: send", milliseconds, "ms", queries=statements_to_send)


def whole(seeded: Seeded, seconds: float) -> Iterator[stand.Figure]:
    """Whole applications a second by 32 people: start, every page, sent."""
    from tests import stages  # noqa: PLC0415  models need the tables

    bodies = tuple((page, load.encoded(typed)) for page, typed in seeded.typed)
    attested = load.encoded(seeded.attested)
    with (
        load.crowd() as pool,
        stand.server("consular.wsgi") as ours,
        stand.server("tests.benchmarks.bare_wsgi") as bare,
    ):
        stand.progress("form: whole application, HTTP")
        people = [
            applicants.Applicant(ours.port, session, stages.SERVICE, bodies, attested)
            for session in seeded.sessions
        ]
        body = load.encoded(seeded.bare_typed)
        saver = load.Browser(bare.port, seeded.sessions[0], (f"/drafts/{seeded.bare}/identity/",), body)
        applicants.press(pool, people[:4], load.WARMING_UP)
        load.press(pool, [saver] * 4, load.WARMING_UP)
        sent = applicants.press(pool, people, seconds)
        if not sent.per_second:
            raise RuntimeError("no application was sent in time; see the logs of the servers")
        saved = load.press(pool, [saver] * PEOPLE, seconds)
        yield stand.figure(
            "form: whole application, HTTP", sent.per_second, "applications/s",
            saved.per_second / people[0].calls, reference="as many saves of the minimal Django view",
            calls=people[0].calls, p95_ms=sent.p95_ms, clients=PEOPLE,
        )  # fmt: skip


def main() -> None:
    """Print the figures, one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=12)
    options = parser.parse_args()
    with stand.database():
        seeded = seed(options.count + 5)
        stand.emit(server_time(seeded, options.count))
        stand.emit(whole(seeded, options.seconds))
        stand.hang_up()


if __name__ == "__main__":
    main()
