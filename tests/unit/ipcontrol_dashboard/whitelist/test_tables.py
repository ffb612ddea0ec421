# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

import re
from html import unescape

from django.test.utils import override_settings

from tests.unit.ipcontrol_dashboard.whitelist.fakes import PanelTest


class ContainersTableTest(PanelTest):
    """Sends the form that stands around the table of containers."""

    def setUp(self):
        super().setUp()
        self.swift.stored |= {"docs": {"allow": "192.0.2.0/24"}, "other": {}}

    def filter_from(self, query: str, prefix: str):
        """Open a page of the table, fill in the filter and press its button."""
        page = self.page(self.url("index") + query)
        (action,) = re.findall(r'<form action="([^"]*)" method="POST">', page)
        data = {"containers__filter__q": prefix, "containers__filter__q_field": "prefix"}
        return self.client.post(unescape(action), data)

    def rights_column(self, response) -> str:
        return str(response.context["table"].columns["rights"])

    def test_filtering_keeps_the_tested_address(self):
        response = self.filter_from("?address=192.0.2.7", "d")
        self.assertRedirectsNoFollow(response, self.url("index") + "?address=192.0.2.7")
        shown = self.client.get(response["location"])
        assert [row.name for row in shown.context["table"].data] == ["docs"]
        assert self.rights_column(shown) == "192.0.2.7"

    def test_filtering_anew_for_the_same_keeps_the_tested_address(self):
        self.filter_from("?address=192.0.2.7", "d")
        response = self.filter_from("?address=192.0.2.7", "d")
        assert self.rights_column(response) == "192.0.2.7"

    @override_settings(API_RESULT_PAGE_SIZE=1)
    def test_filtering_leads_to_the_first_page(self):
        response = self.filter_from("?marker=docs&address=2001:db8::7", "o")
        self.assertRedirectsNoFollow(response, self.url("index") + "?address=2001%3Adb8%3A%3A7")

    def test_filtering_without_a_tested_address_adds_none(self):
        response = self.filter_from("", "d")
        self.assertRedirectsNoFollow(response, self.url("index"))
