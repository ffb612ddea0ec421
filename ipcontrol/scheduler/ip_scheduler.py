# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Instances start on the hosts of their caller's subnet.

In ``nova.conf`` of every nova-scheduler::

    [filter_scheduler]
    available_filters = nova.scheduler.filters.all_filters
    available_filters = ipcontrol.scheduler.ip_scheduler.SubnetHostGroupFilter
    enabled_filters = SubnetHostGroupFilter,ComputeFilter,ComputeCapabilitiesFilter,
        ImagePropertiesFilter,ServerGroupAntiAffinityFilter,ServerGroupAffinityFilter
    weight_classes = nova.scheduler.weights.all_weighers,
        ipcontrol.scheduler.ip_scheduler.SameHostOnResizeWeigher

    [ipcontrol]
    unmapped = any
    refresh_interval = 10

``SubnetHostGroupFilter`` stands first: it is the cheapest, and the filters behind
it see the hosts of one group instead of all. For hosts chosen at random, as the
Operations Guide's scheduler did, put ``RandomHostWeigher`` alone:
``weight_classes = ipcontrol.scheduler.ip_scheduler.RandomHostWeigher``.

In ``api-paste.ini`` of every nova-api, ``client_address`` stands before
``http_proxy_to_wsgi``: without it Nova believes the address that a caller writes
into a header (see ``docs/install/nova.md``).

There is no ``scheduler_driver`` any more. The Operations Guide replaced the whole
scheduler with a class of its own; Nova deprecated that in 21.0.0 and removed it in
23.0.0. Filters and weighers are what Nova loads today, and they leave Placement,
server groups and all other filters in force.

A host group is a host aggregate with metadata, as in
`ipcontrol.host_groups.metadata`.

==================================  =============================================
The request                         passes
==================================  =============================================
first boot                          the hosts of the caller's group
first boot, address of no group     any host, hosts in no group, or none:
                                    ``[ipcontrol] unmapped``
resize, migration, evacuation,      the hosts of the group of the host where the
unshelve                            instance is (was, if offloaded), whoever asks
the same, that host is in no group  any host, or hosts in no group: ``unmapped``
an operator names the host          that host
rebuild                             the host where the instance is
the groups could not be read yet    none
==================================  =============================================

