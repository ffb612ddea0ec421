# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from ipcontrol_dashboard.host_groups.urls import urlpatterns
from tests.fuzz.dashboard import requests as hostile
from tests.unit.ipcontrol_dashboard.host_groups.pages import SCRIPTED, HostGroupsTest

TABS = ("host_groups__groups", "host_groups__hosts")


class HostileRequestsTest(HostGroupsTest):
    def setUp(self):
        super().setUp()
        self.three_groups()

    def test_no_field_makes_a_page_endless_late_or_an_error(self):
        faults = {}
        for name, form in hostile.forms(urlpatterns):
            arguments = () if name in ("create", "import") else (self.ops,)
            filled = {"name": "new", "hostname_prefix": "new", "subnets": "10.77.0.0/16"}
            if arguments:
                filled["seen"] = self.seen(name, self.ops)
            for label, data in hostile.fillings(form):
                told = hostile.fault(self.send, name, *arguments, **filled | data)
                faults |= {f"{name}, {label}": told} if told else {}
        assert faults == {}

    def test_no_parameter_makes_a_page_endless_late_or_an_error(self):
        faults = {}
        for tab in TABS:
            with hostile.asked_parameters() as names:
                self.index(tab=tab)
            for query in hostile.queries(names):
                url = f"{self.url('index')}?tab={tab}&{query}"
                told = hostile.fault(self.client.get, url, **SCRIPTED)
                faults |= {url[:99]: told} if told else {}
        assert faults == {}

    def test_no_filter_makes_a_page_endless_late_or_an_error(self):
        faults = {}
        for label, text in hostile.TEXTS.items():
            for name in ("groups__filter_groups__q",):
                told = hostile.fault(
                    self.client.post, self.url("index"), {name: text}, follow=True
                )
                faults |= {f"{name}: {label}": told} if told else {}
        assert faults == {}

    def test_no_number_makes_a_page_endless_late_or_an_error(self):
        faults = {}
        for number in ("0", "9" * 30, "9" * 5_000):
            for page in ("update", "make_default", "members", "delete"):
                url = f"{self.url('index')}{number}/{page}/"
                told = hostile.fault(self.client.get, url)
                faults |= {url[:99]: told} if told else {}
        assert faults == {}
