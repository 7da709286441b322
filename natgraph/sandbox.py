"""What a process gives up before it runs what others wrote: the network, memory, outliving its parent."""

import ctypes
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DEATH_SIGNAL = 1
_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000


def leave_network() -> bool:
    """Move this process into a network of its own without any interface; False where the host forbids it."""
    libc = ctypes.CDLL(None, use_errno=True)
    return any(libc.unshare(flags) == 0 for flags in (_NEW_NETWORK, _NEW_USER | _NEW_NETWORK))


def end_with_parent() -> None:
    """Let this process be killed when the one that started it ends; to be called after ``leave_network``.

    A process that comes into a user namespace of its own loses this setting (prctl(2), PR_SET_PDEATHSIG).
    """
    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)


def limit(memory: int) -> None:
    """Let this process grow by ``memory`` bytes at most from now on; beyond that the engine aborts."""
    most = _grown_by(memory)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def limited(memory: int) -> Iterator[None]:
    """Let this process grow by ``memory`` bytes at most meanwhile.

    Beyond that Python raises MemoryError, and the engine aborts (SIGABRT).
    """
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_grown_by(memory), most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, most))


def _grown_by(memory: int) -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize() + memory
