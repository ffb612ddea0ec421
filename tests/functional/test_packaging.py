# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What is in the wheel, the sdist and an editable installation.

All are made from a copy of the checkout, with what work leaves behind in one.
"""

import configparser
import email
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from ipcontrol import __version__

ROOT = Path(__file__).resolve().parents[2]
DATA = ("enabled", "static", "templates")
_LEFT_OUT = shutil.ignore_patterns(
    ".*", "__pycache__", "*.egg-info", "build", "dist", "artifacts", "node_modules"
)

# Made from the release notes; the sdist has it where it was made before.
UNPACKED = {"releasenotes/notes/reno.cache"}

# A download that stands still is begun anew soon.
_PIP = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_DEFAULT_TIMEOUT": "20", "PIP_RETRIES": "5"}


def run(*command, cwd="/", **variables):
    """Run a command with few variables around it; its output is the failure's text."""
    environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environ |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    done = subprocess.run(
        command,
        env={**environ, **_PIP, **variables},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the checkout, somewhere else."""
    folder = tmp_path_factory.mktemp("checkout") / "ipcontrol"
    shutil.copytree(ROOT, folder, ignore=_LEFT_OUT)
    for name in ("enabled", "ipcontrol", "ipcontrol_dashboard"):
        cached = folder / name / "__pycache__"
        cached.mkdir()
        (cached / "left.cpython-311.pyc").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def builder(tmp_path_factory):
    """A folder with what ``[build-system]`` in pyproject.toml requires."""
    folder = tmp_path_factory.mktemp("builder")
    required = re.search(r'requires = \["([^"]+)"\]', (ROOT / "pyproject.toml").read_text())[1]
    run(sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), required)
    return str(folder)


def build(kind, folder, builder, out):
    """Build as pip and build do (PEP 517)."""
    program = f"from setuptools import build_meta; print(build_meta.build_{kind}({str(out)!r}))"
    said = run(sys.executable, "-W", "ignore", "-c", program, cwd=folder, PYTHONPATH=builder)
    return out / said.splitlines()[-1]


@pytest.fixture(scope="module")
def sdist(checkout, builder, tmp_path_factory):
    return build("sdist", checkout, builder, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(checkout, builder, tmp_path_factory):
    return build("wheel", checkout, builder, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def names(wheel):
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.fixture(scope="module")
def metadata(wheel):
    """The files in the wheel's .dist-info, by name."""
    with zipfile.ZipFile(wheel) as archive:
        return {
            name.rpartition("/")[2]: archive.read(name).decode()
            for name in archive.namelist()
            if ".dist-info/" in name
        }


def files(folder, *suffixes):
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and (not suffixes or path.suffix in suffixes)
    }


class TestWheel:
    @pytest.mark.parametrize("data", DATA)
    def test_has_all_that_horizon_takes_from_folders(self, names, data):
        packed = {name for name in names if name.startswith(f"ipcontrol_dashboard/{data}/")}
        assert packed == {f"ipcontrol_dashboard/{data}/{name}" for name in files(ROOT / data)}
        assert packed

    @pytest.mark.parametrize("package", ["ipcontrol", "ipcontrol_dashboard"])
    def test_has_all_modules(self, names, package):
        assert {f"{package}/{name}" for name in files(ROOT / package, ".py")} <= names

    def test_has_the_enabled_files_as_modules(self, names):
        assert "ipcontrol_dashboard/enabled/__init__.py" in names
        assert "ipcontrol_dashboard/enabled/_1905_ipcontrol.py" in names

    def test_tells_type_checkers_of_its_types(self, names):
        assert "ipcontrol/py.typed" in names

    def test_has_nothing_else(self, names):
        top = {name.partition("/")[0] for name in names}
        assert {each for each in top if not each.endswith(".dist-info")} == {
            "ipcontrol",
            "ipcontrol_dashboard",
        }

    def test_has_nothing_that_work_left_behind(self, names):
        assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]

    def test_is_of_the_version_that_the_code_tells(self, wheel, metadata):
        assert email.message_from_string(metadata["METADATA"])["Version"] == __version__
        assert wheel.name == f"ipcontrol_dashboard-{__version__}-py3-none-any.whl"

    def test_brings_no_dependency_by_itself(self, metadata):
        required = email.message_from_string(metadata["METADATA"]).get_all("Requires-Dist")
        assert [each for each in required if "extra ==" not in each] == []

    @pytest.mark.parametrize(
        ("extra", "package"), [("dashboard", "horizon"), ("swift", "swift"), ("nova", "nova")]
    )
    def test_brings_what_an_extra_asks_for(self, metadata, extra, package):
        required = email.message_from_string(metadata["METADATA"]).get_all("Requires-Dist")
        found = [each for each in required if f'extra == "{extra}"' in each]
        assert any(re.match(rf"{package}\b", each) for each in found)

    def test_has_its_licence(self, names, metadata):
        assert (
            email.message_from_string(metadata["METADATA"])["License-Expression"] == "Apache-2.0"
        )
        assert any(name.endswith("/LICENSE") for name in names)

    def test_names_its_filters_and_options_to_paste_and_oslo(self, metadata, names):
        points = configparser.ConfigParser()
        points.read_string(metadata["entry_points.txt"])
        assert {group: sorted(points[group]) for group in points.sections()} == {
            "paste.filter_factory": ["client_address", "ip_whitelist"],
            "oslo.config.opts": ["ipcontrol"],
        }

    def test_has_what_its_entry_points_name(self, metadata, names):
        named = re.findall(r"= *([\w.]+):", metadata["entry_points.txt"])
        assert named
        assert {module.replace(".", "/") + ".py" for module in named} <= names


