# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What was opened in one project or region is not done in another, and is not lost."""

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import RequestFactory
from openstack_auth.user import User

from ipcontrol_dashboard.kit import scopes
from tests.unit.ipcontrol_dashboard.whitelist.fakes import PanelTest

TYPED = {"label": "home", "networks": "192.0.2.7", "rights": "read", "seen": "{}"}
HERE = {"project": "1", "region": "RegionOne"}


def request(regions=("one", "two"), **user):
    made = RequestFactory().get("/")
    user = {"project_id": "p1", "services_region": "one", **user}
    made.user = SimpleNamespace(available_services_regions=list(regions), **user)
    return made


class TestStamped:
    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("/a/", "/a/?project=p1&region=one"),
            ("/a/?item=x", "/a/?item=x&project=p1&region=one"),
            ("/a/?project=p2", "/a/?project=p2&region=one"),
            ("/a/?project=p2&region=two", "/a/?project=p2&region=two"),
        ],
    )
    def test_a_url_carries_the_project_and_the_region_once(self, url, expected):
        assert scopes.with_scope(request(), url) == expected

    def test_in_a_cloud_of_one_region_none_is_carried(self):
        assert scopes.with_scope(request(["one"]), "/a/") == "/a/?project=p1"

    def test_what_belongs_to_no_project_carries_the_region(self):
        assert scopes.with_scope(request(), "/a/", project=False) == "/a/?region=one"

    def test_who_is_in_no_project_carries_none(self):
        assert scopes.with_scope(request(["one"], project_id=None), "/a/") == "/a/"


class ElsewhereTest(PanelTest):
    @pytest.fixture(autouse=True)
    def _projects(self, monkeypatch):
        projects = [SimpleNamespace(id="p0", name="before"), SimpleNamespace(id="1", name="now")]
        monkeypatch.setattr(User, "authorized_tenants", projects)

    def setUp(self):
        super().setUp()
        self.swift.stored["docs"] = {"allow": "10.0.0.0/8"}
        self.add = self.url("container_add", "docs")

    def send(self, query: str, **extra):
        return self.client.post(self.add + query, TYPED, **extra)

    def way_back(self, response) -> str:
        return response.context["way_back"]

    def test_what_was_opened_here_is_done(self):
        assert self.send("?project=1&region=RegionOne").status_code == 302
        assert len(self.swift.written) == 1

    def test_what_was_opened_in_another_project_is_not_done(self):
        response = self.send("?project=p0&region=RegionOne")
        page = " ".join(response.content.decode().split())
        assert response.status_code == 409
        assert "This was opened in the project before, and you are in" in page
        assert "Nothing has been changed." in page
        assert self.swift.written == []

    def test_the_way_back_leads_to_the_form(self):
        back = self.way_back(self.send("?project=p0&region=RegionOne"))
        assert urlsplit(back).path == "/auth/switch/p0/"
        following = parse_qs(urlsplit(back).query)["next"][0]
        assert following == self.add + "?project=p0&region=RegionOne"

    def test_what_was_typed_stands_in_the_form_then(self):
        self.send("?project=p0&region=RegionOne")
        self.setActiveUser(
            id=self.user.id,
            token=self.token,
            username=self.user.name,
            tenant_id="p0",
            service_catalog=self.service_catalog,
        )
        response = self.client.get(self.add + "?project=p0&region=RegionOne")
        page = response.content.decode()
        assert 'value="home"' in page
        assert "192.0.2.7" in page
        assert "Nothing has been saved yet." in self.messages(response)[0]

    def test_another_region_is_another_cloud_of_containers(self):
        response = self.send("?project=1&region=RegionTwo")
        page = " ".join(response.content.decode().split())
        assert "This was opened in the region RegionTwo, and you are in RegionOne now." in page
        path = urlsplit(self.way_back(response)).path
        assert path == "/auth/switch_services_region/RegionTwo/"
        assert self.swift.written == []

    def test_where_both_are_others_the_way_back_leads_through_both(self):
        back = self.way_back(self.send("?project=p0&region=RegionTwo"))
        assert urlsplit(back).path == "/auth/switch/p0/"
        then = parse_qs(urlsplit(back).query)["next"][0]
        assert urlsplit(then).path == "/auth/switch_services_region/RegionTwo/"
        assert parse_qs(urlsplit(then).query)["next"][0].startswith(self.add)

    def test_a_project_of_others_is_not_switched_to(self):
        response = self.send("?project=strange&region=RegionOne")
        assert "that you are not a member of" in response.content.decode()
        assert "/auth/switch/strange" not in response.content.decode()
        assert self.swift.written == []

    def test_a_link_of_an_old_page_does_not_open_a_form_here(self):
        page = self.page(self.add + "?project=p0&region=RegionOne", 409)
        assert "This was opened in the project before" in page
        assert "What you typed" not in page

    def test_a_modal_shows_it_in_its_place(self):
        response = self.send(
            "?project=p0&region=RegionOne", HTTP_X_REQUESTED_WITH="XMLHttpRequest"
        )
        page = response.content.decode()
        assert response.status_code == 200
        assert "<html" not in page
        assert "This was opened in the project before" in page

    def test_entries_that_were_selected_elsewhere_are_not_looked_up_here(self):
        response = self.client.post(
            self.url("container_entries", "docs") + "?project=p0&region=RegionOne",
            {"action": "entries__remove_selected", "object_ids": ["allow"]},
        )
        assert response.status_code == 409

    def test_the_form_and_the_actions_of_a_page_carry_where_they_were_made(self):
        page = self.page(self.url("container_entries", "docs")).replace("&amp;", "&")
        for action in ("add/?", "add-my-address/?", "copy/?", "edit/?item=allow&"):
            assert f"{action}project=1&region=RegionOne" in page
        assert 'docs/?project=1&region=RegionOne" method="POST"' in page

    def test_a_form_that_came_back_with_errors_still_does(self):
        response = self.client.post(self.add + "?project=1&region=RegionOne", {"networks": "x"})
        page = response.content.decode().replace("&amp;", "&")
        assert f'action="{self.add}?project=1&region=RegionOne"' in page
