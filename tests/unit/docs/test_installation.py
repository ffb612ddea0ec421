# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the pages on installation have people run, and write into the tools' own settings."""

import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from tests.unit.documentation import DOCS, ansible_variables, blocks

KOLLA = "install/kolla-ansible.md"
SITE_PACKAGES = "/var/lib/kolla/venv/lib/python3/site-packages"


def haproxy_lines():
    (text,) = blocks("install/load-balancers.md", "text", "HAProxy")
    return {line.strip() for line in text.splitlines()}


@pytest.mark.parametrize("service", ["swift_proxy", "nova_api_compute"])
def test_openstack_ansible_writes_the_line_of_haproxy(service):
    overrides = ansible_variables()[f"haproxy_{service}_service_overrides"]
    # As the role's template writes them.
    lines = {f"option {each}" for each in overrides["haproxy_backend_options"]}
    assert lines
    assert lines <= haproxy_lines()


def test_kolla_ansible_writes_the_line_of_haproxy():
    (text,) = blocks(KOLLA, "yaml")
    lines = set(yaml.safe_load(text)["haproxy_backend_http_extra"])
    assert lines
    assert lines <= haproxy_lines()


def test_both_install_the_package_by_its_name():
    variables = ansible_variables()
    for name in ("swift_pip_packages", "nova_user_pip_packages", "horizon_user_pip_packages"):
        assert "ipcontrol-dashboard" in variables[name]


class TestImages:
    @pytest.fixture
    def dockerfile(self):
        (text,) = blocks(KOLLA, "dockerfile")
        return text

    def test_there_is_one_for_each_service_that_is_set_up(self, dockerfile):
        (variables,) = blocks(KOLLA, "yaml")
        named = {
            name.removesuffix("_image_full").replace("_", "-")
            for name in yaml.safe_load(variables)
            if name.endswith("_image_full")
        }
        stages = set(re.findall(r"^FROM base AS (\S+)", dockerfile, re.MULTILINE))
        assert stages == named
        assert all(name in blocks(KOLLA, "sh")[0] for name in stages)

    def test_that_of_horizon_has_the_enabled_files(self, dockerfile, tmp_path):
        enabled = tmp_path / "openstack_dashboard" / "local" / "enabled"
        enabled.mkdir(parents=True)
        shutil.copytree(DOCS.parent / "enabled", tmp_path / "ipcontrol_dashboard" / "enabled")
        command = dockerfile.rpartition("RUN ")[2]
        assert SITE_PACKAGES in command
        command = command.replace(SITE_PACKAGES, str(tmp_path))
        subprocess.run(["sh", "-c", command], check=True)
        copied = {path.name for path in enabled.iterdir()}
        assert copied == {path.name for path in (DOCS.parent / "enabled").glob("_[0-9]*.py")}


def test_the_command_for_horizon_copies_the_enabled_files(tmp_path):
    (shown,) = blocks("install/horizon.md", "sh")
    (command,) = re.findall(r"^cp .*\\\n.*$", shown, re.MULTILINE)
    enabled = tmp_path / "openstack_dashboard" / "local" / "enabled"
    enabled.mkdir(parents=True)
    for folder in (enabled, enabled.parent, enabled.parent.parent):
        (folder / "__init__.py").touch()
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (programs / "python").chmod(0o755)
    # A Horizon of its own, before the one that is installed.
    path = {"PYTHONPATH": str(tmp_path), "PATH": f"{programs}:{os.environ['PATH']}"}
    subprocess.run(["sh", "-c", command], check=True, env={**os.environ, **path}, cwd=tmp_path)
    copied = {path.name for path in enabled.glob("_[0-9]*.py")}
    assert copied == {path.name for path in (DOCS.parent / "enabled").glob("_[0-9]*.py")}