A host belongs to one group at the most: of several prefixes that its name begins
with, the longest decides.
"""

import logging as std_logging
import random
from typing import Any, NamedTuple

import nova.conf
from nova import exception, objects
from nova.scheduler import filters, request_filter, weights
from oslo_log import log as logging

from ipcontrol.host_groups import NO_HOST, HostGroup, HostGroupMap, HostSet, Unmapped
from ipcontrol.scheduler import opts, refusals
from ipcontrol.scheduler.group_cache import HostGroupCache, HostGroups
from ipcontrol.scheduler.request import (
    caller_address,
    is_move,
    is_resize,
    last_host,
    moving_instance,
    names_host,
)

LOG = logging.getLogger(__name__)
CONF = nova.conf.CONF
opts.register(CONF)

# One for the process: the filter and the request filter decide by the same map.
CACHE = HostGroupCache()

_HOSTS_SHOWN = 10


class Selection(NamedTuple):
    """Where the instance of a request may go.

    Attributes:
        hosts: the hosts that pass.
        group: the group that these are of; None for none.
        why: for the log.
        refusal: for the instance's owner, where no host passes. It tells of the
            caller's own address, and of no host, group or subnet.
    """

    hosts: HostSet
    group: HostGroup | None
    why: str
    refusal: str


def _judge(spec: Any, known: HostGroups | None) -> Selection:
    if known is None:
        return Selection(NO_HOST, None, "the host groups could not be read yet", refusals.NOT_READ)
    unmapped = Unmapped(CONF.ipcontrol.unmapped)
    return (_judge_move if is_move(spec) else _judge_boot)(spec, known.map, unmapped)


def _judge_boot(spec: Any, groups: HostGroupMap, unmapped: Unmapped) -> Selection:
    address = caller_address(spec)
    match = groups.match(address)
    hosts = groups.hosts_for_boot(address, unmapped)
    refusal = refusals.boot(address, hosts)
    if match.group is None:
        return Selection(hosts, None, f"no host group (unmapped = {unmapped})", refusal)
    by = "default" if match.subnet is None else match.subnet
    return Selection(hosts, match.group, f"host group {match.group.name} ({by})", refusal)


def _judge_move(spec: Any, groups: HostGroupMap, unmapped: Unmapped) -> Selection:
    try:
        host = last_host(moving_instance(spec))
    # Whatever it was: where the instance is, is not known.
    except Exception as error:
        LOG.warning(
            "Where instance %(instance)s is could not be read: %(kind)s. No host passes.",
            {"instance": spec.instance_uuid, "kind": type(error).__name__},
        )
        return Selection(NO_HOST, None, "a move from an unknown host", refusals.UNKNOWN_HOST)
    if host is None:
        LOG.warning(
            "It is not known on which host instance %s was. No host passes: name one in the "
            "request.",
            spec.instance_uuid,
        )
        return Selection(NO_HOST, None, "a move from an unknown host", refusals.UNKNOWN_HOST)
    group = groups.group_of(host)
    name = group.name if group else f"none (unmapped = {unmapped})"
    hosts = groups.hosts_for_move(host, unmapped)
    return Selection(hosts, group, f"a move from {host}, host group {name}", refusals.MOVE)


class SubnetHostGroupFilter(filters.BaseHostFilter):
    """Pass the hosts of the caller's group; for a move, of the instance's."""

    # The caller of a request is the same for all of its instances.
    run_filter_once_per_request = True

    # A rebuild names its host, which passes.
    RUN_ON_REBUILD = True

    def filter_all(self, filter_obj_list: Any, spec_obj: Any) -> Any:
        """Return the host states that pass, in their order.

        Nova runs this once for a request, before it claims anything.

        Raises:
            nova.exception.NoValidHost: none passes; its text becomes the
                instance's fault, which its owner sees.
        """
        before = list(filter_obj_list)
        if names_host(spec_obj):
            LOG.debug("The request names its host, so %d host(s) pass", len(before))
            return before
        selection = _judge(spec_obj, CACHE.current())
        after = [state for state in before if state.host in selection.hosts]
        _log(spec_obj, selection, before, after)
        if not after:
            raise exception.NoValidHost(reason=selection.refusal)
        return after


def _log(spec: Any, selection: Selection, before: list[Any], after: list[Any]) -> None:
    shown = ", ".join(state.host for state in after[:_HOSTS_SHOWN])
    LOG.log(
        std_logging.DEBUG if after else std_logging.INFO,
        "Request from %(address)s for instance %(instance)s: %(why)s, "
        "%(after)d of %(before)d hosts pass: %(hosts)s%(more)s",
        {
            "address": spec._context.remote_address,
            "instance": spec.instance_uuid,
            "why": selection.why,
            "before": len(before),
            "after": len(after),
            "hosts": shown or "none",
            "more": ", …" if len(after) > _HOSTS_SHOWN else "",
        },
    )


def require_group_aggregate(context: Any, request_spec: Any) -> bool:
    """Ask Placement for the group's hosts alone, where its aggregate has members.

    Placement cuts its answer at ``[scheduler] max_placement_results`` before any
    filter runs, so that a whole group may be missing from it.

    Returns:
        Whether the request was narrowed, as Nova's request filters do.
    """
    if not CONF.ipcontrol.require_aggregates or names_host(request_spec):
        return False
    known = CACHE.current()
    selection = _judge(request_spec, known)
    aggregate = known.aggregates.get(selection.group.name) if known and selection.group else None
    # A group without members would otherwise have no candidate at all.
    if aggregate is None:
        return False
    if "requested_destination" not in request_spec or request_spec.requested_destination is None:
        request_spec.requested_destination = objects.Destination()
    request_spec.requested_destination.require_aggregates([aggregate])
    # At info: where Placement then has no candidate, Nova calls no filter, and
    # its own line on that names neither the caller nor the instance.
    LOG.info(
        "Request from %(address)s for instance %(instance)s: %(why)s, Placement is asked for the "
        "members of aggregate %(aggregate)s alone",
        {
            "address": request_spec._context.remote_address,
            "instance": request_spec.instance_uuid,
            "why": selection.why,
            "aggregate": aggregate,
        },
    )
    return True


# Nova has no option for request filters of others; it reads this list on every
# request. Appended last: what they find out stays in force.
if require_group_aggregate not in request_filter.ALL_REQUEST_FILTERS:
    request_filter.ALL_REQUEST_FILTERS.append(require_group_aggregate)


class RandomHostWeigher(weights.BaseHostWeigher):
    """Choose among the remaining hosts at random."""

    # Fixed, so that Nova does not stretch a few weights over the whole range.
    minval = 0.0
    maxval = 1.0

    def weight_multiplier(self, host_state: Any) -> float:
        """Return ``[ipcontrol] random_weight_multiplier``."""
        return float(CONF.ipcontrol.random_weight_multiplier)

    def _weigh_object(self, obj: Any, weight_properties: Any) -> float:
        return random.random()  # noqa: S311 - nothing secret


class SameHostOnResizeWeigher(weights.BaseHostWeigher):
    """Resize an instance where it is, if that host has room.

    It needs ``[DEFAULT] allow_resize_to_same_host = true``: otherwise that host is
    no candidate. Other moves are to leave it, a cold migration too where the
    driver could migrate to the same host.
    """

    minval = 0.0
    maxval = 1.0

    def weight_multiplier(self, host_state: Any) -> float:
        """Return ``[ipcontrol] resize_same_host_weight_multiplier``."""
        return float(CONF.ipcontrol.resize_same_host_weight_multiplier)

    def weigh_objects(self, weighed_obj_list: Any, weight_properties: Any) -> list[float]:
        """Return 1 for the host where the instance is, 0 for the others."""
        host = self._host(weight_properties)
        return [float(weighed.obj.host == host) for weighed in weighed_obj_list]

    def _weigh_object(self, obj: Any, weight_properties: Any) -> float:
        return float(obj.host == self._host(weight_properties))

    def _host(self, spec: Any) -> str | None:
        if not is_move(spec):
            return None
        try:
            instance = moving_instance(spec)
            return instance.host if is_resize(spec, instance) else None
        # A preference, not a rule: without it the move still is right.
        except Exception as error:
            LOG.warning(
                "Where instance %(instance)s is could not be read: %(kind)s.",
                {"instance": spec.instance_uuid, "kind": type(error).__name__},
            )
            return None
