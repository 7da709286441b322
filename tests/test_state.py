"""What was written is kept: nothing acknowledged is lost, nothing is half there, whatever ends the server."""

import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tarfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from natgraph.cli import main
from natgraph.errors import BackupBroken, StateBroken, StateError, StateInUse
from natgraph.writes.assemble import assemble_with
from natgraph.writes.backup import backup, restore
from natgraph.writes.database import NAME, connect
from natgraph.writes.patch import GraphChange, Overlay, Patch
from natgraph.writes.prepare import Prepared
from natgraph.writes.state import State, overlay_of
from tests.test_writes import CONTENTS, E, G, H, as_bytes, changes
from tests.writer import base_of, said

pytestmark = pytest.mark.xdist_group("state")

ONE, TWO, THREE = (f'<{E}a> <{E}p> "{number}"' for number in (1, 2, 3))


def write(old, new, *changes_):
    return Prepared("update", old, new, Path("unused"), changes_)


def adds(graph, *texts):
    return GraphChange(graph, frozenset(texts), frozenset())


@pytest.fixture
def folder(tmp_path):
    """A folder with two writes over the published version v0."""
    with State(tmp_path / "state") as state:
        state.settle(Overlay({}, "v0", "v0"))
        state.commit(write("v0", "v1", adds(G, ONE), adds(H, ONE, TWO)), "anna")
        state.commit(write("v1", "v2", GraphChange(H, frozenset(), frozenset({ONE, THREE}))), "bo")
    return tmp_path / "state"


KEPT = Overlay(
    {G: Patch(frozenset({ONE})), H: Patch(frozenset({TWO}), frozenset({THREE}))}, version="v2", base="v0"
)


def test_what_was_committed_is_there_when_opened_again(folder):
    with State(folder) as state:
        assert state.overlay() == KEPT
    assert overlay_of(folder) == KEPT


def test_the_log_tells_who_wrote_what_when_and_between_which_versions(folder):
    with State(folder) as state:
        lines = state.log()
        assert state.log(1) == lines[:1]
    told = [(e.who, e.operation, e.graph, e.old, e.new, e.added, e.removed) for e in lines]
    assert told[0] == ("bo", "update", H, "v1", "v2", 0, 2)
    assert set(told[1:3]) == {
        ("anna", "update", G, "v0", "v1", 1, 0),
        ("anna", "update", H, "v0", "v1", 2, 0),
    }
    assert told[3:] == [("natgraph", "publish", "", None, "v0", 0, 0)]
    times = [datetime.fromisoformat(entry.time) for entry in lines]
    assert all((datetime.now(UTC) - when).total_seconds() < 600 for when in times)
    assert times == sorted(times, reverse=True)


def test_a_write_prepared_on_another_version_is_not_kept(folder):
    with State(folder) as state:
        with pytest.raises(StateError, match="has changed since"):
            state.commit(write("v1", "v3", adds(G, TWO)), "anna")
        assert state.overlay() == KEPT
        assert len(state.log()) == 4


def test_a_write_without_changes_leaves_no_trace(folder):
    with State(folder) as state:
        state.commit(write("v2", "v2"), "anna")
        assert (state.overlay(), len(state.log())) == (KEPT, 4)


def test_a_later_publish_keeps_what_still_makes_a_difference(folder, tmp_path):
    path = tmp_path / "new.nq"
    path.write_text(f"{ONE} <{G}> .\n{THREE} <{H}> .\n", encoding="utf-8")
    with State(folder) as state:
        made = assemble_with(base_of(path), state.overlay(), ours=False)
        state.settle(made.overlay)
        assert state.overlay() == made.overlay
        assert state.overlay().patches == {H: Patch(frozenset({TWO}), frozenset({THREE}))}
        newest = state.log()[0]
    assert (newest.operation, newest.old, newest.new) == ("publish", "v2", made.dataset.version)
    assert made.dataset.nquads.decode() == f"{ONE} <{G}> .\n{TWO} <{H}> .\n"
    with State(folder) as state:
        state.settle(assemble_with(base_of(path), state.overlay(), ours=False).overlay)
        assert state.log()[0] == newest


