"""Keys on PKCS#11 tokens: letters are signed and sealed there, or nothing is issued; tried on a token of software."""

import asyncio
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pkcs11
import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import transaction

from consular.core import clock, jobs
from consular.core.models import Job
from consular.decisions import expiry, issuing, keys, seal, signature, token_keys
from consular.decisions.models import Letter
from consular.ops import health
from tests import factories
from tests.decisions import letters, softhsm
from tests.decisions.softhsm import Token

on_a_token = pytest.mark.skipif(not softhsm.IS_HERE, reason="needs a token: apt-get install softhsm2")
PATH = "?module-path=/usr/lib/module.so"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Token:
    return softhsm.made(tmp_path_factory.mktemp("token"))


@pytest.fixture
def token(made: Token, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Token]:
    """The token, as yet opened by nobody."""
    own = made.copy(tmp_path / "own")
    monkeypatch.setenv("SOFTHSM2_CONF", str(own.configuration))
    monkeypatch.setattr(token_keys, "PAUSES", (0.0,))
    yield own
    token_keys._here.close(str(softhsm.MODULE))
    token_keys._here._refused.clear()


@pytest.fixture
def in_use(token: Token, settings: object) -> Iterator[Token]:
    """The service signs and seals with the token."""
    for name in ("signing", "seal"):
        setattr(settings, f"{name.upper()}_KEY_TOKEN", softhsm.address(name))
        setattr(settings, f"{name.upper()}_KEY_FILE", token.certificates(name))
        setattr(settings, f"{name.upper()}_KEY_PASSWORD", softhsm.PIN)
    for one in (signature.current, seal.current):
        one.cache_clear()
    yield token
    for one in (signature.current, seal.current):
        one.cache_clear()


def issue(key: str = "one") -> Letter:
    return issuing.issue(factories.sent_case(), "L01", key=key, folder=letters.folder())


def are_ready() -> list[bool]:
    """What `/readyz` says of the two keys."""
    return [health._is_well(name, health.CHECKS[name]) for name in ("signing_key", "seal_key")]


