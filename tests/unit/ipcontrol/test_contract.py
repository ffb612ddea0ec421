# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What Swift's /info means."""

import json

import pytest

from ipcontrol.access import AccessPolicy, Unlisted
from ipcontrol.addresses import parse_network
from ipcontrol.contract import CONFIGURABLE_MODES, UNKNOWN, Enforcement, Limits, Mode

SECTION = {
    "version": "1.0.0",
    "mode": "enforce",
    "unlisted": "deny",
    "admit_local": True,
    "max_meta_count": 80,
    "max_meta_name_length": 100,
    "max_meta_value_length": 200,
    "max_meta_overall_size": 3000,
    "staleness": 60,
}


def read(**section):
    return Enforcement.from_info({"ip_whitelist": {**SECTION, **section}})


def test_everything_is_read():
    networks = ["192.0.2.0/24", "2001:db8::1"]
    assert read(always_allow=networks) == Enforcement(
        mode=Mode.ENFORCE,
        policy=AccessPolicy(Unlisted.DENY, tuple(map(parse_network, networks))),
        always_allow_known=True,
        admit_local=True,
        limits=Limits(count=80, overall=3000, name=100, value=200),
        staleness=60,
        version="1.0.0",
    )


def test_only_the_mode_enforce_enforces():
    assert read().enforced
    assert not read(mode="audit").enforced
    assert not Enforcement.from_info({}).enforced
    assert not UNKNOWN.enforced


def test_the_mode_audit_is_told_apart():
    assert read(mode="audit").mode is Mode.AUDIT


def test_a_mode_of_a_later_release_counts_as_enforced():
    assert read(mode="enforce-some").mode is Mode.ENFORCE


@pytest.mark.parametrize(
    ("said", "unlisted"),
    [("allow", Unlisted.ALLOW), ("deny", Unlisted.DENY), ("x", Unlisted.DENY)],
)
def test_only_the_word_allow_allows(said, unlisted):
    assert read(unlisted=said).policy.unlisted is unlisted


def test_networks_that_the_operator_does_not_show_are_not_known():
    found = read()
    assert (found.always_allow_known, found.policy.always_allow) == (False, ())


def test_an_always_allowed_network_that_cannot_be_read_is_left_out_with_a_warning(caplog):
    assert read(always_allow=["10.1.2.3/16", "10.0.0.1"]).policy.always_allow == (
        parse_network("10.0.0.1"),
    )
    assert caplog.messages == ["Swift's /info always allows '10.1.2.3/16', which is not a network"]


def test_a_filter_that_does_not_say_its_version_has_none():
    assert Enforcement.from_info({"ip_whitelist": {}}).version == ""


def test_without_the_filter_everybody_is_admitted():
    found = Enforcement.from_info({"swift": {"max_meta_count": 50}})
    assert (found.mode, found.policy.unlisted) == (Mode.ABSENT, Unlisted.ALLOW)
    assert found.limits.count == 50


def test_where_nothing_is_known_nobody_is_promised_anything():
    assert UNKNOWN.policy.unlisted is Unlisted.DENY


def test_limits_that_are_not_said_are_swifts_defaults():
    assert Enforcement.from_info({"ip_whitelist": {}}).limits == Limits(90, 4096, 128, 256)
    assert Enforcement.from_info({"ip_whitelist": {"max_meta_count": "many"}}).limits.count == 90


@pytest.mark.parametrize("mode", CONFIGURABLE_MODES)
@pytest.mark.parametrize("unlisted", Unlisted)
@pytest.mark.parametrize("always_allow", [None, (), ("192.0.2.0/24", "2001:db8::1")])
def test_what_the_filter_publishes_is_what_a_client_reads(mode, unlisted, always_allow):
    networks = tuple(map(parse_network, always_allow or ()))
    published = Enforcement(
        mode,
        AccessPolicy(unlisted, networks),
        always_allow_known=always_allow is not None,
        admit_local=unlisted is Unlisted.DENY,
        limits=Limits(1, 2, 3, 4),
        staleness=5,
        version="6",
    )
    # As JSON, for so it travels.
    info = json.loads(json.dumps({"ip_whitelist": published.as_info()}))
    assert Enforcement.from_info(info) == published
