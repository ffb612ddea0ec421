# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

import re
from datetime import UTC, datetime
from html import unescape

from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.access import AccessPolicy, Source, Unlisted, Whitelist
from ipcontrol.addresses import parse_network
from ipcontrol_dashboard.whitelist import reach_words
from ipcontrol_dashboard.whitelist.rules import Listed, Rules
from tests.unit.ipcontrol.universe import MANY, MOMENTS, POLICIES, WHITELISTS, addresses

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def whitelist(**items: str) -> Whitelist:
    return Whitelist.from_metadata(
        {name.replace("_", "-"): value for name, value in items.items()}
    )


def plain(words: str) -> str:
    return unescape(strip_tags(words))


def who(**items: str) -> str:
    return plain(reach_words.who(whitelist(**items), NOW))


def access(own=None, base=None, account=None, policy=None, hidden=False) -> Rules:
    return Rules(
        policy or AccessPolicy(),
        (
            Listed(Source.CONTAINER, "docs_segments", own or Whitelist()),
            Listed(Source.BASE_CONTAINER, "docs", base or Whitelist()),
            Listed(Source.ACCOUNT, "", account or Whitelist(), hidden),
        ),
    )


def test_two_networks_are_shown():
    assert who(allow="10.0.0.0/8, 2001:db8::/32") == "Only 10.0.0.0/8 2001:db8::/32"


def test_networks_are_marked_up_so_that_they_stay_in_one_piece():
    shown = reach_words.who(whitelist(allow="10.0.0.0/8"), NOW)
    assert shown == 'Only <span class="ipcontrol-network">10.0.0.0/8</span>'


def test_two_networks_that_may_only_read_are_shown_with_that():
    assert who(allow="10.0.0.0/8; read-only") == "Only 10.0.0.0/8, read-only"


def test_three_networks_are_counted():
    assert who(allow="10.0.0.0/8", allow_lab="192.0.2.1, 192.0.2.4") == "Only 3 networks"


def test_who_may_write_is_shown_beside_many_who_may_only_read():
    told = who(allow="10.0.0.0/8, 192.0.2.1", allow_partner="203.0.113.0/24; read-only")
    assert told == "Only 3 networks may read, only 10.0.0.0/8 192.0.2.1 may write"


def test_many_who_may_write_beside_more_who_may_only_read_are_counted():
    told = who(allow="10.0.0.0/8, 192.0.2.1, 192.0.2.3", allow_b="203.0.113.0/24; read-only")
    assert told == "Only 4 networks may read, only 3 networks may write"


def test_three_that_may_all_only_read():
    told = who(allow="10.0.0.0/8, 192.0.2.1, 192.0.2.4; read-only")
    assert told == "Only 3 networks, read-only"


def test_a_network_that_may_write_inside_one_that_may_only_read():
    told = who(allow="10.1.0.5", allow_b="10.0.0.0/8; read-only")
    assert told == "Only 10.0.0.0/8 may read, only 10.1.0.5 may write"


def test_a_network_that_is_meant_to_read_inside_one_that_may_write_is_not_told_as_read_only():
    assert who(allow="127.1.0.0/16", allow_b="127.1.0.5; read-only") == "Only 127.1.0.0/16"


def test_everybody_who_may_write_loses_nothing_by_a_network_that_may_only_read():
    told = who(allow="0.0.0.0/0, ::/0", allow_b="127.2.0.0/16; read-only")
    assert told == "Any address"


def test_neighbours_that_fill_a_network_are_that_network():
    assert who(allow="192.0.2.2", allow_b="192.0.2.3") == "Only 192.0.2.2/31"


def test_a_network_in_two_entries_counts_once():
    assert who(allow="10.0.0.0/8", allow_b="10.0.0.0/8") == "Only 10.0.0.0/8"


def test_a_network_that_one_entry_lets_write_is_not_read_only():
    assert who(allow="10.0.0.0/8; read-only", allow_b="10.0.0.0/8") == "Only 10.0.0.0/8"


def test_both_families_are_any_address():
    assert who(allow="0.0.0.0/0, ::/0") == "Any address"


def test_halves_that_make_a_whole_are_any_address():
    assert who(allow="0.0.0.0/1, 128.0.0.0/1, ::/0") == "Any address"


def test_one_family_is_named():
    assert who(allow="0.0.0.0/0") == "Any IPv4 address"
    assert who(allow="::/0") == "Any IPv6 address"


def test_one_family_and_some_of_the_other():
    told = who(allow="0.0.0.0/0, 2001:db8::/32, 2001:dba::/32")
    assert told == "Any IPv4 address and 2 other networks"


def test_any_address_that_may_only_read():
    assert who(allow="0.0.0.0/0, ::/0; read-only") == "Any address, read-only"


def test_any_address_reads_and_one_family_writes():
    told = who(allow="0.0.0.0/0, 2001:db8::1", allow_all="::/0; read-only")
    assert told == "Any address may read, only IPv4 addresses and 1 other network may write"


def test_any_address_reads_and_one_network_writes():
    told = who(allow="10.0.0.0/8", allow_all="0.0.0.0/0, ::/0; read-only")
    assert told == "Any address may read, only 10.0.0.0/8 may write"


def test_expired_entries_admit_nobody():
    told = who(allow="10.0.0.0/8; until=2026-11-21T12:00Z", allow_b="10.0.0.1/8")
    assert told == "Nobody but operators"


