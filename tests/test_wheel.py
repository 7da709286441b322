"""The wheel carries everything: installed alone, outside the checkout, it serves the real graph."""

import subprocess
import sys
import sysconfig
import time
import venv
from contextlib import closing
from pathlib import Path
from socket import create_server
from zipfile import ZipFile

import httpx
import pytest

pytestmark = pytest.mark.xdist_group("wheel")


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*command, str(root.folder)], check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


def test_it_holds_ontology_data_shapes_rules_and_queries(root, wheel):
    names = set(ZipFile(wheel).namelist())
    for path in root.inputs():
        assert f"natgraph/_bundle/{root.name(path)}" in names
    for path in (root.folder / "natgraph").rglob("*.*"):
        if "__pycache__" not in path.parts:
            assert root.name(path) in names


@pytest.fixture
def bare(wheel, tmp_path):
    """An environment with the wheel and its dependencies (read from this one), without the checkout."""
    home = tmp_path / "env"
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    there = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    with ZipFile(wheel) as archive:
        archive.extractall(there)
    Path(there, "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return python


def test_it_serves_outside_the_checkout(bare, dataset, tmp_path):
    with closing(create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    code = "import natgraph, sys; print(natgraph.__file__)"
    where = subprocess.run(
        [bare, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout
    assert str(tmp_path) in where
    command = [bare, "-m", "natgraph", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=tmp_path, env={"XDG_CACHE_HOME": str(tmp_path / "cache")})
    try:
        assert wait_for(f"http://127.0.0.1:{port}/health/ready", process)["version"] == dataset.version
    finally:
        process.terminate()
        process.wait(timeout=10)


def wait_for(url, process):
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert process.poll() is None
        try:
            return httpx.get(url).json()
        except httpx.TransportError:
            time.sleep(0.2)
    raise TimeoutError(url)
