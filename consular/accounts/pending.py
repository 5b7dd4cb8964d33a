"""Between password and second factor: known to us, but signed in nowhere. Every other page sees a stranger."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from consular.accounts.models import Kind, User
from consular.core import clock

KEY = "pending"
LASTS = timedelta(minutes=10)


def start(request: HttpRequest, user: User) -> None:
    """Remember, under a new session id, whose password was right."""
    request.session.flush()
    request.session[KEY] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "until": (clock.now() + LASTS).timestamp(),
    }


def user_of(request: HttpRequest) -> User | None:
    """The member of staff who still owes a second factor; nobody when time is up or the account changed since."""
    state = request.session.get(KEY)
    if state is None or clock.now().timestamp() > state["until"]:
        return None
    user = User.objects.filter(pk=state["user"], kind=Kind.STAFF, is_active=True).first()
    if user is None or not constant_time_compare(state["hash"], user.get_session_auth_hash()):
        return None
    return user


def end(request: HttpRequest) -> None:
    """Forget it: the second factor was given, or somebody starts again."""
    request.session.pop(KEY, None)
