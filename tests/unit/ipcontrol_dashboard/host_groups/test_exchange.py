# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ipcontrol_dashboard.host_groups import exchange
from tests.unit.ipcontrol_dashboard.host_groups.clouds import three
from tests.unit.ipcontrol_dashboard.host_groups.pages import HostGroupsTest


def text(*groups):
    return json.dumps({"host_groups": list(groups)})


def faults(content):
    with pytest.raises(exchange.FileError) as caught:
        exchange.load(content)
    return caught.value.sentences


DOC = {"name": "doc", "hostname_prefix": "doc", "subnets": ["10.1.0.0/16"], "default": False}
NEW = DOC | {"name": "new", "hostname_prefix": "new"}


def test_what_was_written_is_read_back():
    groups = three().map.groups

    assert exchange.load(exchange.dump(groups)) == list(groups)


def test_a_file_that_is_no_json_names_the_line():
    assert faults('{\n"host_groups": [}\n') == ["Line 2 is not JSON as Export writes it."]


@pytest.mark.parametrize("content", ["[]", "1", '"x"', "{}", '{"host_groups": {}}', "null"])
def test_another_json_is_told_apart(content):
    assert "no list" in faults(content)[0]


def test_every_fault_is_told_with_its_group():
    bad = DOC | {"hostname_prefix": "doc*", "subnets": ["10.1.2.3/16", "lab"]}

    assert faults(text(DOC | {"name": "a"}, bad)) == [
        'Group 2: "doc*" is not a hostname prefix: doc?',
        "Group 2: 10.1.2.3/16 has host bits set: 10.1.0.0/16?",
        'Group 2: "lab" is a name: write the address that it stands for.',
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"name": 7},
        {"name": " "},
        {"default": "yes"},
        {"subnets": "10.0.0.0/8"},
        {"hostname_prefix": 7},
        {"colour": "red"},
        {"subnets": [7]},
    ],
)
def test_a_group_of_another_shape_is_refused(change):
    assert faults(text(DOC | change))


@pytest.mark.usefixtures("without_collection")
@pytest.mark.parametrize(
    "content",
    [
        '{"host_groups": ' + "1" * 5_000 + "}",
        '{"host_groups":' + "[" * 100_000,
        r'{"host_groups": [{"name": "\ud800"}]}',
    ],
    ids=["a number without end", "brackets without end", "half a character"],
)
def test_what_nobody_can_read_or_show_is_a_sentence(content):
    (told,) = faults(content)
    assert told.endswith("as Export writes it.")


def test_of_many_faults_some_are_told_and_the_rest_counted():
    told = faults(text(*(["x"] * 600), DOC | {"subnets": ["x"] * 642}))
    assert [sentence.partition(":")[0] for sentence in told[:8]] == [
        f"Group {number}" for number in range(1, 9)
    ]
    assert told[8:] == ["And 1,234 more."]


def test_more_groups_than_anybody_looks_through_are_counted_alone():
    assert faults(text(*([DOC] * 1_001))) == [
        "These are 1,001 groups: import no more than 1,000 at a time."
    ]


def test_a_name_longer_than_novas_is_refused():
    (told,) = faults(text(DOC | {"name": "x" * 256}))
    assert told == "Group 1: its name has more than 255 characters."


def test_the_same_name_twice_and_two_defaults_are_refused():
    twice = DOC | {"default": True}

    assert faults(text(twice, twice)) == [
        "doc is in the file more than once.",
        "More than one group in the file is the default.",
    ]


