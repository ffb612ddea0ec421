# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

from datetime import UTC, datetime, timedelta
from html import unescape
from ipaddress import ip_address

import pytest
from django.utils.html import strip_tags

from ipcontrol.addresses import parse_network
from ipcontrol.whitelist import AccessPolicy, Source, Unlisted, Whitelist
from ipcontrol_dashboard.whitelist import sentences
from ipcontrol_dashboard.whitelist.access import Access, Listed, Rights

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def whitelist(**items: str) -> Whitelist:
    return Whitelist.from_metadata(
        {name.replace("_", "-"): value for name, value in items.items()}
    )


def who(**items: str) -> str:
    return unescape(strip_tags(sentences.who(whitelist(**items), NOW)))


def access(own=None, base=None, account=None, policy=None) -> Access:
    return Access(
        policy or AccessPolicy(),
        (
            Listed(Source.CONTAINER, "docs_segments", own or Whitelist()),
            Listed(Source.BASE_CONTAINER, "docs", base or Whitelist()),
            Listed(Source.ACCOUNT, "", account or Whitelist()),
        ),
    )


# --- Who may reach it ---------------------------------------------------------


def test_two_networks_are_shown():
    assert who(allow="10.0.0.0/8, 2001:db8::/32") == "Only 10.0.0.0/8 2001:db8::/32"


def test_networks_are_marked_up_so_that_they_stay_in_one_piece():
    shown = sentences.who(whitelist(allow="10.0.0.0/8"), NOW)
    assert shown == 'Only <span class="ipw-network">10.0.0.0/8</span>'


def test_two_networks_that_may_only_read_are_shown_with_that():
    assert who(allow="10.0.0.0/8; read-only") == "Only 10.0.0.0/8, read-only"


def test_three_networks_are_counted():
    assert who(allow="10.0.0.0/8", allow_lab="192.0.2.1, 192.0.2.2") == "Only 3 networks"


def test_one_of_three_that_may_only_read_is_told():
    told = who(allow="10.0.0.0/8, 192.0.2.1", allow_partner="203.0.113.0/24; read-only")
    assert told == "Only 3 networks, one of them read-only"


def test_several_that_may_only_read_are_counted():
    told = who(allow="10.0.0.0/8", allow_partner="203.0.113.0/24, 198.51.100.0/24; read-only")
    assert told == "Only 3 networks, 2 of them read-only"


def test_three_that_may_all_only_read():
    told = who(allow="10.0.0.0/8, 192.0.2.1, 192.0.2.2; read-only")
    assert told == "Only 3 networks, all of them read-only"


def test_two_networks_with_different_rights_are_counted():
    told = who(allow="10.0.0.0/8", allow_partner="203.0.113.0/24; read-only")
    assert told == "Only 2 networks, one of them read-only"


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
    told = who(allow="0.0.0.0/0, 2001:db8::/32, 2001:db9::/32")
    assert told == "Any IPv4 address and 2 other networks"


def test_any_address_that_may_only_read():
    assert who(allow="0.0.0.0/0, ::/0; read-only") == "Any address, read-only"


def test_any_address_reads_and_one_network_writes():
    told = who(allow="10.0.0.0/8", allow_all="0.0.0.0/0, ::/0; read-only")
    assert told == "Any address may read, only 1 network may write"


def test_expired_entries_admit_nobody():
    assert who(allow="10.0.0.0/8; until=2026-11-21T12:00Z") == "Nobody but operators"


def test_unreadable_items_admit_nobody():
    assert who(allow="10.0.0.1/8") == "Nobody but operators"


def test_items_that_need_attention_are_counted():
    assert sentences.attention(1) == "1 item needs attention"
    assert sentences.attention(2) == "2 items need attention"
    assert sentences.attention(0) == ""


def test_without_any_entry_the_operators_policy_rules():
    assert sentences.reach(access(), NOW) == "Nobody but operators"
    allowing = access(policy=AccessPolicy(Unlisted.ALLOW))
    assert sentences.reach(allowing, NOW) == "Any address"


def test_the_accounts_defaults_are_named():
    inherited = access(account=whitelist(allow="10.0.0.0/8, 192.0.2.1, 192.0.2.2"))
    assert sentences.reach(inherited, NOW) == "Only 3 networks (account defaults)"


def test_the_base_container_is_named():
    inherited = access(base=whitelist(allow="10.0.0.0/8, 192.0.2.1, 192.0.2.2"))
    assert sentences.reach(inherited, NOW) == "Only 3 networks (as docs)"


def test_the_own_list_needs_no_name():
    own = access(own=whitelist(allow="10.0.0.0/8, 192.0.2.1, 192.0.2.2"))
    assert sentences.reach(own, NOW) == "Only 3 networks"


def test_a_base_containers_name_is_escaped():
    listed = Listed(Source.BASE_CONTAINER, "<b>", whitelist(allow="10.0.0.0/8"))
    own = Listed(Source.CONTAINER, "<b>_segments", Whitelist())
    told = sentences.reach(Access(AccessPolicy(), (own, listed)), NOW)
    assert "(as &lt;b&gt;)" in told


# --- What one address may do --------------------------------------------------


