# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Nova with the configuration files of 1.0.0."""

import configparser

import pytest
from nova.conf import scheduler
from nova.scheduler import filters, weights
from oslo_config import cfg
from paste.deploy import loadfilter

from devcloud.compute.config import PASTE_SNIPPET
from ipcontrol.middleware.client_address import ClientAddress
from ipcontrol.scheduler.opts import list_opts
from tests.release_1_0_0 import API_PASTE_INI, NOVA_CONF, NOVA_OPTIONS, RANDOM_WEIGHER


@pytest.fixture
def conf(tmp_path):
    """What Nova reads from that nova.conf."""
    path = tmp_path / "nova.conf"
    path.write_text(NOVA_CONF)
    read = cfg.ConfigOpts()
    scheduler.register_opts(read)
    for group, options in list_opts():
        read.register_opts(options, group)
    read(["--config-file", str(path)], default_config_files=[], default_config_dirs=[])
    return read


def test_its_filter_is_found_and_enabled(conf):
    handler = filters.HostFilterHandler()
    found = handler.get_matching_classes(conf.filter_scheduler.available_filters)
    assert {each.__name__ for each in found} >= {*conf.filter_scheduler.enabled_filters}


def test_its_weighers_are_found(conf):
    handler = weights.HostWeightHandler()
    names = [*conf.filter_scheduler.weight_classes, RANDOM_WEIGHER]
    found = {each.__name__ for each in handler.get_matching_classes(names)}
    assert found >= {"SameHostOnResizeWeigher", "RandomHostWeigher"}


def test_its_options_are_known_and_mean_what_they_did(conf):
    assert {name: conf.ipcontrol[name] for name in NOVA_OPTIONS} == NOVA_OPTIONS


def test_its_api_paste_ini_loads(tmp_path):
    path = tmp_path / "api-paste.ini"
    path.write_text(API_PASTE_INI)
    made = loadfilter(f"config:{path}", name="client_address")
    assert isinstance(made(lambda environ, start: []), ClientAddress)


def test_its_api_paste_ini_is_the_one_that_the_embedded_cloud_runs_with():
    texts = (API_PASTE_INI, PASTE_SNIPPET.read_text(encoding="utf-8"))
    old, new = (configparser.RawConfigParser() for _ in texts)
    old.read_string(texts[0])
    new.read_string(texts[1])
    assert old == new
