# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Find out who is really calling, once, before anything else asks.

Load balancers, TLS terminators and Horizon call on behalf of others and say so
in a forwarding header, which anybody else can send too. ``client_address``
believes it from the proxies that you trust alone, and makes the answer the only
one that the filters behind it can see:

* ``REMOTE_ADDR`` becomes the caller's address; it is absent where the caller
  cannot be known (an unreadable hop, a Unix socket).
* ``X-Forwarded-For``, ``Forwarded``, ``X-Cluster-Client-Ip``, ``X-Real-Ip`` and
  their like are removed, so that Swift's logs and rate limits, oslo's
  ``http_proxy_to_wsgi`` and ``webob`` cannot be told another address.
* What a TLS terminator says about scheme and host stays: ``X-Forwarded-Proto``,
  ``X-Forwarded-Host``, ``X-Forwarded-Prefix``, and ``proto`` and ``host`` of a
  trusted ``Forwarded``.
* ``ip_whitelist`` finds the address in the one dictionary that Swift hands on to
  the requests that its middlewares make for the caller.

In Swift: right after ``gatekeeper`` in ``/etc/swift/proxy-server.conf``. With
``require_proxy_protocol`` in front of it, the address of the PROXY line counts
as the peer. ::

    [pipeline:main]
    pipeline = catch_errors gatekeeper client_address healthcheck proxy-logging cache
        listing_formats container_sync bulk tempurl ratelimit tempauth copy
        container-quotas account-quotas slo dlo versioned_writes symlink proxy-logging
        ip_whitelist proxy-server

    [filter:client_address]
    use = egg:ipcontrol-dashboard#client_address
    trusted_proxies = 192.0.2.10, 2001:db8:0:1::/64
    header = X-Forwarded-For

In Nova: in ``/etc/nova/api-paste.ini``, before ``http_proxy_to_wsgi``, in the
pipelines of the compute API. Leave the metadata service's pipeline alone:
there ``X-Forwarded-For`` names the instance. ::

    [composite:openstack_compute_api_v21]
    use = call:nova.api.auth:pipeline_factory_v21
    keystone = cors client_address http_proxy_to_wsgi compute_req_id faultwrap request_log
        sizelimit osprofiler authtoken keystonecontext osapi_compute_app_v21

    [filter:client_address]
    paste.filter_factory = ipcontrol.middleware.client_address:filter_factory
    trusted_proxies = 192.0.2.10, 2001:db8:0:1::/64

`CallerSettings` has all options, with their defaults and what they mean.

The header is read from the right: trusted hops are skipped, the first other one
is the caller. A trusted proxy that sends no header is itself the caller; so a
proxy must add its header to every request, and must not let its own client make
it drop the header (through ``Connection: X-Forwarded-For``).