def answer(text: str, method: str, where: Access) -> str:
    address = ip_address(text)
    return sentences.answer(address, where.decide(address, method, NOW), where)


def test_an_address_in_a_read_only_entry_that_wants_to_write():
    where = access(own=whitelist(allow_partner="203.0.113.0/24; read-only"))
    told = answer("203.0.113.77", "PUT", where)
    assert told == "203.0.113.77 is in partner (203.0.113.0/24), which may only read."


def test_an_admitted_address_names_its_entry():
    where = access(own=whitelist(allow_lab="10.0.0.0/8"))
    assert answer("10.1.1.1", "PUT", where) == "10.1.1.1 is in lab (10.0.0.0/8)."


def test_an_address_that_is_admitted_for_a_time():
    where = access(own=whitelist(allow_lab="10.0.0.0/8; until=2026-12-01T18:00Z"))
    told = answer("10.1.1.1", "PUT", where)
    assert told == "10.1.1.1 is in lab (10.0.0.0/8), until 2026-12-01 18:00 UTC."


def test_an_entry_that_has_expired():
    where = access(own=whitelist(allow_lab="10.0.0.0/8; until=2026-11-20T18:00Z"))
    told = answer("10.1.1.1", "PUT", where)
    assert told == "10.1.1.1 is in lab (10.0.0.0/8), which expired on 2026-11-20 18:00 UTC."


def test_an_address_in_no_entry():
    where = access(own=whitelist(allow_lab="10.0.0.0/8"))
    assert answer("192.0.2.1", "GET", where) == "No entry holds 192.0.2.1."


def test_an_entry_of_the_accounts_defaults():
    where = access(account=whitelist(allow_lab="10.0.0.0/8"))
    told = answer("10.1.1.1", "GET", where)
    assert told == "10.1.1.1 is in lab (10.0.0.0/8) of the account's defaults."


def test_an_entry_of_the_base_container():
    where = access(base=whitelist(allow="10.0.0.0/8"))
    told = answer("10.1.1.1", "GET", where)
    assert told == "10.1.1.1 is in (no label) (10.0.0.0/8) of docs."


def test_no_entry_of_the_accounts_defaults():
    where = access(account=whitelist(allow_lab="10.0.0.0/8"))
    told = answer("192.0.2.1", "GET", where)
    assert told == "No entry of the account's defaults holds 192.0.2.1."


def test_an_address_that_the_operator_always_admits():
    where = access(policy=AccessPolicy(always_allow=(parse_network("10.0.0.0/8"),)))
    told = answer("10.1.1.1", "PUT", where)
    assert told == "10.1.1.1 is in 10.0.0.0/8, which the operator always admits."


def test_no_entries_at_all():
    refused = "There are no entries, and the operator then admits no address."
    admitted = "There are no entries, and the operator then admits any address."
    assert answer("10.1.1.1", "GET", access()) == refused
    assert answer("10.1.1.1", "GET", access(policy=AccessPolicy(Unlisted.ALLOW))) == admitted


def test_an_unknown_address():
    where = access(own=whitelist(allow="10.0.0.0/8"))
    told = sentences.answer(None, where.decide(None, "GET", NOW), where)
    assert told == "The address is not known, and an unknown caller is refused."


def test_rights_have_words():
    words = [sentences.rights(each) for each in (Rights.WRITE, Rights.READ, Rights.NONE, None)]
    assert words == ["admitted", "read only", "refused", "?"]


# --- When ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=1), "in 1 minute"),
        (timedelta(minutes=30), "in 30 minutes"),
        (timedelta(hours=5), "in 5 hours"),
        (timedelta(hours=47), "in 47 hours"),
        (timedelta(days=10), "in 10 days"),
        (timedelta(hours=-3), "3 hours ago"),
        (timedelta(days=-2), "2 days ago"),
    ],
)
def test_how_far_off_a_moment_is(distance, words):
    assert sentences.distance(NOW + distance, NOW) == words


def test_a_moment_is_in_utc_and_to_the_minute_where_it_is_one():
    assert sentences.moment(NOW) == "2026-11-21 12:00 UTC"
    assert sentences.moment(NOW.replace(second=5)) == "2026-11-21 12:00:05 UTC"


def test_a_moment_in_an_early_year_has_four_digits():
    assert sentences.moment(datetime(33, 4, 3, 15, 0, tzinfo=UTC)) == "0033-04-03 15:00 UTC"


def test_the_next_expiry_passes_over_what_has_expired():
    entries = whitelist(
        allow="10.0.0.1",
        allow_a="10.0.0.2; until=2026-11-20T00:00Z",
        allow_b="10.0.0.3; until=2026-12-02T00:00Z",
        allow_c="10.0.0.4; until=2026-12-01T00:00Z",
    )
    assert sentences.next_expiry(entries, NOW) == datetime(2026, 12, 1, tzinfo=UTC)


def test_what_does_not_expire_has_no_next_expiry():
    assert sentences.next_expiry(whitelist(allow="10.0.0.1"), NOW) is None
    assert sentences.expiry(None, NOW) is None


def test_an_entry_expires_at_its_moment_not_after_it():
    assert sentences.expiry(NOW, NOW).past
