# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from urllib.parse import parse_qsl

import lxml.html
from django.test import override_settings

from tests.unit.ipcontrol_dashboard.host_groups.pages import HostGroupsTest


class HostsTab(HostGroupsTest):
    def setUp(self):
        super().setUp()
        self.three_groups()

    def hosts(self, **query):
        page = self.hosts_tab(**query)
        return {placed.name: placed for placed in page.context["hosts_table"].data}

    def misplaced(self, host):
        placed = self.hosts()[host]
        return [one.name for one in placed.strays] + [one.instance.name for one in placed.arrivals]

    def counts(self):
        choices = self.hosts_tab().context["choices"]
        return {str(choice["show"]): choice["count"] for choice in choices}


class PlacementTest(HostsTab):
    def test_each_host_shows_its_group_state_and_instances(self):
        page = self.hosts_tab()

        self.assertContains(page, "in no group")
        assert self.hosts()["doc1"].host.group == "doc"
        assert self.hosts()["doc1"].host.instances == 2

    def test_an_instance_on_a_host_of_no_group_is_out_of_place(self):
        assert self.misplaced("gpu1") == ["e"]

    def test_without_any_group_no_instance_is_out_of_place(self):
        self.nova.aggregates.clear()

        assert self.misplaced("gpu1") == []

    def test_an_instance_that_never_moved_is_in_place(self):
        assert self.misplaced("doc1") == []

    def test_an_instance_out_of_another_group_is_out_of_place(self):
        self.nova.moved("a", "ops1", "doc1")

        assert self.misplaced("doc1") == ["a"]
        self.assertContains(self.hosts_tab(), "moved here from ops1 of ops")

    def test_an_instance_moved_within_its_group_is_in_place(self):
        self.nova.moved("a", "doc2", "doc1")

        assert self.misplaced("doc1") == []

    def test_an_instance_that_came_back_is_in_place(self):
        self.nova.moved("a", "doc2", "ops1")
        self.nova.moved("a", "ops1", "doc1")

        assert self.misplaced("doc1") == []

    def test_an_instance_out_of_no_group_is_in_place(self):
        self.nova.moved("a", "gpu1", "doc1")

        assert self.misplaced("doc1") == []

    def test_the_page_says_what_is_not_known(self):
        self.assertContains(self.hosts_tab(), "Nova does not keep the address")

    def test_the_names_of_instances_are_links_and_text(self):
        self.nova.instances["gpu1"] = ["<b>vm"]

        page = self.hosts_tab()

        self.assertContains(page, "&lt;b&gt;vm")
        self.assertNotContains(page, "<b>vm")
        self.assertContains(page, "/admin/instances/uuid-%3Cb%3Evm/detail")

    def test_many_instances_out_of_place_are_counted(self):
        self.nova.instances["gpu1"] = [f"vm{number}" for number in range(20)]

        self.assertContains(self.hosts_tab(), "and 12 more")

    def test_a_disabled_host_says_why(self):
        self.nova.host("doc3", status="disabled", reason="<i>disk</i>")

        self.assertContains(self.hosts_tab(), "disabled: &lt;i&gt;disk&lt;/i&gt;")

    def test_moves_that_nova_does_not_tell_are_said_to_be_unknown(self):
        self.nova.refuse("GET", "/os-migrations")

        page = self.hosts_tab()

        self.assertContains(page, "Earlier moves of instances are not known.")
        self.assertContains(page, "doc1")

    def test_instances_that_nova_does_not_tell_are_said_to_be_unknown(self):
        self.nova.refuse("GET", "/servers")

        page = self.hosts_tab()

        self.assertContains(page, "The instances are not known.")
        self.assertContains(page, "not known")

    def test_hosts_that_nova_does_not_tell_are_a_sentence_and_no_table(self):
        self.nova.refuse("GET", "/os-services", 500)

        page = self.hosts_tab()

        self.assertContains(page, "The hosts cannot be shown. ")
        self.assertContains(page, "HTTP 500")
        self.assertNotContains(page, 'id="hosts"')

    def test_instances_out_of_place_among_too_few_known_moves_are_in_place(self):
        self.nova.moved("a", "ops1", "doc1")
        self.nova.refuse("GET", "/os-migrations")

        assert self.misplaced("doc1") == []

    def test_the_groups_are_not_fetched_with_it(self):
        self.client.get(self.url("index"), {"tab": "host_groups__hosts"})

        assert self.nova.calls.count("GET /os-services") == 1

    def test_it_is_fetched_only_when_somebody_looks(self):
        self.index()

        assert "GET /os-migrations" not in self.nova.calls


