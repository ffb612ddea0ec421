# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What a request to Swift aims at, and the lists that rule it.

Names are "WSGI strings", as in ``PATH_INFO``: UTF-8 bytes read as latin-1.
Metadata are native strings, as ``get_container_info`` gives them.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from swift.common.constraints import check_utf8, valid_api_version
from swift.common.http import is_success
from swift.common.swob import HTTPForbidden, Request, Response, wsgi_quote, wsgi_to_str
from swift.common.utils import config_true_value, split_path
from swift.proxy.controllers.base import get_cache_key

from ipcontrol.access import SAFE_METHODS, Decision, Source, Whitelist
from ipcontrol.addresses import Address
from ipcontrol.containers import governing_containers, serving_containers
from ipcontrol.contract import CONFIRM_LOCKOUT_HEADER
from ipcontrol.middleware.absence import cors_response, without_container
from ipcontrol.middleware.client_address import INFOCACHE, Environ
from ipcontrol.middleware.list_cache import NamedLists
from ipcontrol.middleware.list_changes import METHODS, list_items, metadata_changes
from ipcontrol.middleware.metadata import Info, InfoUnavailableError, Metadata, NewestMetadata

Lists = Iterator[tuple[Source, Whitelist]]


class Resource(NamedTuple):
    """What a path names, as proxy-server reads it.

    Attributes:
        account: never empty.
        container: empty for the account itself.
        object: empty for the container itself.
    """

    account: str
    container: str
    object: str

    @property
    def kind(self) -> str:
        """``object``, ``container`` or ``account``."""
        return "object" if self.object else "container" if self.container else "account"

    def __str__(self) -> str:
        """Quoted, without the object, for a log."""
        return str(wsgi_quote("/".join(filter(None, (self.account, self.container)))))


def read_resource(environ: Environ) -> Resource | None:
    """Read the path with the proxy server's own functions.

    Returns:
        None for what the proxy server answers without touching an account:
        ``/info``, and every path that it calls bad.
    """
    path = environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]
    try:
        version, account, container, name = split_path(path, 1, 4, True)
    except ValueError:
        return None
    if not account or not valid_api_version(version):
        return None
    # That nothing can be wrong with the characters is quicker to see than what is.
    plain = path.isascii() and "\0" not in path
    if not plain and not check_utf8(wsgi_to_str(path), Request(environ).allow_reserved_names):
        return None
    return Resource(account, container or "", name or "")


class Place(NamedTuple):
    """A container, as long as it exists; native strings.

    Attributes:
        account: its account's name.
        container: its name.
        made: when it was made, as Swift writes it.
    """

    account: str
    container: str
    made: str

    @property
    def key(self) -> str:
        """What all that is kept about it is kept under."""
        return f"ipcontrol/callers/{self.made}/{self.account}/{self.container}"


