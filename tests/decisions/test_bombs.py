"""Files that are huge inside: those of strangers are never opened, and the reader of ours keeps limits."""

import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from pyhanko.pdf_utils.filters import FlateDecode

from consular.decisions import signature, verification

MEGABYTE = 1_000_000
HEAD = b"""%PDF-1.7
1 0 obj
<</Type/Catalog/Pages 2 0 R>>
endobj
2 0 obj
<</Type/Pages/Kids[]/Count 0>>
endobj
"""


@pytest.fixture
def bomb() -> bytes:
    """A file of 60 kB whose table of contents is 60 MB of zeros, packed."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(60)) + packer.flush()
    table = b"3 0 obj\n<</Type/XRef/Size 4/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n"
    return HEAD + table % len(packed) + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(HEAD)


def most_memory(act: Callable[[], object]) -> int:
    """How many bytes something needs at its peak."""
    signature.current()
    tracemalloc.start()
    act()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.django_db
def test_a_file_of_a_stranger_is_never_opened(bomb: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[bytes] = []
    monkeypatch.setattr(signature, "check", opened.append)

    assert verification.check_file(bomb) == verification.UNKNOWN

    assert opened == []


def test_a_bomb_is_not_unfolded(bomb: bytes) -> None:
    assert signature.check(bomb) == signature.NO_SEAL

    assert most_memory(lambda: signature.check(bomb)) < 20 * MEGABYTE


def test_without_the_limits_of_the_reader_it_would_unfold(
    bomb: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FlateDecode, "decode_bounded", lambda _reader, data, *_limits: zlib.decompress(data))

    assert most_memory(lambda: signature.check(bomb)) > 50 * MEGABYTE
