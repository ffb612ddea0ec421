# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""`make dist` as a maintainer runs it, and what a distribution does with what comes of it."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from ipcontrol import __version__

pytest.importorskip("build", reason="the environment of the newest release alone has it")

ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv*", ".tox", ".*_cache", ".hypothesis", ".attack", "__pycache__", "*.egg-info"),
    *("build", "dist", "artifacts", "CHANGELOG.rst", "reno.cache"),
)
SDIST = f"ipcontrol_dashboard-{__version__}.tar.gz"
WHEEL = f"ipcontrol_dashboard-{__version__}-py3-none-any.whl"
SBOM = f"ipcontrol_dashboard-{__version__}.cdx.json"
GIT = {
    **{f"GIT_{who}_NAME": "nobody" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "nobody@example.org" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_DATE": "2026-11-24T12:00:00+0100" for who in ("AUTHOR", "COMMITTER")},
}


def run(*command, cwd, umask=0o022, **variables):
    """A command's output; all that it said where it fails."""
    done = subprocess.run(
        command,
        cwd=cwd,
        umask=umask,
        env={**os.environ, **GIT, **variables},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def make_dist(clone, **options):
    said = run(sys.executable, "tools/dist.py", cwd=clone, **options)
    return {path.name: path.read_bytes() for path in (clone / "dist").iterdir()}, said


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A repository with this source tree as its only commit, and something in it that is not."""
    folder = tmp_path_factory.mktemp("repository") / "ipcontrol"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    run("git", "init", "--quiet", cwd=folder)
    run("git", "add", "--all", cwd=folder)
    run("git", "commit", "--quiet", "--message", "All", cwd=folder)
    (folder / "tests" / "not_committed.py").write_text("# A secret.\n")
    return folder


@pytest.fixture(scope="module")
def made(repository):
    """What `make dist` put into dist/, and what it said."""
    return make_dist(repository)


@pytest.fixture(scope="module")
def dist(made, repository):
    return repository / "dist"


@pytest.fixture(scope="module")
def unpacked(dist, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(dist / SDIST) as archive:
        archive.extractall(folder, filter="data")
    return folder / SDIST.removesuffix(".tar.gz")


class TestDist:
    def test_has_the_sdist_the_wheel_and_the_sbom(self, made):
        assert sorted(made[0]) == sorted([SDIST, WHEEL, SBOM])

    def test_comes_out_the_same_bytes_for_somebody_else_somewhere_else(
        self, made, repository, tmp_path
    ):
        other = tmp_path / "a" / "longer" / "path"
        run("git", "clone", "--quiet", str(repository), str(other), umask=0o077, cwd="/")
        for path in (other / "ipcontrol").rglob("*.py"):
            os.utime(path, (1, 1))
        again, _ = make_dist(
            other, umask=0o077, TZ="Asia/Tokyo", LC_ALL="C", PYTHONHASHSEED="7", HOME=str(tmp_path)
        )
        sums = [
            {name: hashlib.sha256(content).hexdigest() for name, content in each.items()}
            for each in (made[0], again)
        ]
        assert sums[0] == sums[1]

    def test_is_of_what_is_committed_alone_and_says_so(self, made, unpacked):
        assert "What is not committed is left out." in made[1]
        assert not (unpacked / "tests" / "not_committed.py").exists()

    def test_has_times_of_the_commit_and_nobodys_name(self, dist):
        with tarfile.open(dist / SDIST) as archive:
            members = archive.getmembers()
        assert {each.mtime for each in members} == {1795518000}
        assert {(each.uid, each.gid, each.uname, each.gname) for each in members} == {
            (0, 0, "", "")
        }
        assert {each.mode for each in members} == {0o644, 0o755}
        with zipfile.ZipFile(dist / WHEEL) as wheel:
            assert {each.date_time for each in wheel.infolist()} == {(2026, 11, 24, 11, 0, 0)}

    def test_is_not_made_where_there_is_no_history(self, unpacked):
        command = [sys.executable, "tools/dist.py"]
        done = subprocess.run(command, cwd=unpacked, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "run it in a clone of the repository" in done.stdout


class TestSdist:
    def test_has_the_release_notes_as_one_page(self, unpacked):
        assert f"\n{__version__}\n=====\n" in (unpacked / "CHANGELOG.rst").read_text()

    def test_has_the_notes_for_reno_without_history(self, unpacked):
        reno = Path(sys.executable).with_name("reno")
        said = run(reno, "report", "--no-show-source", ".", cwd=unpacked)
        assert said.strip() in (unpacked / "CHANGELOG.rst").read_text()

    def test_can_be_tested_by_a_distribution(self, unpacked):
        files = ["test_version.py", "tools/test_constraints.py", "ipcontrol/test_access.py"]
        tests = [
            f"tests/unit/{name}" for name in (*files, "ipcontrol/middleware/test_pipeline.py")
        ]
        options = ["-q", "-n0", "-p", "no:cacheprovider"]
        said = run(sys.executable, "-m", "pytest", *options, *tests, cwd=unpacked)
        assert int(re.search(r"(\d+) passed", said)[1]) > 100


class TestWheel:
    def test_is_installed_from_the_file_as_the_readme_says(self, dist, tmp_path):
        venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
        python = tmp_path / "venv" / "bin" / "python"
        (pattern,) = set(
            re.findall(r"pip install (dist/\S+\.whl)", (ROOT / "README.md").read_text())
        )
        (wheel,) = dist.parent.glob(pattern)
        pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
        run(*pip, "--no-index", wheel, cwd="/")
        program = "import ipcontrol; print(ipcontrol.__version__, ipcontrol.__file__)"
        version, file = run(python, "-c", program, cwd="/").split()
        assert version == __version__
        assert Path(file).is_relative_to(tmp_path)


class TestSbom:
    @pytest.fixture
    def sbom(self, dist):
        return json.loads((dist / SBOM).read_text())

    def test_is_valid(self, dist):
        from cyclonedx.schema import SchemaVersion
        from cyclonedx.validation.json import JsonStrictValidator

        validator = JsonStrictValidator(SchemaVersion.V1_6)
        assert validator.validate_str((dist / SBOM).read_text()) is None

    def test_is_of_the_wheel_which_brings_nothing(self, sbom):
        (component,) = sbom["components"]
        assert component["purl"] == f"pkg:pypi/ipcontrol-dashboard@{__version__}"
        assert component["licenses"][0]["license"]["id"] == "Apache-2.0"
        assert sbom["dependencies"] == [{"ref": component["bom-ref"]}]

    def test_tells_nothing_of_the_machine(self, dist):
        text = (dist / SBOM).read_text()
        assert not re.search(r"file:|/home/|/tmp|/work|/root", text)
