"""What officers tell each other about a case: flags, notes being written, mentions, and that somebody has it open."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Kind, User
from consular.cases.models import READERS, Audience, Case, Flag, Mention, Message, NoteDraft, Opening, Phase
from consular.cases.teamwork import flag_kinds
from consular.casework import correspondence, record
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.core.prepared import all_rows, run
from consular.missions.models import Posting
from consular.missions.postings import Duties
from consular.notifications import outbox

OPEN_FOR = timedelta(minutes=10)
"""So long after the last page of a case its officer counts as having it open."""
KEPT_FOR = timedelta(days=30)
"""So long a note that was never finished is kept."""
OPENINGS_KEPT_FOR = timedelta(days=730)
"""So long it can be seen who had a case open."""
JUST_SENT = timedelta(minutes=2)
"""So long what one has sent, or its beginning, is taken for a late word of the page it was written on."""
MOST_MENTIONED = 20


class Reader(NamedTuple):
    """Another officer who has the case open, and since when."""

    name: str
    since: datetime


def look(case_id: int, *, actor: User) -> list[Reader]:
    """An officer opens the page of a case: it is written down, and the others who have it open are told.

    No lock: it is a courtesy among colleagues. One statement, and so a transaction of its own. The caller has judged
    that the officer may see the case.
    """
    now = clock.now()
    facts = {"case": case_id, "by": actor.pk, "now": now, "day": now.date(), "fresh": now - OPEN_FOR}
    return [Reader(*row) for row in all_rows(_LOOK, facts)]


@verb
def set_flag(reference: str, kind: str, *, actor: User) -> None:
    """Set a flag; setting it twice is setting it once."""
    case = _writable(reference, actor)
    if kind not in flag_kinds():
        raise Refused(_("There is no such flag."), code="no_flag", field="flag", status=422)
    now = clock.now()
    _flag, is_new = Flag.objects.get_or_create(
        case=case, kind=kind, removed_at=None, defaults={"set_by": actor, "set_at": now}
    )
    if is_new:
        record.event(case, "flag_set", actor=actor, at=now, flag=kind)


@verb
def remove_flag(reference: str, kind: str, *, actor: User) -> None:
    """Remove a flag; who set and who removed it stays."""
    case = _writable(reference, actor)
    now = clock.now()
    if case.flags.filter(kind=kind, removed_at=None).update(removed_by=actor, removed_at=now):
        record.event(case, "flag_removed", actor=actor, at=now, flag=kind)


@verb
def mention(case_id: int, text: str, to: Sequence[int], *, actor: User) -> Message:
    """Leave an internal note for colleagues who may see the case: it stands in their queue, and they get a mail.

    Refused (422) where one of them may not see it, or where there are too many.
    """
    case = correspondence.locked(case_id, actor)
    if not actor.is_official:
        raise Refused(_("Only officers can leave notes."), code="forbidden", status=403)
    wanted = set(to)
    people = list(_colleagues(case, actor).filter(pk__in=wanted))
    if len(people) != len(wanted) or len(wanted) > MOST_MENTIONED:
        raise Refused(
            _("Choose up to 20 colleagues who may see this case."),
            code="nobody",
            field="mentioned",
            status=422,
        )
    note = correspondence.write(case, text, audience=Audience.INTERNAL, actor=actor)
    Mention.objects.bulk_create(Mention(message=note, to=one, at=note.sent_at) for one in people)
    for one in people:
        outbox.promise("mentioned", to=one, case=case, key=f"mentioned:{note.pk}:{one.pk}")
    return note


@verb
def read_mention(mention_id: int, *, actor: User) -> None:
    """The officer has read a note that was meant for them; their queue says no more about it."""
    Mention.objects.filter(pk=mention_id, to=actor, seen_at=None).update(seen_at=clock.now())


@verb
def keep_note(case_id: int, text: str, *, actor: User) -> None:
    """Keep what an officer is writing about a case, for this officer alone; an empty text forgets it.

    What they have just sent is not kept: a page may still ask for that when it is already on its way out.
    """
    case = Case.objects.visible_to(actor).filter(pk=case_id).first()
    if case is None or not actor.is_official or not correspondence.may_write(case, actor):
        raise Refused(_("There is no such case, or it is not yours."), code="not_found", status=404)
    if not text.strip():
        NoteDraft.objects.filter(case=case, author=actor).delete()
        return
    now = clock.now()
    facts = {"case": case.pk, "author": actor.pk, "text": correspondence.tidy(text), "now": now}
    run(_KEEP, facts | {"lately": now - JUST_SENT})


def _colleagues(case: Case, actor: User) -> QuerySet[User]:
    """The other officers of the mission who may see a case today, and never its own applicant."""
    posted = Posting.objects.valid_on(clock.today()).filter(role__in=READERS, mission=case.mission_id)
    people = User.objects.filter(kind=Kind.STAFF, is_active=True, pk__in=posted.values("user"))
    if case.owner is not None:
        people = people.exclude(person=case.owner.person)
    return people.exclude(pk=actor.pk)


def to_read(actor: User, held: Duties, most: int = 20) -> list[Mention]:
    """The mentions an officer has not read, of cases that they may see, the oldest first."""
    open_ones = Mention.objects.filter(
        to=actor, seen_at=None, message__case__in=Case.objects.visible_to(actor, held)
    )
    return list(open_ones.select_related("message__case", "message__author").order_by("id")[:most])


def sweep() -> int:
    """Forget notes that were begun long ago and never finished, and who had a case open two years ago."""
    notes = NoteDraft.objects.filter(saved_at__lt=clock.now() - KEPT_FOR).delete()[0]
    return notes + Opening.objects.filter(day__lt=clock.today() - OPENINGS_KEPT_FOR).delete()[0]


def _writable(reference: str, actor: User) -> Case:
    """The case, locked, for an officer who may write on it."""
    case = Case.objects.visible_to(actor).exclude(phase=Phase.DRAFT).filter(reference=reference).first()
    if case is None or not actor.is_official:
        raise Refused(_("There is no such case, or it is not yours."), code="not_found", status=404)
    return correspondence.locked(case.pk, actor)


_LOOK = """
WITH mine AS (
    INSERT INTO cases_opening AS opening (case_id, by_id, day, first_at, since, last_at, times)
    VALUES (%(case)s, %(by)s, %(day)s, %(now)s, %(now)s, %(now)s, 1)
    ON CONFLICT (case_id, day, by_id) DO UPDATE SET times = opening.times + 1, last_at = %(now)s,
        since = CASE WHEN opening.last_at < %(fresh)s THEN %(now)s ELSE opening.since END
)
SELECT u.name, o.since FROM cases_opening o JOIN accounts_user u ON u.id = o.by_id
WHERE o.case_id = %(case)s AND o.by_id <> %(by)s AND o.last_at >= %(fresh)s AND o.day >= %(fresh)s::date
ORDER BY o.since
"""
_KEEP = """
INSERT INTO cases_notedraft (case_id, author_id, text, saved_at)
SELECT %(case)s, %(author)s, %(text)s::text, %(now)s WHERE NOT EXISTS (
    SELECT FROM cases_message WHERE case_id = %(case)s AND author_id = %(author)s AND sent_at > %(lately)s
    AND starts_with(body, %(text)s::text)
)
ON CONFLICT (author_id, case_id) DO UPDATE SET text = excluded.text, saved_at = excluded.saved_at
"""
