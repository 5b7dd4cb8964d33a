"""Business errors of service steps: the job finds that something cannot be done, and trying again would not change it.

The process goes on along the error event that catches it (BPMN 2.0, section 10.5.6), in the transaction of the job.
Where nothing catches it, the process has a fault: the job is tried again and then given up, and the case stays where it
is.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import transaction

from consular.cases.models import Case
from consular.casework import record
from consular.core import clock
from consular.workflow import store
from consular.workflow.models import Token

NO_RECEIVER = "NO_RECEIVER"
"""There is no such mission, the case is there already, or nobody there could go on with it."""

ERRORS: Mapping[str, frozenset[str]] = {"casework.transfer": frozenset({NO_RECEIVER})}
"""The codes in which a job can end, by its type. Processes have to catch them, and can catch no others."""


class BusinessError(Exception):
    """A service step cannot be done; error events of the process catch it by its `code`, one of ERRORS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def caught(case: Case, token: Token) -> Iterator[None]:
    """Let the process go on from a business error of this service step; what the step had done before it is undone.

    The caller has locked the case. An error that is not named in ERRORS for this job is a fault like any other.
    """
    try:
        with transaction.atomic():
            yield
    except BusinessError as error:
        job = store.graph(token.instance.definition).node(token.node).service_type
        if error.code not in ERRORS.get(job, frozenset()):
            raise
        record.fail(case, token.pk, code=error.code, at=clock.now())