@settings(deadline=None, database=None, max_examples=20, suppress_health_check=list(HealthCheck))
@given(published=CONTENTS, contents=st.lists(st.tuples(CONTENTS, st.booleans()), max_size=5))
def test_any_writes_are_kept_as_they_were(tmp_path_factory, published, contents):
    now, version, patch = published, 0, Patch()
    with State(tmp_path_factory.mktemp("any")) as state:
        state.settle(Overlay({}, "0", "0"))
        for content, whole in contents:
            for change in changes(as_bytes(now), as_bytes(content)):
                done = GraphChange(G, change.added, change.removed, content=content if whole else None)
                state.commit(write(str(version), str(version + 1), done), "test")
                version, patch = version + 1, patch.after(done)
            now = content
        kept = state.overlay().patches.get(G, Patch())
    assert kept == patch
    assert kept.applied(published) == now


def test_one_server_uses_a_folder(folder):
    with State(folder), pytest.raises(StateInUse, match="in use by"):
        State(folder)
    State(folder).close()


def test_threads_take_turns(folder):
    """A server commits in threads, so that it does not stop meanwhile."""
    with State(folder) as state:
        errors = []

        def read():
            try:
                for _ in range(20):
                    assert state.overlay().version.startswith("v")
            except Exception as error:  # noqa: BLE001
                errors.append(error)

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        for number in range(2, 12):
            state.commit(write(f"v{number}", f"v{number + 1}", adds(G, f"{ONE}{number}")), "anna")
        for reader in readers:
            reader.join()
        assert not errors
        assert len(state.overlay().patches[G].added) == 11


def test_a_commit_is_on_the_disk_when_it_returns(folder):
    """By SQLite's own account of synchronous = EXTRA with a rollback journal (https://sqlite.org/pragma.html)."""
    link = connect(folder / NAME)
    assert link.execute("PRAGMA synchronous").fetchone() == (3,)
    assert link.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    link.close()


def spoil(path, how):
    content = path.read_bytes()
    if how == "another kind":
        with sqlite3.connect(path) as link:
            link.execute("PRAGMA user_version = 2")
    elif how == "another program's":
        path.unlink()
        with sqlite3.connect(path) as link:
            link.execute("CREATE TABLE x (y)")
    else:
        path.write_bytes(
            {"empty": b"", "text": b"not a database" * 99, "cut": content[: len(content) // 2]}[how]
        )


@pytest.mark.parametrize("how", ["another kind", "another program's", "empty", "text", "cut"])
def test_a_database_that_cannot_be_used_is_left_as_it_is(folder, how):
    spoil(folder / NAME, how)
    before = (folder / NAME).read_bytes()
    match = "reads kind 1" if how == "another kind" else f"natgraph restore BACKUP --state {folder} --force"
    with pytest.raises(StateBroken, match=match):
        State(folder)
    assert (folder / NAME).read_bytes() == before
    with pytest.raises(StateBroken, match=match):
        overlay_of(folder)


def test_pages_that_are_damaged_are_told(folder):
    path = folder / NAME
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StateBroken, match="damaged"):
        State(folder)


def test_a_folder_that_cannot_be_used_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError, match="cannot be used"):
        State(tmp_path / "file")
    with pytest.raises(StateError, match="cannot be used"):
        overlay_of(tmp_path / "nothing")


def test_a_making_that_was_broken_off_does_not_hinder_the_next(tmp_path):
    (tmp_path / f"{NAME}.new").write_bytes(b"half")
    with State(tmp_path) as state:
        assert state.overlay() == Overlay()


# Killed


