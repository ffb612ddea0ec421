# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import logging
import re
from collections import Counter

import pytest
from nova import exception, objects
from nova.scheduler import filters, request_filter, weights
from oslo_db import exception as db_exc
from oslo_utils.fixture import uuidsentinel as uuids

from ipcontrol.scheduler import ip_scheduler


@pytest.fixture
def passing(cache, states):
    """The names of the hosts that pass Nova's own filter handler."""

    def names(spec, hosts=None):
        handler = filters.HostFilterHandler()
        try:
            found = handler.get_filtered_objects(
                [ip_scheduler.SubnetHostGroupFilter()], states(hosts) if hosts else states(), spec
            )
        except exception.NoValidHost:
            return ""
        return " ".join(state.host for state in found)

    return names


class TestFirstBoot:
    @pytest.mark.parametrize(
        ("address", "hosts"),
        [
            ("10.1.0.1", "doc1 doc2"),
            ("10.2.3.4", "ops1 ops2"),
            ("10.1.9.7", "ops1 ops2"),
            ("2001:db8:1::5", "doc1 doc2"),
            ("192.0.2.1", "dev1 dev2"),
            ("::1", "dev1 dev2"),
        ],
    )
    def test_the_hosts_of_the_callers_group_pass(self, passing, boot, address, hosts):
        assert passing(boot(address)) == hosts

    def test_an_ipv4_caller_on_a_dual_stack_listener_is_the_ipv4_caller(self, passing, boot):
        assert passing(boot("::ffff:10.2.0.1")) == "ops1 ops2"

    @pytest.mark.parametrize("address", [None, "", "garbage", "10.1.0.1, 10.2.0.1"])
    def test_an_unknown_caller_gets_the_default_group(self, passing, boot, address):
        assert passing(boot(address)) == "dev1 dev2"

    @pytest.mark.parametrize(
        ("unmapped", "hosts"),
        [
            ("any", "doc1 doc2 ops1 ops2 dev1 dev2 gpu7"),
            ("ungrouped", "dev1 dev2 gpu7"),
            ("none", ""),
        ],
    )
    def test_a_caller_of_no_group_is_placed_by_the_option(
        self, passing, boot, flags, aggregates, unmapped, hosts
    ):
        aggregates.rows.pop()
        flags(unmapped=unmapped)
        assert passing(boot("192.0.2.1")) == hosts

    def test_a_host_that_an_operator_names_passes(self, passing, boot):
        destination = objects.Destination(host="gpu7", node="gpu7")
        assert passing(boot("10.1.0.1", requested_destination=destination), "gpu7") == "gpu7"

    def test_a_destination_without_a_host_names_none(self, passing, boot):
        """Nova's own request filters put one there, for availability zones."""
        destination = objects.Destination(aggregates=["az"], node=None)
        assert passing(boot("10.1.0.1", requested_destination=destination)) == "doc1 doc2"

    def test_a_hint_that_says_rebuild_does_not_open_other_hosts(self, passing, boot):
        hints = {"_nova_check_type": ["rebuild"]}
        assert passing(boot("10.1.0.1", scheduler_hints=hints)) == "doc1 doc2"

    def test_the_filter_runs_once_for_all_instances_of_a_request(self):
        found = ip_scheduler.SubnetHostGroupFilter()
        assert [found.run_filter_for_index(index) for index in range(3)] == [True, False, False]

    def test_a_changed_group_is_in_force_when_the_interval_is_over(
        self, passing, boot, aggregates, clock, cache
    ):
        assert passing(boot("10.1.0.1")) == "doc1 doc2"
        aggregates.rows[0].metadata["ipcontrol:hostname_prefix"] = "gpu"
        clock.now += 9.9
        cache.renew_if_due()
        assert passing(boot("10.1.0.1")) == "doc1 doc2"
        clock.now += 0.2
        cache.renew_if_due()
        assert passing(boot("10.1.0.1")) == "gpu7"

    def test_no_host_passes_before_the_groups_could_be_read(self, passing, boot, aggregates):
        aggregates.error = db_exc.DBConnectionError()
        assert passing(boot("10.1.0.1")) == ""

    def test_the_last_groups_stay_in_force_without_the_database(
        self, passing, boot, aggregates, clock, cache
    ):
        passing(boot("10.1.0.1"))
        aggregates.error = db_exc.DBConnectionError()
        clock.now += 3600
        cache.renew_if_due()
        assert passing(boot("10.1.0.1")) == "doc1 doc2"


