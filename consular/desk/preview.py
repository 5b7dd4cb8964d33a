"""Every page of every form in every language, for those who write forms. Nothing can be sent or stored here."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from consular import formspec
from consular.accounts.models import Role
from consular.desk.access import officer_required
from consular.formspec import previewing

END = "end:declarations"
"""The name of the last page that applicants see; no page of a form has a colon in its own."""


@dataclass(frozen=True)
class Choice:
    """A link of the preview, and whether it is the one that is open."""

    label: str
    query: str
    is_open: bool
    language: str = ""


@require_safe
@officer_required(Role.ADMINISTRATOR)
def forms(request: HttpRequest) -> HttpResponse:
    """The versions of all services that have a form."""
    return render(request, "desk/previews.html", {"folders": formspec.versions()})


@require_safe
@officer_required(Role.ADMINISTRATOR)
def form(request: HttpRequest, service: str, version: int) -> HttpResponse:
    """One page of a form, in the language and with the conditions asked for."""
    try:
        folder = formspec.folder(service, version)
    except formspec.NoSuchService:
        raise Http404 from None
    languages = dict(settings.LANGUAGES)
    language = request.GET.get("language", translation.get_language())
    language = language if language in languages else "en"
    is_on = request.GET.get("conditions", "on") != "off"
    pages = {page.id: page for page in folder.form.pages}
    pages |= {END: previewing.declarations(folder.form)}
    pages |= {f"task:{task_id}": page for task_id, page in folder.form.tasks.items()}
    wanted = request.GET.get("page", "")
    wanted = wanted if wanted in pages else next(iter(pages))
    with translation.override(language):
        page = pages[wanted]
        context = {
            "folder": folder,
            "page": page,
            "form": formspec.django_form(previewing.page(page, fulfilled=is_on), {}, prefix="preview"),
            "conditions": previewing.conditions(page),
            "languages": [
                Choice(str(name), _query(wanted, code, is_on=is_on), code == language, code)
                for code, name in languages.items()
            ],
            "pages": [
                Choice(str(each.title), _query(name, language, is_on=is_on), name == wanted)
                for name, each in pages.items()
            ],
            "switch": _query(wanted, language, is_on=not is_on),
            "is_on": is_on,
        }
        return render(request, "desk/preview.html", context)


def _query(page: str, language: str, *, is_on: bool) -> str:
    return f"?page={page}&language={language}&conditions={'on' if is_on else 'off'}"