def start(base, folder, number, marker):
    command = [sys.executable, "-m", "tests.writer", str(base), str(folder), str(number)]
    environment = {**os.environ, "NATGRAPH_TEST": marker}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def left(marker):
    """The processes that carry the marker."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"NATGRAPH_TEST={marker}\0".encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def test_fifty_kills_lose_nothing_and_leave_nothing_half_written(tmp_path):
    """A process that writes is killed at random moments; what it acknowledged is there, and whole."""
    chance, marker = random.Random(), f"killed-{os.getpid()}"
    base, folder = tmp_path / "base.nq", tmp_path / "state"
    base.write_text(f'<{E}0> <{E}a> "published" <{G}> .\n', encoding="utf-8")
    acknowledged, unacknowledged = 0, 0
    for number in range(50):
        process = start(base, folder, acknowledged + 1, marker)
        told = watch(process, number, chance)
        process.send_signal(signal.SIGKILL)
        told += process.stdout.readlines()
        process.communicate()
        numbers = [int(line) for line in told if line != "ready\n"]
        last = numbers[-1] if numbers else acknowledged
        assert numbers == list(range(acknowledged + 1, last + 1))
        there = whole_writes(base, folder)
        assert there in {last, last + 1}
        unacknowledged += there - last
        acknowledged = there
    assert acknowledged > unacknowledged
    deadline = time.monotonic() + 20
    while left(marker):
        assert time.monotonic() < deadline, "a process outlived the one that started it"
        time.sleep(0.1)


def watch(process, number, chance):
    """Let it run for about as long as it takes to start, or to start and write once or twice."""
    told, start, length = [], time.monotonic(), 0.3
    for _ in range(number % 3):
        told.append(process.stdout.readline())
        start, length = time.monotonic(), time.monotonic() - start
    time.sleep(chance.uniform(0, length))
    return told


def whole_writes(base, folder):
    """How many writes are kept, all of them whole, and with what is published they are what was served."""
    with State(folder) as state:
        overlay, log = state.overlay(), state.log(10**6)
    if overlay.version is None:  # killed before it was settled
        assert (overlay, log) == (Overlay(), [])
        return 0
    made = assemble_with(base_of(base), overlay, ours=False)
    assert made.dataset.version == overlay.version
    assert (made.overlay, overlay.base) == (overlay, base_of(base).version)
    writes = [entry for entry in log if entry.operation == "update"]
    assert log[0].new == overlay.version
    assert len(writes) == 3 * kept(overlay)
    return kept(overlay)


def kept(overlay):
    """How many writes there are; each is whole, and they are the first ones."""
    count = overlay.patches.get(f"{E}count", Patch()).added
    number = int(next(iter(count)).split('"')[1]) if count else 0
    assert len(count) == (number > 0)
    for graph in (G, H):
        texts = {text for n in range(1, number + 1) for text in said(n)[graph]}
        assert overlay.patches.get(graph, Patch()) == Patch(frozenset(texts))
    return number


# Backups


def test_a_backup_brings_everything_back(folder, tmp_path):
    with State(folder) as state:
        log = state.log()
    backup(folder, tmp_path / "kept.tar.gz")
    restore(tmp_path / "kept.tar.gz", tmp_path / "other")
    with State(tmp_path / "other") as state:
        assert (state.overlay(), state.log()) == (KEPT, log)


def test_a_backup_while_writes_go_on_is_of_one_moment(folder, tmp_path):
    with State(folder) as state:
        ended = threading.Event()

        def go_on():
            number = 2
            while not ended.is_set():
                both = (adds(G, f'<{E}n> <{E}p> "{number}"'), adds(H, f'<{E}n> <{E}p> "{number}"'))
                state.commit(write(f"v{number}", f"v{number + 1}", *both), "anna")
                number += 1

        writer = threading.Thread(target=go_on)
        writer.start()
        for number in range(5):
            backup(folder, tmp_path / f"{number}.tar.gz")
        ended.set()
        writer.join()
        last = int(state.overlay().version[1:])
    for number in range(5):
        restore(tmp_path / f"{number}.tar.gz", tmp_path / str(number))
        with State(tmp_path / str(number)) as state:
            overlay, newest = state.overlay(), state.log(1)[0]
        at = int(overlay.version[1:])
        assert newest.new == overlay.version
        assert 2 <= at <= last
        for graph in (G, H):
            texts = {f'<{E}n> <{E}p> "{n}"' for n in range(2, at)}
            assert overlay.patches[graph].added == KEPT.patches[graph].added | texts


@pytest.mark.parametrize("part", [0, 0.1, 0.5, 0.9, 0.99])
def test_a_truncated_backup_is_refused_and_nothing_is_touched(folder, tmp_path, part):
    file = tmp_path / "kept.tar.gz"
    backup(folder, file)
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * part)])
    before = (folder / NAME).read_bytes()
    with pytest.raises(BackupBroken, match="no whole backup"):
        restore(file, folder, force=True)
    assert (folder / NAME).read_bytes() == before
    with pytest.raises(BackupBroken):
        restore(file, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def repack(file, change):
    """The same backup with other content."""
    with tarfile.open(file) as archive:
        members = {name: archive.extractfile(name).read() for name in archive.getnames()}
    change(members)
    with tarfile.open(file, "w:gz") as archive:
        for name, content in members.items():
            path = file.with_name("member")
            path.write_bytes(content)
            archive.add(path, name)


def test_a_backup_that_was_tampered_with_is_refused(folder, tmp_path):
    file = tmp_path / "kept.tar.gz"
    backup(folder, file)
    repack(file, lambda members: members.update({NAME: members[NAME][:-1] + b"!"}))
    with pytest.raises(BackupBroken, match="not what its manifest tells"):
        restore(file, tmp_path / "new")
    backup(folder, file)
    repack(file, lambda members: members.pop("manifest.json"))
    with pytest.raises(BackupBroken, match=r"manifest\.json"):
        restore(file, tmp_path / "new")


def test_a_whole_backup_of_a_database_of_another_kind_is_refused(folder, tmp_path):
    file = tmp_path / "kept.tar.gz"
    backup(folder, file)

    def other(members):
        spoil(folder / NAME, "another kind")
        members[NAME] = (folder / NAME).read_bytes()
        digest = hashlib.sha256(members[NAME]).hexdigest()
        members["manifest.json"] = json.dumps(
            json.loads(members["manifest.json"]) | {"sha256": digest}
        ).encode()

    repack(file, other)
    with pytest.raises(BackupBroken, match="reads kind 1"):
        restore(file, tmp_path / "new")
    assert not (tmp_path / "new" / NAME).exists()


def leave_a_journal(path):
    """What a server leaves that is killed while it commits; SQLite undoes by it at the next opening."""
    journal = path.with_name(f"{path.name}-journal")
    link = sqlite3.connect(path, isolation_level=None)
    link.execute("PRAGMA cache_size = 1")
    link.execute("BEGIN")
    link.executemany("INSERT INTO statement VALUES ('x:g', ?, 1)", ((f"<x:{n}>" * 20,) for n in range(500)))
    left = journal.read_bytes()
    link.execute("ROLLBACK")
    link.close()
    journal.write_bytes(left)


def test_a_folder_that_holds_something_or_is_in_use_is_not_overwritten(folder, tmp_path):
    file = tmp_path / "kept.tar.gz"
    backup(folder, file)
    with pytest.raises(StateError, match="not empty"):
        restore(file, folder)
    with State(folder) as state:
        with pytest.raises(StateInUse):
            restore(file, folder, force=True)
        state.commit(write("v2", "v3", adds(G, TWO)), "anna")
    leave_a_journal(folder / NAME)
    restore(file, folder, force=True)
    with State(folder) as state:
        assert state.overlay() == KEPT


def test_the_commands_keep_and_bring_back(folder, tmp_path):
    file, other = tmp_path / "kept.tar.gz", tmp_path / "other"
    with State(folder):
        done = CliRunner().invoke(main, ["backup", "--state", str(folder), str(file)])
    assert done.exit_code == 0, done.output
    done = CliRunner().invoke(main, ["restore", str(file), "--state", str(other)])
    assert done.exit_code == 0, done.output
    assert overlay_of(other) == KEPT
    again = subprocess.run(
        [sys.executable, "-m", "natgraph", "restore", str(file), "--state", str(other)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 2
    assert "--force" in again.stderr
