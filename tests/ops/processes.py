"""`consular process` in tests."""

import io

from django.conf import settings
from django.core.management import CommandError, call_command

VISA = str(settings.FORMS_DIR / "schengen_visa" / "v1" / "process.bpmn")
BOMB = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><definitions>&b;</definitions>'


def ran(*words: str) -> tuple[int, str, str]:
    """The status, standard output, and the sentence of a refusal."""
    out = io.StringIO()
    try:
        call_command("process", *words, stdout=out)
    except CommandError as refusal:
        return refusal.returncode, out.getvalue(), str(refusal)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), ""
    return 0, out.getvalue(), ""