class TestSdist:
    def test_makes_the_same_wheel(self, sdist, builder, names, tmp_path):
        with tarfile.open(sdist) as archive:
            archive.extractall(tmp_path, filter="data")
        (unpacked,) = tmp_path.iterdir()
        again = build("wheel", unpacked, builder, tmp_path)
        assert set(zipfile.ZipFile(again).namelist()) == names

    def test_has_what_a_distribution_needs_to_test_it(self, sdist):
        with tarfile.open(sdist) as archive:
            packed = {name.partition("/")[2] for name in archive.getnames()}
        for folder in (
            "constraints",
            "devcloud",
            "devstack",
            "docs",
            "releasenotes",
            "tests",
            "tools",
        ):
            assert {f"{folder}/{name}" for name in files(ROOT / folder)} - packed <= UNPACKED
        assert {
            "Makefile",
            "SECURITY.md",
            "README.md",
            "LICENSE",
            "manage.py",
            "tox.ini",
        } <= packed

    def test_has_nothing_that_work_left_behind(self, sdist):
        with tarfile.open(sdist) as archive:
            names = archive.getnames()
        assert [name for name in names if "__pycache__" in name or name.endswith(".pyc")] == []


@pytest.fixture(scope="module", params=["wheel", "editable"])
def python(request, checkout, builder, tmp_path_factory):
    """The Python of an environment that has the distribution and nothing else."""
    folder = tmp_path_factory.mktemp(request.param) / "venv"
    venv.create(folder, with_pip=False, symlinks=True)
    program = str(folder / "bin" / "python")
    what = request.getfixturevalue("wheel") if request.param == "wheel" else f"-e{checkout}"
    options = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation")
    pip = (sys.executable, "-m", "pip", "--python", program, "install", *options)
    run(*pip, str(what), PYTHONPATH=builder)
    return program


@pytest.fixture
def operator(tmp_path):
    """An operator's environment, and an index of packages that has newer ones."""
    folder, index = tmp_path / "venv", tmp_path / "index"
    venv.create(folder, with_pip=False, symlinks=True)
    index.mkdir()
    (site_packages,) = folder.glob("lib/*/site-packages")

    def has(name, version):
        write_metadata(site_packages, name, version)
        with zipfile.ZipFile(index / f"{name}-99.0-py3-none-any.whl", "w") as newer:
            content = write_metadata(tmp_path / "newer", name, "99.0")
            for file in content.iterdir():
                newer.write(file, f"{content.name}/{file.name}")

    return SimpleNamespace(python=folder / "bin" / "python", index=index, has=has)


def write_metadata(folder, name, version):
    """The part of an installed package that pip looks at."""
    found = folder / f"{name}-{version}.dist-info"
    found.mkdir(parents=True)
    (found / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (found / "WHEEL").write_text("Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    for empty in ("RECORD", "INSTALLER"):
        (found / empty).touch()
    return found


def moved_by(wheel, extras, python, index=None):
    """What pip would install, or replace, besides the wheel itself."""
    pip = (sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet")
    links = ("--find-links", str(index)) if index else ()
    wanted = f"ipcontrol-dashboard[{extras}] @ {wheel.as_uri()}"
    said = run(*pip, "--dry-run", "--no-index", *links, "--report", "-", wanted)
    names = {each["metadata"]["name"] for each in json.loads(said)["install"]}
    return names - {"ipcontrol-dashboard"}


EXTRAS = "dashboard,swift,nova"


class TestExtras:
    def test_leave_what_an_operator_has(self, wheel, operator):
        # Older than all that is supported, a development version, a release candidate.
        operator.has("horizon", "2.0")
        operator.has("swift", "2.35.1.dev7")
        operator.has("nova", "31.0.0.0rc1")
        for client in ("python_swiftclient", "python_novaclient"):
            operator.has(client, "1.0")
        assert moved_by(wheel, EXTRAS, operator.python, operator.index) == set()

    def test_bring_what_is_missing(self, wheel, operator):
        operator.has("swift", "2.35.0")
        shutil.rmtree(next(operator.python.parents[1].glob("lib/*/site-packages/swift-*")))
        assert moved_by(wheel, "swift", operator.python, operator.index) == {"swift"}

    def test_move_nothing_of_the_release_that_is_tested_here(self, wheel):
        assert moved_by(wheel, EXTRAS, sys.executable) == set()


class TestInstalled:
    @pytest.mark.parametrize(
        "module", ["access", "client_address", "contract", "host_groups", "middleware.options"]
    )
    def test_the_engine_needs_nothing_else(self, python, module):
        run(python, "-c", f"import ipcontrol.{module}")

    def test_pip_shows_the_version_that_the_code_tells(self, python):
        pip = (sys.executable, "-m", "pip", "--python", python, "show", "ipcontrol-dashboard")
        assert f"\nVersion: {__version__}\n" in run(*pip)

    def test_the_enabled_files_can_be_imported(self, python):
        said = run(
            python,
            "-c",
            "from ipcontrol_dashboard.enabled import _1905_ipcontrol as enabled;"
            "print(enabled.ADD_INSTALLED_APPS)",
        )
        assert said == "['ipcontrol_dashboard']\n"

    @pytest.mark.parametrize("folder", ["templates", "static"])
    def test_django_finds_templates_and_static_files(self, python, folder):
        said = run(
            python,
            "-c",
            "from ipcontrol_dashboard.apps import IPControlDashboardConfig as app; print(app.path)",
            # Django and the like, but not the checkout that is installed there.
            PYTHONPATH=sysconfig.get_path("purelib"),
        )
        found = files(Path(said.strip()) / folder / "ipcontrol_dashboard")
        assert found == files(ROOT / folder / "ipcontrol_dashboard")
        assert found
