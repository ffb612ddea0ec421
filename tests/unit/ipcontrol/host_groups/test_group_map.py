# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.addresses import AddressError, PrefixMap, parse_address, parse_network
from ipcontrol.errors import IpControlError
from ipcontrol.host_groups import (
    DEFAULT_KEY,
    MAX_VALUE_LENGTH,
    PREFIX_KEY,
    SUBNETS_KEY,
    ComplaintKind,
    HostGroup,
    HostGroupError,
    HostGroupMap,
    Severity,
    Unmapped,
    from_metadata,
    is_host_group,
    metadata_changes,
    parse_hostname_prefix,
    to_metadata,
    unknown_keys,
)
from ipcontrol.host_groups.metadata import stored_subnets
from tests.strategies import PARSED_NETWORKS
from tests.vectors import as_id, cases

# Few bits, so that networks and addresses meet.
NARROW = st.builds(
    lambda bits, length: ip_network((bits << 24, length), strict=False),
    st.integers(0, 255),
    st.integers(0, 8),
)
PREFIXES = st.text("abcABC019._-", min_size=1, max_size=12)
GROUPS = st.builds(
    HostGroup,
    st.text(min_size=1, max_size=8),
    PREFIXES,
    st.lists(PARSED_NETWORKS, max_size=60, unique=True).map(tuple),
    st.booleans(),
)
OTHERS = st.dictionaries(st.text("abz:", min_size=1), st.text(max_size=20), max_size=3)


def group(name, prefix=None, subnets="", default=False):
    networks = tuple(map(parse_network, subnets.split()))
    return HostGroup(name, name if prefix is None else prefix, networks, default)


def known_address(text):
    try:
        return parse_address(text)
    except AddressError:
        return None


def sentences(*groups, hosts=None):
    return [str(complaint) for complaint in HostGroupMap(groups).complaints(hosts)]


def kinds(complaints):
    return [complaint.kind for complaint in complaints]


def groups_of_case(case):
    return HostGroupMap(
        group(
            item["name"],
            item["hostname_prefix"],
            " ".join(item["subnets"]),
            item.get("default", False),
        )
        for item in case["groups"]
    )


def contract(key):
    """The cases about something, each called by its text."""
    found = [case for case in cases("host_groups") if key in case]
    return pytest.mark.parametrize("case", found, ids=lambda case: as_id(case[key] or "empty"))


@contract("address")
def test_an_address_belongs_where_the_contract_says(case):
    found = groups_of_case(case).resolve(known_address(case["address"]))
    assert (found and found.name) == case["group"]


@contract("host")
def test_a_host_belongs_where_the_contract_says(case):
    found = groups_of_case(case).group_of(case["host"])
    assert (found and found.name) == case["group"]


@contract("boot_from")
def test_an_instance_starts_where_the_contract_says(case):
    address = known_address(case["boot_from"])
    passing = groups_of_case(case).hosts_for_boot(address, Unmapped(case["unmapped"]))
    assert [host for host in case["hosts"] if host in passing] == case["pass"]


@contract("move_from")
def test_an_instance_moves_where_the_contract_says(case):
    passing = groups_of_case(case).hosts_for_move(case["move_from"], Unmapped(case["unmapped"]))
    assert [host for host in case["hosts"] if host in passing] == case["pass"]


