"""`consular signing-keys` says whether both keys sign, and why one does not (on tokens: tests/decisions)."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from consular.decisions import expiry, keys, seal, signature


@pytest.fixture(autouse=True)
def own_keys(settings: object, tmp_path: Path) -> Iterator[None]:
    settings.SIGNING_KEY_FILE, settings.SEAL_KEY_FILE = tmp_path / "signing.p12", tmp_path / "seal.p12"
    keys.make_local()
    for one in (signature.current, seal.current):
        one.cache_clear()
    yield
    for one in (signature.current, seal.current):
        one.cache_clear()


def test_both_keys_sign(capsys: pytest.CaptureFixture[str]):
    call_command("signing_keys", "--json")

    ends = expiry.ENDS["signing_key"]().isoformat()
    assert json.loads(capsys.readouterr().out) == dict.fromkeys(
        ["signing_key", "seal_key"], {"signs": True, "ends_on": ends, "reason": ""}
    )


def test_a_key_that_cannot_sign_is_named_with_the_reason(
    settings: object, capsys: pytest.CaptureFixture[str]
):
    settings.SEAL_KEY_PASSWORD = "another"

    with pytest.raises(SystemExit, match="1"):
        call_command("signing_keys")

    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("signing_key: signs; its certificate ends on 20")
    assert second.startswith("seal_key: does not sign: Invalid password")
