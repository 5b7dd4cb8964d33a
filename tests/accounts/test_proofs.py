"""A proof of work is good once, for ten minutes, for one act in one browser."""

import base64
import json
from datetime import timedelta

import pytest

from consular.accounts import proofs, throttle
from consular.accounts.proofs import Bound
from consular.core import clock
from consular.core.errors import Refused
from tests.accounts.racing import race

HERE = Bound("hold", "a browser")
NETWORK = "203.0.113.0/24"


def solved(bound: Bound = HERE) -> str:
    return proofs.solve(proofs.challenge(bound, work=50))


def changed(text: str, **fields: object) -> str:
    return base64.b64encode(json.dumps({**json.loads(base64.b64decode(text)), **fields}).encode()).decode()


def told(text: str, bound: Bound = HERE) -> str:
    """The code of the refusal; "" when the proof was taken."""
    try:
        proofs.require(text, bound, network=NETWORK)
    except Refused as refused:
        return refused.code
    return ""


@pytest.mark.django_db
def test_a_proof_is_taken_once() -> None:
    proof = solved()

    assert [told(proof), told(proof)] == ["", "no_proof"]


@pytest.mark.django_db(transaction=True)
def test_of_fifty_replays_one_is_taken() -> None:
    proof = solved()

    assert race(lambda: told(proof) == "", times=50) == 1


@pytest.mark.django_db(transaction=True)
def test_without_counting_proofs_all_fifty_replays_would_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "spend", lambda *_: True)
    proof = solved()

    assert race(lambda: told(proof) == "", times=50) == 50


@pytest.mark.django_db
def test_a_proof_is_good_for_ten_minutes_one_act_and_one_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    proof = solved()
    later = clock.now() + proofs.LASTS

    with clock.at(later):
        assert told(proof) == "no_proof"
    assert told(proof, Bound("code", "a browser")) == "no_proof"
    assert told(proof, Bound("hold", "another browser")) == "no_proof"
    monkeypatch.setattr(
        proofs, "_signature", lambda salt, wanted, bound: json.loads(base64.b64decode(proof))["signature"]
    )
    assert told(proof, Bound("code", "another browser")) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("splice", [0, 1, 2])
def test_digits_cannot_be_moved_between_the_end_and_the_number(splice: int) -> None:
    """The challenge is the hash of both together: without its own signature the salt could be made to last longer."""
    asked = json.loads(base64.b64decode(solved()))
    until = str(asked["salt"]).rstrip("&")
    longer = [
        {"salt": until + str(asked["number"])[:1], "number": 0},
        {"salt": asked["salt"] + "0", "number": asked["number"]},
        {"salt": asked["salt"].replace("expires=", "expires=9"), "number": asked["number"]},
    ][splice]

    assert told(changed(solved(), **longer)) == "no_proof"


@pytest.mark.django_db
def test_without_a_number_one_waits_a_minute_and_not_too_often(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, impatient = proofs.challenge(HERE), proofs.challenge(HERE)

    assert told(impatient) == "no_proof"
    with clock.at(clock.now() + proofs.WAIT + timedelta(seconds=1)):
        assert [told(waiting), told(waiting)] == ["", "no_proof"]
        monkeypatch.setattr(proofs, "WAITS", throttle.Limit(proofs.WAITS.name, 1, proofs.WAITS.period))
        assert told(impatient) == "too_often"


@pytest.mark.parametrize(
    "text",
    [
        *["", "x", "\0", "=" * 5, "W10=", "bnVsbA==", "a" * 10_000, "e30=", "\u202e", "W1tbW1tbW1tbW1tbW1s="],
        base64.b64encode(b'{"salt": "\\ud800", "challenge": "\\ud800", "signature": "\\ud800"}').decode(),
    ],
)
def test_what_is_no_proof_is_refused(text: str) -> None:
    assert told(text) == "no_proof"


@pytest.mark.django_db
@pytest.mark.parametrize("number", [True, "7", 7.0, None, -1, [], {}, 10**400])
def test_a_wrong_number_is_refused(number: object) -> None:
    assert told(changed(proofs.challenge(HERE, work=50), number=number)) == "no_proof"
