# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Where the plugin reaches into Horizon so that its calls tell the caller's address.

Horizon makes its clients of Swift and Nova in a few functions, and offers no
other way to add a header to their requests. They are replaced, when Django has
loaded its applications, by functions that make the same client and have it tell
the address; Swift's client also learns to read all headers of an answer. `HOOKS`
names them, and since which release Horizon has them.

A later release of Horizon may make its clients elsewhere. `problems` finds out
without calling anybody, and `guard` keeps Horizon from serving then: pages that
work would let everybody through whom Swift admits Horizon for.
"""

import functools
import inspect
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module, metadata
from io import BytesIO
from types import CodeType, FunctionType, ModuleType
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.utils import to_native_string
from swiftclient.client import Connection

from ipcontrol.client_address import HEADERS
from ipcontrol_dashboard import conf
from ipcontrol_dashboard.carry import caller, header_lines

# Functions of Horizon that name one of these make clients.
MAKERS = frozenset({"Client", "Connection", "Session"})
_PROBE_URL = "http://127.0.0.1:1/v1/AUTH_ipcontrol"


@dataclass(frozen=True, slots=True)
class Hook:
    """A function of Horizon that makes a client.

    Attributes:
        module: where it is.
        name: what it is called there.
        replace: makes the function to put in its place.
        since: the first major release of Horizon that has it.
    """

    module: str
    name: str
    replace: Callable[[Callable[..., Any]], Callable[..., Any]]
    since: int = 0

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


def _telling_swift(make: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(make)
    def swift_api(request: HttpRequest) -> Connection:
        return header_lines.read_all(caller.carry_to_swift(make(request), request))

    return swift_api


def _telling_nova(make: Callable[..., Any]) -> Callable[..., Any]:
    """For novaclient: memoized by Horizon for each request, so never shared."""

    @functools.wraps(make)
    def cached_novaclient(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        client = make(request, *args, **kwargs)
        caller.carry_to_nova(getattr(client.client, "session", None), request)
        return client

    return cached_novaclient


def _telling_compute(make: Callable[..., Any]) -> Callable[..., Any]:
    """For openstacksdk: memoized by Horizon for each request, so never shared."""

    @functools.wraps(make)
    def computeclient(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        compute = make(request, *args, **kwargs)
        caller.carry_to_nova(getattr(compute, "session", None), request)
        return compute

    return computeclient


HOOKS = (
    Hook("openstack_dashboard.api.swift", "swift_api", _telling_swift),
    Hook("openstack_dashboard.api._nova", "cached_novaclient", _telling_nova),
    Hook("openstack_dashboard.api._nova", "computeclient", _telling_compute, since=26),
)
# Modules whose functions all get their clients from the hooks.
MODULES = (
    "openstack_dashboard.api.swift",
    "openstack_dashboard.api._nova",
    "openstack_dashboard.api.nova",
)


def install() -> None:
    """Replace the functions; once, however often it is called.

    Never raises: what is missing is one of the `problems`.
    """
    for hook in HOOKS:
        module = _module(hook.module)
        make = getattr(module, hook.name, None)
        if make is None or hasattr(make, "tells_caller"):
            continue
        telling = hook.replace(make)
        telling.tells_caller = True  # type: ignore[attr-defined]
        setattr(module, hook.name, telling)


def problems() -> list[conf.Problem]:
    """Why some request to Swift or Nova would not tell the caller's address, or be half read."""
    return [*_missing(), *_others(), *_mute(), *_half_read()]


def guard() -> None:
    """Let nobody in while a call might go out without the caller's address.

    Raises:
        ImproperlyConfigured: its text says what is wrong, and what to do.
    """
    found = [*conf.problems(), *problems()]
    if found:
        raise ImproperlyConfigured(
            "ipcontrol keeps Horizon from starting: "
            + " ".join(f"(ipcontrol.{each.code}) {each.sentence} {each.hint}" for each in found)
        )


_HINT = (
    "Use a release of Horizon that this release of ipcontrol-dashboard knows, or disable "
    "ipcontrol's enabled files and close Swift's trusted_proxies to Horizon."
)


def _missing() -> Iterator[conf.Problem]:
    release = _release()
    for hook in HOOKS:
        function = getattr(_module(hook.module), hook.name, None)
        if function is None and release < hook.since:
            continue
        made_by = getattr(inspect.unwrap(function), "__module__", None) if function else None
        if made_by != hook.module or not hasattr(function, "tells_caller"):
            yield conf.Problem("E010", f"{hook} is not where Horizon makes its client.", _HINT)


def _others() -> Iterator[conf.Problem]:
    known = {str(hook) for hook in HOOKS}
    for name in MODULES:
        for function in _functions(_module(name)):
            found = f"{name}.{function.__name__}"
            if found not in known and MAKERS & set(_names(function.__code__)):
                yield conf.Problem("E011", f"{found} makes a client of its own.", _HINT)


def _mute() -> Iterator[conf.Problem]:
    if conf.problems():
        return
    recorder = _Recorder()
    client = Connection(preauthurl=_PROBE_URL, preauthtoken="none", retries=0)
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "192.0.2.1"
    try:
        caller.carry_to_swift(client, request)
        _record(client, recorder)
        client.head_account()
    except Exception:  # noqa: S110 - whatever it is, nothing has been recorded
        pass
    if recorder.headers != caller.header(request):
        sentence = "python-swiftclient does not send the caller's address."
        yield conf.Problem("E012", sentence, _HINT)


def _half_read() -> Iterator[conf.Problem]:
    client = Connection(preauthurl=_PROBE_URL, preauthtoken="none", retries=0)
    try:
        whole = header_lines.reads_all(header_lines.read_all(client))
    except Exception:
        whole = False
    if not whole:
        sentence = "python-swiftclient loses headers behind one whose name HTTP does not allow."
        yield conf.Problem("E013", sentence, _HINT)


class _Recorder(BaseAdapter):
    """Answers requests in place of the network.

    Attributes:
        headers: the forwarding headers of the last request.
    """

    def __init__(self) -> None:
        super().__init__()
        self.headers: dict[str, str] = {}

    def send(self, request: PreparedRequest, **_options: Any) -> Response:
        sent = request.headers
        self.headers = {name: to_native_string(sent[name]) for name in HEADERS if name in sent}
        response = Response()
        response.status_code, response.raw, response.request = 204, BytesIO(), request
        return response

    def close(self) -> None:
        """Nothing is open."""


def _record(client: Connection, recorder: _Recorder) -> None:
    open_connection = client.http_connection

    def http_connection(*args: Any, **kwargs: Any) -> Any:
        url, http = open_connection(*args, **kwargs)
        http.request_session.mount(_PROBE_URL, recorder)
        return url, http

    client.http_connection = http_connection


def _release() -> float:
    """The major release of Horizon; where nobody knows it, one that must have all hooks."""
    try:
        return int(metadata.version("horizon").partition(".")[0])
    except (metadata.PackageNotFoundError, ValueError):
        return math.inf


def _module(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ImportError:
        return None


def _functions(module: ModuleType | None) -> Iterator[FunctionType]:
    if module is None:
        return
    for value in vars(module).values():
        function = inspect.unwrap(value) if callable(value) else value
        if isinstance(function, FunctionType) and function.__module__ == module.__name__:
            yield function


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
