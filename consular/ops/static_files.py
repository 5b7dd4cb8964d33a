"""The collected static files, made anew only when a source has changed: a second start, or a read-only image, needs
no copy.
"""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

MARK = "collected.sha256"


def collect() -> bool:
    """Collect and compress the files below STATIC_ROOT unless they are there already; returns whether it did."""
    mark, wanted = Path(settings.STATIC_ROOT) / MARK, _fingerprint()
    if mark.exists() and mark.read_text(encoding="ascii") == wanted:
        return False
    call_command("collectstatic", verbosity=0, interactive=False)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(wanted, encoding="ascii")
    return True


def _fingerprint() -> str:
    """What stands for all sources and for how they are stored."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for folder in map(Path, settings.STATICFILES_DIRS):
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(f"\0{file.relative_to(folder)}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
