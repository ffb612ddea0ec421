# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What Swift keeps about containers and accounts, looked up for one request.

Names are "WSGI strings", as in ``PATH_INFO``: UTF-8 bytes read as latin-1.
Metadata are native strings, as ``get_container_info`` gives them.
"""

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from swift.common.http import HTTP_GONE, HTTP_NOT_FOUND, is_success
from swift.common.swob import wsgi_to_str
from swift.proxy.controllers.base import clear_info_cache, get_account_info, get_container_info

from ipcontrol.access import Whitelist
from ipcontrol.history import SYSMETA
from ipcontrol.middleware.client_address import INFOCACHE, SINCE, Environ
from ipcontrol.middleware.list_cache import ListCache
from ipcontrol.middleware.look_ups import end_change
from ipcontrol.middleware.replicas import NoMajorityError, newest_info

# In Swift's access log, what the requests for metadata are marked with.
SWIFT_SOURCE = "IPW"

# For so many seconds a request goes on by the metadata that it has read once.
LASTING = 2
_CACHE_KEYS = ("container/", "account/")

# Parsing costs up to 0.4 ms. Only what is stored is kept: nobody fills the memory by asking.
_LISTS = ListCache(room=8 * 2**20)
_ABSENT = (HTTP_NOT_FOUND, HTTP_GONE)


class InfoUnavailableError(Exception):
    """The servers that hold a container's or account's metadata do not answer."""


class Info(NamedTuple):
    """What Swift knows about a container or an account.

    Attributes:
        exists: whether there is one.
        metadata: user metadata; names in lower case, without prefix.
        acls: the container's read and write ACL.
        history: who changed its list, as `ipcontrol.history` keeps it.
    """

    exists: bool
    metadata: Mapping[str, str]
    acls: tuple[str | None, str | None] = (None, None)
    history: str = ""

    @property
    def whitelist(self) -> Whitelist:
        """The allow items among the metadata; those that refer to names are errors."""
        return _LISTS.read(self.metadata)


def _info(info: Mapping[str, Any]) -> Info:
    acls = info.get("read_acl"), info.get("write_acl")
    return Info(True, info["meta"], acls, info.get("sysmeta", {}).get(SYSMETA, ""))


class Metadata:
    """The metadata of an account and of its containers, by way of Swift's caches.

    Args:
        environ: of the request.
        app: the proxy server.
        account: the account's name.
    """

    def __init__(self, environ: Environ, app: object, account: str) -> None:
        self._environ = environ
        self._app = app
        self._account_name = account
        # With this version Swift's own look-ups are made, whatever that of the request is.
        self._path = f"/v1/{account}"

    def container(self, name: str) -> Info:
        """Look up a container.

        Raises:
            InfoUnavailableError: no server answered.
        """
        environ = self._environ_for(f"{self._path}/{name}")
        info = get_container_info(environ, self._app, swift_source=SWIFT_SOURCE)
        if is_success(info["status"]):
            return _info(info)
        # Status 0 stands for an account without success, absent ones among them.
        if info["status"] in _ABSENT or (info["status"] == 0 and not self.account().exists):
            return Info(False, {})
        raise InfoUnavailableError

    def account(self) -> Info:
        """Look up the account.

        Raises:
            InfoUnavailableError: no server answered.
        """
        info = get_account_info(
            self._environ_for(self._path), self._app, swift_source=SWIFT_SOURCE
        )
        if is_success(info["status"]):
            return _info(info)
        if info["status"] in _ABSENT:
            return Info(False, {})
        raise InfoUnavailableError

    def forget(self, container: str) -> None:
        """Drop what is cached about a container, or about the account where it is empty."""
        account = wsgi_to_str(self._account_name)
        clear_info_cache(self._environ, account, wsgi_to_str(container))

    def end_change(self, container: str) -> None:
        """Drop it for all look-ups that are under way too, for it has changed."""
        end_change(self._environ, wsgi_to_str(self._account_name), wsgi_to_str(container))

    def newest(self) -> "Metadata":
        """The same by way of all replicas, as they are now, and past all caches."""
        return NewestMetadata(self._environ, self._app, self._account_name)

    def _environ_for(self, path: str) -> Environ:
        environ = self._environ.copy()
        environ["PATH_INFO"] = path
        return environ


class NewestMetadata(Metadata):
    """The metadata as all replicas have them now; asked once for each name."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._known: dict[str, Info] = {}

    def container(self, name: str) -> Info:
        """Look up a container.

        Raises:
            InfoUnavailableError: too few servers answered.
        """
        if name not in self._known:
            self._known[name] = self._ask(name)
        return self._known[name]

    def account(self) -> Info:
        """Look up the account.

        Raises:
            InfoUnavailableError: too few servers answered.
        """
        return self.container("")

    def _ask(self, name: str) -> Info:
        names = map(wsgi_to_str, (self._account_name, name))
        try:
            info = newest_info(self._app, self._environ.get("swift.trans_id", "-"), *names)
        except NoMajorityError as error:
            raise InfoUnavailableError from error
        if not is_success(info["status"]):
            return Info(False, {})
        return _info(info)


def renew(environ: Environ) -> None:
    """Have a part of a request that lasts read anew what the request has read long ago.

    The requests that bulk, slo and others make for one that lasts share what Swift has
    read for it, in the dictionary in which the caller is too, to the end.
    """
    known = environ.get(INFOCACHE, {})
    now = time.monotonic()
    if now - known.get(SINCE, now) <= LASTING:
        return
    for key in [key for key in known if key.startswith(_CACHE_KEYS)]:
        del known[key]
    known[SINCE] = now
