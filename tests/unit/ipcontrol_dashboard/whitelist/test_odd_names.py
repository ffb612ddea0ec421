# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Items whose names HTTP does not allow are shown, judged, and can be removed."""

from tests.unit.ipcontrol_dashboard.whitelist.fakes import CALLER, PanelTest

KELVIN = "\u212a"


class OddNamesTest(PanelTest):
    def setUp(self):
        super().setUp()
        self.swift.stored["docs"] = {
            "a b": "1",
            "allow-lab": "10.0.0.0/8",
            "allow-back door": "192.0.2.0/24",
            "color": "blue",
        }

    def entries(self, query: str = "") -> str:
        return self.page(self.url("container_entries", "docs") + query)

    def row(self, name: str) -> str:
        page = self.entries()
        start = page.index(f'id="entries__row__{name}"')
        return page[start : page.index("</tr>", start)]

    def test_an_item_that_is_no_entry_is_a_row_to_remove(self):
        row = self.row("a b")
        assert "HTTP does not allow its name" in row
        assert "It admits nobody" not in row
        assert "/remove/?item=a+b" in row
        assert "/edit/" not in row

    def test_another_item_is_nobodys_business_here(self):
        assert "entries__row__color" not in self.entries()

    def test_an_entry_is_a_row_that_warns_and_can_be_edited(self):
        row = self.row("allow-back door")
        assert "192.0.2.0/24" in row
        assert "HTTP does not allow its name" in row
        assert "/edit/?item=allow-back+door" in row

    def test_an_ordinary_entry_is_none(self):
        assert "HTTP does not allow" not in self.row("allow-lab")

    def test_the_entry_admits(self):
        page = self.entries("?address=192.0.2.7&method=GET")
        assert "192.0.2.7 is in back door" in page

    def test_the_containers_row_asks_for_attention(self):
        page = self.page(self.url("index"))
        assert "2 items need attention" in page
        assert "Mend" in page

    def test_the_account_counts_its_entries_alone(self):
        self.swift.stored[None] = {"a b": "1", "allow": "10.0.0.0/8"}
        page = " ".join(self.page(self.url("index")).split())
        assert "your account's defaults (1 entry)" in page.replace("&#x27;", "'")

    def test_they_are_removed(self):
        url = self.url("container_remove", "docs") + "?item=a+b&item=allow-back+door"
        page = self.client.get(url)
        assert "a b" in page.content.decode()
        seen = page.context["form"]["seen"].value()
        assert self.client.post(url, {"seen": seen}).status_code == 302
        assert self.swift.written == [("docs", {"a b": "", "allow-back door": ""}, False)]

    def test_what_somebody_else_does_to_one_is_told(self):
        url = self.url("container_remove", "docs") + "?item=a+b"
        seen = self.client.get(url).context["form"]["seen"].value()
        self.swift.stored["docs"]["a b"] = "2"
        page = self.client.post(url, {"seen": seen}).content.decode()
        assert "a b was changed from 1 to 2" in page

    def test_an_entry_gets_another_label_when_it_is_edited(self):
        url = self.url("container_edit", "docs") + "?item=allow-back+door"
        form = self.client.get(url).context["form"]
        typed = {name: form[name].value() for name in form.fields} | {"until": ""}
        page = self.client.post(url, typed)
        assert "such as back-door" in page.content.decode().replace("&quot;", '"')
        assert self.swift.written == []
        assert self.client.post(url, typed | {"label": "back-door"}).status_code == 302
        change = {"allow-back door": "", "allow-back-door": "192.0.2.0/24"}
        assert self.swift.written == [("docs", change, False)]

    def test_an_item_that_is_no_entry_is_not_edited(self):
        page = self.page(self.url("container_edit", "docs") + "?item=a+b", 404)
        assert "There is no entry a b" in page

    def test_they_are_not_copied(self):
        self.swift.stored["more"] = {}
        page = self.page(self.url("container_copy", "docs"))
        assert 'value="allow-lab"' in page
        assert "back door" not in page

    def test_whoever_gets_in_by_one_is_warned_when_it_is_removed(self):
        self.swift.stored["docs"] = {"allow-me too": f"{CALLER}/32", "allow": "192.0.2.1"}
        url = self.url("container_remove", "docs") + "?item=allow-me+too"
        seen = self.client.get(url).context["form"]["seen"].value()
        assert "This would shut you out" in self.client.post(url, {"seen": seen}).content.decode()

    def test_letters_that_look_alike_are_not_taken_for_each_other(self):
        self.swift.stored["docs"] = {f"allow-{KELVIN}": "192.0.2.1", "allow-k": "10.0.0.0/8"}
        url = self.url("container_remove", "docs") + f"?item=allow-{KELVIN}"
        seen = self.client.get(url).context["form"]["seen"].value()
        self.client.post(url, {"seen": seen})
        assert self.swift.stored["docs"] == {"allow-k": "10.0.0.0/8"}
