"""Every kind of question filled in with random answers, right and wrong, through a browser without scripts.

The forms of the services: tests/forms/test_fuzz_filling.py.
"""

import random
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from consular import formspec
from consular.formspec import loading
from consular.formspec.kinds import KINDS
from tests import factories
from tests.formspec.forms import BIDI, CONTROLS, MARKUP
from tests.portal import drafting

pytestmark = pytest.mark.django_db

SEEDS = range(3)
TEXTS = [
    "Anna",
    "李",
    "آبت",
    "",
    "R2D2",
    "x" * 3000,
    "12",
    "2024",
    "+91 11 23456789",
    "a@example.org",
    "L898902C",
    "1.5",
]
NOTHING = [*MARKUP, *BIDI, *(mark for mark in CONTROLS if mark.isprintable() or ord(mark[0]) < 0xD800)]
LANGUAGES = {"en": "There is a problem", "de": "Es gibt ein Problem", "fr": "", "ar": ""}


def asked(kind: str, path: str, *, extra: str = "") -> str:
    """One question of this kind in TOML, and once more as one that may not concern somebody."""
    choice = (
        'options = [{ value = "a", label = "A" }, { value = "b", label = "B" }]' if "choice" in kind else ""
    )
    name = f"{kind}_{path.count('questions')}"
    lines = [f"[[{path}]]", f'id = "{name}"', f'kind = "{kind}"', f'label = "{kind}"', choice, extra]
    again = [*lines[:1], f'id = "{name}_or_not"', *lines[2:], "not_applicable = true"]
    return "\n".join([*lines, *(again if path == "pages.questions" else ()), ""])


def everything() -> str:
    """A form with every kind, on the page, in a group, and in a group within it."""
    text = 'title = "All"\nservice_group = "notarial"\n[[pages]]\nid = "all"\ntitle = "All"\n'
    path = "pages.questions"
    for level in range(3):
        needs = {"area": f'country = "country_{level + 1}"', "phone": f'country = "country_{level + 1}"'}
        kinds = [
            kind for kind in sorted(KINDS) if kind not in ("group", "area", "declaration", "mission")
        ] + ["area"]
        text += "".join(asked(kind, path, extra=needs.get(kind, "") + LOOSE[level]) for kind in kinds)
        text += (
            f'[[{path}]]\nid = "group_{level}"\nkind = "group"\nlabel = "Group"\nrepeat = 2\n'
            if level < 2
            else ""
        )
        path += ".questions"
    return text


LOOSE = ("", "\nrequired = false", '\nshow_when = "yes_no_1 = true"')
EVERYTHING = everything()


def options(html: str, name: str) -> list[str]:
    """What the page offers under this name."""
    chosen = re.findall(rf'name="{re.escape(name)}"[^>]* value="([^"]*)"', html)
    select = html.partition(f'<select name="{name}"')[2].partition("</select>")[0]
    return chosen + re.findall(r'<option value="([^"]*)"', select)


def anything(html: str, chance: random.Random) -> dict[str, Any]:
    """A random answer for every input of the page."""
    typed = {}
    names = re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', html)
    for name in dict.fromkeys(names) | dict.fromkeys(
        re.findall(r'<(?:input|select|textarea) name="([^"]+)"', html)
    ):
        offered = options(html, name)
        if chance.random() < 0.85:
            typed[name] = chance.choice(offered or TEXTS) if chance.random() < 0.9 else chance.choice(NOTHING)
    return typed


def questions(answer: Any) -> str:
    return answer.content.decode().partition('<div id="questions">')[2].partition('<div class="actions">')[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_questions_of_every_kind_in_nested_groups(tmp_path: Path, settings: object, seed: int) -> None:
    folder = tmp_path / "everything" / "v1"
    folder.mkdir(parents=True)
    (folder / "form.toml").write_text(EVERYTHING, encoding="utf-8")
    settings.FORMS_DIR = tmp_path
    assert loading.findings(EVERYTHING) == []
    fill_in("everything", seed)


def fill_in(service: str, seed: int) -> None:
    """Fill in all pages with random answers, twice each, and look at what the pages say."""
    chance = random.Random(f"{service}{seed}")
    language = chance.choice(sorted(LANGUAGES))
    client = factories.signed_in(Client(headers={"accept-language": language}), factories.applicant())
    reference = client.post(f"/apply/{service}/").url.split("/")[2]
    form = formspec.latest(service).form
    for page in form.pages:
        address = f"/drafts/{reference}/{page.id}/"
        shown = client.get(address)
        assert shown.status_code == 200
        typed = anything(questions(shown), chance) | drafting.hidden(shown)
        answer = client.post(address, typed)
        assert answer.status_code in (302, 422), answer.content
        if answer.status_code == 422:
            html = answer.content.decode()
            errors = answer.context["form"].errors
            assert errors
            assert errors.keys() <= answer.context["form"].fields.keys() | {"__all__"}
            assert all(message and "%(" not in message for each in errors.values() for message in each)
            assert LANGUAGES[language] in html
            assert f'lang="{language}"' in html
            for name, text in typed.items():
                if isinstance(text, str) and name in errors and f'name="{name}" class="kern' in html:
                    held = answer.context["form"][name].value()
                    held = held["given"] if isinstance(held, dict) else held
                    assert held == text.replace("\0", "\ufffd")
        extra = client.post(
            address, typed | drafting.hidden(answer if answer.status_code == 422 else client.get(address))
        )
        assert extra.status_code in (302, 422)
    assert client.get(f"/drafts/{reference}/").status_code == 200
    assert client.get(f"/drafts/{reference}/review/").status_code == 200
    stored = drafting.stored(reference).data
    counts = formspec.counted(form, stored)
    assert formspec.counted(form, counts) == counts
    assert formspec.kept(form, stored) == stored


def test_what_was_typed_right_is_what_is_stored(client: Client) -> None:
    reference = drafting.start(client)
    drafting.fill_in_everything(client, reference)
    assert drafting.stored(reference).data == drafting.answers(drafting.today())
    assert formspec.problems(drafting.FORM, drafting.stored(reference).data) == []
