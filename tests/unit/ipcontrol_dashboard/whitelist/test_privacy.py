# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""No cache keeps addresses and lists."""

from django.http import JsonResponse
from django.test import RequestFactory
from django.urls import resolve

from ipcontrol_dashboard.carry import middleware
from ipcontrol_dashboard.kit import service_errors
from tests.unit.ipcontrol_dashboard.whitelist.fakes import PanelTest

SCRIPT = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}


class PrivacyTest(PanelTest):
    def setUp(self):
        super().setUp()
        self.swift.stored["docs"] = {"allow": "10.0.0.0/8"}
        self.add = self.url("container_add", "docs")

    def private(self, response, status=200):
        assert response.status_code == status
        assert "no-store" in response.headers["Cache-Control"]

    def test_pages_and_forms_are_not_kept(self):
        for url in (self.url("index"), self.url("container_entries", "docs"), self.add):
            self.private(self.client.get(url))

    def test_modals_are_not_kept(self):
        self.private(self.client.get(self.add, **SCRIPT))

    def test_redirections_are_not_kept(self):
        typed = {"label": "home", "networks": "192.0.2.1", "rights": "write", "seen": "{}"}
        self.private(self.client.post(self.add, typed), 302)

    def test_what_horizon_makes_of_them_for_scripts_is_not_kept(self):
        typed = {"label": "home", "networks": "192.0.2.1", "rights": "write", "seen": "{}"}
        response = self.client.post(self.add, typed, **SCRIPT)
        assert "X-Horizon-Location" in response.headers
        self.private(response)

    def test_refusals_and_errors_are_not_kept(self):
        self.swift.trouble["docs"] = service_errors.RefusedError(
            "docs", "10.1.1.1", by_address=True
        )
        self.private(self.client.get(self.url("container_entries", "docs")), 403)
        self.swift.trouble["docs"] = service_errors.UnavailableError("docs")
        self.private(self.client.get(self.url("container_entries", "docs")), 503)

    def test_other_pages_are_horizons_affair(self):
        response = self.client.get("/auth/login/")
        assert response.headers.get("Cache-Control", "") != "no-store"

    def test_a_head_has_no_body_and_the_length_of_the_page(self):
        page = self.client.get(self.add)
        # Django's client takes the body away by itself.
        request = RequestFactory().head(self.add)
        request.resolver_match = resolve(self.add)
        answer = middleware.PrivateMiddleware(lambda _: page)(request)
        assert answer.content == b""
        assert int(answer.headers["Content-Length"]) > 1000


def answered(path, verdict=None):
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    response = JsonResponse({}, headers={"X-Ip-Whitelist": verdict} if verdict else None)
    return middleware.PrivateMiddleware(lambda _: response)(request).headers


def test_horizons_listings_of_swift_are_not_kept():
    for path in (
        "/api/swift/containers/",
        "/api/swift/containers/docs/objects/",
        "/api/swift/containers/docs/metadata/",
    ):
        assert answered(path)["Cache-Control"] == "no-store"


def test_a_refusal_is_not_kept_wherever_it_is_told():
    assert "Cache-Control" not in answered("/api/nova/keypairs/")
    assert answered("/api/nova/keypairs/", "refused")["Cache-Control"] == "no-store"
