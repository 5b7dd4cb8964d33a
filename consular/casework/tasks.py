"""The worker's only door: which job is done by what, and what the clock starts.

A Celery message says "there is work" and nothing else; the jobs are rows (see core.jobs).
"""

import structlog

from consular.accounts import sweeping
from consular.casework import (
    absences,
    approaching,
    batches,
    bell,
    checking,
    concerning,
    consenting,
    consulting,
    displaced,
    drawing,
    expiring,
    forgetting,
    letters,
    on_request,
    opening,
    reaching,
    reminding,
    searching,
    teamwork,
    waiting,
    watching,
    worker,
)
from consular.celery import app
from consular.core import jobs, repeats

AT_ONCE = 5

log = structlog.get_logger(__name__)

jobs.handler("casework.acknowledge")(worker.acknowledge)
jobs.handler("casework.issue")(worker.issue)
jobs.handler("casework.write")(worker.write)
jobs.handler("casework.correct")(letters.correct)
jobs.handler("casework.write_requested")(on_request.write_requested)
jobs.handler("casework.answer_concern")(concerning.answer_concern)
jobs.handler("casework.transfer")(worker.transfer)
jobs.handler("casework.check_document")(checking.check)
jobs.handler("casework.consult")(consulting.consult)
jobs.handler("casework.tell_displaced")(displaced.tell)
jobs.handler("casework.remind")(reminding.remind)
jobs.handler("casework.remind_consent")(consenting.remind_consent)
jobs.handler("casework.deem")(consulting.deem)
jobs.handler("casework.batch")(batches.work)
jobs.handler("casework.pass_on")(consulting.pass_on)


@app.task(name="casework.work", ignore_result=True)
def work() -> None:
    """Do some of the open jobs, and ask for another turn when there may be more: a worker that stops ends its turn."""
    if jobs.work(AT_ONCE) == AT_ONCE:
        bell.send()  # at once: between two rings of a process there is a pause


@app.task(name="casework.strike", ignore_result=True)
def strike() -> None:
    """Fire the timers that are due."""
    worker.wake()


@app.task(name="casework.give_back", ignore_result=True)
def give_back() -> None:
    """Put back into the queues what people who are away have taken."""
    absences.return_tasks()


@app.task(name="casework.look_again", ignore_result=True)
def look_again() -> None:
    """Send requests to partners that nobody could read before."""
    reaching.look_again()


@app.task(name="casework.watch", ignore_result=True)
def watch() -> None:
    """Write down which cases nobody has moved and tell their heads of section; warn of certificates that end."""
    watching.watch()
    expiring.tell()


@app.task(name="casework.open", ignore_result=True)
def open_ahead() -> None:
    """Keep the calendars open."""
    opening.open_calendars()


@app.task(name="casework.offer_places", ignore_result=True)
def offer_places() -> None:
    """Publish the lists of draws, and offer free places along all lists."""
    drawing.publish_lists()
    waiting.offer_places()


@app.task(name="casework.remind_visitors", ignore_result=True)
def remind_visitors() -> None:
    """Remind people of the appointments that come near."""
    approaching.remind_visitors()


@app.task(name="casework.sweep", ignore_result=True)
def sweep() -> None:
    """Once a day, forget what nobody needs any more: of accounts, jobs done long ago, uploads that broke off."""
    swept = (sweeping, jobs, repeats, checking, searching, teamwork, forgetting, batches)
    log.info("swept", rows=sum(each.sweep() for each in swept))


jobs.waker(bell.ring)
