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

PLUGIN = functions.PLUGIN
ALL = "s-proxy,n-api,n-sch,horizon"
ENABLED = {
    "_1905_ipcontrol.py",
    "_1925_project_ip_whitelist_panel.py",
    "_2135_admin_host_groups_panel.py",
}
SETTINGS = "_1905_ipcontrol.py"
OTHERS = {"__init__.py", "_1482_other_panel.py"}
OTHER_SETTINGS = "_20_theme.py"
TRUSTED = "127.0.0.1, ::1, 192.0.2.1"


class Stack:
    """The files of a DevStack, and the plugin in it."""

    def __init__(self, folder, source):
        self.folder = folder
        self.source = source
        local = folder / "horizon" / "openstack_dashboard" / "local"
        self.enabled, self.settings = local / "enabled", local / "local_settings.d"
        self._make_horizon()
        self.proxy = folder / "proxy-server.conf"
        shutil.copy(swift.write_proxy(self._cloud(), "front"), self.proxy)
        self.paste = folder / "api-paste.ini"
        shutil.copy(Path(sys.prefix, "etc", "nova", "api-paste.ini"), self.paste)
        self.nova = folder / "nova.conf"
        self.filters({"enabled_filters": "ComputeFilter,PciPassthroughFilter"})

    def _make_horizon(self):
        self.enabled.mkdir(parents=True)
        self.settings.mkdir()
        for name in OTHERS:
            (self.enabled / name).touch()
        (self.settings / OTHER_SETTINGS).touch()

    def _cloud(self):
        return Settings(
            state=self.folder,
            services=("keystone", "swift"),
            hosts={},
            proxies={"front": Proxy(filters=False)},
            ports={"keystone": 1, "front": 2, "swift": 3},
            horizon={},
        )

    def filters(self, options):
        ini.write(self.nova, {"DEFAULT": {"debug": "True"}, "filter_scheduler": options})

    def run(self, *phase, script=functions.ALONE, services=ALL, **variables):
        return subprocess.run(
            ["bash", "-c", functions.shell(self.source, script), "stack.sh", *phase],
            env={
                "PATH": os.environ["PATH"],
                "ENABLED_SERVICES": services,
                "HOST_IP": "192.0.2.1",
                "SERVICE_HOST": "192.0.2.1",
                "DEST": str(self.folder),
                "SWIFT_CONF_DIR": str(self.folder),
                "NOVA_CONF_DIR": str(self.folder),
                "NOVA_CONF": str(self.nova),
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
        paths = (self.proxy, self.paste, self.nova, *self.enabled.iterdir())
        return {path: path.read_text() for path in (*paths, *self.settings.iterdir())}

    @property
    def panels(self):
        return {path.name for path in self.enabled.iterdir()}

    @property
    def snippets(self):
        return {path.name for path in self.settings.iterdir()}

    def horizon(self, **before):
        """What Horizon's settings are with the snippet; it runs them as one program."""
        exec((self.settings / SETTINGS).read_text(), before)
        return before["IPCONTROL"]


@pytest.fixture(params=functions.SOURCES)
def stack(tmp_path, request):
    return Stack(tmp_path, request.param)


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


def trusted(stack):
    return read(stack.proxy)["filter:client_address"]["trusted_proxies"]


def test_it_is_installed_from_where_it_is(stack):
    done = stack.run("stack", "install")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"pip_install -e {PLUGIN}" in done.stdout.splitlines()


def test_devstacks_own_way_to_install_dies_where_there_is_no_setup_cfg(stack):
    done = stack.run(script=f"setup_develop {PLUGIN}\necho done")
    assert done.returncode != 0
    assert "pip_install" not in done.stdout
    assert "done" not in done.stdout


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


def test_what_devstack_writes_to_novas_file_meanwhile_is_kept(stack):
    script = functions.WHILE_NEUTRON_IS_CONFIGURED
    assert stack.run("stack", "post-config", script=script, services="n-sch").returncode == 0
    assert filters_of(stack.nova).enabled_filters[0] == "SubnetHostGroupFilter"
    assert "region_name = lab" in stack.nova.read_text()


def test_horizon_gets_the_panels(stack):
    stack.configure()
    assert stack.panels == ENABLED | OTHERS


def test_horizon_knows_the_tls_proxy_before_it(stack):
    stack.configure()
    assert stack.horizon() == {"TRUSTED_PROXIES": ["127.0.0.1", "::1", "192.0.2.1"]}


def test_what_the_operators_own_settings_say_stands(stack):
    stack.configure()
    own = {"COUNTED_HOSTS": 5}
    assert stack.horizon(IPCONTROL=own).keys() == {"TRUSTED_PROXIES", "COUNTED_HOSTS"}
    own = {"TRUSTED_PROXIES": ["192.0.2.9"]}
    assert stack.horizon(IPCONTROL=own) == own


@pytest.mark.parametrize("phase", ["unstack", "clean"])
def test_horizon_loses_all_of_it(stack, phase):
    before = stack.files.keys()
    stack.configure()
    for _ in range(2):
        assert stack.run(phase).returncode == 0
        assert stack.files.keys() == before


@pytest.mark.parametrize(
    ("variables", "addresses"),
    [
        ({"HOST_IPV6": "2001:db8::1"}, f"{TRUSTED}, 2001:db8::1"),
        # What DevStack finds on a machine without IPv6 beyond loopback.
        ({"HOST_IPV6": "::1"}, TRUSTED),
        ({"HOST_IP": "127.0.0.1"}, "127.0.0.1, ::1, 192.0.2.1"),
        # The TLS proxy connects to SERVICE_HOST, and from there.
        ({"SERVICE_HOST": "192.0.2.2"}, f"{TRUSTED}, 192.0.2.2"),
        ({"SERVICE_HOST": "[2001:db8::2]"}, f"{TRUSTED}, 2001:db8::2"),
        ({"SERVICE_HOST": "controller.example"}, TRUSTED),
        ({"SERVICE_HOST": ""}, TRUSTED),
    ],
)
def test_the_machines_own_addresses_are_trusted(stack, variables, addresses):
    stack.configure(services="s-proxy", **variables)
    assert trusted(stack) == addresses


@pytest.mark.parametrize(
    ("name", "neighbour", "service"),
    [
        ("proxy", "gatekeeper", "s-proxy"),
        ("proxy", "proxy-server", "s-proxy"),
        ("paste", "http_proxy_to_wsgi", "n-api"),
    ],
)
def test_a_pipeline_without_the_filters_place_is_a_sentence(stack, name, neighbour, service):
    path = getattr(stack, name)
    path.write_text(path.read_text().replace(f" {neighbour}", " other"))
    done = stack.run("stack", "post-config", services=service)
    assert done.returncode == 1
    assert f"There is no {neighbour} to put" in done.stderr


def test_a_second_time_changes_nothing(stack):
    stack.configure()
    once = stack.files
    stack.configure()
    assert stack.files == once


@pytest.mark.parametrize(
    ("service", "changed"),
    [("s-proxy", "proxy"), ("swift", "proxy"), ("n-api", "paste"), ("n-sch", "nova")],
)
def test_only_the_services_of_this_machine_are_touched(stack, service, changed):
    before = stack.files
    stack.configure(services=service)
    assert {path for path, text in stack.files.items() if text != before.get(path)} == {
        getattr(stack, changed)
    }


def test_local_conf_decides(stack):
    stack.configure(
        IPCONTROL_MODE="audit", IPCONTROL_UNLISTED="deny", IPCONTROL_TRUSTED_PROXIES="10.0.0.1"
    )
    sections = read(stack.proxy)
    assert sections["filter:ip_whitelist"]["mode"] == "audit"
    assert sections["filter:ip_whitelist"]["unlisted"] == "deny"
    assert trusted(stack) == "10.0.0.1"
    assert read(stack.paste)["filter:client_address"]["trusted_proxies"] == "10.0.0.1"
    assert stack.horizon() == {"TRUSTED_PROXIES": ["10.0.0.1"]}


def test_other_phases_do_nothing(stack):
    before = stack.files
    for phase in ("pre-install", "extra", "test-config"):
        assert stack.run("stack", phase).returncode == 0
    assert stack.files == before


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
def test_shellcheck_has_nothing_to_say():
    files = [PLUGIN / "devstack" / name for name in ("plugin.sh", "settings")]
    done = subprocess.run(["shellcheck", *files], capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_the_branch_is_named_wherever_the_plugin_is_enabled():
    pages = (PLUGIN / "README.md", PLUGIN / "devstack" / "settings", *PLUGIN.glob("docs/**/*.md"))
    lines = [line for page in pages for line in page.read_text().splitlines()]
    enabled = [line for line in lines if "enable_plugin ipcontrol" in line]
    assert len(enabled) >= 2
    assert [line for line in enabled if " main" not in line] == []
