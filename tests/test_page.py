"""The front page and an answer in a real browser."""

import shutil
import subprocess

import pytest

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.xdist_group("server"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium"),
]


def dump(url, folder):
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
        f"--user-data-dir={folder}",
        "--dump-dom",
        url,
    ]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def test_the_front_page_and_an_answer_are_shown(server, tmp_path):
    page = dump(f"{server[0]}/?lang=en", tmp_path / "a")
    assert "What stands in the way of innovation" in page
    answer = dump(f"{server[0]}/sparql?lang=en&query=SELECT%20(1%2B1%20AS%20%3Ftwo)%20%7B%7D", tmp_path / "b")
    assert '<th scope="col">two</th>' in answer
    assert ">2<" in answer