def test_that_all_entries_have_expired_is_said():
    told = who(allow="10.0.0.0/8; until=2026-11-21T12:00Z")
    assert told == "Nobody but operators: every entry has expired"


def test_unreadable_items_admit_nobody():
    assert who(allow="10.0.0.1/8") == "Nobody but operators"


def test_items_that_need_attention_are_counted():
    assert reach_words.attention(1) == "1 item needs attention"
    assert reach_words.attention(2) == "2 items need attention"
    assert reach_words.attention(0) == ""


def test_without_any_entry_the_operators_policy_rules():
    assert reach_words.reach(access(), NOW) == "Nobody but operators"
    allowing = access(policy=AccessPolicy(Unlisted.ALLOW))
    assert reach_words.reach(allowing, NOW) == "Any address"


def test_the_accounts_defaults_are_named():
    inherited = access(account=whitelist(allow="10.0.0.0/8, 192.0.2.1, 192.0.2.4"))
    assert reach_words.reach(inherited, NOW) == "Only 3 networks (account defaults)"


def test_the_base_container_is_named():
    inherited = access(base=whitelist(allow="10.0.0.0/8, 192.0.2.1, 192.0.2.4"))
    assert reach_words.reach(inherited, NOW) == "Only 3 networks (as docs)"


def test_the_own_list_needs_no_name():
    own = access(own=whitelist(allow="10.0.0.0/8, 192.0.2.1, 192.0.2.4"))
    assert reach_words.reach(own, NOW) == "Only 3 networks"


def test_a_base_containers_name_is_escaped():
    listed = Listed(Source.BASE_CONTAINER, "<b>", whitelist(allow="10.0.0.0/8"))
    own = Listed(Source.CONTAINER, "<b>_segments", Whitelist())
    told = reach_words.reach(Rules(AccessPolicy(), (own, listed)), NOW)
    assert "(as &lt;b&gt;)" in told


def test_of_a_list_that_swift_does_not_show_nothing_is_claimed():
    inherited = access(account=whitelist(allow="x"), hidden=True)
    told = reach_words.reach(inherited, NOW)
    assert told == "Not known: Swift does not show you the list (account defaults)"


# --- What is said holds of every address --------------------------------------

_NOBODY = re.compile(r"Nobody but operators(: every entry has expired)?( \(account defaults\))?")
_SAID = re.compile(
    r"(?P<read>.+?)((?P<none>, read-only)| may read, only (?P<write>.+) may write)?"
    r"( \(account defaults\))?"
)


def claims(sentence: str) -> tuple[str, str]:
    """Who may read and who may write, as a reader takes the sentence; empty for nobody."""
    if _NOBODY.fullmatch(sentence):
        return "", ""
    said = _SAID.fullmatch(sentence)
    read = said["read"].removeprefix("Only ")
    return read, said["write"] or ("" if said["none"] else read)


def check(claim: str, admits, asked) -> None:
    """Hold a claim against what each address gets.

    Args:
        claim: "Any address", "IPv4 addresses and 2 other networks", "3 networks", "10.0.0.0/8".
        admits: tells of an address whether it is admitted.
        asked: both edges of all networks and the addresses beside them.
    """
    everybody = {
        version
        for version, words in ((4, "IPv4 address"), (6, "IPv6 address"))
        if claim == "Any address" or words in claim
    }
    assert all(map(admits, (address for address in asked if address.version in everybody)))
    others = [address for address in asked if address.version not in everybody]
    if counted := re.search(r"(\d+) (other )?networks?$", claim):
        assert int(counted[1]) == shortest(admits, others)
    elif everybody or not claim:
        assert not any(map(admits, others))
    else:
        shown = [parse_network(word) for word in claim.split()]
        assert len(shown) == shortest(admits, others)
        for address in others:
            assert any(address in network for network in shown) is admits(address)


def shortest(admits, asked) -> int:
    """How many networks hold just the admitted of the addresses' families, by halving these."""
    families = {address.version: type(address)(0) for address in asked}
    return sum(
        _shortest(admits, [a for a in asked if a.version == version], first, first.max_prefixlen)
        for version, first in families.items()
    )


def _shortest(admits, asked, first, bits) -> int:
    inside = {first, *(a for a in asked if int(a) >> bits == int(first) >> bits)}
    found = {admits(address) for address in inside}
    if len(found) == 1:
        return int(found.pop())
    middle = first + (1 << (bits - 1))
    return sum(_shortest(admits, inside, half, bits - 1) for half in (first, middle))


@MANY
@given(WHITELISTS, WHITELISTS, POLICIES, st.sampled_from(MOMENTS))
def test_what_is_said_of_any_list_is_what_it_does(own, account, policy, at):
    lists = Listed(Source.CONTAINER, "docs", own), Listed(Source.ACCOUNT, "", account)
    sentence = plain(reach_words.reach(Rules(policy, lists), at))
    # Of the operator's networks it says nothing.
    where = Rules(AccessPolicy(policy.unlisted), lists)
    for claim, method in zip(claims(sentence), ("GET", "PUT"), strict=True):

        def admits(address, method=method):
            return where.decide(address, method, at).allowed

        check(claim, admits, addresses(own, account))
    if "expired" in sentence:
        assert all(entry.expired(at) for entry in where.ruling.whitelist.entries)
