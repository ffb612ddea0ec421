# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The sample for operators, which the embedded cloud uses as it is."""

import configparser

import pytest

from devcloud.compute import config
from ipcontrol.middleware import client_address
from tests.unit.documentation import ansible_variables, blocks, ini

PIPELINES = (
    "composite:openstack_compute_api_v21",
    "composite:openstack_compute_api_v21_legacy_v2_compatible",
)


def _filters(section, filters):
    paste = config.api_paste(trusted_proxies="127.0.0.1", filters=filters)
    return paste[section]["keystone"].split()


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_client_address_is_all_that_the_sample_adds_to_novas_own_pipeline(pipeline):
    ours = _filters(pipeline, filters=True)
    ours.remove("client_address")
    assert ours == _filters(pipeline, filters=False)


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_client_address_stands_right_before_what_believes_anybody(pipeline):
    filters = _filters(pipeline, filters=True)
    assert filters.index("client_address") == filters.index("http_proxy_to_wsgi") - 1


def test_the_other_sections_of_novas_own_file_stay():
    ours = config.api_paste(trusted_proxies="127.0.0.1", filters=True)
    stock = config.api_paste(trusted_proxies="127.0.0.1", filters=False)
    assert {
        name: section for name, section in ours.items() if name in stock and name not in PIPELINES
    } == {name: section for name, section in stock.items() if name not in PIPELINES}
    assert set(ours) - set(stock) == {"filter:client_address"}


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_openstack_ansible_gets_the_same(pipeline):
    overrides = ansible_variables()["nova_api_paste_ini_overrides"]
    assert overrides[pipeline]["keystone"].split() == _filters(pipeline, filters=True)


SECTIONS = {
    "OpenStack-Ansible": ini(ansible_variables()["nova_api_paste_ini_overrides"]),
    "Kolla-Ansible": blocks("install/kolla-ansible.md", "ini", "Images")[0],
    "load balancers": blocks("install/load-balancers.md", "ini")[0],
    "Skyline": blocks("install/load-balancers.md", "ini", "Skyline")[0],
}


@pytest.mark.parametrize("text", SECTIONS.values(), ids=SECTIONS)
def test_the_documented_section_makes_the_filter(text):
    parsed = configparser.RawConfigParser()
    parsed.read_string(text)
    section = dict(parsed["filter:client_address"])
    assert section.pop("use") == "egg:ipcontrol-dashboard#client_address"
    trusted = client_address.filter_factory({}, **section)(None)._trusted
    assert any("192.0.2.1" in str(each) for each in trusted)
