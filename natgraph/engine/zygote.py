"""The process that holds the graph and forks workers.

``python -m natgraph.engine.zygote FD SOURCE merge|as-is MEMORY``, see ``natgraph.store.Snapshot``.

It is started by exec, has one thread, and cannot reach the network where the host lets it give that up. On
its control socket (FD) it says ``ready``; for each message with a descriptor (a socket for requests and
answers) it forks a worker and answers ``{"pid": …}``; it tells of each worker's end by
``{"exit": …, "signal": …}``. A fork shares the graph's memory, so a worker costs milliseconds. When the
control socket closes, the zygote and all workers end.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import Store

from natgraph.engine.worker import work
from natgraph.sandbox import end_with_parent, leave_network, limit
from natgraph.store import Snapshot


def main() -> None:
    """Load the store named on the command line and fork workers over it."""
    descriptor, source, default_graph, memory = sys.argv[1:5]
    leave_network()
    control = socket.socket(fileno=int(descriptor))
    snapshot = Snapshot(Path(source), "merge" if default_graph == "merge" else "as-is")
    store = None if snapshot.on_disk else snapshot.open()
    gc.freeze()  # so that workers' collections do not touch, and so copy, what they share
    _send(control, {"ready": True})
    _serve(control, lambda: store or snapshot.open(), int(memory))


def _serve(control: socket.socket, store: Callable[[], Store], memory: int) -> None:
    wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server decides when to end
    while True:
        ready, _, _ = select.select([control.fileno(), wake_read], [], [])
        if wake_read in ready:
            os.read(wake_read, 4096)
            _reap(control)
        if control.fileno() in ready:
            _fork(control, store, memory, _wanted(control))


def _wanted(control: socket.socket) -> int:
    """The descriptor that comes with the wish for a worker; ends this process when the server is gone."""
    try:
        message, fds, _, _ = socket.recv_fds(control, 16, 1)
    except ConnectionError:
        message, fds = b"", []
    if not message:
        os._exit(0)
    return fds[0]


def _fork(control: socket.socket, store: Callable[[], Store], memory: int, link: int) -> None:
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        end_with_parent()
        control.close()
        opened = store()  # one on disk is opened by each worker: its threads do not survive a fork
        limit(memory)
        work(opened, socket.socket(fileno=link))
        os._exit(0)
    os.close(link)
    _send(control, {"pid": pid})


def _reap(control: socket.socket) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        _send(control, {"exit": pid, "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0})


def _send(control: socket.socket, message: dict[str, object]) -> None:
    try:
        control.send(json.dumps(message).encode())
    except OSError:
        os._exit(0)


if __name__ == "__main__":
    main()
