"""A token of software, made as docs/operating.md says, with keys whose certificates are ours."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from consular.decisions import keys, token_keys
from consular.decisions.token_keys import TokenKey

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
IS_HERE = MODULE.exists() and shutil.which("softhsm2-util") is not None
PIN, WRONG = "271828", "314159"


def address(name: str, *, module: Path = MODULE, on: str = "letters") -> str:
    """Where the key of this name is."""
    return f"pkcs11:token={on};object={name}?module-path={module}"


@dataclass(frozen=True)
class Token:
    """A token in a folder, and the files of certificates beside it."""

    folder: Path

    @property
    def store(self) -> Path:
        """Where the token lies; without it the token is gone."""
        return self.folder / "tokens"

    @property
    def configuration(self) -> Path:
        """What the module reads (`SOFTHSM2_CONF`)."""
        return self.folder / "softhsm2.conf"

    def certificates(self, name: str) -> Path:
        """The certificate of a key, then that of its authority."""
        return self.folder / f"{name}.pem"

    def key(self, name: str, *, pin: str = PIN, certified: str = "", **place: object) -> TokenKey:
        """The key of this name, with its own certificate or that of another one."""
        own = x509.load_pem_x509_certificate(self.certificates(certified or name).read_bytes())
        return TokenKey(token_keys.parse(address(name, **place)), pin, own.public_key())

    def copy(self, folder: Path) -> "Token":
        """The same token once more, for a test that spoils it."""
        shutil.copytree(self.folder, folder)
        return Token(folder)._configured()

    def _configured(self) -> "Token":
        self.configuration.write_text(f"directories.tokendir = {self.store}\nlog.level = ERROR\n")
        return self


def made(folder: Path) -> Token:
    """A new token with the keys `signing` and `seal` on P-256, and `rsa`."""
    token = Token(folder)
    token.store.mkdir()
    token._configured()
    _run(token, "letters", "--init-token", "--free", "--so-pin", "a pin of the officer")
    _add(token, "signing", ec.generate_private_key(ec.SECP256R1()), keys._name("signing"))
    _add(token, "rsa", rsa.generate_private_key(65537, 2048), keys._name("rsa"))
    names = zip((NameOID.COUNTRY_NAME, NameOID.COMMON_NAME), keys.SEALER, strict=True)
    sealer = x509.Name([x509.NameAttribute(kind, name) for kind, name in names])
    _add(token, "seal", ec.generate_private_key(ec.SECP256R1()), sealer)
    return token


def _add(
    token: Token, name: str, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, own: x509.Name
) -> None:
    """Bring a key onto the token, and write its certificates beside it."""
    file = token.folder / "key.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _run(token, name, "--import", str(file), "--token", "letters", "--id", name.encode().hex())
    file.unlink()
    authority, above = ec.generate_private_key(ec.SECP256R1()), keys._name(f"authority of {name}")
    chain = (
        keys._certificate(own, above, key.public_key(), authority=False),
        keys._certificate(above, above, authority.public_key(), authority=True),
    )
    signed = (one.sign(authority, hashes.SHA256()).public_bytes(Encoding.PEM) for one in chain)
    token.certificates(name).write_bytes(b"".join(signed))


def _run(token: Token, label: str, *action: str) -> None:
    subprocess.run(
        ["softhsm2-util", *action, "--label", label, "--pin", PIN],
        env={**os.environ, "SOFTHSM2_CONF": str(token.configuration)},
        check=True,
        capture_output=True,
    )
