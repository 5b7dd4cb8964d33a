"""Publishing the processes of the services: checked as a whole, then kept unchanged for the cases that run on them."""

from consular import formspec
from consular.workflow import store
from consular.workflow.models import Definition


def publish_all() -> list[Definition]:
    """Publish every process that is not published yet; returns the new ones.

    Refused, with every fault named, when a process is outside the subset or would strand cases.
    """
    known = set(Definition.objects.values_list("service", "version"))
    return [
        store.publish(folder.service, folder.version, folder.process)
        for folder in formspec.services()
        if (folder.service, folder.version) not in known
    ]