class TestMove:
    def test_a_move_stays_in_the_group_of_the_instance_whoever_asks(self, passing, move):
        assert passing(move("10.2.0.1", "doc1"), "doc2 ops1 ops2 dev1") == "doc2"

    def test_a_hint_that_says_rebuild_does_not_free_a_move(self, passing, move):
        spec = move("10.2.0.1", "doc1", scheduler_hints={"_nova_check_type": ["rebuild"]})
        assert passing(spec, "doc2 ops1") == "doc2"

    def test_the_unshelve_of_an_offloaded_instance_stays_where_it_was(self, passing, move):
        assert passing(move("10.1.0.1", None, shelved_host="ops2")) == "ops1 ops2"

    def test_an_instance_of_which_no_host_is_known_goes_nowhere(self, passing, move, caplog):
        assert passing(move("10.1.0.1", None)) == ""
        assert "name one in the request" in caplog.text

    def test_a_cell_that_does_not_answer_leaves_no_host(self, passing, move, instances, caplog):
        spec = move("10.1.0.1", "doc1")
        instances.error = exception.InstanceNotFound(instance_id=uuids.instance)
        assert passing(spec) == ""
        assert "InstanceNotFound" in caplog.text

    def test_the_instance_is_read_in_its_cell_with_all_rights(self, passing, move, instances):
        passing(move("10.1.0.1", "doc1"))
        ((cell_context, uuid, attributes),) = instances.asked
        assert (cell_context.cell_uuid, cell_context.is_admin) == (uuids.cell1, True)
        assert (uuid, attributes) == (uuids.instance, ["system_metadata"])

    def test_a_move_without_a_cell_asks_which_it_is(self, passing, move, monkeypatch, instances):
        spec = move("10.2.0.1", "doc1")
        mapping = objects.InstanceMapping(cell_mapping=spec.requested_destination.cell)
        spec.requested_destination.cell = None
        monkeypatch.setattr(
            objects.InstanceMapping, "get_by_instance_uuid", lambda context, uuid: mapping
        )
        assert passing(spec, "doc2 ops1") == "doc2"
        assert instances.asked[0][0].cell_uuid == uuids.cell1

    @pytest.mark.parametrize(
        ("unmapped", "hosts"),
        [("any", "doc1 ops1 gpu8"), ("ungrouped", "gpu8"), ("none", "gpu8")],
    )
    def test_from_a_host_of_no_group_it_goes_by_the_option(
        self, passing, move, flags, unmapped, hosts
    ):
        flags(unmapped=unmapped)
        assert passing(move("10.1.0.1", "gpu7"), "doc1 ops1 gpu8") == hosts

    def test_from_a_host_that_two_prefixes_fit_it_stays_in_the_group_of_the_longest(
        self, passing, move, aggregates
    ):
        aggregates.add("d")
        assert passing(move("10.1.0.1", "dev1"), "doc2 dev2 d7") == "dev2"
        assert passing(move("10.1.0.1", "d1"), "doc2 dev2 d7") == "d7"

    def test_a_host_that_an_operator_names_passes(self, passing, move, instances):
        assert passing(move("10.1.0.1", "doc1", destination={"host": "ops1"}), "ops1") == "ops1"
        assert instances.asked == []

    def test_a_rebuild_passes_where_the_instance_is_even_before_the_groups_are_read(
        self, passing, move, aggregates
    ):
        aggregates.error = db_exc.DBConnectionError()
        spec = move(
            "10.2.0.1",
            "doc1",
            scheduler_hints={"_nova_check_type": ["rebuild"]},
            force_hosts=["doc1"],
            force_nodes=["doc1"],
        )
        assert passing(spec, "doc1") == "doc1"


