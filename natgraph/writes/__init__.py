"""Writing: each write is a small publish. `docs/writing.md` tells what is accepted and how it is kept."""
