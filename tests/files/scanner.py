"""A clamd that behaves as it is told: well, or in one of the ways in which scanners fail."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from consular.core import clock

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"
"""The harmless text that every scanner reports; in two parts, so that no scanner reports this file."""
MARK = b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE"

Answer = Callable[[bytes], bytes | None]


def honest(stream: bytes) -> bytes:
    """What clamd says."""
    return b"stream: Eicar-Test-Signature FOUND\0" if MARK in stream else b"stream: OK\0"


FAILING: dict[str, Answer] = {
    "an error": lambda _stream: b"INSTREAM size limit exceeded. ERROR\0",
    "garbage": lambda _stream: b"\xff\xfe\x00",
    "another answer": lambda _stream: b"OK\0",
    "clean, and more": lambda _stream: b"stream: OK but stream: X FOUND\0",
    "nothing": lambda _stream: b"",
    "half an answer": lambda _stream: b"stream: O",
    "silence": lambda _stream: None,
    "an answer without end": lambda _stream: b"x" * 100_000,
}


class Scanner:
    """One clamd on a port of its own; `answer` says what it answers, `version` how old its signatures are."""

    def __init__(self, answer: Answer = honest, *, days_old: float = 0.5) -> None:
        self.answer, self.days_old, self.seen = answer, days_old, list[bytes]()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._speak, args=(line,), daemon=True).start()

    def _speak(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as heard:
            command = b""
            while not command.endswith(b"\0"):
                command += heard.read(1)
            said = self._version() if command == b"zVERSION\0" else self._scan(heard.read)
            if said is None:
                time.sleep(3)
                return
            line.sendall(said)

    def _version(self) -> bytes:
        made = clock.now().timestamp() - self.days_old * 86_400
        day = time.strftime("%a %b %d %H:%M:%S %Y", time.gmtime(made))
        return f"ClamAV 1.4.1/27400/{day}\0".encode()

    def _scan(self, read: Callable[[int], bytes]) -> bytes | None:
        stream = b""
        while length := struct.unpack(">L", read(4))[0]:
            stream += read(length)
        self.seen.append(stream)
        return self.answer(stream)


@contextmanager
def running(answer: Answer = honest, *, days_old: float = 0.5) -> Iterator[Scanner]:
    """A scanner that stops at the end of the block."""
    scanner = Scanner(answer, days_old=days_old)
    try:
        yield scanner
    finally:
        scanner.listening.close()
