# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Writes down who changes a list, beside the list, in the very request that changes it.

It goes into system metadata of the container or account, which gatekeeper keeps clients from
reading and writing. What was written down before is known from the judgement of the change,
which has read the container: no request is made for it.
"""

from datetime import UTC, datetime
from typing import Any

from ipcontrol.addresses import format_address
from ipcontrol.history import SYSMETA, Change, Identity, add, item_changes
from ipcontrol.middleware.client_address import Environ
from ipcontrol.middleware.metadata import InfoUnavailableError
from ipcontrol.middleware.operation import Operation

# What Swift's middlewares put there for requests that they make by themselves.
_PRE_AUTHED = ".wsgi.pre_authed"


def record_change(operation: Operation, logger: Any) -> None:
    """Have a request that changes a list write down that it does.

    Args:
        operation: a PUT or POST of a container or account that was judged.
        logger: for what should not happen; no change fails by it.
    """
    try:
        _record(operation)
    except InfoUnavailableError:
        # Only where nothing is enforced. To write would drop what was written before.
        pass
    except Exception:
        logger.exception("ip_whitelist cannot write down who changed %s", operation.resource)


def _record(operation: Operation) -> None:
    if not operation.changes:
        return
    # The judgement has done so, except in audit mode of what it would stop.
    operation.read_newest()
    own = operation.own()
    items = item_changes(own.metadata, operation.changes)
    if not items:
        return
    user, project = _identities(operation.environ)
    address = format_address(operation.address) if operation.address else ""
    change = Change(datetime.now(UTC).replace(microsecond=0), user, project, address, items)
    key = f"HTTP_X_{operation.resource.kind}_SYSMETA_{SYSMETA}".upper().replace("-", "_")
    operation.environ[key] = add(own.history, change)


def _identities(environ: Environ) -> tuple[Identity, Identity]:
    """The user and the project, as Swift's keystoneauth or tempauth knows them."""
    known = environ.get("keystone.identity")
    if known:
        return _identity(known.get("user")), _identity(known.get("tenant"))
    groups = environ.get("REMOTE_USER")
    if not isinstance(groups, str) or groups == _PRE_AUTHED:
        return Identity(), Identity()
    # tempauth has the account first, then the user with it.
    account, _, others = groups.partition(",")
    return Identity(others.partition(",")[0] or account), Identity(account if others else "")


def _identity(pair: Any) -> Identity:
    number, name = pair or (None, None)
    return Identity(name or "", number or "")
