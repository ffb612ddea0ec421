# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The panel's pages, called as an administrator at a browser.

Most are called as Horizon's scripts call them, for a tab or a form without the
page around it, which takes most of the time to make.
"""

from unittest import mock

from django.urls import reverse
from openstack_dashboard.api import _nova
from openstack_dashboard.test import helpers

from tests.unit.ipcontrol_dashboard.host_groups.fake_nova import FakeNova
from tests.unit.ipcontrol_dashboard.quick_pages import QuickPages

CALLER = "10.1.1.1"
SCRIPTED = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}


class HostGroupsTest(QuickPages, helpers.BaseAdminViewTests):
    def setUp(self):
        super().setUp()
        self.nova = FakeNova()
        patch = mock.patch.object(_nova, "novaclient", self.client_of_nova)
        patch.start()
        self.addCleanup(patch.stop)
        self.client.defaults["REMOTE_ADDR"] = CALLER

    def client_of_nova(self, request, version="2.1"):
        return self.nova.client(version)

    def three_groups(self):
        """doc and ops with two hosts each, dev as the default, and a host in no group."""
        self.doc = self.nova.group("doc", "doc", "10.1.0.0/16, 2001:db8:1::/48")
        self.ops = self.nova.group("ops", "ops", "10.2.0.0/16, 10.1.9.0/24")
        self.dev = self.nova.group("dev", "dev", default=True)
        self.nova.host("doc1", "a", "b")
        self.nova.host("doc2")
        self.nova.host("ops1", "c")
        self.nova.host("ops2", state="down")
        self.nova.host("dev1", "d")
        self.nova.host("gpu1", "e")

    def url(self, name: str, *args) -> str:
        return reverse(f"horizon:admin:host_groups:{name}", args=args)

    def index(self, **query):
        """The tab of groups."""
        query.setdefault("tab", "host_groups__groups")
        response = self.client.get(self.url("index"), query, **SCRIPTED)
        assert response.status_code == 200
        return response

    def hosts_tab(self, **query):
        return self.index(**{"tab": "host_groups__hosts"} | query)

    def open(self, page: str, *args):
        """A form as somebody opens it."""
        return self.client.get(self.url(page, *args), **SCRIPTED)

    def seen(self, page: str, number: int) -> str:
        """What the form of a group carries then."""
        return self.open(page, number).context["form"]["seen"].value()

    def send(self, page: str, /, *args, **data):
        """A form's answer."""
        return self.client.post(self.url(page, *args), data, **SCRIPTED)

    def leads_back(self, response) -> bool:
        """Whether a form was taken, and leads back to the list."""
        return response.headers.get("X-Horizon-Location") == self.url("index")

    def errors(self, response, field: str = "__all__") -> list[str]:
        return list(response.context["form"].errors.get(field, []))

    def said(self) -> list[str]:
        """The messages on the next page."""
        return [str(message) for message in self.client.get(self.url("index")).context["messages"]]
