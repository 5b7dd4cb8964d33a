"""Files for commands."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def at(tmp_path: Path) -> Any:
    """Writes a file and says where."""

    def write(name: str, content: bytes | str) -> str:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(file)

    return write
