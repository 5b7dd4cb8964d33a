"""What was typed survives the switch of the language."""

from django.contrib.sessions.backends.base import SessionBase
from django.test import RequestFactory

from consular.core import typed


class Session(SessionBase):
    """A session that is kept nowhere."""


def visit(session, path, data=None):
    """A request to this path, with the browser's session."""
    factory = RequestFactory()
    request = factory.get(path) if data is None else factory.post("/language/", data)
    request.session = session
    return request


def test_what_was_typed_is_shown_once_more_on_its_own_page():
    session = Session()
    typed.keep(visit(session, "/drafts/A/1/", {"surname": "Öz", "visits": ["1", "2"]}), "/drafts/A/1/?x=1")
    assert typed.typed(visit(session, "/drafts/A/2/")) is None
    fields = typed.typed(visit(session, "/drafts/A/1/"))
    assert (fields["surname"], fields.getlist("visits")) == ("Öz", ["1", "2"])
    assert typed.typed(visit(session, "/drafts/A/1/")) is None


def test_codes_passwords_and_tokens_are_never_kept():
    session = Session()
    secrets = ("password", "present", "new", "again", "code", "answer", "csrfmiddlewaretoken")
    typed.keep(visit(session, "/", {**dict.fromkeys(secrets, "x"), "switch_to": "de"}), "/")
    assert typed.KEY not in session


def test_far_too_much_text_is_forgotten_instead_of_filling_the_session():
    session = Session()
    typed.keep(visit(session, "/", {"text": "x" * (typed.LIMIT + 1)}), "/")
    assert typed.KEY not in session
