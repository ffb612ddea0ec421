# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from unittest import mock

from ipcontrol_dashboard.host_groups import confirm_forms
from tests.unit.ipcontrol_dashboard.host_groups.pages import HostGroupsTest


class MembersTest(HostGroupsTest):
    def setUp(self):
        super().setUp()
        self.three_groups()

    def add(self):
        return self.send("members", self.doc, seen=self.seen("members", self.doc))

    def test_an_aggregate_without_members_is_no_matter(self):
        self.assertNotContains(self.index(), "of the aggregate")

    def test_a_host_that_is_no_member_while_others_are_is_told(self):
        self.nova.aggregates[self.doc]["hosts"] = ["doc1"]

        self.assertContains(self.index(), "doc2 is not a member of the aggregate")

    def test_the_action_shows_only_where_hosts_are_missing(self):
        self.nova.aggregates[self.doc]["hosts"] = ["doc1", "doc2"]

        page = self.index()

        self.assertNotContains(page, self.url("members", self.doc))
        self.assertContains(page, self.url("members", self.ops))

    def test_the_page_names_the_hosts(self):
        self.assertContains(
            self.open("members", self.doc),
            "These become members of the host aggregate doc: doc1 and doc2.",
        )

    def test_the_missing_hosts_become_members_and_others_stay(self):
        self.nova.aggregates[self.doc]["hosts"] = ["elsewhere", "doc1"]

        self.add()

        assert self.nova.aggregates[self.doc]["hosts"] == ["elsewhere", "doc1", "doc2"]
        assert self.said() == ["Added to the host aggregate doc: doc2."]

    def test_hosts_of_another_groups_longer_prefix_do_not_become_members(self):
        self.nova.group("second", "doc2", "10.50.0.0/16")

        self.add()

        assert self.nova.aggregates[self.doc]["hosts"] == ["doc1"]

    def test_a_refusal_half_way_says_what_was_done(self):
        seen = self.seen("members", self.doc)
        self.nova.refused_hosts = {"doc2"}

        page = self.send("members", self.doc, seen=seen)

        assert self.errors(page) == [
            (
                "Added: doc1. The others were not added. "
                "Nova does not accept this change: Cannot add host doc2: it is in another availability zone."
            )
        ]

    def test_what_takes_long_is_broken_off_and_gone_on_with(self):
        with mock.patch.object(confirm_forms, "ADDING_SECONDS", -1):
            page = self.add()

        assert self.errors(page) == [
            "0 of 2 hosts are added. Nova takes them one by one: send the form once more to go on."
        ]
        assert self.leads_back(self.add())
        assert self.nova.aggregates[self.doc]["hosts"] == ["doc1", "doc2"]

    def test_hosts_that_nova_does_not_tell_are_a_sentence(self):
        seen = self.seen("members", self.doc)
        self.nova.refuse("GET", "/os-services", 500)

        page = self.send("members", self.doc, seen=seen)

        assert "HTTP 500" in self.errors(page)[0]
