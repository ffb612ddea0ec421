# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from ipcontrol.addresses import AddressError
from ipcontrol.errors import IpControlError
from ipcontrol_dashboard.kit import translation


def test_an_engines_error_is_translated_by_its_template(monkeypatch):
    monkeypatch.setattr(translation, "gettext", {"%(text)s is bad": "%(text)s est mauvais"}.get)
    assert translation.translated(AddressError("%(text)s is bad", text="x")) == "x est mauvais"


def test_an_error_inside_an_error_is_translated_too(monkeypatch):
    french = {"in %(name)s: %(why)s": "in %(name)s: %(why)s", "bad": "mauvais"}
    monkeypatch.setattr(translation, "gettext", french.get)
    error = IpControlError("in %(name)s: %(why)s", name="x", why=IpControlError("bad"))
    assert translation.translated(error) == "in x: mauvais"
