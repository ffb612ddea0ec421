# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Horizon with the settings and enabled files of 1.0.0."""

from pathlib import Path

import openstack_dashboard
import pytest
from compressor.storage import CompressorFileStorage
from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.core import checks
from django.template import Context
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils.module_loading import import_string

from tests.release_1_0_0 import ENABLED, IPCONTROL

# The releases of Horizon that 1.0.0 was for compile each panel's styles by themselves.
AS_ONE = Path(openstack_dashboard.__file__).with_name("templates") / "themes" / "themes.scss"


def enabled(name):
    """The values of an enabled file of 1.0.0."""
    values = {}
    exec(ENABLED[name], values)
    return values


def test_its_settings_pass_the_checks(settings):
    settings.IPCONTROL = IPCONTROL
    found = checks.run_checks(include_deployment_checks=False)
    assert [each for each in found if each.id.startswith("ipcontrol.E")] == []


@pytest.mark.parametrize("name", [name for name in ENABLED if "panel" in name])
def test_its_enabled_files_name_the_panels(name):
    values = enabled(name)
    assert import_string(values["ADD_PANEL"]).slug == values["PANEL"]


@pytest.mark.parametrize("name", ENABLED)
def test_its_enabled_files_name_files_that_are_there(name):
    values = enabled(name)
    files = [*values.get("ADD_SCSS_FILES", []), *values.get("ADD_JS_FILES", [])]
    assert [each for each in files if not finders.find(each)] == []


def test_its_enabled_files_name_the_application_and_its_module():
    values = enabled("_1905_ipcontrol.py")
    assert values["ADD_INSTALLED_APPS"][0] in django_settings.INSTALLED_APPS
    (script,) = values["ADD_JS_FILES"]
    (module,) = values["ADD_ANGULAR_MODULES"]
    assert f".module('{module}'" in Path(finders.find(script)).read_text()


@pytest.mark.skipif(AS_ONE.exists(), reason="1.0.0 was for Horizon 27")
def test_the_styles_that_its_enabled_files_name_become_css(settings, monkeypatch, tmp_path):
    storage = CompressorFileStorage(location=str(tmp_path))
    monkeypatch.setattr("compressor.storage.default_storage", storage)
    settings.COMPRESS_ENABLED, settings.COMPRESS_OFFLINE = True, False
    settings.COMPRESS_PRECOMPILERS = [("text/scss", "horizon.utils.scss_filter.ScssFilter")]
    files = [file for name in ENABLED for file in enabled(name).get("ADD_SCSS_FILES", [])]
    horizon = {**django_settings.HORIZON_CONFIG, "scss_files": files}
    context = Context({"HORIZON_CONFIG": horizon, "STATIC_URL": django_settings.STATIC_URL})
    context.request = RequestFactory().get("/")
    get_template("_stylesheets.html").template.render(context)
    css = "\n".join(file.read_text() for file in tmp_path.rglob("*.css"))
    assert [rule for rule in (".ipcontrol-network", ".ipcontrol-picture") if rule not in css] == []