class ImportTest(HostGroupsTest):
    def setUp(self):
        super().setUp()
        self.three_groups()

    def preview(self, content, **more):
        return self.send("import", text=content, **more)

    def do(self, content):
        page = self.preview(content)
        return self.send("import", text=content, seen=page.context["form"]["seen"].value())

    def test_the_map_is_sent_as_a_file(self):
        response = self.client.get(self.url("export"))

        assert 'filename="host-groups.json"' in response["Content-Disposition"]
        assert [group.name for group in exchange.load(response.content.decode())] == [
            "dev",
            "doc",
            "ops",
        ]

    def test_an_export_that_nova_does_not_give_is_told_and_leads_back(self):
        self.nova.down = True

        page = self.client.get(self.url("export"))
        self.assertContains(page, "Nova does not answer at the moment", status_code=503)
        self.assertContains(page, "Back to the host groups", status_code=503)

    def test_the_first_sending_shows_what_would_change_and_writes_nothing(self):
        before = json.dumps(self.nova.aggregates)

        page = self.preview(text(DOC | {"subnets": ["10.9.0.0/16"]}, NEW))

        self.assertContains(page, "Added: 10.9.0.0/16.")
        self.assertContains(page, "Removed: 10.1.0.0/16")
        self.assertContains(page, "is created, with new* and 10.1.0.0/16.")
        assert json.dumps(self.nova.aggregates) == before

    def test_the_second_sending_writes_it(self):
        self.do(text(DOC | {"subnets": ["10.9.0.0/16"]}, NEW))

        assert self.nova.metadata(self.doc)["ipcontrol:subnets"] == "10.9.0.0/16"
        assert self.nova.aggregates[4]["name"] == "new"
        assert "ipcontrol:subnets" in self.nova.metadata(self.ops)
        assert self.said() == ["Imported: 2 groups were written."]

    def test_a_map_that_is_in_force_already_is_no_write(self):
        content = self.client.get(self.url("export")).content.decode()

        self.do(content)

        assert not any(call.startswith("POST") for call in self.nova.calls)

    def test_what_changed_after_the_preview_is_shown_again(self):
        content = text(DOC | {"subnets": ["10.9.0.0/16"]})
        seen = self.preview(content).context["form"]["seen"].value()
        self.nova.metadata(self.doc)["ipcontrol:subnets"] = "10.8.0.0/16"

        page = self.send("import", text=content, seen=seen)

        self.assertContains(page, "Removed: 10.8.0.0/16.")
        assert self.nova.metadata(self.doc)["ipcontrol:subnets"] == "10.8.0.0/16"

    def test_another_text_after_the_preview_is_shown_first(self):
        seen = self.preview(text(DOC)).context["form"]["seen"].value()

        self.send("import", text=text(DOC | {"subnets": []}), seen=seen)

        assert "ipcontrol:subnets" in self.nova.metadata(self.doc)

    def test_a_file_is_read_and_its_text_stays_for_the_second_sending(self):
        upload = SimpleUploadedFile("groups.json", text(DOC).encode())

        page = self.send("import", file=upload)

        assert page.context["form"]["text"].value() == text(DOC)

    def test_a_file_with_subnets_by_the_thousand_is_imported(self):
        many = [f"11.{number >> 8}.{number & 255}.0/24" for number in range(10_000)]
        file = SimpleUploadedFile("map.json", text(NEW | {"subnets": many}).encode())
        form = self.send("import", file=file).context["form"]

        self.send("import", text=form["text"].value(), seen=form["seen"].value())

        stored = self.nova.metadata(max(self.nova.aggregates))
        assert sum(len(value.split(", ")) for value in stored.values()) == 10_001

    def test_a_file_that_is_too_long_is_not_read(self):
        file = SimpleUploadedFile("map.json", b"\xff" * 350_001)
        (told,) = self.errors(self.send("import", file=file), "file")

        assert told.startswith("These are 350,001 characters, more than can be imported at a time")

    def test_what_would_change_in_many_groups_is_counted(self):
        groups = [
            NEW | {"name": f"n{n}", "hostname_prefix": f"n{n}", "subnets": []} for n in range(220)
        ]
        page = self.send("import", text=text(*groups)).content.decode()

        assert page.count("is created, with") == 200
        assert "<li>and 20 more</li>" in page

    def test_a_file_that_is_no_text_is_a_sentence(self):
        page = self.send("import", file=SimpleUploadedFile("x", b"\xff\xfe\x00"))

        assert self.errors(page, "file") == ["The file is not text in UTF-8."]

    def test_nothing_sent_is_a_sentence(self):
        assert self.errors(self.send("import")) == ["Choose a file, or paste its text."]

    def test_faults_keep_the_text(self):
        page = self.preview(text(DOC | {"subnets": ["10.1.2.3/16"]}))

        assert "has host bits set" in self.errors(page)[0]
        self.assertContains(page, "10.1.2.3/16")

    def test_what_cannot_be_read_and_would_be_lost_is_shown_before(self):
        self.nova.metadata(self.doc)["ipcontrol:subnets"] = "10.1.2.3/16, 10.1.0.0/16, <b>"

        page = self.preview(text(DOC))

        self.assertContains(page, "Unreadable, and removed: 10.1.2.3/16 and &lt;b&gt;.")
        self.assertNotContains(page, "stays as it is.")

    def test_an_unreadable_prefix_that_would_be_replaced_is_shown_before(self):
        self.nova.metadata(self.doc)["ipcontrol:hostname_prefix"] = "doc*"

        page = self.preview(text(DOC))

        self.assertContains(page, "Its hostname prefix is doc, no longer doc*.")

    def test_a_write_that_changes_the_form_alone_is_shown_before(self):
        self.nova.metadata(self.doc)["ipcontrol:subnets"] = "10.1.0.0/16,10.2.1.0/24"
        content = text(DOC | {"subnets": ["10.1.0.0/16", "10.2.1.0/24"]})

        page = self.preview(content)

        self.assertContains(page, "Its metadata is written in another form, and means the same.")
        self.assertNotContains(page, "stays as it is.")

    def test_a_group_that_stays_as_it_is_is_not_counted(self):
        self.nova.metadata(self.doc)["ipcontrol:subnets"] = "10.1.0.0/16"

        self.assertContains(self.preview(text(DOC)), "stays as it is.")
        self.do(text(DOC))

        assert self.said() == ["Imported: 0 groups were written."]

    def test_a_subnet_of_a_group_that_is_not_in_the_file_is_refused(self):
        page = self.preview(text(DOC | {"subnets": ["10.2.0.0/16"]}))

        assert self.errors(page) == ["10.2.0.0/16 is in both ops and doc."]

    def test_a_prefix_of_a_group_that_is_not_in_the_file_is_refused(self):
        page = self.preview(text(DOC | {"hostname_prefix": "ops"}))

        assert self.errors(page) == ["ops is the prefix of both ops and doc."]

    def test_a_subnet_that_two_other_groups_share_is_not_the_files_business(self):
        self.nova.group("dupe", "dupe", "10.2.0.0/16")

        self.do(text(NEW | {"subnets": ["10.99.0.0/16"]}))

        assert self.said() == ["Imported: 1 group was written."]

    def test_a_subnet_that_a_group_of_the_file_shares_is_refused_though_it_was_there(self):
        self.nova.group("dupe", "dupe", "10.1.0.0/16")

        page = self.preview(text(DOC))

        assert self.errors(page) == ["10.1.0.0/16 is in both dupe and doc."]

    def test_a_subnet_may_move_between_groups_of_the_file(self):
        ops = {"name": "ops", "hostname_prefix": "ops", "subnets": ["10.1.0.0/16"]}

        self.do(text(DOC | {"subnets": ["10.2.0.0/16"]}, ops))

        assert self.nova.metadata(self.doc)["ipcontrol:subnets"] == "10.2.0.0/16"
        assert self.nova.metadata(self.ops)["ipcontrol:subnets"] == "10.1.0.0/16"

    def test_a_default_in_the_file_moves_off_a_group_that_is_not_in_it(self):
        self.do(text(DOC | {"default": True}))

        assert "ipcontrol:default" not in self.nova.metadata(self.dev)

    def test_there_is_a_default_group_at_every_moment_of_an_import(self):
        dev = {"name": "dev", "hostname_prefix": "dev"}

        self.do(text(dev, DOC | {"default": True}))

        writes = [call for call in self.nova.calls if call.startswith("POST")]
        assert writes == [
            f"POST /os-aggregates/{self.doc}/action",
            f"POST /os-aggregates/{self.dev}/action",
        ]

    def test_refused_half_way_it_says_how_far_it_got_and_goes_on(self):
        content = text(
            DOC | {"subnets": ["10.9.0.0/16"]},
            NEW | {"subnets": []},
        )
        self.nova.refuse("POST", "/os-aggregates", 500)

        page = self.do(content)

        assert self.errors(page)[0].startswith("1 group was written, new was not.")
        self.nova.refusals.clear()
        self.do(content)
        assert self.nova.aggregates[4]["name"] == "new"

    def test_names_in_a_file_are_never_markup(self):
        page = self.preview(text(DOC | {"name": "<b>x", "subnets": []}))

        self.assertNotContains(page, "<b>x")
