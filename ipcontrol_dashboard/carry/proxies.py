# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Proxies in front of Horizon that hide who comes through them.

Everybody then has the proxy's address. Where that is one of Horizon's own
machine, a Swift proxy there admits it unasked (``admit_local``), and no list
keeps anybody out. No setting need show such a proxy, so there is no system
check for it: the requests that it passes on do, for they bear its marks.
"""

import logging
import socket

from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop
from horizon import messages

from ipcontrol.addresses import Address, AddressError, parse_address
from ipcontrol_dashboard import conf
from ipcontrol_dashboard.kit import interruptions

LOG = logging.getLogger(__name__)

# Headers that proxies add and browsers do not send.
MARKS = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
)
UNNAMED = gettext_noop(
    'The proxy %(peer)s on Horizon\'s own machine is not in IPCONTROL["TRUSTED_PROXIES"]: '
    "everybody who comes through it counts as that address, which a Swift proxy on this machine "
    "admits by itself. Name it there, and have it write %(header)s into every request."
)
SILENT = gettext_noop(
    "The proxy %(peer)s passes on requests without %(header)s: everybody who comes through it "
    "counts as that address. Have it write that header into every request, or name the one that "
    'it writes in IPCONTROL["CLIENT_HEADER"].'
)

# What this process has logged: each once, or every request would be a line.
_logged: set[str] = set()


def watch(request: HttpRequest) -> None:
    """Tell of a proxy that hides who comes through it.

    The log has it once for each process, and administrators who come through it
    themselves see it on the pages of the plugin.
    """
    sentence = problem(request)
    if sentence is None:
        return
    params = {"peer": request.META["REMOTE_ADDR"], "header": conf.settings().client_header}
    if sentence not in _logged:
        _logged.add(sentence)
        LOG.warning(sentence, params)
    if _is_administrators_page(request):
        messages.warning(request, gettext(sentence) % params)


def problem(request: HttpRequest) -> str | None:
    """What is wrong with the proxy that a request comes from.

    Returns:
        `UNNAMED` or `SILENT`; None where it is fine, or where nothing shows a proxy. A
        foreign address with the marks is no sign: people's own proxies leave them too.
    """
    peer = _peer(request)
    if peer is None or not any(_has(request, name) for name in MARKS):
        return None
    settings = conf.settings()
    if any(peer in network for network in settings.trusted_proxies):
        return None if _has(request, settings.client_header) else SILENT
    return UNNAMED if is_own(peer) else None


def is_own(address: Address) -> bool:
    """Whether an address is one of this machine's.

    To such an address, and to no other, it connects from the same one. Nothing is sent.
    """
    if address.is_loopback:
        return True
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((str(address), 9))
            return parse_address(probe.getsockname()[0]) == address
    except (OSError, AddressError):
        return False


def _peer(request: HttpRequest) -> Address | None:
    try:
        return parse_address(request.META.get("REMOTE_ADDR") or "")
    except AddressError:
        return None


def _has(request: HttpRequest, header: str) -> bool:
    return bool(request.headers.get(header))


def _is_administrators_page(request: HttpRequest) -> bool:
    """A form in a window, or an answer to a script, shows no messages of its own."""
    by_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    return (
        request.method == "GET"
        and not by_script
        and interruptions.is_plugin_request(request)
        and request.user.is_superuser
    )
