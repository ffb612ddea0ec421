# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest

from ipcontrol.access import AccessPolicy, Source, Unlisted, Whitelist
from ipcontrol.addresses import parse_network
from ipcontrol_dashboard.whitelist import sentences
from ipcontrol_dashboard.whitelist.rules import Listed, Rights, Rules

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def whitelist(**items: str) -> Whitelist:
    return Whitelist.from_metadata(
        {name.replace("_", "-"): value for name, value in items.items()}
    )


def access(own=None, base=None, account=None, policy=None) -> Rules:
    return Rules(
        policy or AccessPolicy(),
        (
            Listed(Source.CONTAINER, "docs_segments", own or Whitelist()),
            Listed(Source.BASE_CONTAINER, "docs", base or Whitelist()),
            Listed(Source.ACCOUNT, "", account or Whitelist()),
        ),
    )


# --- What one address may do --------------------------------------------------


def answer(text: str, method: str, where: Rules) -> str:
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
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(minutes=30), "in 30 minutes"),
        (timedelta(hours=5), "in 5 hours"),
        (timedelta(hours=47), "in 1 day, 23 hours"),
        (timedelta(days=10), "in 1 week, 3 days"),
        (timedelta(hours=-3), "3 hours ago"),
        (timedelta(days=-2), "2 days ago"),
    ],
)
def test_how_far_off_a_moment_is(distance, words):
    # Django keeps a number and its unit in one line.
    assert sentences.distance(NOW + distance, NOW).replace("\xa0", " ") == words


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
