# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""One attempt to reach a restricted container, from one address through one proxy.

Every attempt has containers of its own: ``r``, which only the lab's network
reaches, with what the rows of the matrix look for in it, and ``o``, which
everybody reaches; and, for the rows that ask for it, an account of its own that
only the lab's network reaches. They are made, and looked at afterwards, through
the proxy without the filters.
"""

import hashlib
import hmac
import http.client
import io
import itertools
import json
import tarfile
import time
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from tests.functional import s3

SECRET = b"SECRET"
LAB_NETWORK = "127.1.0.0/16"
TEMP_URL_KEY = "the account's key for temporary addresses"
SYNC_KEY = "the container's key for synchronization"
_NUMBERS = itertools.count()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    headers: dict[str, str] = field(repr=False)

    @property
    def granted(self):
        """Whether it was done.

        A bulk answer is 200 and says inside how it went; an error page is a page too.
        """
        if self.status >= 400:
            return SECRET in self.body
        if b"Number Files Created" in self.body or b"Number Deleted" in self.body:
            report = json.loads(self.body)
            return report.get("Number Files Created", 0) + report.get("Number Deleted", 0) > 0
        return True


@dataclass(frozen=True)
class Identity:
    """Somebody's token and account."""

    token: str
    account: str
    s3_key: str = ""
    s3_secret: str = ""


def send(url, method, path, headers, body, source):
    """One request over a connection of its own; the path goes out as it is."""
    host = urlsplit(url)
    connection = http.client.HTTPConnection(
        host.hostname, host.port, timeout=30, source_address=(source, 0)
    )
    try:
        named = any(name.lower() == "host" for name in headers)
        connection.putrequest(method, path, skip_host=named, skip_accept_encoding=True)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, response.read(), found)
    finally:
        connection.close()


