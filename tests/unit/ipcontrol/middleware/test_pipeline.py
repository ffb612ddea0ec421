# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A proxy with the filters in the wrong places does not start; the documented ones do."""

import configparser
import itertools
import re
import textwrap

import pytest
from swift.common.ring import RingBuilder
from swift.common.swob import Request
from swift.common.wsgi import ConfigFileError, loadapp, run_wsgi

from ipcontrol.middleware import client_address, ip_whitelist
from ipcontrol.middleware.look_ups import LookUps
from ipcontrol.middleware.settings import WhitelistSettings
from tests.release_1_0_0 import CLIENT_ADDRESS_OPTIONS, IP_WHITELIST_OPTIONS, PROXY_SERVER_CONF
from tests.unit.documentation import ansible_variables, blocks, ini

RIGHT = (
    "catch_errors gatekeeper client_address healthcheck proxy-logging cache tempauth "
    "proxy-logging ip_whitelist proxy-server"
)
EGGS = {
    "cache": "memcache",
    "proxy-logging": "proxy_logging",
    "container-quotas": "container_quotas",
    "account-quotas": "account_quotas",
    "client_address": "",
    "ip_whitelist": "",
}


@pytest.fixture
def swift_dir(tmp_path, hash_conf):
    for name in ("account", "container", "object"):
        builder = RingBuilder(part_power=2, replicas=1, min_part_hours=0)
        builder.add_dev(
            {"id": 0, "region": 1, "zone": 1, "ip": "127.0.0.1", "port": 1, "device": "d"}
            | {"weight": 1.0, "meta": ""}
        )
        builder.rebalance()
        builder.get_ring().save(str(tmp_path / f"{name}.ring.gz"))
    return tmp_path


def write(swift_dir, pipeline, sections="", names=()):
    """A proxy-server.conf with a section for each name that is not in ``sections``."""
    text = f"[DEFAULT]\nswift_dir = {swift_dir}\nbind_port = 8080\n"
    text += f"[pipeline:main]\npipeline = {pipeline}\n" if pipeline else ""
    text += "[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n"
    for name in dict.fromkeys([*pipeline.split(), *names]):
        if name == "proxy-server" or f"[filter:{name}]" in sections:
            continue
        egg = "ipcontrol-dashboard" if EGGS.get(name) == "" else "swift"
        text += f"[filter:{name}]\nuse = egg:{egg}#{EGGS.get(name) or name}\n"
    path = swift_dir / "proxy-server.conf"
    path.write_text(text + sections)
    return str(path)


def refused(path):
    with pytest.raises(ConfigFileError) as caught:
        loadapp(path)
    return str(caught.value)


def test_swifts_own_look_ups_cache_nothing_that_has_changed_meanwhile(swift_dir):
    app = loadapp(write(swift_dir, RIGHT))
    # What get_container_info() and get_account_info() ask, in every filter.
    assert isinstance(app._pipeline_request_logging_app.app, LookUps)
    assert app._pipeline_request_logging_app.app.app is app._pipeline_final_app


def test_without_a_proxy_logging_the_proxy_starts_too(swift_dir):
    app = loadapp(write(swift_dir, RIGHT.replace("proxy-logging ", "")))
    assert app._pipeline_request_logging_app is app._pipeline_final_app


def test_the_right_order_starts(swift_dir):
    loaded = loadapp(write(swift_dir, RIGHT))._pipeline
    names = [type(each).__name__ for each in loaded]
    assert names.index("ClientAddress") == names.index("GatekeeperMiddleware") + 1
    assert names[-2:] == ["IpWhitelist", "Application"]


def test_what_swift_adds_itself_does_not_come_between(swift_dir):
    pipeline = "client_address proxy-logging cache tempauth ip_whitelist proxy-server"
    names = [type(each).__name__ for each in loadapp(write(swift_dir, pipeline))._pipeline]
    assert names[1:3] == ["GatekeeperMiddleware", "ClientAddress"]
    assert "ServerSideCopyMiddleware" in names[:-2]


