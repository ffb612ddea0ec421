# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

from django.test import override_settings

from tests.unit.ipcontrol_dashboard.host_groups.pages import CALLER, HostGroupsTest

SCRIPT = "<script>alert(1)</script>"


class IndexTest(HostGroupsTest):
    def test_the_page_stands_in_the_dashboard_for_administrators(self):
        page = self.client.get(self.url("index"))

        self.assertContains(page, "<h1>Host Groups</h1>")
        self.assertContains(page, "There is no host group yet")

    def test_three_calls_make_the_page_however_many_groups_there_are(self):
        for number in range(100):
            self.nova.group(f"g{number}", f"h{number}-", f"10.{number}.0.0/16")
            self.nova.host(f"h{number}-1")

        self.index(address="10.7.0.1")

        assert self.nova.calls == [
            "GET /os-aggregates",
            "GET /os-services",
            "GET /os-hypervisors/detail",
        ]

    @override_settings(IPCONTROL={"COUNTED_HOSTS": 5})
    def test_on_more_hosts_than_the_settings_say_instances_are_not_counted(self):
        self.three_groups()

        page = self.index()

        assert "GET /os-hypervisors/detail" not in self.nova.calls
        self.assertContains(page, "Instances are counted on up to 5 hosts")
        self.assertContains(page, "not known")

    @override_settings(IPCONTROL={"COUNTED_HOSTS": 6})
    def test_on_as_many_they_are(self):
        self.three_groups()

        page = self.index()

        assert "GET /os-hypervisors/detail" in self.nova.calls
        self.assertNotContains(page, "Instances are counted on up to")

    def test_picture_and_table_show_the_groups(self):
        self.three_groups()

        page = self.index()

        self.assertContains(page, "ipcontrol-picture")
        assert [row.name for row in page.context["groups_table"].data] == ["dev", "doc", "ops"]
        self.assertContains(page, "1 of 2 up")
        self.assertContains(page, "10.1.9.0/24 is taken out of doc&#x27;s 10.1.0.0/16.")

    def test_the_picture_has_its_text_beside_it(self):
        self.three_groups()

        self.assertContains(self.index(), "ops takes 10.2.0.0/16 and 10.1.9.0/24.")

    def test_without_groups_the_page_says_what_that_means(self):
        page = self.index()

        self.assertContains(page, "an instance may start on any host")
        self.assertNotContains(page, "ipcontrol-picture")
        self.assertContains(page, "Create Host Group")

    @override_settings(IPCONTROL={"UNMAPPED": "none"})
    def test_without_groups_and_unmapped_none_the_page_says_that_nothing_starts(self):
        self.assertContains(self.index(), "no instance can start")

    def test_nova_gone_is_a_sentence_and_no_empty_table(self):
        self.nova.down = True

        page = self.index()

        self.assertContains(
            page, "The host groups cannot be shown. Nova does not answer at the moment."
        )
        self.assertNotContains(page, "Create Host Group")

    def test_a_token_that_expired_leads_to_the_login(self):
        self.nova.refuse("GET", "/os-aggregates", 401)

        response = self.client.get(self.url("index"))

        assert response.status_code == 302
        assert "/auth/login/?next=" in response.url

    def test_hosts_refused_leave_the_groups_on_the_page(self):
        self.three_groups()
        self.nova.refuse("GET", "/os-services")

        page = self.index()

        self.assertContains(page, "The hosts are not known.")
        self.assertContains(page, "10.1.9.0/24")
        self.assertNotContains(page, "name begins with")

    def test_instances_refused_leave_the_hosts_on_the_page(self):
        self.three_groups()
        self.nova.refuse("GET", "/os-hypervisors/detail", 500)

        page = self.index()

        self.assertContains(page, "The numbers of instances are not known.")
        self.assertContains(page, "1 of 2 up")

    def test_what_other_hands_wrote_is_complained_about_and_never_markup(self):
        self.nova.group(
            SCRIPT, "x", f"10.1.2.3/16, {SCRIPT}", metadata={f"ipcontrol:{SCRIPT}": ""}
        )

        page = self.index()

        self.assertNotContains(page, SCRIPT)
        self.assertContains(page, "&lt;script&gt;alert(1)&lt;/script&gt;")
        self.assertContains(page, "10.1.2.3/16 has host bits set: 10.1.0.0/16?")

    def test_host_names_and_reasons_are_never_markup(self):
        self.nova.group("doc", "doc")
        self.nova.host(f"doc{SCRIPT}", status="disabled", reason=SCRIPT)

        self.assertNotContains(self.index(), SCRIPT)

    def test_an_unfinished_group_can_be_finished_or_deleted(self):
        number = self.nova.aggregate("half", {})

        page = self.index()

        self.assertContains(page, "the creation of a host group that stopped half-way")
        self.assertContains(page, self.url("update", number))
        self.assertContains(page, self.url("delete", number))
        self.assertNotContains(page, self.url("make_default", number))

    def test_the_default_group_cannot_be_made_the_default(self):
        self.three_groups()

        page = self.index()

        self.assertContains(page, self.url("make_default", self.doc))
        self.assertNotContains(page, self.url("make_default", self.dev))

    def test_of_two_defaults_either_can_be_made_the_only_one(self):
        numbers = [self.nova.group(name, name, default=True) for name in ("a", "b")]

        page = self.index()

        for number in numbers:
            self.assertContains(page, self.url("make_default", number))

    def test_many_subnets_are_counted_in_the_table(self):
        self.nova.group("doc", "doc", ", ".join(f"10.{n}.0.0/16" for n in range(14)))

        self.assertContains(self.index(), "and 2 more subnets")

    def test_an_aggregate_with_mistyped_keys_alone_is_shown_and_told_of(self):
        number = self.nova.group("typo")
        self.nova.metadata(number)["ipcontrol:prefix"] = "doc"

        page = self.index()

        self.assertContains(page, "No host belongs to typo, because ipcontrol:hostname_prefix")
        self.assertContains(page, "ipcontrol:prefix of typo has no effect")

    def test_a_host_that_a_prefix_takes_by_accident_is_told_of(self):
        self.three_groups()
        self.nova.host("docker1")

        self.assertContains(self.index(), "The prefix doc of doc also takes docker1.")

    def test_the_filter_looks_at_names_prefixes_and_subnets(self):
        self.three_groups()
        table = self.index().context["groups_table"]
        action = table.base_actions["filter_groups"]

        def found(text):
            return [row.name for row in action.filter(table, table.data, text)]

        assert found("DEV") == ["dev"]
        assert found("10.1.") == ["doc", "ops"]
        assert found("192") == []