class Attempt:
    """The containers of one attempt, and the two ways to them.

    Args:
        url: the proxy to try.
        backstage: the proxy without the filters, for preparation and inspection.
        source: the address to come from.
        people: `Identity` by name: ``alice`` owns, ``carol`` is from another project,
            ``reseller`` may do everything in every account.
        listed: how the lab's network stands in the list.
        trial: until when that list is only tried out; empty for a list that is not.
        cluster: the realm and name of this cluster for container sync.
    """

    def __init__(self, url, backstage, source, people, listed=LAB_NETWORK, trial=""):
        self.listed, self.trial = listed, trial
        self.url, self.backstage, self.source = url, backstage, source
        number = next(_NUMBERS)
        ruler = Identity(people["reseller"].token, f"AUTH_ruled{number}")
        self.people = {**people, "ruler": ruler}
        self.answers = []
        self.r, self.o, self.x = f"restricted{number}", f"open{number}", f"partner{number}"
        self.account = people["alice"].account
        self.partner = people["carol"].account
        self.ruled = ruler.account
        self.watched = [("alice", self.r + suffix) for suffix in ("", "_segments", "%2Bsegments")]
        self._prepare()

    def _prepare(self):
        list_of_lab = {
            "X-Container-Meta-Allow-Lab": self.listed,
            "X-Container-Meta-Whitelist-Trial": self.trial,
        }
        self.behind("PUT", self.r, list_of_lab)
        self.behind("PUT", self.o, {"X-Container-Meta-Allow-All": "0.0.0.0/0"})
        self.behind("PUT", self.x, {"X-Container-Meta-Allow-All": "0.0.0.0/0"}, user="carol")
        self.behind("PUT", f"{self.r}/one", {"Content-Type": "text/plain"}, SECRET + b" one")
        self.behind("PUT", f"{self.r}/two", {}, SECRET + b" two")
        self.behind("PUT", f"{self.o}/free", {}, b"free")

    # --- Requests ------------------------------------------------------------

    def path(self, name, user="alice"):
        """The path of a container or object of somebody's account."""
        return f"/v1/{self.people[user].account}/{name}".rstrip("/")

    def do(self, method, name, headers=None, body=b"", user="alice", path=None):
        """Try: from the address of the attempt, through the proxy in question."""
        who = self.people.get(user)
        token = {"X-Auth-Token": who.token} if who else {}
        path = path or self.path(name, user if who else "alice")
        answer = send(self.url, method, path, token | (headers or {}), body, self.source)
        self.answers.append(answer)
        return answer

    def behind(self, method, name, headers=None, body=b"", user="alice"):
        """Prepare or inspect: as the owner, behind the filters. Fails where Swift does."""
        token = {"X-Auth-Token": self.people[user].token}
        path = self.path(name, user)
        answer = send(self.backstage, method, path, token | (headers or {}), body, "127.0.0.1")
        assert answer.status < 300, (method, name, answer)
        return answer

    def sign(self, method, name, body=b"", headers=None, query=()):
        """Try through the S3 API."""
        who = self.people["alice"]
        host, path = urlsplit(self.url).netloc, f"/{name}"
        signed = s3.headers(
            who.s3_key, who.s3_secret, method, host, path, query, body, headers or {}
        )
        full = path + ("?" + "&".join(f"{k}={v}" if v else k for k, v in query) if query else "")
        return self.do(method, name, signed, body, user=None, path=full)

    def presigned(self, method, name):
        """Try with an address that the S3 API signed."""
        who = self.people["alice"]
        host, path = urlsplit(self.url).netloc, f"/{name}"
        query = s3.presigned_query(who.s3_key, who.s3_secret, method, host, path)
        return self.do(method, name, user=None, path=f"{path}?{query}")

    def temporary(
        self,
        method,
        name,
        body=b"",
        prefix=None,
        ip_range=None,
        signed_method=None,
        key=TEMP_URL_KEY,
    ):
        """Try with a temporary address."""
        path = self.path(name)
        expires = int(time.time()) + 300
        scope = "prefix:" + self.path(prefix) if prefix else path
        text = f"{signed_method or method}\n{expires}\n{scope}"
        query = ""
        if ip_range:
            text, query = f"ip={ip_range}\n{text}", f"&temp_url_ip_range={quote(ip_range, '')}"
        if prefix:
            query += f"&temp_url_prefix={quote(prefix.partition('/')[2])}"
        signature = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
        full = f"{path}?temp_url_sig={signature}&temp_url_expires={expires}{query}"
        return self.do(method, name, body=body, user=None, path=full)

    def form(self, name):
        """Try to upload with a form."""
        path, expires = self.path(name), int(time.time()) + 300
        text = f"{path}\n\n1000\n1\n{expires}"
        signature = hmac.new(TEMP_URL_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
        fields = {
            "redirect": "",
            "max_file_size": "1000",
            "max_file_count": "1",
            "expires": str(expires),
            "signature": signature,
        }
        lines = []
        for field_name, value in fields.items():
            lines += ["--edge", f'Content-Disposition: form-data; name="{field_name}"', "", value]
        lines += ["--edge", 'Content-Disposition: form-data; name="f"; filename="x"']
        lines += ["Content-Type: text/plain", "", "from a form", "--edge--", ""]
        return self.do(
            "POST",
            name,
            {"Content-Type": "multipart/form-data; boundary=edge"},
            "\r\n".join(lines).encode(),
            user=None,
            path=path,
        )

    def sync(self, method, name, body=b""):
        """Try as another cluster that synchronizes its container."""
        path, nonce, stamp = self.path(name), "nonce", f"{time.time():016.5f}"
        text = f"{method}\n{path}\n{stamp}\n{nonce}\n{SYNC_KEY}"
        signature = hmac.new(b"secret", text.encode(), hashlib.sha1).hexdigest()
        headers = {"X-Container-Sync-Auth": f"LAB {nonce} {signature}", "X-Timestamp": stamp}
        return self.do(method, name, headers, body, user=None, path=path)

    # --- What may have happened ----------------------------------------------

    @property
    def leaked(self):
        """Whether anything secret was in an answer."""
        return any(SECRET in answer.body for answer in self.answers)

    def snapshot(self):
        """What is in the restricted container, and in those that belong to it."""
        return [self._look(user, name) for user, name in self.watched]

    def _look(self, user, name):
        token = {"X-Auth-Token": self.people[user].token}
        path = self.path(name, user)
        found = [
            send(self.backstage, method, path + query, token, b"", "127.0.0.1")
            for method, query in (("HEAD", ""), ("GET", "?format=json&versions"), ("GET", "?format=json"))
        ]  # fmt: skip
        passing = ("date", "x-trans-id", "x-openstack-request-id", "x-timestamp")
        headers = {k: v for k, v in found[0].headers.items() if k not in passing}
        return headers, found[1].body, found[2].body


def archive(*names):
    """A tar file with small files of those names."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = 4
            tar.addfile(info, io.BytesIO(b"bulk"))
    return stream.getvalue()
