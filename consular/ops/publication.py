"""Publishing the processes of the services: checked as a whole, then kept unchanged for the cases that run on them."""

from consular import formspec
from consular.core import clock
from consular.core.errors import Refused
from consular.workflow import check, compile, store  # noqa: A004  the standard word for it
from consular.workflow.models import Definition


class NotSound(Refused):
    """The process has faults that would strand cases; the text names each."""


def publish_all() -> list[Definition]:
    """Publish every process that is not published yet; returns the new ones."""
    new = []
    for folder in formspec.services():
        graph = compile.compile(folder.process)
        findings = check.check(graph)
        if findings:
            raise NotSound("\n".join(str(finding) for finding in findings), code="not_sound")
        before = Definition.objects.count()
        definition = store.publish(folder.service, folder.version, folder.process, now=clock.now())
        if Definition.objects.count() > before:
            new.append(definition)
    return new
