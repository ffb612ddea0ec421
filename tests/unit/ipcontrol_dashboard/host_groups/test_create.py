# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0


from tests.unit.ipcontrol_dashboard.host_groups.pages import HostGroupsTest


class CreateTest(HostGroupsTest):
    def create(self, **data):
        fields = {"name": "doc", "hostname_prefix": "doc", "subnets": "10.1.0.0/16"}
        return self.send("create", **fields | data)

    def test_a_group_is_made(self):
        self.create(subnets="10.1.0.0/16\n2001:db8:1::/48")

        assert self.nova.aggregates[1]["name"] == "doc"
        assert self.nova.metadata(1) == {
            "ipcontrol:hostname_prefix": "doc",
            "ipcontrol:subnets": "10.1.0.0/16, 2001:db8:1::/48",
        }
        assert self.said() == ["Created host group doc."]

    def test_many_subnets_are_written_in_chunks(self):
        self.create(subnets="\n".join(f"10.{number}.0.0/16" for number in range(60)))

        chunks = [key for key in self.nova.metadata(1) if key.startswith("ipcontrol:subnets")]
        assert len(chunks) > 1
        assert all(len(value) <= 255 for value in self.nova.metadata(1).values())

    def test_every_wrong_line_is_told_and_what_was_typed_stays(self):
        page = self.create(subnets="10.1.2.3/16\n10.2.0.0/16\nlab")

        assert self.errors(page, "subnets") == [
            "Line 1: 10.1.2.3/16 has host bits set: 10.1.0.0/16?",
            'Line 3: "lab" is a name: write the address that it stands for.',
        ]
        self.assertContains(page, "10.1.2.3/16\n10.2.0.0/16\nlab")
        assert self.nova.aggregates == {}

    def test_a_subnet_of_another_group_is_refused_with_its_line(self):
        self.three_groups()

        page = self.create(name="new", subnets="10.7.0.0/16\n10.2.0.0/16")

        assert self.errors(page, "subnets") == ["Line 2: 10.2.0.0/16 belongs to ops already."]

    def test_a_subnet_inside_another_groups_is_fine(self):
        self.three_groups()

        assert self.leads_back(
            self.create(name="new", hostname_prefix="new", subnets="10.2.7.0/24")
        )

    def test_a_prefix_of_another_group_is_refused(self):
        self.three_groups()

        page = self.create(name="new", hostname_prefix="ops", subnets="")

        assert self.errors(page, "hostname_prefix") == ["ops is the prefix of ops already."]

    def test_a_prefix_inside_another_groups_is_fine(self):
        self.three_groups()

        assert self.leads_back(self.create(name="new", hostname_prefix="ops1", subnets=""))

    def test_a_name_that_is_taken_is_refused(self):
        self.nova.group("doc", "doc")

        page = self.create()

        assert self.errors(page, "name") == [
            "There is a host group of this name already: choose another one."
        ]

    def test_an_aggregate_of_the_name_becomes_the_group_only_after_a_second_sending(self):
        number = self.nova.aggregate("doc", {"rack": "7"}, hosts=["doc1"])

        page = self.create()

        assert "once more to make it one" in self.errors(page, "name")[0]
        assert self.nova.metadata(number) == {"rack": "7"}

        self.create(existing=page.context["form"]["existing"].value())

        assert list(self.nova.aggregates) == [number]
        assert self.nova.metadata(number) == {
            "rack": "7",
            "ipcontrol:hostname_prefix": "doc",
            "ipcontrol:subnets": "10.1.0.0/16",
        }

    def test_an_aggregate_that_became_a_group_meanwhile_is_left_alone(self):
        number = self.nova.group("doc", "doc", "10.9.0.0/16")

        page = self.create(existing=str(number))

        assert "There is a host group of this name already" in self.errors(page, "name")[0]
        assert self.nova.metadata(number)["ipcontrol:subnets"] == "10.9.0.0/16"

    def test_a_name_that_somebody_takes_at_the_last_moment_is_novas_sentence(self):
        self.nova.refuse("POST", "/os-aggregates", 409)

        page = self.create()

        assert self.errors(page) == [
            "Nothing was saved. Nova does not accept this change: Policy doesn't allow it"
        ]

    def test_a_prefix_is_needed(self):
        assert self.errors(self.create(hostname_prefix=""), "hostname_prefix") == [
            "This field is required."
        ]

    def test_the_default_moves_off_the_other_group(self):
        self.three_groups()

        self.create(name="new", hostname_prefix="new", default="on", subnets="")

        assert self.nova.metadata(4)["ipcontrol:default"] == "true"
        assert "ipcontrol:default" not in self.nova.metadata(self.dev)

    def test_nova_gone_keeps_what_was_typed(self):
        self.nova.down = True

        page = self.create()

        assert self.errors(page)[0].startswith("Nothing was saved. Nova does not answer")
        self.assertContains(page, "10.1.0.0/16")

    def test_refused_metadata_is_told_and_sending_again_finishes_the_same_aggregate(self):
        self.nova.refuse("POST", "/action", 500)
        page = self.create()

        assert self.errors(page)[0].startswith("The aggregate is there, but what makes it")
        unfinished = page.context["form"]["existing"].value()
        assert unfinished == "1"

        self.nova.refusals.clear()
        self.create(existing=unfinished, name="docs")

        assert list(self.nova.aggregates) == [1]
        assert self.nova.aggregates[1]["name"] == "docs"
        assert self.nova.metadata(1)["ipcontrol:hostname_prefix"] == "doc"

    def test_refused_again_the_same_aggregate_is_still_the_one_to_finish(self):
        self.nova.aggregate("doc", {})
        self.nova.refuse("POST", "/action", 500)

        page = self.create(existing="1")

        assert page.context["form"]["existing"].value() == "1"
        assert list(self.nova.aggregates) == [1]

    def test_an_aggregate_in_use_is_not_taken_for_an_unfinished_one(self):
        used = self.nova.aggregate("ssd", {"ssd": "true"})

        self.create(existing=str(used))

        assert self.nova.metadata(used) == {"ssd": "true"}
        assert self.nova.aggregates[2]["name"] == "doc"
