# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The rules once more, written slowly: text and bits, no `ipaddress`, no regular expressions.

What the engine answers is compared with this. Nothing here is shared with the
engine, so that a mistake in one is not a mistake in both.
"""

from datetime import UTC, datetime

DIGITS = "0123456789"
HEX_DIGITS = DIGITS + "abcdefABCDEF"
WHITE_SPACE = " \t\n\r\f\v"


# --- Addresses: a string of 32 or 128 bits, or None -------------------------


def address_bits(text):
    bits = _v6_bits(text) if ":" in text else _v4_bits(text)
    if bits is not None and len(bits) == 128 and bits.startswith("0" * 80 + "1" * 16):
        return bits[96:]
    return bits


def network_bits(text):
    """The leading bits that the network fixes and the family's length, or None."""
    if text.count("/") > 1:
        return None
    base, _, length = text.partition("/")
    bits = _v6_bits(base) if ":" in base else _v4_bits(base)
    if bits is None:
        return None
    if "/" in text:
        fixed = _number(length, len(bits))
        if fixed is None or "1" in bits[fixed:]:
            return None
    else:
        fixed = len(bits)
    if len(bits) == 128 and fixed >= 96 and bits.startswith("0" * 80 + "1" * 16):
        return bits[96:fixed], 32
    return bits[:fixed], len(bits)


def holds(network, address):
    fixed, length = network
    return address is not None and len(address) == length and address.startswith(fixed)


def _number(text, most):
    if not text or any(character not in DIGITS for character in text):
        return None
    if (text[0] == "0" and text != "0") or len(text) > 3:
        return None
    return int(text) if int(text) <= most else None


def _v4_bits(text):
    numbers = [_number(part, 255) for part in text.split(".")]
    if len(numbers) != 4 or None in numbers:
        return None
    return "".join(format(number, "08b") for number in numbers)


def _v6_bits(text):
    if text.count("::") > 1 or ":::" in text:
        return None
    left, gap, right = text.partition("::")
    head = _groups(left, last=not gap)
    tail = _groups(right, last=True) if gap else ""
    if head is None or tail is None:
        return None
    missing = 128 - len(head) - len(tail)
    if (gap and missing < 16) or (not gap and missing != 0):
        return None
    return head + "0" * missing + tail


def _groups(text, last):
    if not text:
        return ""
    bits = ""
    parts = text.split(":")
    for place, part in enumerate(parts):
        if "." in part:
            v4 = _v4_bits(part)
            if v4 is None or not last or place != len(parts) - 1:
                return None
            bits += v4
        elif 1 <= len(part) <= 4 and all(character in HEX_DIGITS for character in part):
            bits += format(int(part, 16), "016b")
        else:
            return None
    return bits


# --- Allow items -------------------------------------------------------------


def is_item(name, value):
    name = name.lower()
    named = name == "allow" or name[:6] == "allow-"
    return named and any(character not in WHITE_SPACE for character in value)


def item_admits(value, address, method, at):
    """True or False; None for an item that is invalid."""
    networks, *options = value.split(";")
    for separator in WHITE_SPACE:
        networks = networks.replace(separator, ",")
    words = [network_bits(word) for word in networks.split(",") if word]
    options = [option.strip(WHITE_SPACE) for option in options]
    moments = [_moment(option[6:]) for option in options if option[:6] == "until="]
    read_only = options.count("read-only")
    if not words or None in words or None in moments:
        return None
    if len(moments) > 1 or read_only > 1 or len(moments) + read_only != len(options):
        return None
    return (
        any(holds(network, address) for network in words)
        and (not read_only or method in ("GET", "HEAD", "OPTIONS"))
        and all(at < moment for moment in moments)
    )


def whitelist_admits(metadata, address, method, at):
    return any(
        is_item(name, value) and item_admits(value, address, method, at) is True
        for name, value in metadata.items()
    )


def _moment(text):
    shape = "dddd-dd-ddTdd:ddZ" if len(text) == 17 else "dddd-dd-ddTdd:dd:ddZ"
    if len(text) != len(shape):
        return None
    for character, expected in zip(text, shape, strict=True):
        if (expected == "d" and character not in DIGITS) or expected not in ("d", character):
            return None
    seconds = int(text[17:19]) if len(text) == 20 else 0
    numbers = [
        int(text[start:end]) for start, end in ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16))
    ]
    try:
        return datetime(*numbers, seconds, tzinfo=UTC)
    except ValueError:
        return None


# --- The caller --------------------------------------------------------------


def caller_bits(peer, header_value, trusted, header):
    """The caller's bits; None where the caller is unknown.

    `trusted` are networks as `network_bits` gives them.
    """
    current = address_bits(peer)
    value = header_value.strip(" \t")
    if current is None or not any(holds(network, current) for network in trusted) or not value:
        return current
    hops = _forwarded_hops(value) if header == "Forwarded" else value.split(",")
    for hop in reversed(hops):
        current = None if hop is None else _hop_bits(hop.strip(" \t"))
        if current is None or not any(holds(network, current) for network in trusted):
            break
    return current


def _hop_bits(hop):
    if hop.startswith("["):
        inner, closed, port = hop[1:].partition("]")
        if not closed or ":" not in inner or (port and not _is_port(port)):
            return None
        return address_bits(inner)
    if hop.count(":") == 1:
        hop, _, port = hop.partition(":")
        if not _is_port(":" + port):
            return None
    return address_bits(hop)


def _is_port(text):
    digits = text[1:]
    return (
        text[0] == ":"
        and 1 <= len(digits) <= 5
        and all(character in DIGITS for character in digits)
    )


def _forwarded_hops(value):
    """One text, or None, for each element."""
    elements, pairs, pair = [], [], ""
    quoted = escaped = False
    for character in value:
        if quoted:
            pair += character
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                quoted = False
        elif character == '"':
            quoted = True
            pair += character
        elif character == ";":
            pairs.append(pair)
            pair = ""
        elif character == ",":
            elements.append([*pairs, pair])
            pairs, pair = [], ""
        else:
            pair += character
    hops = [_for(element) for element in elements]
    return [*hops, None if quoted else _for([*pairs, pair])]


def _for(pairs):
    values = []
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if equals and name.strip(" \t").lower() == "for":
            values.append(value.strip(" \t"))
    if len(values) != 1:
        return None
    return _unquoted(values[0]) if '"' in values[0] else values[0]


def _unquoted(value):
    """The text of a value that is one quoted string; None for any other with a quote in it."""
    if value[0] != '"':
        return None
    text, place = "", 1
    while place < len(value):
        if value[place] == "\\" and place + 1 < len(value):
            text += value[place + 1]
            place += 2
        elif value[place] == '"':
            return text if place == len(value) - 1 else None
        else:
            text += value[place]
            place += 1
    return None
