"""A clerk looks at the process of a case; the applicant, on a phone and in Arabic, at the few steps that matter."""

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.journeys import demo, desk
from tests.journeys.conftest import AtDesk, NewContext, Service
from tests.journeys.people import look, overflow

MARKED = ".djs-element.is-{}"
DIAGRAM = ".diagram"
WATERMARK = "a.bjs-powered-by"


def test_a_clerk_sees_the_process_and_the_applicant_its_steps(
    new_context: NewContext, at_desk: AtDesk, service: Service
) -> None:
    phone = new_context("ar", phone=True).new_page()
    reference = demo.at_home(phone, demo.ALKHATIB, service.mail_url)
    clerk = at_desk("intake-clerk.ista@example.org", "en")
    desk.complete(clerk, reference, {"complete": "yes"})

    complaints = _listen(clerk)
    clerk.locator("main a[href$='/process/']").click()
    expect(clerk.locator("[data-diagram][data-shown]")).to_be_visible()

    _marks(clerk)
    _keys(clerk)
    look(clerk, drawn=DIAGRAM)
    _without_room(clerk)
    assert complaints == []
    _would_be_heard(clerk)
    _for_the_applicant(phone, reference)


def _listen(page: Page) -> list[str]:
    """What the browser complains about: scripts that fail, and what the content security policy forbids.

    Not that there are features to be denied that this browser does not know.
    """
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "Permissions-Policy" not in message.text:
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def _would_be_heard(page: Page) -> None:
    """A style in the markup is forbidden, and the browser says so."""
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate("document.querySelector('h1').setAttribute('style', 'color: red')")


def _marks(page: Page) -> None:
    """The diagram marks what the list says, and the watermark of its makers can be seen."""
    expect(page.locator("[data-node=check_completeness]")).to_have_attribute("data-state", "done")
    expect(page.locator("[data-node=await_appointment]")).to_have_attribute("data-state", "open")
    expect(page.locator(MARKED.format("done") + "[data-element-id=check_completeness]")).to_have_count(1)
    expect(page.locator(MARKED.format("open") + "[data-element-id=await_appointment]")).to_have_count(1)
    expect(page.locator(".diagram .mark--open").first).to_be_attached()
    expect(page.locator("[data-element-id=await_appointment] text").first).to_be_in_viewport()
    expect(page.locator(WATERMARK)).to_be_visible()


def _keys(page: Page) -> None:
    """The diagram is moved and enlarged with the keyboard alone, and the page does not move instead."""
    before = _view(page)
    page.locator("[data-view=whole]").focus()
    page.keyboard.press("Enter")
    whole = _view(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".diagram svg[role=img]")).to_be_focused()
    page.keyboard.press("+")
    larger = _view(page)
    page.keyboard.press("ArrowRight")
    moved = _view(page)
    page.keyboard.press("0")
    expect(page.locator(".diagram svg[role=img]")).to_be_focused()

    assert len({before, whole, larger, moved}) == 4
    assert _view(page) == whole
    page.locator("[data-view=here]").click()
    assert _view(page) != whole


def _without_room(page: Page) -> None:
    """Nothing is drawn into a box that has no room for a moment, and nothing fails; then the case is in sight again."""
    for is_hidden in (True, False):
        page.evaluate(
            """async is_hidden => {
                document.querySelector(".diagram").hidden = is_hidden;
                for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame);
            }""",
            is_hidden,
        )
    expect(page.locator("[data-element-id=await_appointment] text").first).to_be_in_viewport()


def _view(page: Page) -> str:
    return page.locator(".diagram svg > g.viewport").get_attribute("transform") or ""


def _for_the_applicant(page: Page, reference: str) -> None:
    page.goto(f"/cases/{reference}/")
    with translation.override("ar"):
        first, now = gettext("The mission checks whether your application is complete"), gettext("Now")
        booking = gettext("You book an appointment")
    steps = page.locator("ol.way > li")
    expect(steps.first).to_contain_text(first)
    expect(page.locator("ol.way > li[aria-current=step]")).to_have_count(1)
    expect(page.locator("ol.way > li[aria-current=step]")).to_contain_text(booking)
    expect(page.locator("ol.way > li[aria-current=step]")).to_contain_text(now)
    expect(page.locator("main a[href*='/process/']")).to_have_count(0)
    assert page.goto(f"/desk/cases/{reference}/process/diagram/")
    expect(page.locator("[data-diagram]")).to_have_count(0)
    page.goto(f"/cases/{reference}/")
    look(page)


def test_the_list_of_steps_stands_without_scripts_and_mirrored_while_the_diagram_is_not(
    new_context: NewContext, at_desk: AtDesk
) -> None:
    clerk = at_desk("intake-clerk.newd@example.org", "ar")
    reference = demo.found(clerk, demo.SHARMA)

    clerk.goto(f"/desk/cases/{reference}/process/")
    expect(clerk.locator("[data-diagram][data-shown]")).to_be_visible()
    clerk.set_viewport_size({"width": 375, "height": 740})
    clerk.locator(DIAGRAM).scroll_into_view_if_needed()
    with translation.override("ar"):
        label = gettext("Check completeness").split()[0]
    expect(clerk.locator("[data-element-id=check_completeness] text")).to_contain_text(label)
    expect(clerk.locator("[data-element-id=check_completeness] text")).to_be_in_viewport()
    expect(clerk.locator(".diagram")).to_have_css("direction", "ltr")
    expect(clerk.locator("ol.steps").first).to_have_css("direction", "rtl")
    look(clerk, drawn=DIAGRAM)
    clerk.emulate_media(color_scheme="dark", forced_colors="active")
    look(clerk, drawn=DIAGRAM)

    state = clerk.context.storage_state()
    plain = new_context("de", scripts=False, state=state).new_page()
    plain.goto(f"/desk/cases/{reference}/process/")
    expect(plain.locator("[data-diagram]")).to_be_hidden()
    expect(plain.locator("[data-node=check_completeness]")).to_be_visible()
    assert overflow(plain) <= 0