class TestMatching:
    def test_the_longest_subnet_decides_and_is_named(self):
        ops = group("ops", subnets="10.1.9.0/24")
        groups = HostGroupMap([group("doc", subnets="10.1.0.0/16"), ops])
        match = groups.match(ip_address("10.1.9.7"))
        assert (match.group, match.subnet) == (ops, ip_network("10.1.9.0/24"))

    def test_the_default_group_matches_without_a_subnet(self):
        dev = group("dev", default=True)
        match = HostGroupMap([group("doc", subnets="10.1.0.0/16"), dev]).match(None)
        assert (match.group, match.subnet) == (dev, None)

    def test_of_two_groups_with_one_subnet_the_first_name_has_it(self):
        groups = HostGroupMap([group("b", subnets="10.0.0.0/8"), group("a", subnets="10.0.0.0/8")])
        assert groups.resolve(ip_address("10.1.1.1")).name == "a"

    def test_of_two_defaults_the_first_name_is_it(self):
        groups = HostGroupMap([group("b", default=True), group("a", default=True)])
        assert groups.resolve(ip_address("192.0.2.1")).name == "a"

    @given(
        st.lists(st.tuples(st.sampled_from("abcd"), NARROW), max_size=12),
        st.sampled_from(["", "a", "c"]),
        st.one_of(st.none(), st.integers(0, 255)),
    )
    def test_every_answer_is_that_of_the_rules_written_slowly(self, subnets, default, bits):
        groups = [
            HostGroup(name, name, tuple(n for g, n in subnets if g == name), name == default)
            for name in "dcba"
        ]
        address = None if bits is None else ip_address(bits << 24)
        holding = [] if address is None else [(n, g) for g, n in subnets if address in n]
        longest = max((network.prefixlen for network, _ in holding), default=None)
        names = sorted(name for network, name in holding if network.prefixlen == longest)
        expected = names[0] if names else default or None
        found = HostGroupMap(groups).resolve(address)
        assert (found and found.name) == expected

    def test_a_lookup_costs_the_same_with_many_subnets(self, monkeypatch):
        """Counted, not timed: one look into a table for each prefix length in use."""
        looks = []

        class Table(dict):
            def get(self, *args):
                looks.append(args)
                return super().get(*args)

        many = " ".join(f"10.{i // 256}.{i % 256}.0/24" for i in range(20_000))
        groups = HostGroupMap([group("many", subnets=many), group("one", subnets="192.0.2.0/25")])
        subnets = groups._subnets
        assert isinstance(subnets, PrefixMap)
        monkeypatch.setattr(
            subnets,
            "_tables",
            {v: [(n, Table(t)) for n, t in tables] for v, tables in subnets._tables.items()},
        )
        assert groups.resolve(ip_address("10.255.255.1")) is None
        assert len(looks) == 2


class TestHosts:
    def test_hosts_of_a_group_are_those_whose_names_begin_with_its_prefix(self):
        doc = group("doc")
        hosts = HostGroupMap([doc]).hosts_of(doc)
        assert [host for host in ("doc1", "doc", "Doc1", "mydoc1") if host in hosts] == [
            "doc1",
            "doc",
        ]

    def test_a_group_without_a_prefix_has_no_hosts(self):
        lost = group("lost", prefix="")
        groups = HostGroupMap([lost])
        assert groups.group_of("doc1") is None
        assert "doc1" not in groups.hosts_of(lost)

    @given(
        st.lists(st.tuples(st.sampled_from("abcd"), st.text("xy", max_size=4)), max_size=8),
        st.text("xyz", max_size=6),
    )
    def test_every_host_is_in_the_group_that_the_rules_written_slowly_say(self, prefixes, host):
        groups = HostGroupMap(group(name, prefix) for name, prefix in dict(prefixes).items())
        fitting = [
            (-len(one.hostname_prefix), one.name)
            for one in groups.groups
            if one.hostname_prefix and host.startswith(one.hostname_prefix)
        ]
        found = groups.group_of(host)
        assert (found and found.name) == (min(fitting)[1] if fitting else None)
        assert (host in groups.hosts_without_group()) is (found is None)
        for one in groups.groups:
            assert (host in groups.hosts_of(one)) is (one is found)

    def test_a_subnet_belongs_to_the_first_group_that_has_this_very_one(self):
        groups = HostGroupMap(
            [group("ops", subnets="10.1.0.0/16"), group("doc", subnets="10.1.0.0/16 ::/0")]
        )
        owners = {text: groups.owner(parse_network(text)) for text in ("10.1.0.0/16", "::/0")}
        assert {text: owner.name for text, owner in owners.items()} == dict.fromkeys(owners, "doc")
        for text in ("10.0.0.0/8", "10.1.0.0/17", "0.0.0.0/0", "10.1.0.0"):
            assert groups.owner(parse_network(text)) is None, text

    def test_an_instance_of_a_subnet_may_start_on_its_groups_hosts_alone(self):
        hosts = HostGroupMap([group("doc", subnets="10.1.0.0/16"), group("ops")]).hosts_for_boot(
            ip_address("10.1.0.1")
        )
        assert [host for host in ("doc1", "ops1", "gpu7") if host in hosts] == ["doc1"]

    @pytest.mark.parametrize(
        ("unmapped", "there"),
        [("any", ["doc1", "gpu7"]), ("ungrouped", ["gpu7"]), ("none", [])],
    )
    def test_an_address_of_no_group_may_start_where_the_policy_says(self, unmapped, there):
        hosts = HostGroupMap([group("doc")]).hosts_for_boot(None, Unmapped(unmapped))
        assert [host for host in ("doc1", "gpu7") if host in hosts] == there

    @pytest.mark.parametrize("unmapped", list(Unmapped))
    def test_a_group_whose_prefix_is_lost_takes_nothing(self, unmapped):
        lost = group("lost", prefix="", subnets="10.1.0.0/16")
        hosts = HostGroupMap([lost]).hosts_for_boot(ip_address("10.1.0.1"), unmapped)
        assert "doc1" not in hosts
        assert "" not in hosts

    def test_a_look_at_a_host_costs_the_same_with_many_groups(self):
        """Counted, not timed: one look for each length of a prefix in use."""
        looks = []

        class Host(str):
            def __getitem__(self, item):
                looks.append(item)
                return super().__getitem__(item)

        groups = HostGroupMap(group(f"g{number:05}") for number in range(20_000))
        assert Host("h1") in groups.hosts_without_group()
        assert len(looks) == 1

    @pytest.mark.parametrize(
        ("unmapped", "there"),
        [("any", ["doc1", "gpu8"]), ("ungrouped", ["gpu8"]), ("none", ["gpu8"])],
    )
    def test_an_instance_on_a_host_of_no_group_moves_as_the_policy_says(self, unmapped, there):
        hosts = HostGroupMap([group("doc")]).hosts_for_move("gpu7", Unmapped(unmapped))
        assert [host for host in ("doc1", "gpu8") if host in hosts] == there