class TestLog:
    def test_one_debug_line_says_who_why_and_what_passes(self, passing, boot, caplog):
        caplog.set_level(logging.DEBUG, "ipcontrol")
        passing(boot("10.1.9.7"))
        assert caplog.messages == [
            (
                f"Request from 10.1.9.7 for instance {uuids.instance}: host group ops (10.1.9.0/24), "
                "2 of 7 hosts pass: ops1, ops2"
            )
        ]

    def test_a_long_list_of_hosts_is_cut(self, passing, boot, caplog):
        caplog.set_level(logging.DEBUG, "ipcontrol")
        passing(boot("10.1.0.1"), " ".join(f"doc{number}" for number in range(300)))
        assert caplog.messages[0].endswith(
            "300 of 300 hosts pass: doc0, doc1, doc2, doc3, doc4, doc5, doc6, doc7, doc8, doc9, …"
        )

    def test_addresses_stay_out_of_the_log_above_debug_where_hosts_pass(
        self, passing, boot, caplog
    ):
        caplog.set_level(logging.INFO)
        assert passing(boot("10.1.9.7")) == "ops1 ops2"
        assert caplog.messages == []

    def test_one_line_at_info_says_who_and_why_where_no_host_passes(self, passing, boot, caplog):
        caplog.set_level(logging.INFO)
        assert passing(boot("10.1.9.7"), "doc1 dev1") == ""
        assert caplog.messages == [
            (
                f"Request from 10.1.9.7 for instance {uuids.instance}: host group ops (10.1.9.0/24), "
                "0 of 2 hosts pass: none"
            )
        ]


class TestRefusal:
    """What becomes the instance's fault, as Nova formats it."""

    @pytest.fixture
    def refusal(self, cache, states):
        def ask(spec, hosts="gpu7"):
            with pytest.raises(exception.NoValidHost) as refused:
                ip_scheduler.SubnetHostGroupFilter().filter_all(iter(states(hosts)), spec)
            return refused.value.format_message()

        return ask

    def test_the_hosts_of_the_group_cannot_take_it(self, refusal, boot):
        assert refusal(boot("::ffff:10.1.9.7")) == (
            "No valid host was found. None of the hosts for instances that are started from "
            "10.1.9.7 can take this one now."
        )

    def test_no_host_takes_instances_from_there(self, refusal, boot, aggregates, flags):
        aggregates.rows.pop()
        flags(unmapped="none")
        assert refusal(boot("192.0.2.1")) == (
            "No valid host was found. No host takes instances that are started from 192.0.2.1."
        )

    def test_a_group_that_lost_its_prefix_is_not_told_of(self, refusal, boot, aggregates):
        aggregates.rows[0].metadata["ipcontrol:hostname_prefix"] = ""
        assert refusal(boot("10.1.0.1")) == (
            "No valid host was found. No host takes instances that are started from 10.1.0.1."
        )

    def test_the_caller_is_not_known(self, refusal, boot):
        assert refusal(boot("garbage")) == (
            "No valid host was found. None of the hosts for instances that are started from an "
            "address that is not known can take this one now."
        )

    def test_the_groups_could_not_be_read_yet(self, refusal, boot, move, aggregates):
        aggregates.error = db_exc.DBConnectionError()
        for spec in (boot("10.1.0.1"), move("10.1.0.1", "doc1")):
            assert refusal(spec) == (
                "No valid host was found. Which hosts may take this instance is not known yet: "
                "try again in some minutes."
            )

    def test_a_move_is_told_of_without_the_address_of_whoever_asked(self, refusal, move):
        assert refusal(move("10.2.0.1", "doc1")) == (
            "No valid host was found. None of the hosts to which this instance may be moved can "
            "take it now."
        )

    def test_an_instance_of_which_no_host_is_known(self, refusal, move):
        assert "an administrator has to name a host" in refusal(move("10.1.0.1", None))

    @pytest.mark.parametrize("address", ["10.1.0.1", "2001:db8:1:ffff:ffff:ffff:ffff:ffff"])
    def test_it_fits_into_a_fault_and_names_no_host_group_or_subnet(
        self, refusal, boot, move, address
    ):
        for spec in (boot(address), move(address, "doc1"), move(address, None)):
            text = refusal(spec)
            assert len(text) <= 255
            assert not re.search(r"\bdoc|gpu|/16|/48", text)


