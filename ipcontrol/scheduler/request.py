# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What a nova.objects.RequestSpec asks for: a first boot or a move, by whom, from where."""

from typing import Any

from nova import context as nova_context
from nova import objects

from ipcontrol.addresses import Address, AddressError, parse_address


def caller_address(spec: Any) -> Address | None:
    """The address of whoever called Nova's API; None if it is not known."""
    try:
        # Not kept with the instance: it is in the context of this one request.
        return parse_address(spec._context.remote_address)
    except AddressError:
        return None


def names_host(spec: Any) -> bool:
    """Whether the request names its host, which Nova allows to operators.

    It also is so for a rebuild with a new image: Nova forces the host where the
    instance is, and asks whether the image suits it.
    """
    destination = _destination(spec)
    return bool(
        spec.force_hosts
        or spec.force_nodes
        or _given(destination, "host")
        or _given(destination, "node")
    )


def _given(destination: Any, field: str) -> bool:
    return destination is not None and field in destination and bool(getattr(destination, field))


def is_move(spec: Any) -> bool:
    """Whether the instance exists: a resize, migration, evacuation, unshelve or rebuild.

    Nova's conductor names the cell of an existing instance, and of no other.
    The hint ``_nova_check_type`` is no sign of it: users may send any hint.
    """
    destination = _destination(spec)
    return destination is not None and "cell" in destination


def _destination(spec: Any) -> Any:
    return spec.requested_destination if "requested_destination" in spec else None


def moving_instance(spec: Any) -> Any:
    """Read the instance of a move, as nova.objects.Instance.

    Raises:
        Exception: whatever Nova's objects raise.
    """
    context = spec._context.elevated()
    cell = spec.requested_destination.cell
    if cell is None:
        mapping = objects.InstanceMapping.get_by_instance_uuid(context, spec.instance_uuid)
        cell = mapping.cell_mapping
    with nova_context.target_cell(context, cell) as cell_context:
        return objects.Instance.get_by_uuid(
            cell_context, spec.instance_uuid, expected_attrs=["system_metadata"]
        )


def is_resize(spec: Any, instance: Any) -> bool:
    """Whether a move is to give the instance another flavor: as Nova's conductor tells it."""
    return bool(spec.flavor.id != instance.instance_type_id)


def last_host(instance: Any) -> str | None:
    """The host where an instance is, or was until it was shelved and offloaded."""
    host: str | None = instance.host or instance.system_metadata.get("shelved_host")
    return host
