# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the plugin makes of the files that DevStack has written."""

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nova.conf import scheduler
from oslo_config import cfg

from devcloud import ini
from devcloud.compute import config as nova
from devcloud.object_store import config as swift
from devcloud.settings import Proxy, Settings
from tests.unit.devstack import functions

PLUGIN = Path(__file__).resolve().parents[3] / "devstack"
ALL = "s-proxy n-api n-sch horizon"
ENABLED = {
    "_1905_ipcontrol.py",
    "_1925_project_ip_whitelist_panel.py",
    "_2135_admin_host_groups_panel.py",
}
OTHERS = {"__init__.py", "_1482_other_panel.py"}
TRUSTED = "127.0.0.1, ::1, 192.0.2.1"


class Stack:
    """The files of a DevStack, and the plugin in it."""

    def __init__(self, folder):
        self.folder = folder
        self.local = folder / "horizon" / "openstack_dashboard" / "local" / "enabled"
        self.local.mkdir(parents=True)
        for name in OTHERS:
            (self.local / name).touch()
        settings = Settings(
            state=folder,
            services=("keystone", "swift"),
            hosts={},
            proxies={"front": Proxy(filters=False)},
            ports={"keystone": 1, "front": 2, "swift": 3},
            horizon={},
        )
        self.proxy = folder / "proxy-server.conf"
        shutil.copy(swift.write_proxy(settings, "front"), self.proxy)
        self.paste = folder / "api-paste.ini"
        shutil.copy(Path(sys.prefix, "etc", "nova", "api-paste.ini"), self.paste)
        self.nova = folder / "nova.conf"
        self.filters({"enabled_filters": "ComputeFilter,PciPassthroughFilter"})

    def filters(self, options):
        ini.write(self.nova, {"DEFAULT": {"debug": "True"}, "filter_scheduler": options})

    def run(self, *phase, services=ALL, **variables):
        return subprocess.run(
            ["bash", "-c", functions.shell(PLUGIN), "plugin.sh", *phase],
            env={
                "PATH": os.environ["PATH"],
                "ENABLED_SERVICES": services,
                "HOST_IP": "192.0.2.1",
                "SWIFT_CONF_DIR": str(self.folder),
                "NOVA_CONF_DIR": str(self.folder),
                "NOVA_CONF": str(self.nova),
                "HORIZON_DIR": str(self.folder / "horizon"),
                **variables,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def configure(self, **options):
        done = self.run("stack", "post-config", **options)
        assert (done.returncode, done.stderr) == (0, "")

    @property
    def files(self):
        return {path: path.read_text() for path in (self.proxy, self.paste, self.nova)}

    @property
    def panels(self):
        return {path.name for path in self.local.iterdir()}


@pytest.fixture
def stack(tmp_path):
    return Stack(tmp_path)


def read(path):
    # "/v2.1: app" is a key of its own; a colon inside a value is none.
    parser = configparser.RawConfigParser(delimiters=("=", ": "), default_section="none")
    parser.read(path)
    return {section: dict(parser[section]) for section in parser.sections()}


def filters_of(path):
    """What Nova understands."""
    conf = cfg.ConfigOpts()
    scheduler.register_opts(conf)
    conf([], default_config_files=[str(path)])
    return conf.filter_scheduler


def test_it_is_installed_from_where_it_is(stack):
    done = stack.run("stack", "install")
    assert done.stdout.splitlines()[-1] == f"setup_develop {PLUGIN.parent}"


def test_swifts_pipeline_is_the_one_that_the_filters_ask_for(stack):
    stack.configure()
    sections = read(stack.proxy)
    assert sections["pipeline:main"]["pipeline"].split() == swift.PIPELINE
    assert sections["filter:client_address"] == {
        "use": "egg:ipcontrol-dashboard#client_address",
        "trusted_proxies": TRUSTED,
    }
    assert sections["filter:ip_whitelist"] == {
        "use": "egg:ipcontrol-dashboard#ip_whitelist",
        "mode": "enforce",
        "unlisted": "allow",
    }


def test_novas_pipelines_are_those_of_the_sample(stack):
    stack.configure()
    assert read(stack.paste) == nova.api_paste(TRUSTED) | {
        "filter:client_address": {
            "use": "egg:ipcontrol-dashboard#client_address",
            "trusted_proxies": TRUSTED,
        }
    }


def test_novas_scheduler_asks_the_filter_before_all_others(stack):
    stack.configure()
    found = filters_of(stack.nova)
    assert found.available_filters == [
        "nova.scheduler.filters.all_filters",
        "ipcontrol.scheduler.ip_scheduler.SubnetHostGroupFilter",
    ]
    assert found.enabled_filters == [
        "SubnetHostGroupFilter",
        "ComputeFilter",
        "PciPassthroughFilter",
    ]


def test_filters_of_another_plugin_stay_available(stack):
    stack.filters(
        {
            "available_filters": ["nova.scheduler.filters.all_filters", "other.Filter"],
            "enabled_filters": "ComputeFilter,Filter",
        }
    )
    stack.configure()
    assert filters_of(stack.nova).available_filters == [
        "nova.scheduler.filters.all_filters",
        "other.Filter",
        "ipcontrol.scheduler.ip_scheduler.SubnetHostGroupFilter",
    ]


def test_a_nova_without_filters_is_a_sentence(stack):
    stack.filters({})
    done = stack.run("stack", "post-config", services="n-sch")
    assert done.returncode == 1
    assert f"There are no enabled_filters in {stack.nova}" in done.stderr


def test_horizon_gets_the_panels_and_loses_them(stack):
    stack.configure()
    assert stack.panels == ENABLED | OTHERS
    assert stack.run("clean").returncode == 0
    assert stack.panels == OTHERS


def test_a_second_time_changes_nothing(stack):
    stack.configure()
    once = stack.files
    stack.configure()
    assert stack.files == once


@pytest.mark.parametrize(
    ("service", "changed"),
    [("s-proxy", "proxy"), ("n-api", "paste"), ("n-sch", "nova")],
)
def test_only_the_services_of_this_machine_are_touched(stack, service, changed):
    before = stack.files
    stack.configure(services=service)
    assert {path for path, text in stack.files.items() if text != before[path]} == {
        getattr(stack, changed)
    }
    assert stack.panels == OTHERS


def test_local_conf_decides(stack):
    stack.configure(
        IPCONTROL_MODE="audit", IPCONTROL_UNLISTED="deny", IPCONTROL_TRUSTED_PROXIES="10.0.0.1"
    )
    sections = read(stack.proxy)
    assert sections["filter:ip_whitelist"]["mode"] == "audit"
    assert sections["filter:ip_whitelist"]["unlisted"] == "deny"
    assert sections["filter:client_address"]["trusted_proxies"] == "10.0.0.1"
    assert read(stack.paste)["filter:client_address"]["trusted_proxies"] == "10.0.0.1"


def test_other_phases_do_nothing(stack):
    before = stack.files
    for phase in (("stack", "pre-install"), ("stack", "extra"), ("unstack",)):
        assert stack.run(*phase).stdout == ""
    assert stack.files == before
