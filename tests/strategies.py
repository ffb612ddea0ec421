# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What Hypothesis draws in several places; networks that meet are in the engine's `universe`."""

from ipaddress import ip_network

from hypothesis import strategies as st

from ipcontrol.addresses import parse_network

# IPv4-mapped ones among them.
NETWORKS = st.builds(
    lambda address, length: ip_network(
        (address, length % (address.max_prefixlen + 1)), strict=False
    ),
    st.ip_addresses(),
    st.integers(0, 128),
)
# As the engine reads them.
PARSED_NETWORKS = NETWORKS.map(lambda network: parse_network(str(network)))
