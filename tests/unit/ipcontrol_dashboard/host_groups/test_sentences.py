# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from ipcontrol_dashboard.api.host_groups import ComputeHost
from ipcontrol_dashboard.host_groups import sentences
from ipcontrol_dashboard.host_groups.overview import Host, build
from tests.unit.ipcontrol_dashboard.host_groups.clouds import DOC, HOSTS, three


def test_a_long_list_is_cut_short_and_counted():
    assert sentences.names("abcdef") == "a, b, c, d, e and f"
    assert sentences.names("abcdefg") == "a, b, c, d, e and 2 more"


def test_a_disabled_host_says_why():
    disabled = ComputeHost("doc1", enabled=False, disabled_reason="new disk")

    assert sentences.state_in_full(disabled) == "disabled: new disk"
    assert sentences.state_in_full(ComputeHost("doc1", enabled=False)) == "disabled"


def test_a_host_that_is_down_and_disabled_says_both():
    host = ComputeHost("doc1", up=False, enabled=False, disabled_reason="new disk")

    assert sentences.state_in_full(host) == "down, disabled: new disk"


def test_a_host_of_an_unreachable_cell_is_neither_up_nor_down():
    assert sentences.state(ComputeHost("doc1", up=None)) == "unknown"


def test_a_host_in_trouble_says_that_rather_than_its_groups():
    assert sentences.host_note(Host(ComputeHost("gpu1", up=False))) == "down"


def test_a_group_in_words_has_its_addresses_and_its_hosts():
    assert [sentences.group_line(row) for row in three().groups] == [
        (
            "dev takes all other addresses. Its hosts: dev1 (up, 0 instances) and "
            "dev2 (up, 0 instances)."
        ),
        (
            "doc takes 10.1.0.0/16 and 2001:db8:1::/48. Its hosts: doc1 (up, 3 instances), "
            "doc2 (up, 0 instances) and doc3 (disabled: new disk, 0 instances)."
        ),
        (
            "ops takes 10.2.0.0/16 and 10.1.9.0/24. Its hosts: ops1 (up, 1 instance) and "
            "ops2 (down, 0 instances)."
        ),
    ]


def test_what_is_in_no_group_in_words_has_hosts_and_who_takes_other_addresses():
    loose = [host for host in three().hosts if host.group is None]
    assert sentences.without_group(three(), loose) == "Hosts in no group: gpu7."
    assert "unmapped in nova.conf" in sentences.without_group(build([DOC], HOSTS), [])
