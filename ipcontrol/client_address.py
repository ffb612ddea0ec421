# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Who is really calling: the peer, or the caller that a trusted proxy names.

Anybody can send a forwarding header. It is believed only from a peer on the
trusted list, and only as far as the chain of trusted hops reaches: hops are
read from the right, because each proxy appends the peer that it saw.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ipcontrol.addresses import Address, Network, address_or_none

X_FORWARDED_FOR = "X-Forwarded-For"
FORWARDED = "Forwarded"
HEADERS = (X_FORWARDED_FOR, FORWARDED)


def environ_key(header: str) -> str:
    """The name of a request's header in a WSGI environment."""
    return "HTTP_" + header.upper().replace("-", "_")


_KEYS = {header: environ_key(header) for header in HEADERS}

_BLANK = " \t"
_IPV4_WITH_PORT = re.compile(r"([0-9.]+):[0-9]{1,5}", re.ASCII)
_BRACKETED = re.compile(r"\[([^\]]*)\](?::[0-9]{1,5})?", re.ASCII)
_QUOTED = r'"(?:[^"\\]|\\.)*"'
# One run between separators that stand outside quoted strings; a quote that is
# never closed matches neither alternative and ends the reading.
_ELEMENT = re.compile(rf'(?:[^",]|{_QUOTED})*', re.DOTALL)
_PAIR = re.compile(rf'(?:[^";]|{_QUOTED})*', re.DOTALL)


def client_address(
    environ: Mapping[str, Any], trusted: Iterable[Network], header: str = X_FORWARDED_FOR
) -> Address | None:
    """Find the caller's address.

    Args:
        environ: a WSGI environment (PEP 3333) or Django's ``request.META``.
        trusted: networks of the proxies whose forwarding header is believed.
        header: the one header that they write: ``X-Forwarded-For``, or
            ``Forwarded`` (RFC 7239).

    Returns:
        The address of the peer where it is not trusted or sent no header;
        otherwise the rightmost hop that is not trusted, or the leftmost hop
        where all are. None where the caller cannot be known: to be refused.

    Raises:
        ValueError: ``header`` is neither of the two.
    """
    if header not in HEADERS:
        raise ValueError(f"the forwarding header must be one of {', '.join(HEADERS)}")
    networks = tuple(trusted)
    caller = address_or_none(environ.get("REMOTE_ADDR"))
    if caller is None or not _within(caller, networks):
        return caller
    for hop in _hops(environ, header):
        caller = hop
        if caller is None or not _within(caller, networks):
            break
    return caller


def forwarded_parameters(
    environ: Mapping[str, Any], trusted: Iterable[Network]
) -> list[tuple[str, str]]:
    """Find what the outermost trusted proxy wrote into ``Forwarded`` about the caller.

    Args:
        environ: as in `client_address`.
        trusted: as in `client_address`.

    Returns:
        The parameters (RFC 7239, section 5) of the element that names the
        caller: name in lower case, value as written. Empty where there is no
        such header, the peer is not trusted, or the caller is unknown.
    """
    networks = tuple(trusted)
    peer = address_or_none(environ.get("REMOTE_ADDR"))
    value = _header(environ, FORWARDED)
    if not value or peer is None or not _within(peer, networks):
        return []
    for element in reversed(_split(value, ",", _ELEMENT)):
        hop = _forwarded_hop(element)
        if hop is None:
            return []
        if not _within(hop, networks):
            break
    pairs = (pair.partition("=") for pair in _split(element, ";", _PAIR))
    return [
        (name.strip(_BLANK).lower(), text.strip(_BLANK)) for name, equals, text in pairs if equals
    ]


def _within(address: Address, networks: tuple[Network, ...]) -> bool:
    for network in networks:  # noqa: SIM110 (each request comes here: any() takes twice as long)
        if address in network:
            return True
    return False


def _hops(environ: Mapping[str, Any], header: str) -> Iterator[Address | None]:
    """The hops from the right; None for an unreadable one."""
    value = _header(environ, header)
    if not value:
        return iter(())
    if header == FORWARDED:
        return map(_forwarded_hop, reversed(_split(value, ",", _ELEMENT)))
    return map(_hop, reversed(value.split(",")))


def _header(environ: Mapping[str, Any], header: str) -> str:
    return str(environ.get(_KEYS[header]) or "").strip(_BLANK)


def _hop(text: str) -> Address | None:
    text = text.strip(_BLANK)
    if ":" not in text:
        return address_or_none(text)
    match = _IPV4_WITH_PORT.fullmatch(text)
    if match is None and text.startswith("["):
        match = _BRACKETED.fullmatch(text)
        # Brackets belong to IPv6 alone.
        return address_or_none(match[1]) if match and ":" in match[1] else None
    return address_or_none(match[1] if match else text)


def _split(value: str, separator: str, run: re.Pattern[str]) -> list[str]:
    """Split at separators outside quoted strings.

    What follows a quote that is never closed stays one part, with the quote in
    it: whether its separators count cannot be known.
    """
    parts: list[str] = []
    start = 0
    while True:
        match = run.match(value, start)
        end = match.end() if match else start
        if end < len(value) and value[end] != separator:
            return [*parts, value[start:]]
        parts.append(value[start:end])
        if end == len(value):
            return parts
        start = end + 1


def _forwarded_hop(element: str) -> Address | None:
    """The address in one element of RFC 7239, section 4: exactly one ``for``."""
    named = []
    for pair in _split(element, ";", _PAIR):
        if not _PAIR.fullmatch(pair):
            return None
        name, equals, value = pair.partition("=")
        if equals and name.strip(_BLANK).lower() == "for":
            named.append(value.strip(_BLANK))
    return _hop(_unquoted(named[0])) if len(named) == 1 else None


def _unquoted(value: str) -> str:
    if re.fullmatch(_QUOTED, value):
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value
