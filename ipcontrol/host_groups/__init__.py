# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Subnets and the host groups where their instances go: the map, its hosts, how it is stored."""

from ipcontrol.host_groups.complaints import Complaint, ComplaintKind, Severity
from ipcontrol.host_groups.group_map import HostGroupMap, Match, Unmapped
from ipcontrol.host_groups.hosts import ANY_HOST, NO_HOST, HostSet
from ipcontrol.host_groups.metadata import (
    DEFAULT_KEY,
    MAX_VALUE_LENGTH,
    NAMESPACE,
    PREFIX_KEY,
    SUBNETS_KEY,
    HostGroup,
    HostGroupError,
    from_metadata,
    is_host_group,
    metadata_changes,
    parse_hostname_prefix,
    stored_subnets,
    to_metadata,
    unknown_keys,
)

__all__ = [
    "ANY_HOST",
    "DEFAULT_KEY",
    "MAX_VALUE_LENGTH",
    "NAMESPACE",
    "NO_HOST",
    "PREFIX_KEY",
    "SUBNETS_KEY",
    "Complaint",
    "ComplaintKind",
    "HostGroup",
    "HostGroupError",
    "HostGroupMap",
    "HostSet",
    "Match",
    "Severity",
    "Unmapped",
    "from_metadata",
    "is_host_group",
    "metadata_changes",
    "parse_hostname_prefix",
    "stored_subnets",
    "to_metadata",
    "unknown_keys",
]
