# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcontrol.addresses import parse_network
from ipcontrol.proposal import SEVERAL, WIDEST, propose
from tests.unit.ipcontrol.universe import MANY, NETWORKS
from tests.vectors import cases


@pytest.mark.parametrize("case", cases("proposal"), ids=lambda case: case["why"])
def test_lists_are_proposed_as_the_contract_says(case):
    found = propose(map(parse_network, case["callers"]))
    assert [[str(each.network), [*map(str, each.callers)]] for each in found] == case["proposed"]


@MANY
@given(st.lists(NETWORKS))
def test_each_caller_is_in_exactly_one_proposal_and_that_admits_it(callers):
    found = propose(callers)
    assert sorted(map(str, set(callers))) == sorted(str(c) for each in found for c in each.callers)
    for each in found:
        assert all(caller.subnet_of(each.network) for caller in each.callers)


@MANY
@given(st.lists(NETWORKS))
def test_a_network_is_proposed_for_several_callers_and_never_a_wide_one(callers):
    for each in propose(callers):
        if each.network not in callers:
            assert len(each.callers) >= SEVERAL
            assert each.network.prefixlen == WIDEST[each.network.version]


@MANY
@given(st.lists(NETWORKS))
def test_the_proposals_of_most_callers_come_first(callers):
    assert all(len(a.callers) >= len(b.callers) for a, b in pairwise(propose(callers)))
