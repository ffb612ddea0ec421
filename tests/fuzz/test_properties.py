# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipcontrol.client_address import HEADERS
from tests.fuzz import properties

CORPUS = json.loads((Path(__file__).parent / "corpus.json").read_text(encoding="utf-8"))

# Text that is nearly right finds more than text that is random.
CRUMBS = st.sampled_from(
    ["10.0.0.5", "10.1.0.0/16", "2001:db8::1", "2001:db8::/32", "::ffff:10.1.2.3", "::", "/", "0",
     "00", "255", "256", ".", ":", "::ffff:", "%eth0", "[", "]", "]:80", ":80", ",", ", ", ";", " ",
     "\t", "\n", "\v", "\xa0", "\x1c", "read-only", "Read-Only", "until=", "until=2027-01-01T00:00Z",
     "2026-12-31T12:00Z", "2026-12-31T12:00:01Z", "2026-02-30T00:00Z", "0000-01-01T00:00Z", "T24:00",
     "Z", "for=", "For=", 'for="', '"', "\\", "\\\"", "by=x", "proto=https", "=", "unknown", "_hidden",
     "a", "f", "F", "g", "-1", "+1", "1e1", "0x7f", "\uff11", "²", "x"]
)  # fmt: skip
TEXTS = st.lists(CRUMBS | st.text(max_size=3), max_size=12).map("".join)
MANY = settings(max_examples=int(os.environ.get("EXAMPLES", "300")), deadline=None)


@MANY
@given(TEXTS)
def test_addresses_read_as_the_plain_rules_do(text):
    properties.addresses_read_as_the_plain_rules_do(text)


@MANY
@given(TEXTS)
def test_networks_read_as_the_plain_rules_do(text):
    properties.networks_read_as_the_plain_rules_do(text)


@MANY
@given(TEXTS)
def test_items_read_as_the_plain_rules_do(value):
    properties.items_read_as_the_plain_rules_do(value)


@MANY
@given(
    st.lists(st.sampled_from(["allow", "Allow-A", "allow-b", "allowed", "color", "allow-"]), unique=True),
    st.lists(TEXTS, min_size=6, max_size=6),
    TEXTS | st.ip_addresses().map(str),
    st.sampled_from(properties.METHODS),
)  # fmt: skip
def test_whitelists_admit_as_the_plain_rules_do(names, values, address, method):
    properties.whitelists_admit_as_the_plain_rules_do(names, values, address, method)


@MANY
@given(
    st.sampled_from([properties.PROXY, "203.0.113.9", "::ffff:10.0.0.5"]) | TEXTS,
    TEXTS,
    st.sampled_from(HEADERS),
)
def test_callers_are_found_as_the_plain_rules_do(peer, value, header):
    properties.callers_are_found_as_the_plain_rules_do(peer, value, header)


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: ascii(case["input"]))
def test_a_case_that_was_found_once_holds(case):
    getattr(properties, case["property"])(*case["input"])
