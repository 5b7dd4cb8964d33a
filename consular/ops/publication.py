"""Publishing the processes of the services: checked as a whole, then kept unchanged for the cases that run on them."""

from consular import casework, formspec
from consular.casework.versions import known as known
from consular.core.errors import Refused
from consular.decisions import rulings
from consular.workflow import check, compile
from consular.workflow.models import Definition
from consular.workflow.publishing import Release, release


def publish_all() -> list[Definition]:
    """Publish every process that is not published yet; returns the new ones.

    Refused, with every fault named, when a process is outside the subset or would strand cases.
    """
    published = set(Definition.objects.values_list("service", "version"))
    return [
        publish(folder) for folder in formspec.services() if (folder.service, folder.version) not in published
    ]


def unread_partners() -> list[str]:
    """The codes of partners that the services consult and at which nobody could read a request today."""
    releases = (_release(folder) for folder in formspec.services())
    return sorted({code for release in releases for code in casework.unread_partners(release)})


def publish(folder: formspec.Folder) -> Definition:
    """Publish the process of one folder, after checking it together with its form and our service steps."""
    graph = compile.compile(folder.process)
    findings = [
        *check.check(graph, known(folder)),
        *rulings.problems(folder.service, folder.version, graph, folder.form),
    ]
    if findings:
        raise Refused("; ".join(map(str, findings)), code="unsound", status=422)
    return release(_release(folder))


def _release(folder: formspec.Folder) -> Release:
    return Release(folder.service, folder.version, folder.process, tables=folder.files)
