# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What a request to Swift aims at, and the lists that rule it.

Names are "WSGI strings", as in ``PATH_INFO``: UTF-8 bytes read as latin-1.
Metadata are native strings, as ``get_container_info`` gives them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from swift.common.constraints import check_utf8, valid_api_version
from swift.common.swob import Request, wsgi_quote, wsgi_to_str
from swift.common.utils import split_path

from ipcontrol.addresses import Address
from ipcontrol.middleware.client_address import Environ
from ipcontrol.middleware.list_changes import allow_changes
from ipcontrol.middleware.metadata import Info, Metadata
from ipcontrol.whitelist import (
    Source,
    Whitelist,
    governing_containers,
    is_allow_item,
    serving_containers,
)

Lists = Iterator[tuple[Source, Whitelist]]

_NOTHING = Whitelist()


@dataclass(frozen=True, slots=True)
class Target:
    """What a path names, as proxy-server reads it.

    Attributes:
        version: of the API, as in the path.
        account: never empty.
        container: empty for the account itself.
        object: empty for the container itself.
    """

    version: str
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


def read_target(request: Request) -> Target | None:
    """Read the path with the proxy server's own functions.

    Returns:
        None for what the proxy server answers without touching an account:
        ``/info``, and every path that it calls bad.
    """
    path = request.environ.get("SCRIPT_NAME", "") + request.environ["PATH_INFO"]
    try:
        version, account, container, name = split_path(path, 1, 4, True)
    except ValueError:
        return None
    if not account or not valid_api_version(version):
        return None
    if not check_utf8(wsgi_to_str(path), internal=request.allow_reserved_names):
        return None
    return Target(version, account, container or "", name or "")


class Access:
    """One request, and the metadata that rule it: read when asked for, and cached by Swift.

    Args:
        environ: of the request.
        app: the proxy server.
        target: what the request aims at.
        address: the caller; None where it is not known.

    Attributes:
        changes: of allow items, as `allow_changes` reads them.
    """

    def __init__(
        self, environ: Environ, app: object, target: Target, address: Address | None
    ) -> None:
        self._metadata = Metadata(environ, app, target.version, target.account)
        self._own: Info | None = None
        self.target = target
        self.address = address
        self.method = str(environ["REQUEST_METHOD"])
        self.changes = allow_changes(environ, target.kind)

    def own(self) -> Info:
        """The container that is aimed at, or the account where none is.

        Raises:
            InfoUnavailableError: no server answered.
        """
        if self._own is None:
            name = self.target.container
            self._own = self._metadata.container(name) if name else self._metadata.account()
        return self._own

    def lists(self, own: Mapping[str, str] | None = None) -> Lists:
        """The lists that may rule, the nearest first, each read when it is reached.

        Args:
            own: metadata to take for the target's own instead of the stored.

        Raises:
            InfoUnavailableError: no server answered.
        """
        metadata = self.own().metadata if own is None else own
        if not self.target.container:
            yield Source.ACCOUNT, read_whitelist(metadata)
            return
        yield Source.CONTAINER, read_whitelist(metadata)
        _, *others = governing_containers(self.target.container)
        for name in others:
            served = self._metadata.container(name)
            if not served.exists:
                # Whoever came to create it would rule what lies behind it.
                break
            yield Source.BASE_CONTAINER, read_whitelist(served.metadata)
        yield Source.ACCOUNT, read_whitelist(self._metadata.account().metadata)

    def founds(self) -> bool:
        """Whether a container is to be made that will rule itself and nothing else.

        Not where one that would serve it is there before it: the new list would
        let its author into that.

        Raises:
            InfoUnavailableError: no server answered.
        """
        if self.target.kind != "container" or self.own().exists:
            return False
        serving = serving_containers(self.target.container)
        return not any(self._metadata.container(name).exists for name in serving)

    def forget(self) -> None:
        """Drop what is cached about the target, for this request and for all others."""
        self._own = None
        self._metadata.forget(self.target.container)

    def end_change(self) -> None:
        """Drop it for all look-ups that are under way too, for it has changed."""
        self._own = None
        self._metadata.end_change(self.target.container)

    def read_newest(self) -> None:
        """Take the lists, from now on, as all replicas have them, and from no cache."""
        self._own = None
        self._metadata = self._metadata.newest()


def read_whitelist(metadata: Mapping[str, str]) -> Whitelist:
    """Read the allow items, once for each distinct set of them."""
    items = tuple(sorted(item for item in metadata.items() if is_allow_item(item[0])))
    return _parse(items) if items else _NOTHING


# Parsing costs up to 0.4 ms; a list as long as Swift's limits allow takes 120 kB.
@lru_cache(maxsize=512)
def _parse(items: tuple[tuple[str, str], ...]) -> Whitelist:
    return Whitelist.from_metadata(dict(items))
