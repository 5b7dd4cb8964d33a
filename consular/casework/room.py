"""How many files there may be, and how large: of one document, of one case, of one account."""

import re
from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consular.cases.attachments import AttachmentState
from consular.cases.models import Attachment, Case, Phase
from consular.core.errors import Refused
from consular.files import limits

MOST_DOCUMENTS = 60
MOST_ARRIVING = 12
"""Documents of one case that may be on their way or waiting for their check at a time."""
LARGEST_CASE = 120 * limits.MEGABYTE
LARGEST_ACCOUNT = 400 * limits.MEGABYTE
"""Of all cases of an account that are not closed: a family of six in four cases."""

_DIGEST = re.compile(r"[0-9a-fA-F]{64}")


def judge_files(told: Sequence[tuple[int, str]]) -> None:
    """Refused unless these (bytes, SHA-256) can be the files of one document."""
    if not told or len(told) > limits.MOST_FILES:
        raise _refused(_("Choose between one and 30 files."), "number_of_files")
    if any(size < 1 for size, _digest in told):
        raise _refused(_("A file is empty. Choose another one."), "empty")
    if any(size > limits.LARGEST_FILE for size, _digest in told):
        raise _refused(_("A file is larger than 10 MB. Save it smaller, or divide it."), "too_large")
    if sum(size for size, _digest in told) > limits.LARGEST_TOGETHER:
        raise _refused(_("The files are larger than 30 MB together. Add them in two parts."), "too_large")
    if not all(_DIGEST.fullmatch(digest) for _size, digest in told):
        raise _refused(_("The files were not announced as they must be."), "no_digest")


def judge(case: Case, size: int) -> None:
    """Refused unless the case, and all open cases of its account, have room for `size` bytes more.

    The caller holds the lock on the case. Documents added to two cases in one moment share the account's count.
    """
    kept = case.attachments.exclude(state=AttachmentState.REFUSED)
    arriving = kept.filter(state__in=[AttachmentState.ARRIVING, AttachmentState.CHECKING])
    if kept.count() >= MOST_DOCUMENTS or arriving.count() >= MOST_ARRIVING:
        raise Refused(
            _("There are too many files already. Wait until they are checked, or remove some."),
            code="too_many",
            status=429,
        )
    if not has_room(case, size):
        raise Refused(
            _("There is no room for it: remove other files of this application first."),
            code="no_room",
            status=429,
        )


def has_room(case: Case, size: int) -> bool:
    """Whether `size` bytes more keep within what a case and an account may have."""
    of_account = Attachment.objects.filter(case__owner=case.owner_id).exclude(case__phase=Phase.CLOSED)
    return (
        case.attachments.all().held() + size <= LARGEST_CASE and of_account.held() + size <= LARGEST_ACCOUNT
    )


def _refused(sentence: str | Promise, code: str) -> Refused:
    return Refused(sentence, code=code, field="file", status=422)