class Operation:
    """One request, and the metadata that rule it: read when asked for, and cached by Swift.

    Args:
        environ: of the request.
        app: the proxy server.
        resource: what the request aims at.
        address: the caller; None where it is not known.
        named_lists: reads the lists that refer to names.

    Attributes:
        decision: what the lists say of it; None before they were asked.
    """

    decision: Decision | None = None

    def __init__(
        self,
        environ: Environ,
        app: object,
        resource: Resource,
        address: Address | None,
        named_lists: NamedLists,
    ) -> None:
        self._metadata = Metadata(environ, app, resource.account)
        self._own: Info | None = None
        self._app = app
        self._named_lists = named_lists
        self.environ = environ
        self.resource = resource
        self.address = address
        self.method = str(environ["REQUEST_METHOD"])
        # Whether it may set metadata of a container or an account, or make one.
        self.may_change_list = self.method in METHODS and not resource.object

    def request(self) -> Request:
        """The request, for what is made of one."""
        return Request(self.environ)

    @property
    def may_create(self) -> bool:
        """Whether it makes a container where there is none."""
        return self.resource.kind == "container" and self.method == "PUT"

    @property
    def admitted(self) -> bool:
        """Whether the lists admit it, as far as it was judged."""
        return self.decision is not None and self.decision.allowed

    @cached_property
    def metadata_changes(self) -> dict[str, str]:
        """Changes of the resource's metadata, as Swift will make them."""
        return metadata_changes(self.environ, self.resource.kind)

    @cached_property
    def changes(self) -> dict[str, str]:
        """Those among them that change a list: `list_items`."""
        return list_items(self.metadata_changes, self.resource.kind)

    @property
    def confirms_lockout(self) -> bool:
        """Whether its sender means to be locked out."""
        return bool(config_true_value(self.request().headers.get(CONFIRM_LOCKOUT_HEADER)))

    def denial(self) -> Response | None:
        """What the authorization answers, asked as the proxy server asks it.

        Returns:
            None where it lets the request pass, and where it cannot be asked because no
            server answered.
        """
        if "swift.authorize" not in self.environ:
            return None
        try:
            acl = self._acl()
        except InfoUnavailableError:
            return None
        denial, _ = self._authorization(acl)
        return denial

    def owner_denial(self) -> Response | None:
        """The same for what only the account's owner may do.

        The authorization does not tell that somebody is the owner where the container's ACL
        lets him in already; so it is asked as if there were none.
        """
        denial, owner = self._authorization(None)
        return denial or (None if owner else HTTPForbidden(request=self.request()))

    def _authorization(self, acl: str | None) -> tuple[Response | None, bool]:
        authorize = self.environ.get("swift.authorize")
        if authorize is None:
            return None, False
        # A copy: the authorization writes into it, for the proxy server to read.
        request = Request({**self.environ})
        request.acl = acl
        denial = authorize(request)
        # Where Swift asks again when it knows the ACL, it has looked at the Origin before.
        delayed = self.resource.object or self.method in SAFE_METHODS
        if denial and self.resource.container and delayed:
            denial = self.as_absent(denial)
        return denial, bool(request.environ.get("swift_owner"))

    def as_absent(self, response: Response) -> Response:
        """A response as it would be for a container that is not there."""
        resource = self.resource
        return cors_response(
            self._app, self.without_container(), resource.account, resource.container, response
        )

    def without_container(self) -> Request:
        """The same request, to a container that is not there."""
        return without_container(self.environ, self.resource.account, self.resource.container)

    def _acl(self) -> str | None:
        if self.resource.container and self.method in SAFE_METHODS:
            return self.own().acls[0]
        return self.own().acls[1] if self.resource.object else None

    def own(self) -> Info:
        """The container that is aimed at, or the account where none is.

        Raises:
            InfoUnavailableError: no server answered.
        """
        if self._own is None:
            name = self.resource.container
            self._own = self._metadata.container(name) if name else self._metadata.account()
        return self._own

    def lists(self, own: Whitelist | None = None) -> Lists:
        """The lists that may rule, the nearest first, each read when it is reached.

        Args:
            own: a list to take for the resource's own instead of the stored one.

        Raises:
            InfoUnavailableError: no server answered.
        """
        nearest = self._list(self.own()) if own is None else own
        if not self.resource.container:
            yield Source.ACCOUNT, nearest
            return
        yield Source.CONTAINER, nearest
        for name in islice(governing_containers(self.resource.container), 1, None):
            served = self._metadata.container(name)
            if not served.exists:
                # Whoever came to create it would rule what lies behind it.
                break
            yield Source.BASE_CONTAINER, self._list(served)
        yield from self.account_list()

    def account_list(self) -> Lists:
        """The list by which the account itself is ruled.

        Raises:
            InfoUnavailableError: no server answered.
        """
        yield Source.ACCOUNT, self._list(self._metadata.account())

    def _list(self, info: Info) -> Whitelist:
        whitelist = info.whitelist
        if not whitelist.references:
            return whitelist
        return self._named_lists.read(info.metadata, self._metadata.account().metadata)

    def brought_list(self) -> Whitelist:
        """The list that the request brings, without what is stored.

        Raises:
            InfoUnavailableError: no server answered.
        """
        return self._list_of(self.changes)

    def changed_list(self) -> Whitelist:
        """The resource's own list as the request would leave it.

        Raises:
            InfoUnavailableError: no server answered.
        """
        return self._list_of({**self.own().metadata, **self.changes})

    def _list_of(self, metadata: Mapping[str, str]) -> Whitelist:
        # Not by the cache of stored lists, for this one is what the sender made up.
        whitelist = Whitelist.from_metadata(metadata)
        if not whitelist.references:
            return whitelist
        is_account = not self.resource.container
        account = metadata if is_account else self._metadata.account().metadata
        return self._named_lists.parse(metadata, account)

    def place(self) -> Place | None:
        """What is recorded of the request is recorded of this container.

        Old versions are read and written by whoever reads and writes the container itself; what
        aims at a container of segments that is not there yet is for the one that it will serve.

        Returns:
            None where it aims at none that is there, as far as the request has found out.
        """
        known = self.environ.get(INFOCACHE, {})
        account = wsgi_to_str(self.resource.account)
        for each in governing_containers(self.resource.container):
            if each[0] != "\0":
                name = wsgi_to_str(each)
                info = known.get(get_cache_key(account, name))
                if info and is_success(info["status"]):
                    return Place(account, name, str(info.get("status_changed_at") or ""))
        return None

    def creates_container(self) -> bool:
        """Whether it aims at a container that does not exist, which a PUT makes.

        Raises:
            InfoUnavailableError: no server answered.
        """
        return self.resource.kind == "container" and not self.own().exists

    def would_rule(self, at: datetime) -> str | None:
        """A container that this one, once it is made, would come to rule.

        That is one that was there before it, serves it, and is not ruled by a list of its own.

        Args:
            at: now, aware.

        Raises:
            InfoUnavailableError: no server answered.
        """
        for name in serving_containers(self.resource.container):
            serving = self._metadata.container(name)
            if serving.exists and not serving.whitelist.rules(at):
                return name
        return None

    def forget(self) -> None:
        """Drop what is cached about the resource, for this request and for all others."""
        self._own = None
        self._metadata.forget(self.resource.container)

    def end_change(self) -> None:
        """Drop it for all look-ups that are under way too, for it has changed."""
        self._own = None
        self._metadata.end_change(self.resource.container)

    def read_newest(self) -> None:
        """Take the lists, from now on, as all replicas have them, and from no cache."""
        if not isinstance(self._metadata, NewestMetadata):
            self._own = None
            self._metadata = self._metadata.newest()