WSGI spells ``X_Forwarded_For`` like ``X-Forwarded-For``. Where the server keeps
the headers as they were sent (eventlet's ``headers_raw``), only the true name
counts. Elsewhere the server or the proxy must drop names with underscores, as
nginx and Apache's mod_wsgi do; uWSGI joins both, and cheroot takes the last.
``Forwarded`` has no hyphen, so that no other name is taken for it.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ipcontrol.addresses import Address, Network, format_address
from ipcontrol.client_address import (
    FORWARDED,
    HEADERS,
    X_FORWARDED_FOR,
    client_address,
    environ_key,
    forwarded_parameters,
)
from ipcontrol.middleware.options import Options, option

Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# Swift's make_env() passes this dictionary, by reference, into the environment
# of every request that a middleware makes; REMOTE_ADDR it drops.
INFOCACHE = "swift.infocache"
# Under this key, the caller's `Address`; None where the caller is not known.
CARRIER = "ipcontrol.client_address"
# Beside it: since when, by time.monotonic(), the metadata in that dictionary were read.
SINCE = "ipcontrol.since"

# Headers in which proxies of all makes name the caller. Swift reads the first
# two, oslo.middleware and webob the second and third; the rest are for what an
# operator may have added.
_NAMING_HEADERS = (
    "X-Cluster-Client-Ip",
    "X-Forwarded-For",
    "Forwarded",
    "CF-Connecting-Ip",
    "Client-Ip",
    "Fastly-Client-Ip",
    "Forwarded-For",
    "True-Client-Ip",
    "X-Client-Ip",
    "X-Envoy-External-Address",
    "X-Forwarded",
    "X-Original-Forwarded-For",
    "X-Originating-Ip",
    "X-ProxyUser-Ip",
    "X-Real-Ip",
    "X-Remote-Addr",
    "X-Remote-Ip",
)


_NAMING_KEYS = frozenset(map(environ_key, _NAMING_HEADERS))
# Parameters of RFC 7239, section 5, that are not about an address.
_PARAMETERS = ("proto", "host")


@dataclass(frozen=True, slots=True)
class CallerSettings:
    """One attribute for each option."""

    trusted_proxies: tuple[Network, ...] = option(
        (),
        "Networks whose forwarding header is believed: the load balancers and TLS terminators in "
        "front of the service, and the Horizon servers. A trusted proxy that sends no header "
        "counts as the caller itself.",
    )
    header: str = option(
        X_FORWARDED_FOR,
        "The one header that all of them write. It is read from the right: trusted hops are "
        "skipped, the first other one is the caller. ``Forwarded`` is that of RFC 7239.",
        HEADERS,
    )

    @classmethod
    def read(cls, values: Mapping[str, str], inherited: Mapping[str, str]) -> "CallerSettings":
        """Read the options of the filter's section, and those that it inherits.

        Raises:
            OptionError: an option cannot be used; its text says what to write.
        """
        options = Options("client_address", values, inherited)
        options.reject_unknown(cls.__dataclass_fields__)
        return cls(options.networks("trusted_proxies"), options.one_of("header", HEADERS))


class ClientAddress:
    """Replaces what a request says about its origin by what is known.

    Args:
        app: the next WSGI application.
        trusted: networks of the proxies whose header is believed.
        header: one of `ipcontrol.client_address.HEADERS`.
    """

    def __init__(
        self, app: App, trusted: tuple[Network, ...] = (), header: str = X_FORWARDED_FOR
    ) -> None:
        self.app = app
        self._trusted = trusted
        self._header = header
        self._key = environ_key(header)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Resolve the caller, then pass the request on."""
        if self._key in environ:
            self._restore_header(environ)
        caller = client_address(environ, self._trusted, self._header)
        # With another header, the trusted proxies do not write this one: it is the caller's own.
        rest = self._scheme_and_host(environ) if self._header == FORWARDED else ""
        for key in environ.keys() & _NAMING_KEYS:
            del environ[key]
        if rest:
            environ[environ_key(FORWARDED)] = rest
        _set_caller(environ, caller)
        return self.app(environ, start_response)

    def _scheme_and_host(self, environ: Environ) -> str:
        parameters = forwarded_parameters(environ, self._trusted)
        return ";".join(f"{name}={value}" for name, value in parameters if name in _PARAMETERS)

    def _restore_header(self, environ: Environ) -> None:
        """Undo what a server's merging of ``X_Forwarded_For`` into ``X-Forwarded-For`` did."""
        raw = environ.get("headers_raw")
        if raw is not None:
            true_name = self._header.lower()
            values = [value for name, value in raw if name.lower() == true_name]
            environ[self._key] = ",".join(values)


def _set_caller(environ: Environ, caller: Address | None) -> None:
    if caller is None:
        environ.pop("REMOTE_ADDR", None)
    else:
        environ["REMOTE_ADDR"] = format_address(caller)
    known = environ.setdefault(INFOCACHE, {})
    known[CARRIER] = caller
    known[SINCE] = time.monotonic()


def filter_factory(global_conf: dict[str, str], **local_conf: str) -> Callable[[App], App]:
    """Make the filter, for paste.deploy.

    Raises:
        OptionError: an option cannot be used; its text says what to write.
    """
    settings = CallerSettings.read(local_conf, global_conf)
    return lambda app: ClientAddress(app, settings.trusted_proxies, settings.header)