class TestRequestFilter:
    """What Placement is asked for, through Nova's own list of request filters."""

    @pytest.fixture(autouse=True)
    def _with_members(self, cache, aggregates, flags):
        aggregates.rows[0].hosts = ["doc1", "doc2"]
        aggregates.rows[2].hosts = ["dev1"]
        flags(require_aggregates=True)

    def required(self, spec):
        (found,) = [
            each
            for each in request_filter.ALL_REQUEST_FILTERS
            if each.__module__ == ("ipcontrol.scheduler.ip_scheduler")
        ]
        found(spec._context, spec)
        destination = spec.requested_destination
        return destination.aggregates if destination else None

    def test_the_aggregate_of_the_callers_group_is_required(self, boot):
        assert self.required(boot("10.1.0.1")) == [uuids.doc]

    def test_one_line_at_info_says_who_and_why(self, boot, caplog):
        """No filter is called where Placement then has no candidate."""
        caplog.set_level(logging.INFO)
        self.required(boot("10.1.0.1"))
        assert caplog.messages == [
            (
                f"Request from 10.1.0.1 for instance {uuids.instance}: host group doc (10.1.0.0/16), "
                f"Placement is asked for the members of aggregate {uuids.doc} alone"
            )
        ]

    def test_it_is_required_beside_what_others_require(self, boot):
        destination = objects.Destination(aggregates=["az"])
        assert self.required(boot("10.1.0.1", requested_destination=destination)) == [
            "az",
            uuids.doc,
        ]

    def test_a_first_boot_stays_one(self, boot, passing):
        spec = boot("10.1.0.1")
        self.required(spec)
        assert passing(spec) == "doc1 doc2"

    def test_a_group_whose_aggregate_has_no_hosts_is_left_to_the_filter(self, boot):
        assert self.required(boot("10.2.0.1")) is None

    def test_nothing_is_required_unless_it_is_switched_on(self, boot, flags):
        flags(require_aggregates=False)
        assert self.required(boot("10.1.0.1")) is None

    def test_nothing_is_required_for_an_address_of_no_group(self, boot, aggregates):
        aggregates.rows.pop()
        assert self.required(boot("192.0.2.1")) is None

    def test_nothing_is_required_of_a_host_that_an_operator_names(self, boot):
        destination = objects.Destination(node="gpu7")
        assert not self.required(boot("10.1.0.1", requested_destination=destination))

    def test_nothing_is_required_before_the_groups_could_be_read(self, boot, aggregates):
        aggregates.error = db_exc.DBConnectionError()
        assert self.required(boot("10.1.0.1")) is None

    def test_a_move_requires_the_aggregate_of_its_hosts_group(self, move, aggregates):
        aggregates.add("devops", hosts=["devops1"])
        assert self.required(move("10.1.0.1", "devops1")) == [uuids.devops]

    def test_a_move_in_a_group_without_members_is_left_to_the_filter(self, move, aggregates):
        aggregates.add("devops")
        assert self.required(move("10.1.0.1", "devops1")) is None


