"""The officer's queue: what is to be done at my missions in my roles, oldest deadline first."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consular.cases import queue
from consular.desk.access import officer_required
from consular.desk.rows import in_words


@require_safe
@officer_required()
def tasks(request: HttpRequest) -> HttpResponse:
    """One page of open tasks, all of my queues or only mine."""
    only_mine = request.GET.get("show") == "mine"
    after = position(request.GET.get("after", ""))
    if only_mine:
        rows, following = queue.mine(request.user, request.duties, after=after)
    else:
        rows, following = queue.page(request.duties, after=after)
    context = {
        "rows": in_words(rows),
        "only_mine": only_mine,
        "next_url": _address(only_mine, following) if following else "",
        "first_url": _address(only_mine, None) if after else "",
    }
    return render(request, "desk/queue.html", context)


def _address(only_mine: bool, after: queue.Position | None) -> str:
    """The address of a page: the first one, or the one that begins after a position."""
    parts = {"show": "mine" if only_mine else "", "after": str(after) if after else ""}
    return "?" + urlencode({name: value for name, value in parts.items() if value})


def position(text: str) -> queue.Position | None:
    """Where a page begins, from its address; anything else than what we wrote there means the first page."""
    moment, _, token = text.partition("-")
    try:
        return queue.Position(datetime.fromtimestamp(float(moment), UTC), int(token))
    except (ValueError, OverflowError, OSError):
        return None
