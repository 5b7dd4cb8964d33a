"""The page on which a task goes to somebody else, and the buttons of the queue."""

import pytest
from django.test import Client

from consular.accounts.models import Role, User
from consular.cases.models import Case
from consular.missions.models import Mission
from consular.workflow.models import Token
from tests import factories, stages

pytestmark = pytest.mark.django_db(transaction=True)


class Scene:
    """An open task, its clerk, a colleague, the head of section, and an office elsewhere."""

    def __init__(self) -> None:
        self.post = stages.ministry()
        self.case: Case = stages.sent()
        self.token = stages.open_task(self.case).pk
        self.colleague = factories.official(Role.INTAKE_CLERK, mission=self.post.mission)
        self.head = factories.official(Role.HEAD_OF_SECTION, mission=self.post.mission)
        self.office = Mission.objects.exclude(pk=self.post.mission.pk).order_by("pk")[0]
        self.helper = factories.official(Role.INTAKE_CLERK, mission=self.office)
        self.address = f"/desk/cases/{self.case.reference}/tasks/{self.token}/pass-on/"

    def browser(self, who: User) -> Client:
        return factories.signed_in(Client(), who)

    @property
    def row(self) -> Token:
        return Token.objects.get(pk=self.token)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_clerk_gives_the_task_that_is_hers_to_a_colleague(scene: Scene) -> None:
    browser = scene.browser(scene.post.clerk)
    assert browser.get(scene.address).status_code == 403
    browser.post(f"/desk/cases/{scene.case.reference}/tasks/{scene.token}/claim/")
    text = browser.get(f"/desk/cases/{scene.case.reference}/").content.decode()
    assert scene.address in text
    text = browser.get(scene.address).content.decode()
    assert scene.colleague.name in text
    assert "To another mission" not in text

    answer = browser.post(scene.address, {"act": "colleague", "colleague-to": scene.colleague.pk})

    assert (answer.status_code, scene.row.assignee) == (302, scene.colleague)


def test_a_head_delegates_and_the_other_mission_works_and_loses_sight(scene: Scene) -> None:
    head, helper = scene.browser(scene.head), scene.browser(scene.helper)
    case_page = f"/desk/cases/{scene.case.reference}/"
    assert helper.get(case_page).status_code == 404

    answer = head.post(
        scene.address, {"act": "mission", "mission-to": scene.office.pk, "mission-reason": "Much to do here."}
    )

    assert (answer.status_code, answer["Location"]) == (302, case_page)
    assert "Delegated:" in head.get(case_page).content.decode()
    text = helper.get(case_page).content.decode()
    assert "Much to do here." in text
    assert scene.case.reference in helper.get("/desk/").content.decode()
    form = {f"t{scene.token}-complete": "yes"}
    done = helper.post(f"/desk/cases/{scene.case.reference}/tasks/{scene.token}/", form)
    assert (done.status_code, done["Location"]) == (302, "/desk/")
    assert helper.get(case_page).status_code == 404


def test_the_head_takes_a_delegated_task_back(scene: Scene) -> None:
    head = scene.browser(scene.head)
    head.post(scene.address, {"act": "mission", "mission-to": scene.office.pk, "mission-reason": "x"})
    assert "Take the task back" in head.get(scene.address).content.decode()

    head.post(scene.address, {"act": "back"})

    assert scene.row.mission == scene.post.mission
    assert "Take the task back" not in head.get(scene.address).content.decode()


@pytest.mark.parametrize("act", ["colleague", "mission"])
def test_what_was_typed_stays_when_it_is_refused(scene: Scene, act: str) -> None:
    head = scene.browser(scene.head)

    for to in ("", "x", "99999999999999999999", "\x00", "<script>"):
        answer = head.post(scene.address, {"act": act, f"{act}-to": to, f"{act}-reason": "Typed & kept"})
        assert answer.status_code == 422
        assert "Typed &amp; kept" in answer.content.decode()
        assert "There is a problem" in answer.content.decode()
    answer = head.post(scene.address, {"act": act, f"{act}-reason": "x" * 10_000})
    assert answer.status_code == 422
    assert (scene.row.assignee, scene.row.mission) == (None, scene.post.mission)


def test_an_act_that_is_none_changes_nothing(scene: Scene) -> None:
    answer = scene.browser(scene.head).post(scene.address, {"act": "burn"})

    assert answer.status_code == 403
    assert scene.row.mission == scene.post.mission


def test_a_task_that_is_gone_leads_back_to_the_case(scene: Scene) -> None:
    stages.do(scene.case, scene.post.clerk, complete=True)

    answer = scene.browser(scene.head).get(scene.address)

    assert (answer.status_code, answer["Location"]) == (302, f"/desk/cases/{scene.case.reference}/")


def test_the_next_task_is_one_button_away_and_cannot_be_picked(scene: Scene) -> None:
    Token.objects.filter(pk=scene.token).update(allocation="random")
    browser = scene.browser(scene.post.clerk)
    case_page = f"/desk/cases/{scene.case.reference}/"
    text = browser.get(case_page).content.decode()
    assert "nobody can pick it" in text
    assert "Take this task" not in text
    claimed = browser.post(f"{case_page}tasks/{scene.token}/claim/")
    assert claimed.status_code == 403
    assert "Next task: Intake clerk" in browser.get("/desk/").content.decode()

    answer = browser.post("/desk/next/", {"mission": scene.post.mission.pk, "role": "intake_clerk"})

    assert (answer.status_code, answer["Location"]) == (302, f"{case_page}#work")
    text = browser.get(case_page).content.decode()
    assert "Complete this task" in text
    assert "Give back to the queue" not in text


@pytest.mark.parametrize(
    ("mission", "role"),
    [("", ""), ("x", "decider"), ("0", "intake_clerk"), ("\x00", "\x00"), ("1", "x" * 999)],
)
def test_a_queue_that_is_not_mine_gives_nothing(scene: Scene, mission: str, role: str) -> None:
    answer = scene.browser(scene.post.clerk).post("/desk/next/", {"mission": mission, "role": role})

    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert scene.row.assignee is None


def test_an_empty_queue_says_so(scene: Scene) -> None:
    browser = scene.browser(scene.post.decider)

    answer = browser.post(
        "/desk/next/", {"mission": scene.post.mission.pk, "role": "decider"}, follow=True
    ).content.decode()

    assert "There is nothing for you in this queue at the moment." in answer
