"""Draws that anybody can repeat: a right file passes, every change of it is found, and the script agrees."""

import hashlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyblst
import pytest
from django.core.management import CommandError, call_command

from consular.appointments import beacon, lots
from consular.appointments.beacon import BadRound
from consular.appointments.lots import FORMAT, Listing

SCRIPT = Path(lots.__file__).parents[1] / "static/check_draw.py"
QUICKNET = beacon.chains()["quicknet"]

ROUND = 657413
SIGNATURE = "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
RANDOM = "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587"
"""A round as the network has published it."""


def drawn(number: int = 12) -> dict[str, Any]:
    """A right file: two people in hardship, ten others."""
    tickets = sorted(hashlib.sha256(str(n).encode()).hexdigest()[:32] for n in range(number))
    listed = Listing(QUICKNET.hash, ROUND, 3, tuple(tickets[:2]), tuple(tickets[2:]))
    source = {
        "chain": QUICKNET.hash,
        "public_key": QUICKNET.public_key,
        "genesis": QUICKNET.genesis,
        "period": 3,
    }
    return {
        "format": FORMAT,
        "source": {**source, "round": ROUND},
        "winners": 3,
        "hardship": tickets[:2],
        "tickets": tickets[2:],
        "commitment": listed.commitment(),
        "published_at": "2023-09-15T00:00:00+00:00",
        "signature": SIGNATURE,
        "order": listed.order(bytes.fromhex(RANDOM)),
    }


def test_a_round_of_the_network_is_recognised_and_gives_its_randomness() -> None:
    assert beacon.randomness(QUICKNET, ROUND, SIGNATURE).hex() == RANDOM
    assert QUICKNET.computed_hash() == QUICKNET.hash
    assert QUICKNET.at(1) == datetime(2023, 8, 23, 15, 9, 27, tzinfo=UTC)
    number = QUICKNET.first_after(datetime(2027, 1, 1, tzinfo=UTC))
    assert QUICKNET.at(number - 1) <= datetime(2027, 1, 1, tzinfo=UTC) < QUICKNET.at(number)


INFINITY = "c0" + 47 * "00"


@pytest.mark.parametrize(
    ("number", "signature"),
    [
        (ROUND + 1, SIGNATURE),
        (ROUND, SIGNATURE[:-2] + "7c"),
        (ROUND, SIGNATURE.upper()),
        (ROUND, INFINITY),
        (ROUND, ""),
        (ROUND, "zz" * 48),
        (ROUND, SIGNATURE + "00"),
        (ROUND, "00" * 48),
    ],
)
def test_a_forged_or_another_round_is_refused(number: int, signature: str) -> None:
    with pytest.raises(BadRound):
        beacon.randomness(QUICKNET, number, signature)


def test_a_key_of_ones_own_signs_but_is_not_the_chain() -> None:
    secret = 12345
    generator = pyblst.BlstP2Element().uncompress(beacon._GENERATOR)
    message = hashlib.sha256(ROUND.to_bytes(8, "big")).digest()
    signed = pyblst.BlstP1Element.hash_to_group(message, beacon._DOMAIN).scalar_mul(secret).compress()
    mine = replace(QUICKNET, public_key=bytes(generator.scalar_mul(secret).compress()).hex())

    with pytest.raises(BadRound, match="hash"):
        beacon.randomness(mine, ROUND, bytes(signed).hex())
    # The negative control: were the hash of the chain not looked at, whoever has a key could choose the result.
    mine = replace(mine, hash=mine.computed_hash())
    assert len(beacon.randomness(mine, ROUND, bytes(signed).hex())) == 32


def test_a_right_file_passes_here_by_the_command_and_by_the_script(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lots.problem(drawn()) is None
    path = tmp_path / "draw.json"
    path.write_text(json.dumps(drawn()))
    call_command("draw", "verify", str(path))
    assert "right." in capsys.readouterr().out
    call_command("draw", "verify", str(path), "--json")
    assert json.loads(capsys.readouterr().out) == {
        **{"right": True, "problem": None, "tickets": len(drawn()["order"])},
        **{"winners": lots.listing(drawn()).winners, "round": ROUND},
    }
    assert subprocess.run([sys.executable, str(SCRIPT), str(path)], check=False).returncode == 0

    wrong = drawn()
    wrong["order"][0], wrong["order"][1] = wrong["order"][1], wrong["order"][0]
    path.write_text(json.dumps(wrong))
    with pytest.raises(CommandError, match="order"):
        call_command("draw", "verify", str(path), "--json")
    assert json.loads(capsys.readouterr().out)["right"] is False
    assert (
        subprocess.run([sys.executable, str(SCRIPT), str(path)], check=False, capture_output=True).returncode
        == 1
    )
    path.write_text("{")
    with pytest.raises(CommandError):
        call_command("draw", "verify", str(path))


def _set(*path: str | int, to: object) -> Callable[[dict[str, Any]], None]:
    def change(file: dict[str, Any]) -> None:
        for step in path[:-1]:
            file = file[step]
        file[path[-1]] = to

    return change


def _late_entry(file: dict[str, Any]) -> None:
    file["tickets"] = sorted([*file["tickets"], "f" * 32])


def _promoted(file: dict[str, Any]) -> None:
    file["hardship"] = sorted([*file["hardship"], file["tickets"].pop()])


def _twice(file: dict[str, Any]) -> None:
    """Somebody is on the list twice, and the hash was made for that."""
    file["tickets"] = sorted([*file["tickets"], file["tickets"][0]])
    file["commitment"] = lots.listing(file).commitment()


def _not_drawn(file: dict[str, Any]) -> None:
    del file["signature"], file["order"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_late_entry, "not the one that was published"),
        (_promoted, "not the one that was published"),
        (_set("winners", to=4), "not the one that was published"),
        (_set("source", "round", to=ROUND + 1), "not the one that was published"),
        (_twice, "twice"),
        (_set("published_at", to="2026-01-01T00:00:00+00:00"), "after its round"),
        (_set("signature", to=INFINITY), "signature"),
        (_set("source", "public_key", to="00"), "chain"),
        (_set("source", "chain", to="00"), "chain"),
        (_set("order", 0, to="x"), "order"),
        (_set("tickets", 0, to=7), "twice, or is no text"),
        (_set("tickets", to=None), "not a draw"),
        (_set("source", to=[]), "not a draw"),
        (_set("source", "round", to=10**400), "not the one"),
        (_set("published_at", to=5), "not a draw"),
        (_not_drawn, "nothing was drawn yet"),
    ],
)
def test_every_change_of_a_file_is_found(change: Callable[[dict[str, Any]], None], says: str) -> None:
    file = drawn()
    change(file)

    assert says in str(lots.problem(file))


def test_everybody_has_the_same_chance() -> None:
    """Ten thousand draws among ten: the number of times each is first, by chi squared (9 degrees, p > 0.001)."""
    listed = Listing(QUICKNET.hash, ROUND, 1, (), tuple(f"{n:032x}" for n in range(10)))
    first = Counter(
        listed.order(hashlib.sha256(bytes([n % 256, n // 256])).digest())[0] for n in range(10_000)
    )

    assert sum((count - 1000) ** 2 / 1000 for count in first.values()) < 27.9
    assert len(first) == 10
