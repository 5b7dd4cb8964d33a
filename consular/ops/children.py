"""The processes `consular up` keeps: started with their name before each line, watched, and stopped without a rest."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

STOP_AFTER = 15.0


class Stop(Exception):
    """It is time to stop; the text says why."""


def say(text: str) -> None:
    """One line to the person at the terminal, at once; nobody may be there any more."""
    with contextlib.suppress(OSError):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


class Child:
    """One process in a session of its own, so that Ctrl-C reaches only those who stop it in order."""

    def __init__(self, name: str, *command: str) -> None:
        self.name = name
        self.process = subprocess.Popen(  # noqa: S603
            [*_not_to_be_left_behind(), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._was_asked = False
        self._copying = threading.Thread(target=self._copy, daemon=True)
        self._copying.start()

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone."""
        return self.process.poll() is not None

    @property
    def ending(self) -> str:
        """How it ended, in words."""
        code = self.process.returncode
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    def ask(self) -> None:
        """Ask the process to come to its end, once: to some a second word means "at once"."""
        if not self._was_asked and not self.has_ended:
            self.process.terminate()
        self._was_asked = True

    def stop(self) -> None:
        """Ask, wait, and then let nothing of it live on."""
        self.ask()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_AFTER)
        with contextlib.suppress(ProcessLookupError):  # also what a killed parent left behind
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._copying.join(1)

    def _copy(self) -> None:
        assert self.process.stdout is not None  # noqa: S101  it is a pipe, see above
        for line in self.process.stdout:
            if line.strip():
                say(f"{self.name:>7} | {line.decode(errors='replace').rstrip()}")


class Crew:
    """Processes that stand and fall together."""

    def __init__(self) -> None:
        self.children: list[Child] = []

    def start(self, name: str, *command: str) -> None:
        """Start one more."""
        self.children.append(Child(name, *command))

    def check(self) -> None:
        """Raise Stop, with the name, as soon as one has ended."""
        for child in self.children:
            if child.has_ended:
                time.sleep(0.1)  # its last lines are still on the way
                raise Stop(f"{child.name} died ({child.ending}); everything was stopped.")

    def stop(self) -> None:
        """Ask all at once, then wait for each, the last one first."""
        for child in reversed(self.children):
            child.ask()
        for child in reversed(self.children):
            child.stop()


def _not_to_be_left_behind() -> tuple[str, ...]:
    """Where the system can, a child ends when the supervisor is killed without a word."""
    return ("setpriv", "--pdeathsig", "TERM", "--") if shutil.which("setpriv") else ()
