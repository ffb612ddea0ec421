# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import lxml.html

from tests.unit.ipcontrol_dashboard.host_groups.pages import HostGroupsTest


class UpdateTest(HostGroupsTest):
    def setUp(self):
        super().setUp()
        self.three_groups()
        self.before = self.seen("update", self.ops)

    def edit(self, number=None, **data):
        fields = {
            "name": "ops",
            "hostname_prefix": "ops",
            "subnets": "10.2.0.0/16\n10.1.9.0/24",
            "seen": self.before,
        }
        return self.send("update", number or self.ops, **fields | data)

    def test_the_form_opens_with_a_subnet_a_line(self):
        form = self.open("update", self.ops).context["form"]

        assert form["subnets"].value() == "10.2.0.0/16\n10.1.9.0/24"
        assert form["hostname_prefix"].value() == "ops"

    def test_opened_and_sent_unchanged_it_writes_nothing(self):
        subnets = [f"10.7.{number}.0/24" for number in range(60)]
        data = {"name": "many", "hostname_prefix": "many", "subnets": "\n".join(subnets)}
        self.send("create", **data)
        number = max(self.nova.aggregates)
        stored = dict(self.nova.metadata(number))
        form = self.open("update", number).context["form"]
        self.nova.calls.clear()

        self.send("update", number, **{name: form[name].value() for name in (*data, "seen")})

        assert "ipcontrol:subnets:3" in stored
        assert self.nova.metadata(number) == stored
        assert self.nova.calls == ["GET /os-aggregates"]

    def test_a_group_with_subnets_by_the_thousand_is_edited(self):
        many = [f"2001:db9:{number:x}::/48" for number in range(8_000)]
        self.edit(subnets="\n".join(many))
        form = self.open("update", self.ops).context["form"]

        response = self.edit(subnets="\n".join(many[1:]), seen=form["seen"].value())

        assert self.leads_back(response)
        stored = self.nova.metadata(self.ops)
        assert sum(value.count("/48") for value in stored.values()) == 7_999

    def test_a_name_that_horizon_shows_in_another_way_stays(self):
        number = self.nova.group("a{$b", "zoo", "10.9.0.0/16")
        page = lxml.html.fromstring(self.open("update", number).content)
        shown = page.get_element_by_id("id_name").value

        self.edit(
            number,
            name=shown,
            hostname_prefix="zoo",
            subnets="10.8.0.0/16",
            seen=self.seen("update", number),
        )

        assert shown != "a{$b"
        assert self.nova.aggregates[number]["name"] == "a{$b"
        assert self.nova.metadata(number)["ipcontrol:subnets"] == "10.8.0.0/16"

    def test_opening_the_form_reads_no_hosts(self):
        self.nova.calls.clear()

        self.open("update", self.ops)

        assert self.nova.calls == ["GET /os-aggregates"]

    def test_only_what_changed_is_written_and_other_peoples_keys_stay(self):
        self.nova.metadata(self.ops)["rack"] = "7"
        self.nova.calls.clear()

        self.edit(subnets="10.2.0.0/16")

        assert self.nova.metadata(self.ops) == {
            "ipcontrol:hostname_prefix": "ops",
            "ipcontrol:subnets": "10.2.0.0/16",
            "rack": "7",
        }
        assert self.nova.calls == ["GET /os-aggregates", f"POST /os-aggregates/{self.ops}/action"]
        assert self.said() == ["Saved host group ops."]

    def test_nothing_changed_is_no_write(self):
        self.nova.calls.clear()

        self.edit()

        assert self.nova.calls == ["GET /os-aggregates"]

    def test_a_new_name_renames_the_aggregate(self):
        self.edit(name="operations")

        assert self.nova.aggregates[self.ops]["name"] == "operations"

    def test_making_it_the_default_moves_that_off_the_other(self):
        self.edit(default="on")

        assert self.nova.metadata(self.ops)["ipcontrol:default"] == "true"
        assert "ipcontrol:default" not in self.nova.metadata(self.dev)

    def test_a_default_that_cannot_be_taken_off_the_other_is_told(self):
        self.nova.refuse("POST", f"/{self.dev}/action")

        self.edit(default="on")

        assert self.said()[1].startswith("dev is still marked as the default group as well")

    def test_its_own_subnets_and_name_are_not_taken_by_another(self):
        assert self.leads_back(self.edit())

    def test_a_name_of_another_group_is_refused(self):
        assert self.errors(self.edit(name="doc"), "name") != []

    def test_a_second_administrator_is_told_what_the_first_one_changed(self):
        self.nova.metadata(self.ops)["ipcontrol:subnets"] = "10.2.0.0/16, 10.3.0.0/16"

        page = self.edit(subnets="10.2.0.0/16\n10.99.0.0/16")

        first, *told = self.errors(page)
        assert "what you typed is still here" in first
        assert told == ["Added: 10.3.0.0/16.", "Removed: 10.1.9.0/24."]
        self.assertContains(page, "10.2.0.0/16\n10.99.0.0/16")
        assert self.nova.metadata(self.ops)["ipcontrol:subnets"] == "10.2.0.0/16, 10.3.0.0/16"

    def test_saving_once_more_writes_over_what_was_told(self):
        self.nova.metadata(self.ops)["ipcontrol:subnets"] = "10.3.0.0/16"
        page = self.edit(subnets="10.99.0.0/16")

        self.edit(subnets="10.99.0.0/16", seen=page.context["form"]["seen"].value())

        assert self.nova.metadata(self.ops)["ipcontrol:subnets"] == "10.99.0.0/16"

    def test_a_third_change_in_between_is_told_again(self):
        self.nova.metadata(self.ops)["ipcontrol:subnets"] = "10.3.0.0/16"
        page = self.edit(subnets="10.99.0.0/16")
        self.nova.metadata(self.ops)["ipcontrol:hostname_prefix"] = "op"

        page = self.edit(subnets="10.99.0.0/16", seen=page.context["form"]["seen"].value())

        assert "Its hostname prefix is op, no longer ops." in self.errors(page)

    def test_a_form_that_carries_nothing_is_not_believed(self):
        self.edit(seen="", subnets="10.99.0.0/16")

        assert "10.99" not in self.nova.metadata(self.ops)["ipcontrol:subnets"]

    def test_a_group_deleted_meanwhile_keeps_what_was_typed(self):
        del self.nova.aggregates[self.ops]

        page = self.edit(subnets="10.99.0.0/16")

        assert "deleted" in self.errors(page)[0]
        self.assertContains(page, "10.99.0.0/16")

    def test_a_group_that_is_gone_before_the_form_opens_is_told_and_leads_back(self):
        page = self.client.get(self.url("update", 99))

        self.assertContains(page, "somebody has deleted it.", status_code=404)
        self.assertContains(page, f'href="{self.url("index")}"', status_code=404)
        self.assertContains(page, "Back to the host groups", status_code=404)

    def test_nova_gone_before_the_form_opens_is_told_in_the_page_and_in_the_modal(self):
        self.nova.down = True

        page = self.client.get(self.url("update", self.ops))
        self.assertContains(page, "Nova does not answer at the moment", status_code=503)
        self.assertContains(self.open("update", self.ops), "Nova does not answer at the moment")

    def test_nova_gone_while_saving_keeps_what_was_typed(self):
        self.nova.down = True

        page = self.edit(subnets="10.99.0.0/16")

        assert self.errors(page)[0].startswith("Nothing was saved. Nova does not answer")
        self.assertContains(page, "10.99.0.0/16")

    def test_metadata_refused_keeps_what_was_typed(self):
        self.nova.refuse("POST", "/action")

        page = self.edit(subnets="10.99.0.0/16")

        assert self.errors(page) == [
            "Nothing was saved. You are not allowed to do this: your role does not permit it."
        ]
        self.assertContains(page, "10.99.0.0/16")

    def test_metadata_refused_after_the_name_was_saved_says_so(self):
        self.nova.refuse("POST", "/action", 500)
        page = self.edit(name="operations", subnets="10.99.0.0/16")

        assert self.errors(page)[0].startswith("The name was saved, the rest was not.")

        self.nova.refusals.clear()
        seen = page.context["form"]["seen"].value()
        response = self.edit(name="operations", subnets="10.99.0.0/16", seen=seen)
        assert self.leads_back(response)
        assert self.nova.metadata(self.ops)["ipcontrol:subnets"] == "10.99.0.0/16"

    def test_a_name_refused_leaves_the_rest_unwritten(self):
        self.nova.refuse("PUT", f"/{self.ops}", 409)

        self.edit(name="operations", subnets="10.99.0.0/16")

        assert "10.99" not in self.nova.metadata(self.ops)["ipcontrol:subnets"]

    def test_an_unfinished_group_is_finished_by_the_same_form(self):
        half = self.nova.aggregate("half", {})

        self.send(
            "update",
            half,
            name="half",
            hostname_prefix="half",
            subnets="10.50.0.0/16",
            seen=self.seen("update", half),
        )

        assert self.nova.metadata(half)["ipcontrol:hostname_prefix"] == "half"

    def test_what_cannot_be_read_is_mended_by_saving(self):
        self.nova.metadata(self.ops)["ipcontrol:subnets:3"] = "10.8.0.0/16, oops"

        self.edit(seen=self.seen("update", self.ops))

        assert "ipcontrol:subnets:3" not in self.nova.metadata(self.ops)

    def test_what_cannot_be_read_stands_in_the_form_and_is_told_with_its_line(self):
        self.nova.metadata(self.ops).update(
            {
                "ipcontrol:hostname_prefix": "ops*",
                "ipcontrol:subnets": "10.1.2.3/16, 10.2.0.0/16",
                "ipcontrol:subnets:2": "junk",
            }
        )
        form = self.open("update", self.ops).context["form"]
        shown = {name: form[name].value() for name in ("hostname_prefix", "subnets", "seen")}

        page = self.edit(**shown)

        assert shown["subnets"] == "10.1.2.3/16\n10.2.0.0/16\njunk"
        assert self.errors(page, "hostname_prefix") == ['"ops*" is not a hostname prefix: ops?']
        assert self.errors(page, "subnets") == [
            "Line 1: 10.1.2.3/16 has host bits set: 10.1.0.0/16?",
            'Line 3: "junk" is a name: write the address that it stands for.',
        ]
        assert self.nova.metadata(self.ops)["ipcontrol:subnets:2"] == "junk"

    def test_a_form_whose_lines_were_mended_is_saved(self):
        self.nova.metadata(self.ops)["ipcontrol:subnets"] = "10.1.2.3/16, 10.2.0.0/16"
        seen = self.seen("update", self.ops)
        page = self.edit(seen=seen, subnets="10.1.2.3/16\n10.2.0.0/16")
        seen = page.context["form"]["seen"].value()

        response = self.edit(seen=seen, subnets="10.3.0.0/16\n10.2.0.0/16")

        assert self.leads_back(response)
        assert self.nova.metadata(self.ops)["ipcontrol:subnets"] == "10.3.0.0/16, 10.2.0.0/16"

    def test_a_second_administrator_is_told_what_came_and_cannot_be_read(self):
        self.nova.metadata(self.ops)["ipcontrol:subnets"] += ", junk"

        assert self.errors(self.edit())[1:] == ["Unreadable, and added: junk."]
