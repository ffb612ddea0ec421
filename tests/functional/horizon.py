# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A person at a browser without JavaScript, on the embedded cloud's Horizon."""

import lxml.html
import requests
from requests.adapters import HTTPAdapter

from devcloud import accounts
from devcloud.addresses import LAB

WHITELIST = "/project/ip_whitelist/"
HOST_GROUPS = "/admin/host_groups/"
LOGIN = "/auth/login/"
# What Horizon and Django write on a page when they do not know what to do.
CRASHES = ("Traceback", "Server Error", "Something went wrong", "Internal Server Error")
_SECONDS = 120


class From(HTTPAdapter):
    """Connections from one address."""

    def __init__(self, source):
        self._source = source
        super().__init__()

    def init_poolmanager(self, *arguments, **options):
        super().init_poolmanager(*arguments, source_address=(self._source, 0), **options)


class Person:
    """Somebody who comes from an address; signed in as the user, if there is one.

    Args:
        cloud: the running cloud.
        user: a name of Keystone; None for a stranger.
        source: the address to come from.
        headers: what each of the browser's requests carries.
    """

    def __init__(self, cloud, user="alice", source=LAB, headers=None):
        self.cloud, self.user, self.source = cloud, user, source
        self.browser = requests.Session()
        self.browser.trust_env = False
        self.browser.mount("http://", From(source))
        self.browser.headers.update(headers or {})
        if user is not None:
            self.sign_in()

    def sign_in(self, password=accounts.PASSWORD, after="/project/"):
        """Sign in, and go where Horizon leads then."""
        answer = self.submit(
            f"{LOGIN}?next={after}", username=self.user, password=password, region="default"
        )
        assert LOGIN not in answer.url, text_of(answer)
        return answer

    def project(self, name):
        """Change to another project of the user's."""
        page = self.get("/project/")
        links = page.html.xpath("//a[contains(@href, '/auth/switch/')]")
        (link,) = [link for link in links if name in link.text_content().split()]
        self.get(link.get("href"))

    # --- Requests ------------------------------------------------------------

    def get(self, path, **options):
        """A page, where redirections lead; ``answer.html`` is its tree."""
        return self._send("GET", path, **options)

    def post(self, path, fields=None, token=None, **options):
        """Send fields, with the token against forgery unless another is given."""
        if token is None:
            token = self.browser.cookies.get("csrftoken", "")
        fields = {"csrfmiddlewaretoken": token, **(fields or {})}
        return self._send("POST", path, data=fields, **options)

    def submit(self, path, **typed):
        """Open a form, type, and send it."""
        return self.send(self.get(path), **typed)

    def send(self, page, headers=None, **typed):
        """Type into the form on a page that was got before, and send it."""
        action = form_of(page).action or page.url
        return self._send("POST", action, data=fields_of(page) | typed, headers=headers)

    def _send(self, method, path, **options):
        url = path if path.startswith("http") else self.cloud.horizon_url + path
        options.setdefault("timeout", _SECONDS)
        answer = self.browser.request(method, url, **options)
        answer.html = lxml.html.fromstring(answer.text or "<html/>")
        return answer


def form_of(page):
    """The form to fill in on a page: that of sign in, or the panel's; not that of sign out."""
    forms = [form for form in page.html.forms if "csrfmiddlewaretoken" in form.fields]
    forms = [form for form in forms if "/auth/logout/" not in (form.action or "")]
    assert forms, (page.status_code, page.url, text_of(page))
    return max(forms, key=lambda form: len(form.fields.keys()))


def fields_of(page):
    """What that form would send."""
    fields = {}
    for name, value in form_of(page).form_values():
        fields.setdefault(name, []).append(value)
    return fields


def text_of(page):
    """What a page says, without Horizon's menus, in one line."""
    parts = page.html.xpath("//*[contains(@class, 'messages')]|//*[@id='content_body']")
    parts = parts or page.html.xpath("//body") or [page.html]
    return " ".join(" ".join(part.text_content() for part in parts).split())