@on_a_token
@pytest.mark.django_db
def test_a_letter_is_signed_and_sealed_on_a_token(
    in_use: Token, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    letter = issue()

    file = tmp_path / "letter.pdf"
    file.write_bytes(letter.content)
    call_command("verify", str(file))
    assert capsys.readouterr().out.startswith("Valid")
    assert signature.check(letter.content) == signature.Seal(intact=True, ours=True)
    sealed = bytes.fromhex(letter.values["seal"])
    assert seal.prove(sealed, seal.own_certificates()).number == letter.number
    call_command("signing_keys")
    assert "seal_key: signs; its certificate ends on" in capsys.readouterr().out
    assert are_ready() == [True, True]


@on_a_token
def test_a_key_for_rsa_signs_as_well(token: Token):
    signer = signature.on_token(
        token_keys.parse(softhsm.address("rsa")), softhsm.PIN, token.certificates("rsa")
    )

    signed = asyncio.run(signer.key.async_sign_general_data(b"a list", "sha256", detached=True))

    (said,) = signed["content"]["signer_infos"]
    assert said["signature_algorithm"].signature_algo == "rsassa_pkcs1v15"
    assert len(said["signature"].native) == 256 < len(asyncio.run(signer.key.async_sign_raw(b"", "", True)))


@on_a_token
@pytest.mark.django_db
def test_while_the_token_is_gone_nothing_is_issued_and_the_job_is_tried_again(
    in_use: Token, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    @transaction.atomic
    def write(payload: dict[str, str]) -> None:
        issue(payload["key"])

    monkeypatch.setitem(jobs._handlers, "decisions.write", write)
    for key in ("before", "meanwhile"):
        jobs.promise("decisions.write", key=key, payload={"key": key})
        jobs.work()
        if key == "before":
            in_use.store.rename(in_use.folder / "gone")

    assert list(Letter.objects.values_list("key", flat=True)) == ["before"]
    waiting = Job.objects.get(key="meanwhile")
    assert (waiting.done_at, waiting.dead_at, waiting.error) == (None, None, "TokenAway")
    assert are_ready() == [False, False]
    assert expiry.ENDS["signing_key"]() > clock.today() < expiry.ENDS["seal_key"]()
    assert signature.check(Letter.objects.get().content).good
    with pytest.raises(SystemExit):
        call_command("signing_keys", "--json")
    assert "the token does not answer" in capsys.readouterr().out

    (in_use.folder / "gone").rename(in_use.store)
    Job.objects.update(run_at=clock.now())
    jobs.work()
    assert signature.check(Letter.objects.get(key="meanwhile").content).good
    assert are_ready() == [True, True]


WRONG: dict[str, tuple[dict[str, object], type[token_keys.TokenError], str]] = {
    "no such key": ({"name": "other"}, token_keys.KeyMissing, "exactly one private key"),
    "no such token": ({"on": "other"}, token_keys.TokenAway, "exactly one such token"),
    "no such module": ({"module": "/no/module.so"}, token_keys.TokenAway, "does not answer"),
    "no module at all": ({"module": Path(__file__)}, token_keys.TokenAway, "does not answer"),
    "wrong PIN": ({"pin": softhsm.WRONG}, token_keys.WrongPin, "refuses the PIN: PinIncorrect"),
    "PIN far too long": ({"pin": "1" * 5000}, token_keys.WrongPin, "refuses the PIN"),
    "another certificate": ({"certified": "seal"}, token_keys.WrongCertificate, "does not belong"),
}


@on_a_token
@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_and_nothing_is_signed(token: Token, case: str):
    values, error, sentence = WRONG[case]
    key = token.key(**{"name": "signing", "certified": "signing", **values})

    with pytest.raises(error, match=sentence) as said:
        key.sign(b"data")

    assert softhsm.PIN not in repr(key) + str(said.value)
    assert token.key("signing").sign(b"data")


@on_a_token
def test_without_proving_it_a_signature_of_another_key_would_go_out(
    token: Token, monkeypatch: pytest.MonkeyPatch
):
    key = token.key("signing", certified="seal")
    is_proven = token_keys._is_proven
    monkeypatch.setattr(token_keys, "_is_proven", lambda *_: True)

    assert not is_proven(key.public, key.sign(b"data"), b"data")


@on_a_token
def test_a_wrong_pin_is_tried_once_and_the_last_try_is_left_to_people(
    token: Token, monkeypatch: pytest.MonkeyPatch
):
    wrong, right = token.key("signing", pin=softhsm.WRONG), token.key("signing")
    counting = pkcs11.TokenFlag.USER_PIN_COUNT_LOW  # this token marks a wrong PIN, but never locks itself

    with pytest.raises(token_keys.WrongPin, match="PinIncorrect"):
        wrong.sign(b"data")
    for key in (wrong, token.key("seal", pin=softhsm.WRONG)):
        with pytest.raises(token_keys.WrongPin, match="next start"):
            key.require()

    token_keys._here._refused.clear()  # without remembering it would be tried at every attempt of every job
    with pytest.raises(token_keys.WrongPin, match="PinIncorrect"):
        wrong.require()

    with monkeypatch.context() as patch:
        patch.setattr(token_keys, "_LAST_TRY", counting)
        with pytest.raises(token_keys.WrongPin, match="by hand"):
            right.sign(b"data")
    assert right.sign(b"data")
    assert not token_keys._token(right.address).flags & counting


def in_a_child(work: Callable[[], object]) -> int:
    """How a forked process ended that did this: 0 when it could."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@on_a_token
def test_a_forked_worker_opens_the_token_for_itself(token: Token, monkeypatch: pytest.MonkeyPatch):
    here, key, begun = token_keys._here, token.key("signing"), []
    begin = here._begun
    monkeypatch.setattr(here, "_begun", lambda *of: begun.append(of) or begin(*of))

    def sign_in_child() -> None:
        assert key.sign(b"of the child")
        assert len(begun) == 2

    assert key.sign(b"before")
    with here.turn():  # a lock that another thread held is not held in the child
        assert in_a_child(sign_in_child) == 0
    assert key.sign(b"after")
    assert len(begun) == 1


@on_a_token
def test_threads_take_turns_and_none_waits_for_ever(token: Token, monkeypatch: pytest.MonkeyPatch):
    each = [token.key(name) for name in ("signing", "seal", "rsa", "signing")]
    with ThreadPoolExecutor(len(each)) as pool:
        assert all(pool.map(lambda number: each[number % len(each)].sign(bytes([number])), range(24)))

    monkeypatch.setattr(token_keys, "SECONDS", 0.01)
    with token_keys._here.turn(), pytest.raises(token_keys.TokenAway, match="too long"):
        each[0].sign(b"data")


GOOD = {
    f"pkcs11:token=a%20b;object=c{PATH}": ((("token", "a b"),), "c", None),
    f"pkcs11:model=m;manufacturer=n;serial=5;token=t;id=%01%FF;type=private{PATH}": (
        (("manufacturer", "n"), ("model", "m"), ("serial", "5"), ("token", "t")), None, b"\x01\xff",
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_an_address_says_where_a_key_is(text: str):
    token, label, number = GOOD[text]

    assert token_keys.parse(text) == token_keys.Address("/usr/lib/module.so", token, label, number)


BAD = {
    f"file:token=t;object=k{PATH}": "begins with pkcs11:",
    "pkcs11:token=t;object=k": "names the module",
    "pkcs11:token=t;object=k?module-path=module.so": "names the module",
    f"pkcs11:object=k{PATH}": "names a token",
    f"pkcs11:token=t{PATH}": "private key",
    f"pkcs11:token=t;object=k;type=public{PATH}": "private key",
    f"pkcs11:token=t;object=k;slot-id=3{PATH}": "not understood: slot-id",
    f"pkcs11:token=t;object=k{PATH}&pin-value=271828": "PIN does not stand in the address",
    f"pkcs11:token=t;object=k{PATH}&pin-source=/pin": "PIN does not stand in the address",
}


@pytest.mark.parametrize("text", BAD)
def test_an_address_that_nobody_could_understand_stops_the_start(text: str, settings: object):
    decisions = apps.get_app_config("decisions")
    decisions.ready()
    settings.SEAL_KEY_TOKEN = text

    with pytest.raises(ImproperlyConfigured, match=f"SEAL_KEY_TOKEN: .*{BAD[text]}") as said:
        decisions.ready()
    assert "271828" not in str(said.value)


def test_no_local_key_is_made_in_the_place_of_one_on_a_token(settings: object, tmp_path: Path):
    for name in ("SIGNING_KEY", "SEAL_KEY"):
        setattr(settings, f"{name}_FILE", tmp_path / f"{name}.pem")
        setattr(settings, f"{name}_TOKEN", f"pkcs11:token=t;object=k{PATH}")

    assert not keys.make_local().exists()
    assert list(tmp_path.iterdir()) == []
