"""An answer: whole when it is small, a stream when it is large."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """The media type and either the whole body or the parts of one that is still being made.

    Close ``parts`` (``aclose``) when they are no longer wanted: that frees the worker.
    """

    media_type: str
    body: bytes | None = None
    parts: AsyncGenerator[bytes, None] | None = None
