# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The operator's file of names that all accounts may refer to.

It is a JSON object: a list of networks for each name. ::

    {
        "campus": ["198.51.100.0/24", "2001:db8:1::/48"],
        "vpn": ["203.0.113.7"]
    }

The file is valid whole, or nothing of it counts. JSON has an end, so that a file which
somebody is just writing, or which did not fit on the disk, is not taken for a shorter one.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ipcontrol.addresses import AddressError, Network, NetworkSet, parse_network
from ipcontrol.errors import IpControlError, gettext_noop
from ipcontrol.named_networks import DefinitionError, NamedNetworks, Names, check_name

MAX_NETWORKS = 100_000
MAX_NAMES = 10_000
# 100,000 of the longest networks, each on a line of its own, take less.
MAX_BYTES = 8 * 2**20

# So many networks are read in less than a millisecond.
_STEP = 50
_LONGEST_SHOWN = 80


class NetworksFileError(IpControlError):
    """A file is not one that defines names."""


def parse_networks_file(text: str, pause: Callable[[], object] = lambda: None) -> Names:
    """Read a file's text.

    Args:
        text: at most `MAX_BYTES`.
        pause: called over and over, about every millisecond, for others to get their turn.

    Raises:
        NetworksFileError: it cannot be used; its text says where and why.
    """
    found = _load(text)
    _check_size(found)
    steps = _Steps(pause)
    return Names(
        {
            name: NamedNetworks(name, NetworkSet(steps(_networks(name, words))), by_operator=True)
            for name, words in found.items()
        }
    )


def _load(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, object_pairs_hook=_once_each)
    except json.JSONDecodeError as error:
        raise NetworksFileError(
            gettext_noop("line %(line)d, column %(column)d is not JSON: %(error)s"),
            line=error.lineno,
            column=error.colno,
            error=error.msg,
        ) from None
    except NetworksFileError:
        raise
    except (RecursionError, ValueError):
        # Deeper than anything that is read, or a number of more digits.
        found = None
    if not isinstance(found, dict):
        raise NetworksFileError(
            gettext_noop('not an object with names, as in {"campus": ["198.51.100.0/24"]}')
        )
    return found


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        name = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise NetworksFileError(
            gettext_noop('"%(name)s" stands there twice'), name=name[:_LONGEST_SHOWN]
        )
    return found


def _check_size(found: dict[str, Any]) -> None:
    if len(found) > MAX_NAMES:
        raise NetworksFileError(
            gettext_noop("%(count)d names, of which at most %(most)d are read"),
            count=len(found),
            most=MAX_NAMES,
        )
    count = sum(len(words) for words in found.values() if isinstance(words, list))
    if count > MAX_NETWORKS:
        raise NetworksFileError(
            gettext_noop("%(count)d networks, of which at most %(most)d are read"),
            count=count,
            most=MAX_NETWORKS,
        )


def _networks(name: str, words: Any) -> Iterator[Network]:
    try:
        check_name(name)
    except DefinitionError as error:
        raise NetworksFileError(error.template, **error.params) from None
    if not isinstance(words, list) or not words:
        raise NetworksFileError(
            gettext_noop("@%(name)s is not a list of networks, of which there is one at least"),
            name=name,
        )
    for place, word in enumerate(words, start=1):
        try:
            yield parse_network(word)
        except AddressError as error:
            raise NetworksFileError(
                gettext_noop("@%(name)s, number %(place)d of its networks: %(error)s"),
                name=name,
                place=place,
                error=error,
            ) from None


class _Steps:
    """Passes things on, and pauses between them."""

    def __init__(self, pause: Callable[[], object]) -> None:
        self._pause = pause
        self._left = _STEP

    def __call__(self, networks: Iterable[Network]) -> Iterator[Network]:
        for network in networks:
            yield network
            self._left -= 1
            if not self._left:
                self._left = _STEP
                self._pause()
