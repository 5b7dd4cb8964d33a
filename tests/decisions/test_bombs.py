"""A small file that claims to be huge inside: looking at it takes little memory, because the reader keeps limits."""

import tracemalloc
import zlib

import pytest
from pyhanko.pdf_utils.filters import FlateDecode

from consular.decisions import signature

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


def most_memory(content: bytes) -> int:
    """How many bytes looking at a file needs at its peak; it is never sealed."""
    signature.current()
    tracemalloc.start()
    assert signature.check(content) == signature.NO_SEAL
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_a_bomb_is_no_letter_of_ours_and_takes_little_memory(bomb: bytes) -> None:
    assert most_memory(bomb) < 20 * MEGABYTE


def test_without_the_limits_of_the_reader_it_would_unfold(
    bomb: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FlateDecode, "decode_bounded", lambda _reader, data, *_limits: zlib.decompress(data))

    assert most_memory(bomb) > 50 * MEGABYTE
