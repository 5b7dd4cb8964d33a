"""Sealed bytes open only with the key, for their purpose, in their place."""

import pytest
from django.test import override_settings

from consular.core import sealing

CONTENT = b"a scan of a passport" * 10


def seal() -> bytes:
    return sealing.seal(CONTENT, purpose="file", about="copy/7")


def test_what_was_sealed_opens_in_its_place() -> None:
    assert sealing.unseal(seal(), purpose="file", about="copy/7") == CONTENT


def test_nothing_of_it_can_be_read_and_no_two_are_alike() -> None:
    assert b"passport" not in seal()
    assert seal() != seal()


@pytest.mark.parametrize(("purpose", "about"), [("file", "copy/8"), ("letter", "copy/7")])
def test_moved_to_another_place_it_does_not_open(purpose: str, about: str) -> None:
    with pytest.raises(sealing.Broken):
        sealing.unseal(seal(), purpose=purpose, about=about)


def test_a_changed_bit_is_noticed() -> None:
    sealed = bytearray(seal())
    sealed[20] ^= 1

    with pytest.raises(sealing.Broken):
        sealing.unseal(bytes(sealed), purpose="file", about="copy/7")


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(40)])
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(sealing.Broken):
        sealing.unseal(sealed, purpose="file", about="copy/7")


def test_another_key_opens_nothing() -> None:
    sealed = seal()

    with override_settings(IDENTITY_KEY="another"), pytest.raises(sealing.Broken):
        sealing.unseal(sealed, purpose="file", about="copy/7")


def test_without_the_place_in_the_seal_a_moved_row_would_open() -> None:
    """Negative control: the same with one place for everything."""
    sealed = sealing.seal(CONTENT, purpose="file", about="")

    assert sealing.unseal(sealed, purpose="file", about="") == CONTENT
