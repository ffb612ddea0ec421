# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What Swift's /info means."""

import json

import pytest

from ipcontrol.access import AccessPolicy, Unlisted
from ipcontrol.addresses import parse_network
from ipcontrol.contract import (
    CONFIGURABLE_MODES,
    MOST_NAMES,
    MOST_NETWORKS,
    UNKNOWN,
    Enforcement,
    Limits,
    Mode,
    PublishedNames,
)
from ipcontrol.named_networks import NamedNetworks, Names

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


CAMPUS, VPN = parse_network("198.51.100.0/24"), parse_network("2001:db8:1::/48")


def operator(**names):
    return Names({name: NamedNetworks(name, networks, True) for name, networks in names.items()})


def through_info(names):
    """What a client reads of what the filter publishes; as JSON, for so it travels."""
    published = Enforcement(Mode.ENFORCE, names=names)
    return Enforcement.from_info(json.loads(json.dumps({"ip_whitelist": published.as_info()})))


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
    assert caplog.messages == ["Swift's /info has '10.1.2.3/16' among networks, which is not one"]


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
        trials=always_allow is None,
    )
    # As JSON, for so it travels.
    info = json.loads(json.dumps({"ip_whitelist": published.as_info()}))
    assert Enforcement.from_info(info) == published


class TestNamesOfTheOperator:
    def test_they_are_told_without_their_networks(self):
        names = PublishedNames.of(operator(campus=(CAMPUS,), vpn=(VPN,)), with_networks=False)
        assert through_info(names).names == names
        assert names == PublishedNames({"campus": None, "vpn": None}, 2)
        assert names.complete

    def test_with_their_networks_where_the_operator_says_so(self):
        names = PublishedNames.of(operator(campus=(CAMPUS, VPN)), with_networks=True)
        assert through_info(names).names == names
        assert names.networks == {"campus": (CAMPUS, VPN)}

    def test_of_a_filter_without_such_a_file_nothing_is_told(self):
        assert through_info(None).names is None
        assert "names" not in Enforcement(Mode.ENFORCE).as_info()

    def test_names_beyond_a_number_are_counted(self):
        many = operator(**{f"n{number}": (CAMPUS,) for number in range(MOST_NAMES + 3)})
        names = PublishedNames.of(many, with_networks=False)
        assert (len(names.networks), names.total) == (MOST_NAMES, MOST_NAMES + 3)
        assert not through_info(names).names.complete

    def test_networks_are_told_as_far_as_there_is_room(self):
        large = tuple(parse_network(f"10.{n >> 8}.{n & 255}.0") for n in range(MOST_NETWORKS))
        names = PublishedNames.of(operator(a=(CAMPUS,), all=large, b=(VPN,)), with_networks=True)
        assert names.networks == {"a": (CAMPUS,), "all": None, "b": (VPN,)}
        exact = PublishedNames.of(operator(all=large, b=(VPN,)), with_networks=True)
        assert exact.networks == {"all": large, "b": None}

    def test_a_client_reads_items_with_them(self):
        known = PublishedNames({"campus": (CAMPUS,), "vpn": None}, 2).as_names()
        names = Names.from_metadata({"network-own": "192.0.2.1"}, known)
        found = [names.find(name) for name in ("campus", "vpn", "own")]
        assert [(each.by_operator, each.known) for each in found] == [
            (True, True),
            (True, False),
            (False, True),
        ]
        assert [tuple(each.networks) for each in found[:2]] == [(CAMPUS,), ()]

    def test_what_is_none_is_left_out_with_a_warning(self, caplog):
        found = read(names={"Campus": [], "vpn": ["10.1.2.3/16"], "lab": 7}, names_total="many")
        assert found.names == PublishedNames({"vpn": (), "lab": None}, 2)
        assert caplog.messages == [
            "Swift's /info has 'Campus' among names, which is not one",
            "Swift's /info has '10.1.2.3/16' among networks, which is not one",
        ]

    @pytest.mark.parametrize("names", [None, [], "campus"])
    def test_names_in_another_form_are_none(self, names):
        assert read(names=names).names == PublishedNames()
