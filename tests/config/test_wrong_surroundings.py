import os
import shutil
import socket
import subprocess
import sys

import pytest

from tests.config.process import gongzhi, surroundings


def assert_one_line(done, *words):
    """Exit code 2, nothing but one line, and the line says what matters."""
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert [word for word in words if word not in done.stderr] == []


def test_a_taken_port_is_named(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert_one_line(gongzhi(folder, "run", GONGZHI_PORT=port), port, "GONGZHI_PORT")


def test_a_database_that_is_not_there_is_named(folder):
    done = gongzhi(folder, "run", DATABASE_URL="postgresql://me:secret@127.0.0.1:1/cell")
    assert_one_line(done, "DATABASE_URL", "host, port")
    assert "secret" not in done.stderr


def test_an_address_that_is_no_database_is_refused(folder):
    assert_one_line(gongzhi(folder, "run", DATABASE_URL="localhost/cell"), "DATABASE_URL", "postgresql://")


def test_a_folder_we_may_not_write_is_named(folder):
    (folder / "file").write_text("in the way")
    assert_one_line(gongzhi(folder / "file" / "var", "run"), "GONGZHI_DATA")


@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs root to become somebody else"
)
def test_a_folder_of_somebody_else_is_named(folder):
    folder.chmod(0o755)
    command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-c", CHECK]
    done = subprocess.run(command, check=False, env=surroundings(folder), capture_output=True, text=True)
    if "ModuleNotFoundError" in done.stderr or "Permission denied" in done.stderr:
        pytest.skip("that user can't read this Python")
    assert "GONGZHI_DATA" in done.stdout


CHECK = """
from gongzhi.config import environment
try:
    environment.read()
except environment.EnvironmentProblem as problem:
    print(problem)
"""


def test_a_wrong_argument_is_a_wrong_use(folder):
    assert gongzhi(folder, "territory", "boundaries").returncode == 2


def test_a_broken_program_folder_is_a_found_problem(folder):
    (folder / "bad").mkdir()
    (folder / "bad/program.yaml").write_text("title: [unclosed")
    done = gongzhi(folder, "programs", "check", str(folder))
    assert done.returncode == 1
    assert "program.yaml" in done.stdout


@pytest.mark.parametrize(("language", "words"), [([], "个问题"), (["--language", "en"], "problems in")])
def test_programs_are_checked_in_chinese_unless_another_language_is_named(folder, language, words):
    (folder / "bad").mkdir()
    (folder / "bad/program.yaml").write_text("title: [unclosed")
    done = gongzhi(folder, "programs", "check", str(folder), *language, LANG="en_US.UTF-8")
    assert words in done.stdout
    assert ("没有核对规则里的单位" in done.stdout) is (not language)
