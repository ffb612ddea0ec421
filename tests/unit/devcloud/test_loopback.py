# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import urllib.request

import pytest
import requests.utils

from devcloud import loopback

PROXY = "http://192.0.2.1:3128"


@pytest.fixture(autouse=True)
def _proxied(monkeypatch):
    monkeypatch.setenv("http_proxy", PROXY)
    monkeypatch.setenv("no_proxy", "intranet.example")
    monkeypatch.delenv("NO_PROXY", raising=False)


def requests_proxy(url):
    return requests.utils.get_environ_proxies(url).get("http")


def test_loopback_is_called_directly():
    with loopback.called_directly():
        assert requests_proxy("http://127.0.0.1:5000/v3") is None
        assert requests_proxy("http://127.1.0.5:5000/v3") is None
        assert urllib.request.proxy_bypass("127.0.0.1:5000")


def test_all_else_is_called_as_before():
    with loopback.called_directly():
        assert requests_proxy("http://192.0.2.7/") == PROXY
        assert requests_proxy("http://intranet.example/") is None


def test_the_environment_is_put_back(monkeypatch):
    with loopback.called_directly():
        pass

    assert requests_proxy("http://127.0.0.1:5000/v3") == PROXY
    assert requests_proxy("http://intranet.example/") is None
