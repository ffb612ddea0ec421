# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Small worlds of addresses and moments, in which everything can be tried.

Networks meet often there: they differ in their last three bits, or are halves
of a whole family. A decision changes at the edges of networks and at the end
of entries alone, so what holds there holds everywhere.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

from hypothesis import settings
from hypothesis import strategies as st

from ipcontrol.access import AccessPolicy, Unlisted, Whitelist
from ipcontrol.entries import Entry, InvalidItem
from ipcontrol.errors import IpControlError
from ipcontrol.trial import NEVER

# A world is small, but asking everybody in it takes a moment.
MANY = settings(max_examples=int(os.environ.get("EXAMPLES", "100")), deadline=None)

NOON = datetime(2026, 12, 31, 12, tzinfo=UTC)
ENDS = [NOON + timedelta(hours=hours) for hours in (-1, 0, 1, 2)]
MOMENTS = [NOON, *(end + timedelta(seconds=1) for end in ENDS), *ENDS[2:]]

_WIDE = [
    ip_network(text) for text in ("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "::/0", "::/1", "8000::/1")
]  # fmt: skip
_NARROW = [
    network
    for whole in (ip_network("10.0.0.0/29"), ip_network("2001:db8::/125"))
    for length in range(whole.prefixlen, whole.max_prefixlen + 1)
    for network in whole.subnets(new_prefix=length)
]
NETWORKS = st.sampled_from(_NARROW) | st.sampled_from(_NARROW) | st.sampled_from(_WIDE)

_ERRORS = st.lists(st.just(InvalidItem("allow-bad", "x", IpControlError("bad"))), max_size=1)


def _whitelist(entries, errors):
    named = [
        Entry(f"allow-{place}", networks, read_only, until)
        for place, (networks, read_only, until) in enumerate(entries)
    ]
    return Whitelist(tuple(named), tuple(errors))


WHITELISTS = st.builds(
    _whitelist,
    st.lists(
        st.tuples(
            st.lists(NETWORKS, min_size=1, max_size=4).map(tuple),
            st.booleans(),
            st.none() | st.sampled_from(ENDS),
        ),
        max_size=6,
    ),
    _ERRORS,
)
# Some of them only tried out, for ever or until a moment.
TRIED = st.builds(
    lambda whitelist, trial: replace(whitelist, trial=trial),
    WHITELISTS,
    st.none() | st.sampled_from([*ENDS, NEVER]),
)
POLICIES = st.builds(
    AccessPolicy, st.sampled_from(Unlisted), st.lists(NETWORKS, max_size=2).map(tuple)
)


def addresses(*whitelists, networks=()):
    """Both edges of each network, and the addresses beside them."""
    found = {ip_address("0.0.0.0"), ip_address("::")}
    listed = [each for some in whitelists for entry in some.entries for each in entry.networks]
    for network in (*listed, *networks):
        family = type(network[0])
        first, last = int(network[0]), int(network[-1])
        edges = {first - 1, first, last, last + 1}
        found |= {family(edge) for edge in edges if 0 <= edge < 2**network.max_prefixlen}
    return found