WRONG = {
    "the whitelist before authorization, as the guide had it": RIGHT.replace(
        " ip_whitelist", ""
    ).replace("tempauth", "ip_whitelist tempauth"),
    "one filter behind the whitelist": RIGHT.replace(
        "proxy-logging ip_whitelist", "ip_whitelist proxy-logging"
    ),
    "the caller resolved late": RIGHT.replace(" client_address", "").replace(
        "tempauth", "tempauth client_address"
    ),
    "the caller not resolved": RIGHT.replace(" client_address", ""),
    "the caller resolved before gatekeeper": RIGHT.replace(
        "gatekeeper client_address", "client_address gatekeeper"
    ),
}


@pytest.mark.parametrize("pipeline", WRONG.values(), ids=WRONG)
def test_a_wrong_order_does_not_start_and_prints_the_right_line(swift_dir, pipeline):
    path = write(swift_dir, pipeline, names=["client_address"])
    message = refused(path)
    assert path in message
    assert f"pipeline = {RIGHT}" in message


@pytest.mark.parametrize("pipeline", WRONG.values(), ids=WRONG)
def test_the_printed_line_starts_when_pasted(swift_dir, pipeline):
    line = refused(write(swift_dir, pipeline, names=["client_address"])).splitlines()[-1]
    loadapp(write(swift_dir, line.removeprefix("pipeline = ")))


@pytest.mark.parametrize(
    ("pipeline", "right"),
    [
        ("catch_errors cache ip_whitelist", "catch_errors client_address copy dlo"),
        ("cache ip_whitelist", "client_address copy dlo versioned_writes cache"),
        ("healthcheck gatekeeper cache ip_whitelist", "healthcheck gatekeeper client_address"),
        ("tempauth ip_whitelist", "client_address listing_formats tempauth ip_whitelist"),
        ("cache tempauth ip_whitelist", "client_address cache tempauth ip_whitelist"),
    ],
)
def test_the_printed_line_counts_on_what_swift_adds(swift_dir, pipeline, right):
    path = write(swift_dir, f"{pipeline} proxy-server", names=["client_address"])
    message = refused(path)
    assert f"pipeline = {right}" in message
    line = message.splitlines()[-1].removeprefix("pipeline = ")
    loadapp(write(swift_dir, line))


def test_the_caller_resolved_twice_does_not_start(swift_dir):
    pipeline = RIGHT.replace("tempauth", "client_address tempauth")
    assert f"pipeline = {RIGHT}" in refused(write(swift_dir, pipeline))


def test_the_operators_own_names_are_kept(swift_dir):
    sections = "[filter:caller]\nuse = egg:ipcontrol-dashboard#client_address\n"
    sections += "[filter:fence]\npaste.filter_factory = "
    sections += "ipcontrol.middleware.ip_whitelist:filter_factory\n"
    pipeline = "catch_errors gatekeeper fence cache caller tempauth proxy-server"
    right = "pipeline = catch_errors gatekeeper caller cache tempauth fence proxy-server"
    assert right in refused(write(swift_dir, pipeline, sections))


def test_a_folder_of_configuration_gets_its_line_too(swift_dir):
    path = write(swift_dir, WRONG["the caller not resolved"], names=["client_address"])
    folder = swift_dir / "proxy-server.conf.d"
    folder.mkdir()
    (swift_dir / "proxy-server.conf").rename(folder / "main.conf")
    assert f"pipeline = {RIGHT}" in refused(path + ".d")


def test_swift_prints_the_sentence_and_no_traceback(swift_dir, capsys, monkeypatch):
    swift_conf = swift_dir / "swift.conf"
    swift_conf.write_text("[swift-hash]\nswift_hash_path_suffix = test\n")
    monkeypatch.setattr("swift.common.utils.SWIFT_CONF_FILE", str(swift_conf))
    monkeypatch.setattr("swift.common.utils.monkey_patch", lambda: None)
    path = write(swift_dir, WRONG["the caller not resolved"], names=["client_address"])
    assert run_wsgi(path, "proxy-server") == 1
    printed = capsys.readouterr().out
    assert f"pipeline = {RIGHT}" in printed
    assert "Traceback" not in printed


