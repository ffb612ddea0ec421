# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

from django.test import override_settings

from tests.unit.ipcontrol_dashboard.host_groups.pages import HostGroupsTest

SCRIPT = "<script>alert(1)</script>"


class DeleteTest(HostGroupsTest):
    def setUp(self):
        super().setUp()
        self.three_groups()

    def page(self, number):
        return self.open("delete", number)

    def delete(self, number):
        return self.send("delete", number, seen=self.seen("delete", number))

    def test_the_page_says_what_becomes_of_addresses_hosts_and_instances(self):
        page = self.page(self.doc)

        assert page.context["consequences"] == [
            "Instances started from 10.1.0.0/16 and 2001:db8:1::/48 will start in dev.",
            "Then in no group: doc1 and doc2.",
            "The 2 instances there stay where they are.",
            "What is moved from there later may go to any host.",
            "The host aggregate doc is deleted.",
        ]

    def test_a_subnet_inside_another_groups_goes_to_that_group(self):
        sentences = self.page(self.ops).context["consequences"]

        assert sentences[:2] == [
            "Instances started from 10.2.0.0/16 will start in dev.",
            "Instances started from 10.1.9.0/24 will start in doc.",
        ]

    def test_a_subnet_inside_its_own_groups_goes_to_the_next_one_out(self):
        self.nova.metadata(self.ops)["ipcontrol:subnets"] = "10.1.8.0/23, 10.1.9.0/24"

        sentences = self.page(self.ops).context["consequences"]

        assert (
            sentences[0] == "Instances started from 10.1.8.0/23 and 10.1.9.0/24 will start in doc."
        )

    def test_a_subnet_that_another_group_has_too_goes_there(self):
        self.nova.group("zoo", "zoo", "10.2.0.0/16")

        sentences = self.page(self.ops).context["consequences"]

        assert "Instances started from 10.2.0.0/16 will start in zoo." in sentences

    def test_without_the_default_group_all_other_addresses_belong_to_none(self):
        sentences = self.page(self.dev).context["consequences"]

        assert sentences[0] == (
            "Instances started from all other addresses will start on any host: "
            "no group takes them."
        )

    @override_settings(IPCONTROL={"COUNTED_HOSTS": 0})
    def test_instances_that_are_not_counted_stay_where_they_are_too(self):
        sentences = self.page(self.doc).context["consequences"]

        assert "The instances there stay where they are." in sentences

    def test_with_unmapped_ungrouped_they_start_on_hosts_of_no_group(self):
        with override_settings(IPCONTROL={"UNMAPPED": "ungrouped"}):
            told = self.page(self.dev).context["consequences"]

        assert (
            "Instances started from all other addresses will start on hosts of no group: no group "
            "takes them."
        ) in told
        assert "What is moved from there later may go to other hosts of no group alone." in told

    @override_settings(IPCONTROL={"UNMAPPED": "none"})
    def test_with_unmapped_none_they_do_not_start(self):
        sentences = self.page(self.dev).context["consequences"]

        assert "will not start: no group takes them." in sentences[0]
        assert "other hosts of no group alone" in sentences[3]

    def test_hosts_whose_names_another_prefix_fits_go_to_that_group(self):
        self.nova.group("d", "d", "10.50.0.0/16")

        told = self.page(self.doc).context["consequences"]

        assert "Then in d: doc1 and doc2." in told
        assert "What is moved from there later may go to hosts of d alone." in told
        assert not any("no group" in text for text in told)

    def test_the_aggregate_goes_with_the_group(self):
        self.delete(self.doc)

        assert self.doc not in self.nova.aggregates
        assert self.said() == ["Deleted host group doc."]

    def test_of_an_aggregate_that_stays_mistyped_keys_go_too(self):
        self.nova.aggregates[self.doc]["hosts"] = ["doc1"]
        self.nova.metadata(self.doc)["ipcontrol:prefix"] = "doc"

        self.delete(self.doc)

        assert self.nova.metadata(self.doc) == {}

    def test_an_aggregate_that_serves_others_too_stays_without_its_group(self):
        self.nova.metadata(self.doc)["rack"] = "7"
        self.assertContains(self.page(self.doc), "The host aggregate doc stays")

        self.delete(self.doc)

        assert self.nova.metadata(self.doc) == {"rack": "7"}

    def test_an_aggregate_with_members_stays_for_nova_would_not_delete_it(self):
        self.nova.aggregates[self.doc]["hosts"] = ["doc1"]

        self.delete(self.doc)

        assert self.nova.metadata(self.doc) == {}
        assert self.nova.aggregates[self.doc]["hosts"] == ["doc1"]

    def test_an_unfinished_group_is_removed(self):
        half = self.nova.aggregate("half", {})

        self.delete(half)

        assert half not in self.nova.aggregates

    def test_a_group_that_somebody_changed_is_not_deleted_unseen(self):
        before = self.seen("delete", self.doc)
        self.nova.metadata(self.doc)["ipcontrol:subnets"] = "10.3.0.0/16"

        page = self.send("delete", self.doc, seen=before)

        assert self.doc in self.nova.aggregates
        assert "Added: 10.3.0.0/16." in self.errors(page)
        self.assertContains(page, "Instances started from 10.3.0.0/16 will start in dev.")

    def test_refused_it_stays_and_the_page_says_why(self):
        self.nova.refuse("DELETE", f"/{self.doc}")

        page = self.delete(self.doc)

        assert self.doc in self.nova.aggregates
        assert self.errors(page)[0].startswith("Nothing was saved. You are not allowed")

    def test_nova_gone_is_a_sentence(self):
        before = self.seen("delete", self.doc)
        self.nova.down = True

        page = self.send("delete", self.doc, seen=before)

        assert self.errors(page)[0].startswith("Nothing was saved. Nova does not answer")

    def test_a_name_is_never_markup(self):
        number = self.nova.group(SCRIPT, "x", "10.9.0.0/16")

        self.assertNotContains(self.page(number), SCRIPT)
