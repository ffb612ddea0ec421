# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import re

from ipcontrol_dashboard.kit.form_pages import FormPage
from tests.unit.ipcontrol_dashboard.host_groups.pages import SCRIPTED, HostGroupsTest
from tests.unit.ipcontrol_dashboard.whitelist.fakes import PanelTest

HEADINGS = re.compile(r"<(?:h1|h3 class=\"modal-title\")[^>]*>\s*([^<]*?)\s*</h")


def headings(response) -> list[str]:
    # Not the template that Horizon's scripts fill in.
    return [each for each in HEADINGS.findall(response.content.decode()) if "{{" not in each]


class Forms:
    """The forms of a panel, by URL, with their titles."""

    def forms(self) -> dict[str, str]:
        raise NotImplementedError

    def test_a_form_bears_its_title_once_as_a_page_and_as_a_modal(self):
        for url, title in self.forms().items():
            assert headings(self.client.get(url)) == [title], url
            assert headings(self.client.get(url, **SCRIPTED)) == [title], url

    def test_a_form_is_sent_to_where_it_was_opened(self):
        for url in self.forms():
            response = self.client.get(url, **SCRIPTED)
            assert isinstance(response.context["view"], FormPage)
            assert response.context["submit_url"].startswith(url), url

    def test_the_button_of_a_form_that_removes_something_is_red(self):
        for url, title in self.forms().items():
            page = self.client.get(url, **SCRIPTED).content.decode()
            (button,) = re.findall(r'<input class="btn (btn-\w+)" type="submit"', page)
            removes = title.startswith(("Delete", "Remove"))
            assert button == ("btn-danger" if removes else "btn-primary"), url


class HostGroupFormsTest(Forms, HostGroupsTest):
    def forms(self) -> dict[str, str]:
        self.three_groups()
        return {
            self.url("create"): "Create Host Group",
            self.url("import"): "Import Host Groups",
            self.url("update", self.doc): "Edit Host Group",
            self.url("make_default", self.doc): "Make Default Host Group",
            self.url("members", self.doc): "Add Hosts to Aggregate",
            self.url("delete", self.doc): "Delete Host Group",
        }


class WhitelistFormsTest(Forms, PanelTest):
    def forms(self) -> dict[str, str]:
        self.swift.stored["docs"] = {"allow-lab": "10.0.0.0/8"}
        return {
            self.url("container_add", "docs"): "Add Entry",
            self.url("container_add_mine", "docs"): "Add My Address",
            self.url("container_edit", "docs") + "?item=allow-lab": "Edit Entry lab",
            self.url("container_remove", "docs") + "?item=allow-lab": "Remove Entries",
            self.url("container_copy", "docs"): "Copy Entries to Containers",
        }
