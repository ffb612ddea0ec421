# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The reference of the options is made from where the code reads them."""

import dataclasses
import importlib.util
import re

import pytest

from ipcontrol.middleware import client_address, settings
from ipcontrol_dashboard import conf
from tests.unit.documentation import DOCS

CLASSES = [client_address.CallerSettings, settings.WhitelistSettings, conf.DashboardSettings]


def _load():
    path = DOCS / "_ext" / "reference_text.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


reference = _load().reference


def entries(text):
    """Type and default by name."""
    pattern = r"\.\. confval:: (.*)\n   :type: (.*)\n   :default: (.*)\n"
    return {name: (kind, default) for name, kind, default in re.findall(pattern, text)}


def test_lines_of_an_ini_file_are_shown_as_they_are_written():
    assert entries(reference(client_address.CallerSettings)) == {
        "trusted_proxies": ("networks", "none"),
        "header": ("``X-Forwarded-For`` or ``Forwarded``", "``X-Forwarded-For``"),
    }
    found = entries(reference(settings.WhitelistSettings))
    assert found["mode"] == ("``enforce`` or ``audit``", "``enforce``")
    assert found["admit_local"] == ("boolean", "``true``")
    assert found["deny_message"] == ("text", "``You shall not pass!``")
    assert found["networks_file"] == ("text", "none")


def test_keys_of_a_dictionary_are_shown_as_python():
    found = entries(reference(conf.DashboardSettings, python=True))
    assert tuple(found) == conf.KEYS
    assert found["TRUSTED_PROXIES"] == ("list of networks", "``[]``")
    assert found["UNMAPPED"] == ('``"any"`` or ``"ungrouped"`` or ``"none"``', '``"any"``')
    assert found["COUNTED_HOSTS"] == ("number", "``300``")


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__module__)
class TestEveryOption:
    def test_says_what_it_means(self, cls):
        assert all(each.metadata["meaning"].endswith(".") for each in dataclasses.fields(cls))

    def test_is_on_a_page(self, cls):
        pages = "".join(page.read_text() for page in (DOCS / "configuration").glob("*.md"))
        assert f".. settings:: {cls.__module__}.{cls.__qualname__}\n" in pages
