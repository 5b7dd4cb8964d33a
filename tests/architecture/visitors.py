"""Six visitors, one case, and every address of the doors: who is answered what."""

from collections.abc import Iterator
from http.cookies import SimpleCookie

from django.test import Client
from django.urls import get_resolver, reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from consular import casework
from consular.accounts.models import Role
from consular.appointments import links, offer_links
from consular.appointments.changes import Change
from consular.appointments.models import Booking
from consular.appointments.offer_links import Link, Of
from consular.cases.lookup import Wanted
from consular.core import clock
from consular.core.models import Job
from consular.decisions.models import Letter
from consular.files import assembling
from consular.files.assembling import Sheet
from tests import factories, stages
from tests.appointments import factories as appointments
from tests.bad_text import undone
from tests.casework import asking, attaching, kin
from tests.desk.staff import PASSWORD, give_password

DOORS = ("portal", "desk")
METHODS = ("GET", "POST")
FORM = b"csrfmiddlewaretoken=anything"
"""An empty form as a browser sends it."""

SIGN_IN = {"/sign-in/": "sign-in", "/desk/sign-in/": "desk", "/desk/second-factor/": "factor"}
"""Where people are sent to prove who they are, and how the table calls it."""


def names() -> Iterator[tuple[str, list[str]]]:
    """Every address of the doors by its name, with the names of its parameters."""
    for pattern in get_resolver().url_patterns:
        door = getattr(pattern, "app_name", None)
        if door in DOORS:
            for page in pattern.url_patterns:
                yield f"{door}:{page.name}", list(page.pattern.converters)


class Town:
    """A case with everything: sent, booked, decided, its letter issued, its last task open; and a draft."""

    def __init__(self) -> None:
        post = stages.ministry()
        self.case = stages.issued(post)
        self.draft = stages.draft(self.case.owner)
        self.letter = Letter.objects.filter(case=self.case).latest("pk")
        self.consultation = asking.answered(self.case)
        self.attachment = attaching.ready(
            self.case, assembling.pdf([Sheet(b"\xff\xd8", (3, 4), (3, 4), False)])
        )
        self.search = casework.search(Wanted(name="Mensah"), purpose="mail", actor=post.clerk)
        self.job = Job.objects.latest("pk")
        self.token = stages.open_task(self.case)
        self.view = casework.save_view("Mine", {"show": "mine"}, actor=post.clerk)
        self.batch = casework.begin_batch("claim", [self.token.pk], {}, language="en", actor=post.clerk)
        booking = Booking.objects.get(case=self.case)
        self.link, self.booking = links.issue(booking), booking.reference
        self.offer = offer_links.issue(Link(Of.TIMES, appointments.times_kept().pk))
        self.child = kin.child(self.case.owner)
        self.consent = kin.asked(self.child)
        self.journey = casework.add_person(self.child.pk, language="en", actor=self.case.owner).journey
        self.calendar = stages.calendar(post.mission)
        self.change = Change.objects.create(
            mission=post.mission,
            calendar=self.calendar,
            subject="absences",
            before=[],
            after=[],
            made_at=clock.now(),
            made_by=post.clerk,
        )
        abroad = factories.official(
            Role.INTAKE_CLERK, Role.CASEWORKER, Role.DECIDER, mission=factories.mission()
        )
        half = factories.official(Role.INTAKE_CLERK, mission=post.mission, password=PASSWORD)
        self.device = TOTPDevice.objects.create(user=half, name="app", confirmed=True)
        self.visitors = {
            "nobody": Client(),
            "owner": factories.signed_in(Client(), self.case.owner),
            "other": factories.signed_in(Client(), factories.applicant()),
            "clerk": factories.signed_in(Client(), post.clerk),
            "abroad": factories.signed_in(Client(), abroad),
            "half": Client(),
        }
        give_password(self.visitors["half"], half)

    def address(self, name: str, parameters: list[str]) -> str:
        """The address with what belongs to the case in place of its parameters."""
        drafts = {"portal:draft", "portal:draft_page", "portal:review", "portal:send", "portal:carry"}
        drafts |= {"portal:draft_delete", "portal:take_over", "portal:take_over_answers", "portal:mandate"}
        of_booking = ("desk:attend", "desk:booking_move", "desk:booking_cancel", "desk:check_in_together")
        others = {
            "portal:consent": self.child.reference,
            "portal:group": self.journey.reference,
            "portal:group_send": self.journey.reference,
            **dict.fromkeys(of_booking, self.booking),
        }
        values = {
            "reference": others.get(name, (self.draft if name in drafts else self.case).reference),
            "source": self.case.reference,
            "letter_id": self.letter.pk,
            "token_id": self.token.pk,
            "token": self.consent
            if name.startswith("portal:consent")
            else {"portal:offer_link": self.offer}.get(name, self.link),
            "code": self.letter.code,
            "mission_code": self.case.mission.code,
            "service": stages.SERVICE,
            "version": 1,
            "page_id": "identity",
            "kind": "totp",
            "factor_id": self.device.pk,
            "job_id": self.job.pk,
            "consultation": self.consultation.reference,
            "document": attaching.DOCUMENT,
            "attachment_id": self.attachment.pk,
            "position": 0,
            "draw_id": 1,
            "mission": self.case.mission.code,
            "calendar_id": self.calendar.pk,
            "change_id": self.change.pk,
            "search_id": self.search.pk,
            "mention_id": 1,
            "number": 1,
            "view_id": self.view.pk,
            "batch_id": self.batch.pk,
            "detail": "address",
            "table": "weeks",
        }
        return reverse(name, kwargs={parameter: values[parameter] for parameter in parameters})

    def answers(self, method: str, address: str) -> str:
        """What each visitor is answered, in the order of `visitors`; afterwards nothing has happened."""
        return " ".join(_answer(client, method, address) for client in self.visitors.values())


def _answer(client: Client, method: str, address: str) -> str:
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with undone():
        answer = client.generic(method, address, FORM, "application/x-www-form-urlencoded")
    client.cookies = SimpleCookie(cookies)
    if answer.status_code != 302:
        return str(answer.status_code)
    return SIGN_IN.get(answer["Location"].partition("?")[0], "302")