class TryTest(HostGroupsTest):
    def setUp(self):
        super().setUp()
        self.three_groups()

    def test_the_answer_stands_on_the_page_and_in_the_picture(self):
        page = self.index(address="10.1.9.7")

        self.assertContains(page, "10.1.9.7 matches 10.1.9.0/24 (inside doc&#x27;s 10.1.0.0/16)")
        self.assertContains(page, "Candidates now: ops1; ops2 is down.")
        self.assertContains(page, "ipcontrol-match")
        self.assertContains(page, 'value="10.1.9.7"')

    def test_nothing_is_marked_before_an_address_is_tried(self):
        self.assertNotContains(self.index(), "ipcontrol-match")

    def test_a_wrong_address_is_kept_and_the_mend_suggested(self):
        page = self.index(address="10.1.9.7/16")

        self.assertContains(page, "10.1.9.7/16 is a network, not one address: 10.1.9.7?")
        self.assertContains(page, 'value="10.1.9.7/16"')
        self.assertContains(page, "ipcontrol-picture")

    def test_what_was_typed_is_never_markup(self):
        self.assertNotContains(self.index(address=SCRIPT), SCRIPT)

    def test_the_callers_own_address_can_be_tried(self):
        self.assertContains(self.index(), f"address={CALLER}")

    def test_an_answer_is_given_without_any_group(self):
        self.nova.aggregates.clear()

        self.assertContains(self.index(address="10.1.9.7"), "start on any host")

    @override_settings(IPCONTROL={"UNMAPPED": "none"})
    def test_the_operators_policy_answers_for_an_address_of_no_group(self):
        del self.nova.aggregates[self.dev]

        self.assertContains(self.index(address="192.0.2.1"), "do not start at all")
