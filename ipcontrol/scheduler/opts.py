# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The options of ``[ipcontrol]`` in nova.conf; oslo-config-generator lists them."""

from collections.abc import Sequence

from oslo_config import cfg

from ipcontrol.host_groups import Unmapped

GROUP = cfg.OptGroup(
    "ipcontrol",
    title="Host groups",
    help="Hosts for the instances of a subnet. The groups are kept in host aggregates.",
)

OPTIONS = [
    cfg.StrOpt(
        "unmapped",
        default=Unmapped.ANY.value,
        choices=[
            (Unmapped.ANY.value, "Any host; an instance on a host of no group moves to any host."),
            (Unmapped.UNGROUPED.value, "Hosts of no group; an instance there moves to another."),
            (Unmapped.NONE.value, "No host; an instance on a host of no group moves to another."),
        ],
        mutable=True,
        help="Where instances start whose caller's address is in no subnet of a host group, "
        "when no group is the default one.",
    ),
    cfg.IntOpt(
        "refresh_interval",
        default=10,
        min=0,
        mutable=True,
        help="Seconds from one reading of the host groups to the next, in the background: a "
        "change is in force that much later, and as long as a reading takes, at the latest. 0 "
        "reads them for every request, which waits for it.",
    ),
    cfg.BoolOpt(
        "require_aggregates",
        default=False,
        mutable=True,
        help="Ask Placement for the hosts in the group's aggregate alone, so that a group is not "
        "missed in a cloud with more hosts than [scheduler] max_placement_results. It holds "
        "for groups whose aggregate has hosts; hosts that only bear the prefix are then not "
        "considered: add them to the aggregate.",
    ),
    cfg.FloatOpt(
        "random_weight_multiplier",
        default=1.0,
        mutable=True,
        help="Multiplier of RandomHostWeigher, whose weights lie between 0 and 1.",
    ),
    cfg.FloatOpt(
        "resize_same_host_weight_multiplier",
        default=1000.0,
        mutable=True,
        help="Multiplier of SameHostOnResizeWeigher, which weighs 1 for the host where the "
        "instance is and 0 for the others. The default outweighs Nova's weighers for load, "
        "but not the one for failed builds.",
    ),
]


def list_opts() -> Sequence[tuple[cfg.OptGroup, Sequence[cfg.Opt]]]:
    """Return the options by group, as the entry point ``oslo.config.opts`` wants them."""
    return [(GROUP, OPTIONS)]


def register(conf: cfg.ConfigOpts) -> None:
    """Make the options available as ``conf.ipcontrol``."""
    conf.register_group(GROUP)
    conf.register_opts(OPTIONS, group=GROUP)
