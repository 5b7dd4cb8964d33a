"""The least a Django service can do to show and save the same: session, user, CSRF, the rows, a plain template.

The queue shows the same rows with the same cells, so that its template has the same to fill in; the names of tasks and
services come from a dictionary, there are no tabs, counts, filters, views, layout, languages or time zones.

The yardstick for pages; `bare_wsgi` makes a web server of it, `handler` answers in the product's own process.
"""

import json
from datetime import UTC, datetime

from django import forms
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template import Context, Template
from django.test.utils import override_settings
from django.urls import path
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from psycopg.types.json import Jsonb

ADDRESSES = __name__
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    f"{ADDRESSES}.People",
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
POSTINGS = "SELECT mission_id, role FROM missions_posting WHERE user_id = %s AND role <> 'head_of_section'"
QUEUE = """
WITH page AS (
    SELECT t.* FROM unnest(%(missions)s::bigint[], %(lanes)s::text[]) AS held(mission, lane), LATERAL (
        SELECT id, due_at FROM workflow_token WHERE kind = 'task' AND mission_id = held.mission AND lane = held.lane
            AND (due_at, id) > (%(due)s, %(id)s) ORDER BY due_at, id LIMIT 26
    ) AS t ORDER BY t.due_at, t.id LIMIT 26
)
SELECT t.id, t.node, t.due_at, t.since, u.name AS officer, c.reference, c.applicant_name AS applicant, c.service,
    c.phase, c.nationality, t.data -> 'held' IS NOT NULL AS is_paused, t.allocation <> 'free' AS is_handed_out,
    CASE WHEN t.home_id IS NOT NULL THEN m.city ELSE '' END AS elsewhere,
    ARRAY(SELECT f.kind FROM cases_flag f WHERE f.case_id = c.id AND f.removed_at IS NULL ORDER BY f.id) AS flags,
    EXISTS (
        SELECT FROM cases_attachment a WHERE a.case_id = c.id AND a.state = 'ready' AND a.created_at > c.submitted_at
        AND NOT EXISTS (SELECT FROM cases_event e WHERE e.case_id = c.id AND e.kind = 'document_opened'
            AND (e.data ->> 'attachment')::bigint = a.id)
    ) AS has_unread
FROM page JOIN workflow_token t USING (id) JOIN cases_case c ON c.instance_id = t.instance_id
JOIN missions_mission m ON m.id = t.mission_id
LEFT JOIN accounts_user u ON u.id = t.assignee_id ORDER BY t.due_at, t.id
"""
TASKS = {
    "check_completeness": "Check completeness",
    "lodge": "Take the application",
    "examine": "Examine the application",
    "decide": "Decide",
    "hand_over": "Hand over",
}
SERVICES = {"schengen_visa": "Schengen visa", "national_visa": "National visa", "passport": "Passport"}
PHASES = {"in_review": "In review", "your_turn": "Your turn", "decided": "Decided", "ready": "Ready"}
FIRST = (datetime(1, 1, 1, tzinfo=UTC), 0)
TABLE = """<!doctype html><html lang="en"><head><title>Queue</title></head><body><h1>Queue</h1><form method="post">
{% csrf_token %}<table><thead><tr><th></th><th>Case</th><th>Task</th><th>Due</th><th>Waiting</th>
<th>Service</th><th>Status</th><th>Nationality</th><th>With</th></tr></thead><tbody>
{% for row in rows %}
<tr data-claim="/cases/{{ row.reference }}/tasks/{{ row.id }}/claim/">
<td><input type="checkbox" name="chosen" value="{{ row.id }}"
aria-label="Choose {{ row.reference }}: {{ row.task }}"></td>
<th><a href="/cases/{{ row.reference }}/">{{ row.reference }}</a><br>{{ row.applicant }}</th>
<td>{{ row.task }}{% if row.has_unread %} <b>New document</b>{% endif %}
{% for flag in row.flags %} <b>{{ flag }}</b>{% endfor %}{% if row.is_handed_out %} <b>Handed out</b>{% endif %}</td>
<td>{{ row.due_at|date:"j M Y" }}<br>{% if row.is_paused %} <b>Clock stopped</b>
{% else %}in {{ row.days_left }} days{% if row.is_overdue %} <b>Overdue</b>{% endif %}{% endif %}</td>
<td>{{ row.days_waited }} days</td>
<td>{{ row.service_name }}</td><td>{{ row.status }}</td><td>{{ row.nationality }}</td>
<td>{{ row.officer|default:"Nobody" }}{% if row.elsewhere %}<br>{{ row.elsewhere }}{% endif %}</td></tr>
{% endfor %}</tbody></table></form></body></html>"""
FORM = """<!doctype html><html lang="en"><head><title>Form</title></head><body><h1>Form</h1><form method="post">
{% for field in form %}<p>{{ field.label_tag }} {{ field }} {{ field.errors }}</p>{% endfor %}
<button>Save</button></form></body></html>"""
CASE = """<!doctype html><html lang="en"><head><title>Case</title></head><body><h1>{{ reference }}</h1>
<p>{{ name }}</p><ul>{% for event in events %}<li>{{ event.0|date:"Y-m-d" }} {{ event.1 }}</li>{% endfor %}</ul>
</body></html>"""
DRAFT = """
SELECT a.id, a.data FROM cases_answers a JOIN cases_case c ON c.id = a.case_id
WHERE c.owner_id = %s AND c.reference = %s
"""
SAVE = "UPDATE cases_answers SET data = data || %s, revision = revision + 1, saved_at = now() WHERE id = %s"


