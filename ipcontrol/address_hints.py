# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a text that is no address, and what was probably meant."""

import re
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, ip_address, ip_network, summarize_address_range
from itertools import islice

from ipcontrol.errors import gettext_noop

# The longest network (IPv6 with an embedded IPv4 address and a prefix length) has 49
# characters, and a range of two such addresses, the longest text that gets a suggestion,
# 93. Nothing looks at a longer text, for callers whom nobody knows send some.
MAX_LENGTH = 128
_LONGEST_SHOWN = 60
# A range that takes more networks than this is better written anew.
_MOST_SUGGESTED = 8

_PORT = re.compile(r"(?:\[([^\]]*)\]|([0-9.]+)):[0-9]{1,5}", re.ASCII)
_BRACKETS = re.compile(r"\[([^\]]*)\](/.*)?", re.ASCII | re.DOTALL)
_LEADING_ZERO = re.compile(r"(?<![0-9])0+(?=[0-9])", re.ASCII)
# The standard library keeps each spelling of a length or netmask that it has read, for
# good: "08", "008" and so on are not put to it.
_LENGTH = re.compile(r"[0-9]{1,3}", re.ASCII)
_MASK = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}", re.ASCII)
_WILDCARD = re.compile(r"((?:[0-9]{1,3}\.){1,3})(?:\*\.){0,2}\*", re.ASCII)
_NAME = re.compile(r"(?=.*[a-z])[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?(?:/.*)?", re.IGNORECASE)

Hint = tuple[str, dict[str, object]]


def explain(text: object, read: Callable[[str], object], one_address: bool) -> Hint:
    """Explain why a text was refused.

    Args:
        text: what was refused.
        read: the strict reader that refused it; it returns None for what it
            refuses. A suggestion is made only if it reads well.
        one_address: whether an address was asked for; otherwise a network.

    Returns:
        A template and its parameters, for an `ipcontrol.errors.IpControlError`.
    """
    if not isinstance(text, str):
        return gettext_noop("An address must be text."), {}
    if len(text) > MAX_LENGTH:
        return _too_long(text)
    if not text.strip():
        return gettext_noop("An address is missing: write one such as 192.0.2.7."), {}
    shown = _shortened(text)
    for template, repair in (*_REPAIRS, *(_ADDRESS_REPAIRS if one_address else ())):
        suggestion = repair(text)
        if suggestion is not None and _reads(suggestion, read):
            return template, {"text": shown, "suggestion": suggestion}
    return next(_without_suggestion(text, one_address)), {"text": shown}


def _too_long(text: str) -> Hint:
    template = gettext_noop(
        '"%(text)s" is too long for an address or a network (%(count)d characters): write one '
        "such as 192.0.2.7 or 192.0.2.0/24, and several apart from each other."
    )
    return template, {"text": _shortened(text), "count": len(text)}


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def _reads(text: str, read: Callable[[str], object]) -> bool:
    return all(read(part) is not None for part in text.split(", "))


def _without_suggestion(text: str, one_address: bool) -> Iterator[str]:
    if text.strip().lower() in ("*", "any", "all"):
        yield gettext_noop('"%(text)s" would be any address: write 0.0.0.0/0 and ::/0.')
    if "/" in text and _is_address(text.partition("/")[0]):
        yield gettext_noop(
            '"%(text)s" needs a prefix length after the slash: 0 to 32 bits for IPv4, '
            "0 to 128 for IPv6."
        )
    if _NAME.fullmatch(text):
        yield gettext_noop('"%(text)s" is a name: write the address that it stands for.')
    if one_address:
        yield gettext_noop('"%(text)s" is not an address: write one such as 192.0.2.7.')
    yield gettext_noop(
        '"%(text)s" is not a network: write an address or address/length, such as 192.0.2.0/24.'
    )


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


# --- Repairs: the text that was probably meant, or None ----------------------------


def _without_white_space(text: str) -> str | None:
    bare = "".join(text.split())
    return bare if bare != text else None


def _without_port(text: str) -> str | None:
    match = _PORT.fullmatch(text)
    return match and (match[1] or match[2])


def _without_brackets(text: str) -> str | None:
    match = _BRACKETS.fullmatch(text)
    return match and match[1] + (match[2] or "")


def _without_leading_zeros(text: str) -> str | None:
    return None if ":" in text else _LEADING_ZERO.sub("", text)


def _without_zone(text: str) -> str | None:
    base, zone, rest = text.partition("%")
    length = rest.partition("/")[2]
    return base + (f"/{length}" if length else "") if zone else None


def _without_length(text: str) -> str | None:
    base, slash, _length = text.partition("/")
    return base if slash else None


def _without_host_bits(text: str) -> str | None:
    return _network(text) if _LENGTH.fullmatch(text.partition("/")[2]) else None


def _without_mask(text: str) -> str | None:
    return _network(text) if _MASK.fullmatch(text.partition("/")[2]) else None


def _without_mask_behind(text: str) -> str | None:
    address, _, mask = text.partition(" ")
    # All zeros may mean everybody, as a netmask, or this address alone.
    return _network(f"{address}/{mask}") if is_mask(mask) and mask.strip("0.") else None


def is_mask(text: str) -> bool:
    """Whether a dotted quad is more likely a netmask, or a wildcard mask, than an address.

    No caller has an address that begins with 0 or 255 (RFC 6890).
    """
    if not _MASK.fullmatch(text) or not text.startswith(("0.", "255.")):
        return False
    try:
        bits = int(IPv4Address(text))
    except ValueError:
        return False
    rest = bits if text.startswith("0.") else bits ^ 0xFFFFFFFF
    return rest & (rest + 1) == 0


def _network(text: str) -> str | None:
    try:
        return str(ip_network(text, strict=False))
    except ValueError:
        return None


def _without_wildcard(text: str) -> str | None:
    match = _WILDCARD.fullmatch(text)
    if match is None:
        return None
    octets = match[1].rstrip(".").split(".")
    return ".".join(octets + ["0"] * (4 - len(octets))) + f"/{8 * len(octets)}"


def _without_range(text: str) -> str | None:
    first, dash, last = text.partition("-")
    if not dash:
        return None
    try:
        ends = ip_address(first.strip()), ip_address(last.strip())
        networks = list(islice(summarize_address_range(*ends), _MOST_SUGGESTED + 1))
    except (ValueError, TypeError):
        return None
    if len(networks) > _MOST_SUGGESTED:
        return None
    return ", ".join(str(network).removesuffix("/32").removesuffix("/128") for network in networks)


_REPAIRS: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    (gettext_noop('"%(text)s" has white space in it: %(suggestion)s?'), _without_white_space),
    (gettext_noop("%(text)s has a port: %(suggestion)s?"), _without_port),
    (gettext_noop("%(text)s has brackets: %(suggestion)s?"), _without_brackets),
    (gettext_noop("%(text)s has leading zeros: %(suggestion)s?"), _without_leading_zeros),
    (gettext_noop("%(text)s names a zone: %(suggestion)s?"), _without_zone),
    (gettext_noop("%(text)s has a netmask: %(suggestion)s?"), _without_mask),
    (gettext_noop("%(text)s has a netmask: %(suggestion)s?"), _without_mask_behind),
    (gettext_noop("%(text)s has host bits set: %(suggestion)s?"), _without_host_bits),
    (gettext_noop("%(text)s is a wildcard: %(suggestion)s?"), _without_wildcard),
    (gettext_noop("%(text)s is a range: %(suggestion)s?"), _without_range),
)
_ADDRESS_REPAIRS = (
    (gettext_noop("%(text)s is a network, not one address: %(suggestion)s?"), _without_length),
)
