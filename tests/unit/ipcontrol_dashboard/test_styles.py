# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The panels' styles become CSS with the installed Horizon: by themselves, or all as one."""

from compressor.storage import CompressorFileStorage
from django.conf import settings as django_settings
from django.template import Context
from django.template.loader import get_template
from django.test import RequestFactory


def test_the_styles_of_all_panels_become_css(settings, monkeypatch, tmp_path):
    # Whoever uses the one that there is first decides for all tests where it stands.
    storage = CompressorFileStorage(location=str(tmp_path))
    monkeypatch.setattr("compressor.storage.default_storage", storage)
    settings.COMPRESS_ENABLED, settings.COMPRESS_OFFLINE = True, False
    settings.COMPRESS_PRECOMPILERS = [("text/scss", "horizon.utils.scss_filter.ScssFilter")]
    names = ("HORIZON_CONFIG", "STATIC_URL")
    context = Context({name: getattr(django_settings, name) for name in names})
    context.request = RequestFactory().get("/")
    get_template("_stylesheets.html").template.render(context)
    css = "\n".join(file.read_text() for file in tmp_path.rglob("*.css"))
    assert [rule for rule in (".ipcontrol-network", ".ipcontrol-picture") if rule not in css] == []
