"""What was typed on a page whose reader switched the language or had to sign in again, so that it can be shown there.

The language buttons submit the page's own form to the language address, so this works without JavaScript. What was
typed waits in the session, on the server, until the page is shown once more.
"""

from django.http import HttpRequest, QueryDict

KEY = "typed"
LIMIT = 100_000
NEVER_KEPT = ("csrfmiddlewaretoken", "switch_to", "password", "present", "new", "again", "code", "answer")


def keep(request: HttpRequest, path: str) -> None:
    """Remember the posted fields for the page at `path`; secrets, and far too much text, are forgotten."""
    fields = request.POST.copy()
    for name in NEVER_KEPT:
        fields.pop(name, None)
    text = fields.urlencode()
    request.session.pop(KEY, None)
    if text and len(text) <= LIMIT:
        request.session[KEY] = {"path": path.partition("?")[0], "fields": text}


def typed(request: HttpRequest) -> QueryDict | None:
    """What was typed on this page before it was left for a moment; handed out once, else None."""
    waiting = request.session.get(KEY)
    if not waiting or waiting["path"] != request.path:
        return None
    del request.session[KEY]
    return QueryDict(waiting["fields"])