class TestMetadata:
    def test_a_group_is_stored_as_documented(self):
        stored = to_metadata(group("dev", subnets="10.1.0.0/16 192.0.2.7", default=True))
        assert stored == {
            "ipcontrol:hostname_prefix": "dev",
            "ipcontrol:subnets": "10.1.0.0/16, 192.0.2.7",
            "ipcontrol:default": "true",
        }

    @given(GROUPS, OTHERS)
    def test_reading_is_the_inverse_of_writing(self, written, others):
        read, complaints = from_metadata(written.name, {**others, **to_metadata(written)})
        assert (read, complaints) == (written, ())

    @given(GROUPS)
    def test_every_value_fits_and_the_chunks_are_numbered_from_two(self, written):
        stored = to_metadata(written)
        assert max(map(len, stored.values())) <= MAX_VALUE_LENGTH
        chunks = sum(key.startswith(SUBNETS_KEY) for key in stored)
        assert set(stored) - {PREFIX_KEY, DEFAULT_KEY, SUBNETS_KEY} == {
            f"{SUBNETS_KEY}:{number}" for number in range(2, chunks + 1)
        }

    @pytest.mark.parametrize(
        ("first", "lengths"),
        [("10.0.99.1", [254]), ("10.0.100.1", [255]), ("10.0.100.10", [239, 15])],
    )
    def test_a_value_is_filled_to_the_last_character(self, first, lengths):
        others = " ".join(f"10.0.{number}.1" for number in range(101, 120))
        stored = to_metadata(group("doc", subnets=f"{first} {others} 100.100.100.100"))
        assert [len(value) for key, value in stored.items() if key != PREFIX_KEY] == lengths

    @given(GROUPS, GROUPS, OTHERS)
    def test_the_changes_turn_one_group_into_another_and_spare_the_rest(self, old, new, others):
        stored = {**others, **to_metadata(old)}
        changes = metadata_changes(stored, to_metadata(new))
        for key, value in changes.items():
            assert stored.get(key) != value
            if value is None:
                del stored[key]
            else:
                stored[key] = value
        assert stored == {**others, **to_metadata(new)}

    def test_a_save_clears_chunks_that_other_hands_left(self):
        stored = {PREFIX_KEY: "doc", "ipcontrol:subnets:7": "10.0.0.0/8", "ipcontrol:later": "x"}
        assert metadata_changes(stored, to_metadata(group("doc"))) == {"ipcontrol:subnets:7": None}

    @given(
        st.dictionaries(
            st.sampled_from(
                [PREFIX_KEY, SUBNETS_KEY, f"{SUBNETS_KEY}:2", f"{SUBNETS_KEY}:x", DEFAULT_KEY]
            ),
            st.text(),
        )
    )
    def test_whatever_stands_there_is_read_without_an_exception(self, metadata):
        read, complaints = from_metadata("g", metadata)
        assert all(map(str, complaints))
        assert from_metadata("g", to_metadata(read))[0] == read

    def test_what_is_readable_stays_in_force_beside_what_is_not(self):
        read, complaints = from_metadata(
            "doc", {PREFIX_KEY: "doc", SUBNETS_KEY: "10.1.0.0/16 10.2.3.4/16,192.0.2.0/24"}
        )
        assert list(map(str, read.subnets)) == ["10.1.0.0/16", "192.0.2.0/24"]
        assert list(map(str, complaints)) == [
            (
                "A subnet of doc in ipcontrol:subnets has no effect: "
                "10.2.3.4/16 has host bits set: 10.2.0.0/16?"
            )
        ]

    def test_chunks_behind_a_gap_stay_in_force_and_are_complained_about(self):
        read, complaints = from_metadata(
            "doc",
            {
                PREFIX_KEY: "doc",
                SUBNETS_KEY: "10.1.0.0/16",
                f"{SUBNETS_KEY}:3": "10.3.0.0/16",
                f"{SUBNETS_KEY}:10": "10.4.0.0/16",
            },
        )
        assert list(map(str, read.subnets)) == ["10.1.0.0/16", "10.3.0.0/16", "10.4.0.0/16"]
        assert list(map(str, complaints)) == [
            (
                "doc has ipcontrol:subnets:3 but no ipcontrol:subnets:2: subnets may have been lost. "
                "Those that are there stay in force."
            )
        ]

    def test_chunks_are_read_in_the_order_of_their_numbers(self):
        stored = {PREFIX_KEY: "d", SUBNETS_KEY: "10.0.0.1"}
        stored |= {f"{SUBNETS_KEY}:{n}": f"10.0.0.{n}" for n in range(12, 1, -1)}
        read, complaints = from_metadata("d", stored)
        assert [str(n.network_address) for n in read.subnets] == [
            f"10.0.0.{n}" for n in range(1, 13)
        ]
        assert complaints == ()

    def test_stored_subnets_are_told_with_their_keys_readable_or_not(self):
        stored = {f"{SUBNETS_KEY}:2": "junk", SUBNETS_KEY: "10.1.2.3/16,10.2.0.0/16", "rack": "7"}
        assert list(stored_subnets(stored)) == [
            (SUBNETS_KEY, "10.1.2.3/16"),
            (SUBNETS_KEY, "10.2.0.0/16"),
            (f"{SUBNETS_KEY}:2", "junk"),
        ]

    def test_keys_that_mean_nothing_are_told_and_other_peoples_are_not(self):
        stored = {PREFIX_KEY: "d", DEFAULT_KEY: "x", f"{SUBNETS_KEY}:2": "junk", "rack": "7"}
        wrong = ["ipcontrol:Subnets", "ipcontrol:subnets:02", "ipcontrol:x"]
        assert unknown_keys(stored | dict.fromkeys(wrong, "")) == wrong

    @pytest.mark.parametrize("text", ["", "  ", None])
    def test_a_lost_prefix_leaves_a_group_without_hosts(self, text):
        metadata = {SUBNETS_KEY: "10.1.0.0/16"} | ({} if text is None else {PREFIX_KEY: text})
        read, complaints = from_metadata("doc", metadata)
        assert is_host_group(metadata)
        assert read.hostname_prefix == ""
        assert kinds(complaints) == [ComplaintKind.NO_PREFIX]

    @pytest.mark.parametrize("key", ["ipcontrol:prefix", "ipcontrol:Subnets", "ipcontrol:"])
    def test_any_key_of_ours_is_meant_to_make_a_group(self, key):
        assert is_host_group({key: "doc"})
        _, complaints = from_metadata("doc", {key: "doc"})
        assert kinds(complaints) == [ComplaintKind.NO_PREFIX, ComplaintKind.UNKNOWN_KEY]

    def test_an_unreadable_prefix_says_what_was_probably_meant(self):
        _, complaints = from_metadata("doc", {PREFIX_KEY: "doc*"})
        assert str(complaints[0]) == (
            "No host belongs to doc, because of ipcontrol:hostname_prefix: "
            '"doc*" is not a hostname prefix: doc?'
        )

    @pytest.mark.parametrize(
        ("text", "default"), [("true", True), ("True", True), ("false", False), ("", False)]
    )
    def test_the_default_mark_is_true_or_false(self, text, default):
        read, complaints = from_metadata("doc", {PREFIX_KEY: "doc", DEFAULT_KEY: text})
        assert (read.default, complaints) == (default, ())

    def test_any_other_default_mark_is_none_and_is_complained_about(self):
        read, complaints = from_metadata("doc", {PREFIX_KEY: "doc", DEFAULT_KEY: "yes"})
        assert not read.default
        assert kinds(complaints) == [ComplaintKind.UNREADABLE_DEFAULT]

    @pytest.mark.parametrize(
        "key", ["ipcontrol:subnet", "ipcontrol:subnets:1", "ipcontrol:subnets:02"]
    )
    def test_a_mistyped_key_has_no_effect_and_is_complained_about(self, key):
        read, complaints = from_metadata("doc", {PREFIX_KEY: "doc", key: "10.1.0.0/16"})
        assert read.subnets == ()
        assert kinds(complaints) == [ComplaintKind.UNKNOWN_KEY]

    def test_aggregates_that_are_no_host_groups_are_passed_over(self):
        groups = HostGroupMap.from_aggregates(
            [("az", {"availability_zone": "nova"}), ("doc", {PREFIX_KEY: "doc"})]
        )
        assert [found.name for found in groups.groups] == ["doc"]