class TestWeighers:
    def best(self, weigher, hosts, spec):
        handler = weights.HostWeightHandler()
        return handler.get_weighed_objects([weigher], hosts, spec)[0].obj.host

    def test_a_resize_stays_where_the_instance_is(self, states, resize):
        weigher = ip_scheduler.SameHostOnResizeWeigher()
        assert self.best(weigher, states("doc1 doc2 doc3"), resize("10.1.0.1", "doc2")) == "doc2"

    def test_a_cold_migration_is_not_kept_where_the_instance_is(self, states, move):
        """Some drivers can migrate to the same host, which is then a candidate."""
        handler = weights.HostWeightHandler()
        found = handler.get_weighed_objects(
            [ip_scheduler.SameHostOnResizeWeigher()],
            states("doc1 doc2"),
            move("10.1.0.1", "doc2"),
        )
        assert [each.weight for each in found] == [0.0, 0.0]

    def test_a_resize_in_place_outweighs_chance(self, states, resize):
        handler = weights.HostWeightHandler()
        weighers = [ip_scheduler.RandomHostWeigher(), ip_scheduler.SameHostOnResizeWeigher()]
        spec = resize("10.1.0.1", "doc2")
        for _ in range(50):
            found = handler.get_weighed_objects(weighers, states("doc1 doc2 doc3"), spec)
            assert found[0].obj.host == "doc2"

    def test_a_first_boot_reads_no_instance_and_prefers_no_host(
        self, states, boot, instances, caplog
    ):
        handler = weights.HostWeightHandler()
        found = handler.get_weighed_objects(
            [ip_scheduler.SameHostOnResizeWeigher()], states("doc1 doc2"), boot("10.1.0.1")
        )
        assert [each.weight for each in found] == [0.0, 0.0]
        assert instances.asked == []
        assert caplog.messages == []

    def test_the_instance_is_read_once_for_all_hosts(self, states, resize, instances):
        self.best(ip_scheduler.SameHostOnResizeWeigher(), states(), resize("10.1.0.1", "doc1"))
        assert len(instances.asked) == 1

    def test_a_cell_that_does_not_answer_only_costs_the_preference(
        self, states, resize, instances, caplog
    ):
        spec = resize("10.1.0.1", "doc2")
        instances.error = db_exc.DBConnectionError()
        assert self.best(ip_scheduler.SameHostOnResizeWeigher(), states("doc1 doc2"), spec) == (
            "doc1"
        )
        assert "DBConnectionError" in caplog.text

    def test_random_choices_reach_every_host_about_equally(self, states, boot):
        weigher, hosts, spec = ip_scheduler.RandomHostWeigher(), states("a b c d"), boot("::1")
        chosen = Counter(self.best(weigher, hosts, spec) for _ in range(2000))
        assert set(chosen) == set("abcd")
        assert min(chosen.values()) > 400

    def test_random_weights_are_not_stretched_over_the_whole_range(self, states, boot):
        """Otherwise of two hosts one would always weigh 1 more, and overrule other weighers."""
        handler = weights.HostWeightHandler()
        found = handler.get_weighed_objects(
            [ip_scheduler.RandomHostWeigher()], states("a b"), boot("::1")
        )
        assert 0 < found[1].weight < found[0].weight < 1

    @pytest.mark.parametrize(
        ("weigher", "option"),
        [
            (ip_scheduler.RandomHostWeigher, "random_weight_multiplier"),
            (ip_scheduler.SameHostOnResizeWeigher, "resize_same_host_weight_multiplier"),
        ],
    )
    def test_each_weigher_has_its_multiplier(self, weigher, option, flags, states):
        flags(**{option: 7.5})
        assert weigher().weight_multiplier(states("doc1")[0]) == 7.5


def test_nova_loads_the_classes_by_the_names_that_the_documentation_gives():
    module = "ipcontrol.scheduler.ip_scheduler."
    assert filters.HostFilterHandler().get_matching_classes(
        [module + "SubnetHostGroupFilter"]
    ) == [ip_scheduler.SubnetHostGroupFilter]
    assert weights.HostWeightHandler().get_matching_classes(
        [module + "RandomHostWeigher", module + "SameHostOnResizeWeigher"]
    ) == [ip_scheduler.RandomHostWeigher, ip_scheduler.SameHostOnResizeWeigher]
