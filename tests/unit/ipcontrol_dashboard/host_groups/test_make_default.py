# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0


from tests.unit.ipcontrol_dashboard.host_groups.pages import HostGroupsTest


class MakeDefaultTest(HostGroupsTest):
    def setUp(self):
        super().setUp()
        self.three_groups()

    def make(self, number):
        return self.send("make_default", number, seen=self.seen("make_default", number))

    def test_the_page_says_what_it_means(self):
        page = self.open("make_default", self.doc)

        self.assertContains(page, "any address that no subnet holds will start in doc.")
        self.assertContains(page, "Until now they started in dev.")

    def test_the_page_says_what_was_so_without_a_default(self):
        del self.nova.aggregates[self.dev]

        page = self.open("make_default", self.doc)

        self.assertContains(page, "Until now they started on any host")

    def test_it_moves_off_the_other_group(self):
        self.make(self.doc)

        assert self.nova.metadata(self.doc)["ipcontrol:default"] == "true"
        assert "ipcontrol:default" not in self.nova.metadata(self.dev)
        assert self.said() == ["doc is the default group now."]

    def test_there_is_a_default_group_at_every_moment(self):
        self.nova.calls.clear()
        self.make(self.doc)

        writes = [call for call in self.nova.calls if call.startswith("POST")]
        assert writes == [
            f"POST /os-aggregates/{self.doc}/action",
            f"POST /os-aggregates/{self.dev}/action",
        ]

    def test_refused_it_stays_where_it_was(self):
        self.nova.refuse("POST", f"/{self.doc}/action")

        page = self.make(self.doc)

        assert self.errors(page)[0].startswith("Nothing was saved.")
        assert self.nova.metadata(self.dev)["ipcontrol:default"] == "true"
        self.assertContains(page, "Until now they started in dev.")

    def test_every_other_mark_is_taken_away(self):
        third = self.nova.group("x", "x", default=True)

        self.make(self.doc)

        assert "ipcontrol:default" not in self.nova.metadata(third)
        assert "ipcontrol:default" not in self.nova.metadata(self.dev)
