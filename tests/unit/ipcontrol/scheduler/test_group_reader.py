# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import pytest

from ipcontrol.addresses import parse_address
from ipcontrol.host_groups import PREFIX_KEY, SUBNETS_KEY, ComplaintKind
from ipcontrol.host_groups import metadata as host_group_metadata
from ipcontrol.scheduler.group_reader import GroupReader


@pytest.fixture
def parsed(monkeypatch):
    """Every text that was read as a network."""
    texts = []
    parse = host_group_metadata.parse_network

    def counted(text):
        texts.append(text)
        return parse(text)

    monkeypatch.setattr(host_group_metadata, "parse_network", counted)
    return texts


@pytest.fixture
def aggregates():
    """100 host groups of 20 subnets each, and an aggregate of somebody else."""
    found = {
        f"g{g}": {
            PREFIX_KEY: f"g{g}-",
            SUBNETS_KEY: " ".join(f"10.{g}.{n}.0/24" for n in range(20)),
        }
        for g in range(100)
    }
    return found | {"az": {"availability_zone": "az"}}


def fresh(aggregates):
    """As the next reading of the database returns them: equal, and never the same."""
    return [(name, dict(metadata)) for name, metadata in aggregates.items()]


def group_at(groups, address):
    found = groups.resolve(parse_address(address))
    return found and found.name


def test_what_did_not_change_is_not_parsed_again(aggregates, parsed):
    reader = GroupReader()
    first = reader.read(fresh(aggregates))
    assert len(parsed) == 2000
    assert reader.read(fresh(aggregates)) is first
    assert len(parsed) == 2000


def test_of_one_changed_group_that_one_is_parsed(aggregates, parsed):
    reader = GroupReader()
    reader.read(fresh(aggregates))
    parsed.clear()
    aggregates["g7"][SUBNETS_KEY] = "10.200.0.0/16"
    groups = reader.read(fresh(aggregates))
    assert parsed == ["10.200.0.0/16"]
    assert [group_at(groups, each) for each in ("10.200.0.1", "10.7.1.1", "10.8.1.1")] == [
        "g7",
        None,
        "g8",
    ]


def test_metadata_that_were_changed_in_place_are_noticed(aggregates):
    reader = GroupReader()
    reader.read(aggregates.items())
    aggregates["g7"][SUBNETS_KEY] = "10.200.0.0/16"
    assert group_at(reader.read(aggregates.items()), "10.200.0.1") == "g7"


def test_a_group_that_is_gone_takes_no_address(aggregates, parsed):
    reader = GroupReader()
    reader.read(fresh(aggregates))
    parsed.clear()
    del aggregates["g7"]
    assert group_at(reader.read(fresh(aggregates)), "10.7.1.1") is None
    assert parsed == []


def test_a_renamed_group_has_its_new_name(aggregates):
    reader = GroupReader()
    reader.read(fresh(aggregates))
    aggregates["new"] = aggregates.pop("g7")
    assert group_at(reader.read(fresh(aggregates)), "10.7.1.1") == "new"


def test_other_metadata_of_others_change_no_map(aggregates):
    reader = GroupReader()
    first = reader.read(fresh(aggregates))
    aggregates["az"]["rack"] = "7"
    assert reader.read(fresh(aggregates)) is first


def test_an_aggregate_that_became_a_group_is_one(aggregates):
    reader = GroupReader()
    reader.read(fresh(aggregates))
    aggregates["az"] |= {PREFIX_KEY: "az", SUBNETS_KEY: "10.201.0.0/16"}
    assert group_at(reader.read(fresh(aggregates)), "10.201.0.1") == "az"


def test_complaints_about_what_was_not_parsed_again_stay(aggregates):
    reader = GroupReader()
    aggregates["g7"][SUBNETS_KEY] = "junk"
    reader.read(fresh(aggregates))
    aggregates["g8"][SUBNETS_KEY] = "10.200.0.0/16"
    complaints = reader.read(fresh(aggregates)).complaints()
    assert ("g7", ComplaintKind.UNREADABLE_SUBNET) in [
        (each.group, each.kind) for each in complaints
    ]
