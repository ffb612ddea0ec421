# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Make the sdist, the wheel and its SBOM from what is committed: `make dist`.

Twice from the same commit come the same bytes, on another day and in another folder too: all
times are the commit's, the sdist is packed anew in order and without its maker's name and
permissions, and the wheel is made from that sdist.

The SBOM (CycloneDX) is of an environment into which the wheel alone was installed.
"""

import gzip
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

import release_notes

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
_EXECUTABLE = 0o100


def main() -> int:
    """Fill dist/.

    Returns:
        The exit status.
    """
    if not (ROOT / ".git").exists():
        print("make dist builds what is committed: run it in a clone of the repository.")
        return 1
    if git("status", "--porcelain"):
        print("What is not committed is left out.")
    # The permissions of what setuptools writes depend on it.
    os.umask(0o022)
    os.environ["SOURCE_DATE_EPOCH"] = git("log", "-1", "--format=%ct")
    shutil.rmtree(DIST, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        sdist = make_sdist(export(Path(folder, "export")))
        wheel = make_wheel(unpack(sdist, Path(folder, "sdist")))
        sbom = make_sbom(wheel, Path(folder, "venv"))
    for made in (sdist, wheel, sbom):
        print(made.relative_to(ROOT))
    return 0


def git(*arguments: str) -> str:
    """What git answers, in text."""
    command = ["git", "-C", ROOT, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def export(folder: Path) -> Path:
    """Lay out what is committed, with the release notes as packagers read them."""
    command = ["git", "-C", ROOT, "archive", "--format=tar", "HEAD"]
    packed = subprocess.run(command, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    release_notes.write_report(folder, folder / "CHANGELOG.rst")
    return folder


def make_sdist(source: Path) -> Path:
    """Build the sdist of a source tree in dist/."""
    build("--sdist", source)
    (sdist,) = DIST.glob("*.tar.gz")
    repack(sdist)
    return sdist


def make_wheel(source: Path) -> Path:
    """Build the wheel of a source tree in dist/."""
    build("--wheel", source)
    (wheel,) = DIST.glob("*.whl")
    return wheel


def build(kind: str, source: Path) -> None:
    """Have build make an archive in dist/, with the setuptools of constraints/build.txt."""
    command = [sys.executable, "-m", "build", kind, "--outdir", DIST, source]
    pinned = {"PIP_CONSTRAINT": str(ROOT / "constraints" / "build.txt")}
    done = subprocess.run(
        command, env={**os.environ, **pinned}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def repack(sdist: Path) -> None:
    """Pack an sdist in order, with SOURCE_DATE_EPOCH as its times and nobody's permissions."""
    made_at = int(os.environ["SOURCE_DATE_EPOCH"])
    given = tarfile.open(fileobj=io.BytesIO(sdist.read_bytes()))  # noqa: SIM115
    with (
        given,
        sdist.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=made_at) as compressed,
        tarfile.open(fileobj=compressed, mode="w") as packed,
    ):
        for member in sorted(given.getmembers(), key=lambda member: member.name):
            plain = tarfile.TarInfo(member.name)
            plain.type, plain.size, plain.mtime = member.type, member.size, made_at
            plain.mode = 0o755 if member.isdir() or member.mode & _EXECUTABLE else 0o644
            packed.addfile(plain, given.extractfile(member) if member.isfile() else None)


def unpack(sdist: Path, folder: Path) -> Path:
    """Unpack an sdist.

    Returns:
        The source tree.
    """
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (source,) = folder.iterdir()
    return source


def make_sbom(wheel: Path, environment: Path) -> Path:
    """Write, in dist/, what an environment consists of that has the wheel alone."""
    venv.create(environment, with_pip=False, symlinks=True)
    python = environment / "bin" / "python"
    name, version = wheel.name.split("-")[:2]
    # By name, for the path of the file would stand in the SBOM.
    found = ["--no-index", f"--find-links={wheel.parent}", f"{name}=={version}"]
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--python", python, "install", *found], check=True)
    sbom = wheel.with_name(f"{name}-{version}.cdx.json")
    options = ["--output-reproducible", "--validate", "--output-format=JSON"]
    cyclonedx = [sys.executable, "-m", "cyclonedx_py", "environment", *options]
    subprocess.run([*cyclonedx, f"--output-file={sbom}", python], check=True)
    return sbom


if __name__ == "__main__":
    sys.exit(main())