class TestComplaints:
    def test_a_tidy_map_deserves_none(self):
        doc, dev = group("doc", subnets="10.1.0.0/16"), group("dev", default=True)
        assert sentences(doc, dev, hosts=["doc1", "dev1"]) == []

    def test_the_same_subnet_in_two_groups(self):
        assert sentences(group("a", subnets="10.1.0.0/16"), group("b", subnets="10.1.0.0/16")) == [
            "10.1.0.0/16 is in a too, whose name sorts first: its instances start there, not in b."
        ]

    def test_a_subnet_inside_anothers_is_a_note(self):
        groups = HostGroupMap(
            [group("doc", subnets="10.1.0.0/16"), group("ops", subnets="10.1.9.0/24")]
        )
        (complaint,) = groups.complaints()
        assert complaint.severity is Severity.NOTE
        assert str(complaint) == "10.1.9.0/24 is taken out of doc's 10.1.0.0/16."

    def test_a_subnet_inside_one_of_the_same_group_is_no_matter(self):
        assert sentences(group("doc", subnets="10.1.0.0/16 10.1.9.0/24")) == []

    def test_the_next_larger_subnet_is_the_one_named(self):
        assert sentences(
            group("a", subnets="10.0.0.0/8 10.2.0.0/16"),
            group("b", subnets="10.1.0.0/16 ::/0"),
            group("c", subnets="10.1.9.0/24 10.3.0.0/16"),
        ) == [
            "10.1.0.0/16 is taken out of a's 10.0.0.0/8.",
            "10.1.9.0/24 is taken out of b's 10.1.0.0/16.",
            "10.3.0.0/16 is taken out of a's 10.0.0.0/8.",
        ]

    def test_a_prefix_inside_anothers(self):
        groups = [
            group(name, subnets=f"10.{number}.0.0/16")
            for number, name in enumerate(("dev", "devo", "devops"))
        ]
        assert sentences(*groups) == [
            (
                "Hosts whose names begin with devo belong to devo, not to dev (dev*): the longest "
                "prefix decides."
            ),
            (
                "Hosts whose names begin with devops belong to devops, not to devo (devo*): the "
                "longest prefix decides."
            ),
        ]

    def test_the_same_prefix_of_two_groups(self):
        both = [group("a", "dev", "10.1.0.0/16"), group("b", "dev", "10.2.0.0/16")]
        (complaint,) = HostGroupMap(both).complaints(["dev1"])
        assert complaint.severity is Severity.ERROR
        assert str(complaint) == (
            "dev is the prefix of a too, whose name sorts first: the hosts belong to it, and none "
            "to b."
        )

    def test_a_group_all_of_whose_hosts_another_has(self):
        both = [group("dev", subnets="10.1.0.0/16"), group("devops", subnets="10.2.0.0/16")]
        assert "No host belongs to dev (dev*): its instances cannot start." in sentences(
            *both, hosts=["devops1"]
        )

    def test_two_defaults(self):
        assert sentences(group("a", default=True), group("b", default=True)) == [
            (
                "b is marked as the default group, but a is too, and its name sorts first: all other "
                "addresses go there."
            )
        ]

    def test_a_group_without_hosts(self):
        assert sentences(group("doc", subnets="10.1.0.0/16"), hosts=["ops1"]) == [
            "No host belongs to doc (doc*): its instances cannot start."
        ]

    @pytest.mark.parametrize(
        ("prefix", "hosts", "unexpected"),
        [
            ("doc", "doc1 doc-2 doc docker1 docbook", "docbook, docker1"),
            ("node1", "node1 node10 node11 node1-a", "node10, node11"),
            ("rack1-", "rack1-01 rack1-x", ""),
            ("rack1", "rack1-01 rack1b rack10-01", "rack10-01"),
            # All of them go on so: the prefix is meant so.
            ("comp", "compute1 compute2", ""),
            ("r1", "r11 r12", ""),
            (
                "d",
                "d1 " + " ".join(f"dx{number}" for number in range(9)),
                "dx0, dx1, dx2, dx3, dx4, …",
            ),
        ],
    )
    def test_hosts_that_a_reader_of_the_prefix_would_not_expect(self, prefix, hosts, unexpected):
        groups = HostGroupMap([group("g", prefix, "10.1.0.0/16")])
        found = groups.complaints([*hosts.split(), "gpu7"])
        assert [each.params["hosts"] for each in found] == ([unexpected] if unexpected else [])
        assert not found or str(found[0]) == f"The prefix {prefix} of g also takes {unexpected}."

    def test_hosts_that_another_group_has_are_no_surprise(self):
        doc, docker = group("doc", subnets="10.1.0.0/16"), group("docker", subnets="10.2.0.0/16")
        found = HostGroupMap([doc, docker]).complaints(["doc1", "docker1"])
        assert kinds(found) == [ComplaintKind.PREFIX_INSIDE]

    def test_hosts_that_are_not_known_are_not_missed(self):
        assert sentences(group("doc", subnets="10.1.0.0/16")) == []

    def test_a_group_that_no_address_leads_to(self):
        assert sentences(group("doc")) == [
            "No address leads to doc: it has no subnet and is not the default."
        ]

    def test_what_reading_brought_up_stands_with_the_rest(self):
        groups = HostGroupMap.from_aggregates([("doc", {PREFIX_KEY: "", "ipcontrol:x": ""})])
        assert kinds(groups.complaints(["doc1"])) == [
            ComplaintKind.NO_PREFIX,
            ComplaintKind.UNKNOWN_KEY,
            ComplaintKind.NO_ADDRESSES,
        ]

    def test_what_reading_brought_up_of_one_group_stands_beside_that_of_another(self):
        mistyped = {PREFIX_KEY: "doc", "ipcontrol:x": ""}
        groups = HostGroupMap.from_aggregates([("a", mistyped), ("b", mistyped)])
        found = groups.complaints(["doc1"])
        unknown = [each.group for each in found if each.kind is ComplaintKind.UNKNOWN_KEY]
        assert unknown == ["a", "b"]

    @given(st.lists(GROUPS, max_size=4))
    def test_every_sentence_can_be_built_and_names_its_group(self, groups):
        for complaint in HostGroupMap(groups).complaints(["a1"]):
            assert complaint.params["group"] == complaint.group
            assert str(complaint)


class TestHostnamePrefix:
    @pytest.mark.parametrize("text", ["doc", "Rack-7.", "a_b", "0"])
    def test_what_host_names_are_made_of_is_a_prefix(self, text):
        assert parse_hostname_prefix(text) == text

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            (
                " ",
                (
                    "A hostname prefix is missing: write what the names of the hosts begin with, "
                    "such as doc for doc1 and doc2."
                ),
            ),
            (" doc ", '" doc " is not a hostname prefix: doc?'),
            ("doc*", '"doc*" is not a hostname prefix: doc?'),
            (
                "dóc",
                (
                    '"dóc" is not a hostname prefix: write letters, digits, dots, hyphens and '
                    "underscores."
                ),
            ),
            ("d" * 256, "A hostname prefix has at most 255 characters, this one 256."),
        ],
    )
    def test_anything_else_says_what_to_write(self, text, sentence):
        with pytest.raises(HostGroupError) as refused:
            parse_hostname_prefix(text)
        assert isinstance(refused.value, IpControlError)
        assert str(refused.value) == sentence
