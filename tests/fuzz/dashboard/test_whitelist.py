# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from urllib.parse import quote

from ipcontrol_dashboard.whitelist.urls import urlpatterns
from tests.fuzz.dashboard import requests as hostile
from tests.unit.ipcontrol_dashboard.whitelist.fakes import PanelTest

SCRIPTED = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}
FILLED = {
    "label": "new",
    "networks": "203.0.113.0/24",
    "rights": "write",
    "entries": "allow-lab",
    "containers": "other",
    "existing": "keep",
    "name": "home",
    "container": "docs",
}
CONTAINERS = (
    "a\r\nX-Confirm-Lockout: true",
    "a\0b",
    "a" * 1_000,
    "a" * 60_000,
    "a" + "_segments" * 1_500,
    "\udcff",
    "..",
    '"<&>' * 250,
)


class HostileRequestsTest(PanelTest):
    def setUp(self):
        super().setUp()
        self.swift.stored["docs"] = {"allow-lab": "10.0.0.0/8"}
        self.swift.stored["other"] = {}
        self.swift.stored[None] = {"network-office": "10.0.0.0/8"}

    def test_no_field_makes_a_page_endless_late_or_an_error(self):
        faults = {}
        for name, form in hostile.forms(urlpatterns):
            url = self.form_url(name)
            for label, data in hostile.fillings(form):
                told = hostile.fault(self.client.post, url, FILLED | data, **SCRIPTED)
                faults |= {f"{name}, {label}": told} if told else {}
        assert faults == {}

    def test_no_field_makes_a_forecast_endless_late_or_an_error(self):
        faults, asked = {}, {"forecast": "script"}
        for name, form in hostile.forms(urlpatterns):
            url = self.form_url(name)
            for label, data in hostile.fillings(form):
                told = hostile.fault(self.client.post, url, FILLED | data | asked)
                faults |= {f"{name}, {label}": told} if told else {}
        assert faults == {}
        assert self.swift.written == []

    def test_no_parameter_makes_a_page_endless_late_or_an_error(self):
        faults, asked = {}, set()
        networks = ("networks", "network_edit", "network_delete", "dependents")
        for url in (self.url("index"), *map(self.url, networks), *self.pages_of("docs")):
            with hostile.asked_parameters() as names:
                self.client.get(f"{url}?address=10.0.0.1", **SCRIPTED)
            asked |= names
            for query in hostile.queries(names):
                told = hostile.fault(self.client.get, f"{url}?{query}", **SCRIPTED)
                faults |= {f"{url}?{query[:99]}": told} if told else {}
        assert {"address", "method", "item", "marker", "name", "after", "of"} <= asked
        assert faults == {}

    def test_no_filter_makes_a_page_endless_late_or_an_error(self):
        faults = {}
        for label, text in hostile.TEXTS.items():
            for name in (
                "containers__filter__q",
                "containers__filter__q_field",
            ):
                told = hostile.fault(
                    self.client.post, self.url("index"), {name: text}, follow=True
                )
                faults |= {f"{name}: {label}": told} if told else {}
        assert faults == {}

    def test_no_containers_name_makes_a_page_endless_late_or_an_error(self):
        faults = {}
        for name in CONTAINERS:
            for url in self.pages_of(name):
                told = hostile.fault(self.client.get, url, **SCRIPTED)
                faults |= {url[:200]: told} if told else {}
        assert faults == {}

    def form_url(self, name: str) -> str:
        if name.startswith("network"):
            return self.url(name) + "?name=office"
        return self.url(name, "docs") + "?item=allow-lab"

    def pages_of(self, container: str) -> list[str]:
        prefix = (
            self.url("index")
            + "container/"
            + quote(container, safe="", errors="surrogateescape")
            + "/"
        )
        return [
            prefix + str(pattern.pattern).partition(">/")[2]
            for pattern in urlpatterns
            if pattern.name.startswith("container")
        ]
