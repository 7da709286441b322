"""An edition made in a process of its own, so that a server goes on answering meanwhile."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL
from typing import Any

from natgraph.errors import NotPublished
from natgraph.publish.edition import Edition, Source
from natgraph.writes.patch import Overlay


async def make_apart(source: Source, overlay: Overlay, folder: Path) -> Edition:
    """An edition in a folder, made elsewhere; raises NotPublished with the reason if there can be none."""
    request = {
        "root": str(source.root.folder) if source.root else None,
        "files": [str(path) for path in source.files],
        "default_graph": source.default_graph,
        "overlay": overlay.to_json(),
        "folder": str(folder),
    }
    answer = await _ask(request)
    if answer is None:
        raise NotPublished("The process that makes the edition broke off; its message is in the log.")
    if "refused" in answer:
        raise NotPublished(answer["refused"])
    return Edition(
        Path(answer["nquads"]), answer["version"], answer["quads"], Overlay.from_json(answer["overlay"])
    )


async def _ask(request: dict[str, Any]) -> dict[str, Any] | None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "natgraph.publish.process", stdin=PIPE, stdout=PIPE, start_new_session=True
    )
    try:
        said, _ = await process.communicate(json.dumps(request).encode())
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, SIGKILL)
            await process.wait()
    answer: dict[str, Any] | None = json.loads(said) if process.returncode == 0 else None
    return answer