class ChoiceOfHostsTest(HostsTab):
    def test_the_text_is_looked_for_in_hosts_and_groups(self):
        assert list(self.hosts(text="OPS")) == ["ops1", "ops2"]
        assert list(self.hosts(text="no group")) == ["gpu1"]
        assert list(self.hosts(text="c2")) == ["doc2"]

    def test_hosts_of_no_group_are_a_choice(self):
        assert list(self.hosts(show="no-group")) == ["gpu1"]

    def test_hosts_that_are_down_or_disabled_are_a_choice(self):
        self.nova.host("doc3", status="disabled")

        assert list(self.hosts(show="not-ready")) == ["doc3", "ops2"]

    def test_hosts_that_instances_were_moved_to_from_another_group_are_a_choice(self):
        self.nova.moved("a", "ops1", "doc1")
        self.nova.moved("c", "ops2", "ops1")
        self.nova.moved("x", "doc1", "dev1")
        self.nova.moved("x", "dev1", "doc2")

        assert list(self.hosts(show="moved-in")) == ["doc1"]

    def test_choice_and_text_narrow_each_other(self):
        self.nova.host("doc3", status="disabled")

        assert list(self.hosts(show="not-ready", text="doc")) == ["doc3"]

    def test_each_choice_says_how_many_hosts_it_shows(self):
        self.nova.moved("a", "ops1", "doc1")

        assert self.counts() == {"all": 6, "no-group": 1, "not-ready": 1, "moved-in": 1}

    def test_an_unknown_choice_shows_all(self):
        assert len(self.hosts(show="<b>")) == 6

    def test_what_was_typed_is_in_the_field_and_is_text(self):
        self.assertContains(self.hosts_tab(text='"><b>'), 'value="&quot;&gt;&lt;b&gt;"')


@override_settings(API_RESULT_PAGE_SIZE=2)
class PagesOfHostsTest(HostsTab):
    def walk(self, link, **query):
        """The names on each page, from one to the next by a link as long as there is one."""
        pages = []
        while query is not None:
            page = self.hosts_tab(**query)
            pages.append([placed.name for placed in page.context["hosts_table"].data])
            links = lxml.html.fromstring(page.content).xpath("//tfoot//a")
            found = [one.get("href") for one in links if link in one.text_content()]
            query = dict(parse_qsl(found[0].removeprefix("?"))) if found else None
        return pages

    def test_each_host_is_on_one_page(self):
        assert self.walk("Next") == [["dev1", "doc1"], ["doc2", "gpu1"], ["ops1", "ops2"]]

    def test_the_way_back_shows_the_same_pages(self):
        assert self.walk("Prev", hosts_marker="gpu1") == [
            ["ops1", "ops2"],
            ["doc2", "gpu1"],
            ["dev1", "doc1"],
        ]

    def test_the_next_page_is_of_the_same_choice_and_text(self):
        self.nova.host("doc3", state="down")
        self.nova.host("doc4", state="down")

        assert self.walk("Next", show="not-ready") == [["doc3", "doc4"], ["ops2"]]
        assert self.walk("Next", text="doc") == [["doc1", "doc2"], ["doc3", "doc4"]]

    def test_a_page_after_a_host_that_is_gone_goes_on_where_that_stood(self):
        assert self.walk("Next", hosts_marker="doc1x")[0] == ["doc2", "gpu1"]

    def test_instances_are_asked_for_on_the_hosts_of_the_page_alone(self):
        self.hosts_tab()

        assert self.nova.calls.count("GET /servers") == 3
