"""A server that is told by a signal (SIGHUP) that its files have changed."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from natgraph.errors import NatgraphError
from natgraph.web.publisher import Publisher


@contextmanager
def publishing_on_hangup(publisher: Publisher, report: Callable[[str], None]) -> Iterator[None]:
    """Publish anew whenever SIGHUP comes; ``report`` is told in a line what came of it."""
    loop = asyncio.get_running_loop()
    running: set[asyncio.Task[None]] = set()

    def publish() -> None:
        task = loop.create_task(_publish(publisher, report))
        running.add(task)
        task.add_done_callback(running.discard)

    loop.add_signal_handler(signal.SIGHUP, publish)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
        for task in running:
            task.cancel()


async def _publish(publisher: Publisher, report: Callable[[str], None]) -> None:
    try:
        changed = await publisher.publish()
    except NatgraphError as error:
        report(f"Not published, version {publisher.version[:12]} goes on: {error}")
    else:
        report(f"{'Published' if changed else 'Nothing has changed'}: data version {publisher.version[:12]}")