class Identity(forms.Form):
    """As many fields as the first page of the Schengen form, without conditions."""

    surname = forms.CharField(max_length=85)
    surname_at_birth = forms.CharField(max_length=85, required=False)
    given_names = forms.CharField(max_length=85)
    birth_date = forms.DateField()
    birth_place = forms.CharField(max_length=85)
    birth_country = forms.ChoiceField()
    nationality = forms.ChoiceField()
    sex = forms.ChoiceField(choices=[("female", "Female"), ("male", "Male")], widget=forms.RadioSelect)
    civil_status = forms.ChoiceField(
        choices=[("single", "Single"), ("married", "Married"), ("other", "Other")]
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in ("birth_country", "nationality"):
            self.fields[name].choices = COUNTRIES


COUNTRIES = [(f"{a}{b}A", f"Country {a}{b}") for a in "ABCDEFGHIJ" for b in "ABCDEFGHIJKLMNOPQRST"] + [
    ("GHA", "Ghana")
]


@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """One page of open tasks."""
    due, token = FIRST
    if "after" in request.GET:
        moment, _, number = request.GET["after"].partition("-")
        due, token = datetime.fromtimestamp(float(moment), UTC), int(number)
    with connection.cursor() as cursor:
        cursor.execute(POSTINGS, (request.user.pk,))
        held = cursor.fetchall()
        values = {
            "missions": [row[0] for row in held],
            "lanes": [row[1] for row in held],
            "due": due,
            "id": token,
        }
        cursor.execute(QUEUE, values)
        names = [column.name for column in cursor.description]
        rows = [shown(dict(zip(names, row, strict=True))) for row in cursor.fetchall()[:25]]
    return HttpResponse(_table.render(Context({"rows": rows, "csrf_token": get_token(request)})))


def shown(row: dict[str, object]) -> dict[str, object]:
    """One row with what its cells say beside its columns."""
    now = datetime.now(UTC)
    return row | {
        "task": TASKS.get(row["node"], row["node"]),
        "service_name": SERVICES.get(row["service"], row["service"]),
        "status": PHASES.get(row["phase"], row["phase"]),
        "days_left": (row["due_at"].date() - now.date()).days,
        "days_waited": (now.date() - row["since"].date()).days,
        "is_overdue": row["due_at"] < now,
    }


@login_required
def draft(request: HttpRequest, reference: str) -> HttpResponse:
    """One page of questions, shown or saved."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DRAFT, (request.user.pk, reference))
        pk, data = cursor.fetchone()
        if request.method != "POST":
            return HttpResponse(_form.render(Context({"form": Identity(initial=json.loads(data))})))
        form = Identity(request.POST)
        if not form.is_valid():
            return HttpResponse(_form.render(Context({"form": form})), status=422)
        form.cleaned_data["birth_date"] = form.cleaned_data["birth_date"].isoformat()
        cursor.execute(SAVE, (Jsonb(form.cleaned_data), pk))
    return HttpResponseRedirect("../next/")


@login_required
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """One case and its history."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, applicant_name FROM cases_case WHERE reference = %s", (reference,))
        pk, name = cursor.fetchone()
        cursor.execute(
            "SELECT at, kind FROM cases_event WHERE case_id = %s ORDER BY id DESC LIMIT 100", (pk,)
        )
        events = cursor.fetchall()
    return HttpResponse(_case.render(Context({"reference": reference, "name": name, "events": events})))


urlpatterns = [
    path("desk/", queue),
    path("drafts/<str:reference>/identity/", draft),
    path("cases/<str:reference>/", case),
]


class People:
    """Who asks, as Django itself finds them, from its own store of sessions: what we made faster is no reference."""

    def __init__(self, get_response: object) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: person(request))
        return self.get_response(request)


def person(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    """What `django.contrib.auth.get_user` does with Django's own backend."""
    user = ModelBackend().get_user(request.session[SESSION_KEY])
    is_same = user and constant_time_compare(request.session[HASH_SESSION_KEY], user.get_session_auth_hash())
    return user if is_same else AnonymousUser()


class OwnAddresses:
    """These addresses instead of the product's, when both run in one process."""

    def __init__(self, get_response: object) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.urlconf = ADDRESSES
        return self.get_response(request)


def handler() -> WSGIHandler:
    """The bare service beside the product in the same process."""
    with override_settings(
        MIDDLEWARE=[f"{ADDRESSES}.OwnAddresses", *MIDDLEWARE], SESSION_ENGINE=SESSION_ENGINE
    ):
        return WSGIHandler()


_table, _form, _case = Template(TABLE), Template(FORM), Template(CASE)