def sample(module, section):
    """The documented configuration that holds this section, as text."""
    for text in module.__doc__.split("::\n\n")[1:]:
        lines = itertools.takewhile(lambda line: not line or line[0] == " ", text.splitlines())
        block = textwrap.dedent("\n".join(lines))
        if section in block:
            return block.strip() + "\n"
    raise AssertionError(section)


SAMPLES = {
    "ip_whitelist": sample(ip_whitelist, "[pipeline:main]"),
    "client_address": sample(client_address, "[pipeline:main]"),
    "1.0.0": PROXY_SERVER_CONF,
    "docs/install/swift.md": blocks("install/swift.md", "ini")[0],
}


@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES)
def test_the_documented_configuration_of_swift_starts_as_pasted(swift_dir, text):
    parsed = configparser.RawConfigParser()
    parsed.read_string(text)
    names = parsed["pipeline:main"]["pipeline"].split()
    app = loadapp(write(swift_dir, "", text, names))
    assert type(app._pipeline[-2]).__name__ == "IpWhitelist"
    environ = {"REMOTE_ADDR": "192.0.2.10", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}
    request = Request.blank("/info", environ=environ)
    assert b'"ip_whitelist"' in request.get_response(app).body


# What a section needs to start besides its egg. With a project, authtoken registers its
# options apart from those that other tests use.
ELSEWHERE = """
[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
auth_type = password
auth_url = http://127.0.0.1:1
oslo_config_project = none
"""


def ansible_pipeline():
    # As the role writes it.
    return " ".join(filter(None, ansible_variables()["swift_middleware_list"]))


def pipelines():
    lines = [
        re.search("pipeline = (.*)", text)[1]
        for text in blocks("install/swift.md", "ini")
        if "[pipeline:main]" in text
    ]
    return [*lines, ansible_pipeline()]


@pytest.mark.parametrize("pipeline", pipelines())
def test_every_documented_pipeline_starts(swift_dir, pipeline):
    app = loadapp(write(swift_dir, pipeline, ELSEWHERE))
    loaded = [type(each).__name__ for each in app._pipeline]
    assert loaded.index("ClientAddress") == loaded.index("GatekeeperMiddleware") + 1
    assert loaded[-2:] == ["IpWhitelist", "Application"]


def test_both_samples_and_openstack_ansible_are_documented():
    assert len(pipelines()) == 3
    ours = {"client_address", "ip_whitelist"}
    for pipeline in pipelines():
        assert ours < set(pipeline.split())


def test_the_documented_sections_for_openstack_ansible_are_read(swift_dir):
    sections = ini(ansible_variables()["swift_proxy_server_conf_overrides"])
    app = loadapp(write(swift_dir, ansible_pipeline(), ELSEWHERE + sections))
    caller, whitelist = app._pipeline[2], app._pipeline[-2]
    trusted = ["192.0.2.10/32", "192.0.2.11/32", "192.0.2.20/32"]
    assert [str(each) for each in caller._trusted] == trusted
    assert not whitelist._enforcing


def test_the_documented_configuration_of_nova_loads_as_pasted(tmp_path):
    text = sample(client_address, "keystone =")
    parsed = configparser.RawConfigParser()
    parsed.read_string(text)
    names = parsed["composite:openstack_compute_api_v21"]["keystone"].split()
    assert names.index("client_address") < names.index("http_proxy_to_wsgi")
    section = dict(parsed["filter:client_address"])
    assert section.pop("paste.filter_factory") == (
        f"{client_address.__name__}:{client_address.filter_factory.__name__}"
    )
    client_address.filter_factory({}, **section)


def test_the_options_of_1_0_0_are_known_and_their_defaults_still_are():
    client_address.filter_factory({}, **CLIENT_ADDRESS_OPTIONS)
    assert WhitelistSettings.read(IP_WHITELIST_OPTIONS, {}) == WhitelistSettings.read({}, {})
