"""What the child gives up before it reads a stranger's file. Linux; called once, after everything needed is loaded.

Kept by the kernel in every environment: seconds of CPU, address space, bytes written, no new process, and **no new
file descriptor** - neither a file nor a socket can be opened, whatever a parser is talked into. Its environment is
empty, so there is no address or password to find, and it ends with its parent. Where the kernel permits, it is in a
network of its own besides, without any interface, and started by root it becomes nobody first.

Not kept: it runs under the same user as the worker where that is not root, and could send it a signal.
"""

import ctypes
import os
import resource
import signal
from contextlib import suppress

from consular.files import limits

NOBODY = 65534
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


def enter(seconds: int = limits.CPU_SECONDS, memory: int = limits.ADDRESS_SPACE) -> bool:
    """Give everything up, for good, but for seconds of CPU and bytes of memory.

    Returns whether there is a network of its own, without an interface.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if os.getuid() == 0:
        _become_nobody()
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    is_alone = bool(libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))  # SIGXCPU first: it says why
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, limits.OUTPUT),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _next_descriptor()),
    ):
        resource.setrlimit(kind, (most, most))
    return is_alone


def _become_nobody() -> None:
    """Where there is a nobody: in a container's user namespace there may be only root, who is none outside."""
    with suppress(OSError):
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


def _next_descriptor() -> int:
    """The number the next file would get: with it as the limit there is no next file."""
    probe = os.dup(0)
    os.close(probe)
    return probe
