"""Nobody finds out which addresses have accounts: every address gets the same answers in the same time."""

import re
import time

import pytest

from consular.accounts.models import User
from tests.portal.test_sign_in import CODE, ask

pytestmark = pytest.mark.django_db


def _shape(response):
    """Everything a stranger can see of an answer, without what is random in every answer."""
    text = re.sub(rb'(csrfmiddlewaretoken" value="|proof" value="|nonce=")[^"]*', b"", response.content)
    headers = {name: re.sub(r"nonce-[^']*", "", value) for name, value in response.items()}
    cookies = {name: (len(cookie.value), cookie["path"]) for name, cookie in response.cookies.items()}
    return response.status_code, text, headers, cookies


def test_known_unknown_closed_and_staff_addresses_get_the_same_answers(client):
    names = {"known": "applicant", "unknown": None, "closed": "applicant", "official": "staff"}
    for name, kind in names.items():
        if kind:
            User.objects.create_user(f"{name:_<9}@example.org", kind=kind, is_active=name != "closed")
    answers = []
    for name in names:
        browser = type(client)()
        asked = ask(browser, f"{name:_<9}@example.org")
        page, wrong = browser.get(CODE), browser.post(CODE, {"code": "000000"})
        shapes = [_shape(answer) for answer in (asked, page, wrong)]
        answers.append(str(shapes).replace(f"{name:_<9}", ""))

    assert answers[1:] == answers[:-1]


@pytest.mark.slow
def test_known_and_unknown_addresses_take_the_same_time(client):
    for number in range(20):
        User.objects.create_user(f"known{number}@example.org")
    spent = {"known": [], "fresh": []}
    for number in range(20):
        for name, times in spent.items():
            browser = type(client)(REMOTE_ADDR=f"192.0.2.{number}")
            begun = time.perf_counter()
            ask(browser, f"{name}{number}@example.org")
            times.append(time.perf_counter() - begun)

    known, fresh = (sorted(times)[10] for times in spent.values())
    assert abs(known - fresh) < 0.5 * max(known, fresh)
