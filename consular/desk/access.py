"""Who may open pages of the desk: staff, after a second factor, with the duty that the page wants."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from consular.accounts import sessions
from consular.accounts.models import Role, User
from consular.accounts.returning import signing_in
from consular.missions.postings import Duties, duties

View = Callable[..., HttpResponseBase]
PREFIX = "/desk/"


def open_to_strangers(view: View) -> View:
    """Mark one of the few views below /desk/ that lead to the second factor and judge for themselves who asks."""
    view.open_to_strangers = True
    return view


class SecondFactorOnly:
    """Nothing below /desk/ opens without a verified second factor, whatever its view forgot (ASVS 6.3.3)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        """Send everybody else to the sign-in page; None lets the view answer."""
        match = request.resolver_match
        below = request.path.startswith(PREFIX) or (match is not None and "desk" in match.app_names)
        if not below or getattr(view, "open_to_strangers", False) or is_verified(request):
            return None
        return signing_in(request, reverse("desk:sign_in"))


def staff_of(request: HttpRequest) -> User | None:
    """The member of staff who is signed in with a second factor, if there is one."""
    user = request.user
    return user if user.is_authenticated and user.is_official and user.otp_device is not None else None


def is_verified(request: HttpRequest) -> bool:
    """Whether a member of staff is signed in with a second factor."""
    return staff_of(request) is not None


def level_of(held: Duties) -> sessions.Level:
    """How long a session with these duties may last."""
    if Role.ADMINISTRATOR in held.roles:
        return sessions.Level.ADMINISTRATOR
    return sessions.Level.STAFF


def officer_required(*roles: Role) -> Callable[[View], View]:
    """Open the page to staff who hold one of `roles` somewhere today (none given: any duty at all), else 403.

    Which case at which mission is judged by `visible_to` and the verb. The view finds `request.duties`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            user = staff_of(request)
            held = duties(user) if user else Duties()
            if not held.roles or (roles and not held.roles & frozenset(roles)):
                raise PermissionDenied
            if level_of(held) == sessions.Level.ADMINISTRATOR:
                sessions.tighten(request, sessions.Level.ADMINISTRATOR)
            request.duties = held
            return view(request, *args, **kwargs)

        return guarded

    return decorate
