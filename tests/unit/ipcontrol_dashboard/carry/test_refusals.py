# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Horizon's own pages of Swift answer a refusal with a sentence.

The views are Horizon's, the client is python-swiftclient, and the answers of
Swift come from a server of the test's own.
"""

import html
import re

import pytest
from django.http import HttpResponse, JsonResponse
from django.utils import translation
from openstack_dashboard.api import swift
from openstack_dashboard.api.rest import utils as rest_utils
from openstack_dashboard.test import helpers
from swiftclient.exceptions import ClientException
from urllib3.connection import HTTPConnection

from ipcontrol_dashboard.carry import refusals
from tests.unit.ipcontrol_dashboard.quick_pages import QuickPages

ACCOUNT = "/v1/AUTH_lab"
BROWSER = "192.0.2.7"
SCRIPT = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}
REFUSED = {"X-Ip-Whitelist": "refused", "Content-Type": "text/plain"}
REACH = f"Your address {BROWSER} is not on the list of addresses that may reach this container."
CHANGE = f"Your address {BROWSER} is not on the list of addresses that may change this container."
UNAVAILABLE = "Swift does not answer at the moment. Try again in a few seconds."
API = "/api/swift/containers/docs"


def sentence(response):
    page = response.content.decode()
    return html.unescape(
        re.search(r'ipcontrol-problem">\s*<p><strong>(.*?)</strong>', page, re.DOTALL)[1]
    )


class RefusalTest(QuickPages, helpers.TestCase):
    @pytest.fixture(autouse=True)
    def _swift(self, listener, monkeypatch):
        self.swift = listener
        # Django's test client gives responses a `json` of its own.
        monkeypatch.delattr(rest_utils._RestResponse, "json")
        url_for = "openstack_dashboard.api.base.url_for"
        monkeypatch.setattr(url_for, lambda *_args, **_more: listener.url + ACCOUNT)

    def setUp(self):
        super().setUp()
        # Horizon's helper keeps tests from any network; this one has its own.
        HTTPConnection.connect = self._real_conn_request
        self.client.defaults["REMOTE_ADDR"] = BROWSER

    def refuse(self, *methods, path="/docs", status=403, headers=REFUSED):
        for method in methods:
            self.swift.answer(method, ACCOUNT + path, status, headers, b"You shall not pass!")


class TestDownload(RefusalTest):
    URL = API + "/object/report"

    def test_a_refused_download_is_a_page_with_a_sentence(self):
        self.refuse("GET", path="/docs/report")
        response = self.client.get(self.URL)
        assert (response.status_code, sentence(response)) == (403, REACH)
        assert response.headers["Content-Type"].startswith("text/html")

    def test_a_download_that_swift_cannot_decide_about_says_so_at_once(self):
        unavailable = {"X-Ip-Whitelist": "unavailable"}
        self.refuse("GET", path="/docs/report", status=503, headers=unavailable)
        response = self.client.get(self.URL)
        assert (response.status_code, sentence(response)) == (503, UNAVAILABLE)
        assert len(self.swift.requests) == 1

    def test_a_download_while_swift_is_down_says_so_in_the_end(self):
        self.refuse("GET", path="/docs/report", status=503, headers={})
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("swiftclient.client.sleep", lambda _seconds: None)
            response = self.client.get(self.URL)
        assert (response.status_code, sentence(response)) == (503, UNAVAILABLE)
        assert len(self.swift.requests) > 1

    def test_a_download_of_what_is_gone_says_so(self):
        self.refuse("GET", path="/docs/report", status=404, headers={})
        response = self.client.get(self.URL)
        assert (response.status_code, sentence(response)) == (
            404,
            "There is no report in a container docs (any more).",
        )

    def test_a_download_without_the_right_to_it_does_not_blame_the_address(self):
        self.refuse("GET", path="/docs/report", headers={})
        assert "your role" in sentence(self.client.get(self.URL))

    def test_the_sentence_is_in_the_readers_language(self):
        self.refuse("GET", path="/docs/report")
        catalog = translation.trans_real.translation("de")._catalog
        template = REACH.replace(BROWSER, "%(address)s")
        catalog._catalogs[0][template] = "Von %(address)s aus nicht."
        try:
            response = self.client.get(self.URL, HTTP_ACCEPT_LANGUAGE="de")
        finally:
            del catalog._catalogs[0][template]
        assert sentence(response) == f"Von {BROWSER} aus nicht."

    def test_a_container_is_not_markup(self):
        self.refuse("GET", path="/%3Cb%3E/report", status=404, headers={})
        page = self.client.get("/api/swift/containers/%3Cb%3E/object/report").content.decode()
        assert "a container &lt;b&gt; (any more)" in page

    def test_a_download_that_is_admitted_is_left_alone(self):
        self.swift.answer("GET", ACCOUNT + "/docs/report", 200, {}, b"text")
        response = self.client.get(self.URL)
        assert (response.status_code, b"".join(response.streaming_content)) == (200, b"text")

    def test_an_error_that_is_not_swifts_stays_an_error(self):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(swift, "swift_get_object", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                self.client.get(self.URL)


class TestScripts(RefusalTest):
    def test_a_refused_listing_is_a_sentence(self):
        self.refuse("GET")
        response = self.client.get(API + "/objects/", **SCRIPT)
        assert (response.status_code, response.json()) == (403, REACH)

    def test_a_refused_upload_is_a_sentence(self):
        self.refuse("PUT", path="/docs/report")
        response = self.client.post(API + "/object/report", **SCRIPT)
        assert (response.status_code, response.json()) == (403, CHANGE)

    def test_a_refused_deletion_is_a_sentence(self):
        self.refuse("DELETE", path="/docs/report")
        response = self.client.delete(API + "/object/report", **SCRIPT)
        assert (response.status_code, response.json()) == (403, CHANGE)

    def test_a_refused_copy_names_neither_container(self):
        self.refuse("PUT", path="/other/report")
        self.swift.answer("HEAD", ACCOUNT + "/other/report", 404)
        response = self.client.post(
            API + "/copy/report",
            {"dest_container": "other", "dest_name": "report"},
            content_type="application/json",
            **SCRIPT,
        )
        assert (response.status_code, response.json()) == (
            403,
            f"Your address {BROWSER} may not do this: no entry of a whitelist admits it.",
        )

    def test_the_script_in_the_browser_can_tell_a_refusal_by_address(self):
        self.refuse("GET")
        response = self.client.get(API + "/objects/", **SCRIPT)
        assert response.headers["X-Ip-Whitelist"] == "refused"

    def test_a_refusal_for_another_reason_stays_as_horizon_says_it(self):
        self.refuse("GET", headers={})
        response = self.client.get(API + "/objects/", **SCRIPT)
        assert response.status_code == 403
        assert "X-Ip-Whitelist" not in response.headers
        assert response.json() != REACH

    def test_a_refusal_that_the_view_got_over_is_forgotten(self):
        # Whether there is such an object already: refused counts as no.
        self.refuse("HEAD", path="/docs/new/")
        self.swift.answer("PUT", ACCOUNT + "/docs/new/", 201)
        response = self.client.post(API + "/object/new/", **SCRIPT)
        assert response.status_code == 201

    def test_an_admitted_listing_is_left_alone(self):
        self.swift.answer("GET", ACCOUNT + "/docs", 200, body=[])
        response = self.client.get(API + "/objects/", **SCRIPT)
        assert (response.status_code, response.json()) == (200, {"items": []})


class TestReword:
    @pytest.fixture
    def answered(self, person, listener):
        """Makes a request for which Swift has refused something."""

        def make(**environ):
            request = person(BROWSER, **environ)
            request.resolver_match = None
            listener.answer("HEAD", ACCOUNT, 403, REFUSED)
            with pytest.raises(ClientException):
                swift.swift_api(request).head_account()
            return request

        return make

    def test_the_clients_text_becomes_a_sentence(self, answered):
        response = refusals.reword(answered(**SCRIPT), JsonResponse({"text": "403"}, status=403))
        assert b"no entry of a whitelist admits it" in response.content

    def test_another_answer_than_the_refusal_is_left_alone(self, answered):
        done = JsonResponse({"items": []}, status=200)
        assert refusals.reword(answered(**SCRIPT), done) is done

    def test_an_answer_to_no_script_is_left_alone(self, answered):
        said = JsonResponse({"text": "403"}, status=403)
        assert refusals.reword(answered(), said) is said

    def test_a_page_is_left_alone(self, answered):
        page = HttpResponse("<p>No.", status=403)
        assert refusals.reword(answered(**SCRIPT), page) is page
