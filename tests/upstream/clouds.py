# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The same cloud without and with the filters, and proof that they judge.

Both hold the same accounts with the same lists and the same host groups; without the filters
these are metadata like any other.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from swiftclient import ClientException

from devcloud import seed_nova
from devcloud.addresses import OUTSIDER, bound_to, swift_connection
from devcloud.cloud import Cloud
from devcloud.compute_clients import nova
from devcloud.settings import Proxy
from ipcontrol.addresses import parse_network
from ipcontrol.host_groups import HostGroup
from tests.upstream import accounts, configuration

SOURCE = "127.5.0.5"
NETWORK = "127.5.0.0/16"
# As many as the tests of affinity and migration want in one group, and others to be kept off.
HOSTS = {"tempest": 4, "other": 2}
GROUPS = (
    HostGroup("tempest", "tempest", (parse_network(NETWORK),)),
    HostGroup("other", "other", default=True),
)
CONFIGURED = f"""\
Tempest's connections come from {SOURCE}.
Without: no filter in Swift's and Nova's pipelines, Nova's own scheduler filters and weighers.
With:    Swift: client_address and ip_whitelist, unlisted = deny, and on each account the list
         allow-tempest = {NETWORK}: every request is decided by it.
         Nova: client_address, SubnetHostGroupFilter, SameHostOnResizeWeigher besides Nova's own;
         {HOSTS["tempest"]} hosts are the group of {NETWORK}, {HOSTS["other"]} that of all others."""
# As docs/install/nova.md has them: without Nova's own, it refuses server groups with soft policies.
WEIGHERS = (
    "nova.scheduler.weights.all_weighers",
    "ipcontrol.scheduler.ip_scheduler.SameHostOnResizeWeigher",
)
_JUDGED = re.compile(rf"Request from {re.escape(SOURCE)} .* (\d+) of (\d+) hosts pass")


class NotJudgedError(Exception):
    """The filters are there and do not judge, or judge and should not be there."""


@contextmanager
def running(filters: bool) -> Iterator[Cloud]:
    """A cloud, seeded with what Tempest needs."""
    swift = Proxy(filters=filters, options={"ip_whitelist": {"unlisted": "deny"}})
    with Cloud(
        ("swift", "nova"),
        HOSTS,
        {"swift": swift},
        nova_filters=filters,
        nova_weighers=WEIGHERS,
    ) as cloud:
        administrator = nova(cloud, "admin")
        seed_nova.add_flavors(administrator)
        for image in (seed_nova.IMAGE, configuration.SECOND_IMAGE):
            seed_nova.add_image(cloud, image)
        seed_nova.add_host_groups(administrator, GROUPS)
        accounts.make(cloud)
        accounts.list_networks(cloud, NETWORK)
        yield cloud


def check_swift(cloud: Cloud, filters: bool) -> str:
    """Ask for each account from Tempest's address and from another one.

    Returns:
        A sentence with what came of it.

    Raises:
        NotJudgedError: it is not what the configuration says.
    """
    ours, others = _admitted(cloud, SOURCE), _admitted(cloud, OUTSIDER)
    number = len(accounts.operators())
    if ours != number or others != (0 if filters else number):
        raise NotJudgedError(
            f"Swift admits {SOURCE} to {ours} and {OUTSIDER} to {others} of {number} accounts."
        )
    return f"Swift: {SOURCE} reaches {ours} of {number} accounts, {OUTSIDER} {others}."


def _admitted(cloud: Cloud, source: str) -> int:
    number = 0
    with bound_to(source):
        for account in accounts.operators():
            try:
                swift_connection(cloud, account.user, account.project).head_account()
                number += 1
            except ClientException as error:
                if error.http_status != HTTPStatus.FORBIDDEN:
                    raise
    return number


def check_nova(cloud: Cloud, filters: bool) -> str:
    """Read in the log what the scheduler decided for Tempest's address.

    Returns:
        A sentence with the numbers.

    Raises:
        NotJudgedError: the filter judged where it should not be, or kept no host off.
    """
    judged = _JUDGED.findall(cloud.log("nova").read_text(encoding="utf-8"))
    narrowed = sum(int(after) < int(before) for after, before in judged)
    sentence = f"Nova: the filter judged {len(judged)} requests, for {narrowed} it kept hosts off."
    if bool(narrowed if filters else judged) != filters:
        raise NotJudgedError(sentence)
    return sentence
