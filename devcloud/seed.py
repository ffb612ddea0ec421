# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Example data: accounts and containers whose owners have said who may reach them.

It enters as its owners would send it: over Swift's API, from addresses that the lists admit. A
container that is there already is left as its people made it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import swiftclient

from devcloud.addresses import LAB, VAULT, bound_to, swift_connection
from devcloud.cloud import Cloud
from devcloud.settings import BIND
from ipcontrol.addresses import parse_network
from ipcontrol.entries import NAME, Entry

PARTNER_DAYS = 10
_LAB_NETWORKS = ("127.1.0.0/16", "2001:db8:1::/48")
_PARTNER_NETWORK = "127.2.0.0/16"
_VAULT_NETWORK = "127.7.0.0/16"
_ANYBODY = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True)
class Container:
    """A container to make.

    Attributes:
        name: in the account of the project lab.
        items: names and values of its allow items.
        objects: their names and what is in them.
        source: the address that makes it.
        backstage: whether it is made behind the back of the filters, as all were that are older
            than they.
        readers: its read ACL.
    """

    name: str
    items: Mapping[str, str]
    objects: Mapping[str, str]
    source: str = LAB
    backstage: bool = False
    readers: str = ""


@dataclass(frozen=True)
class Account:
    """The default items of an account."""

    user: str
    project: str
    items: Mapping[str, str] = field(default_factory=dict)


def seed(cloud: Cloud) -> None:
    """Fill a cloud in which Swift runs."""
    for account in accounts():
        _set_defaults(cloud, account)
    partner = _account_name(cloud, "carol", "partner")
    for container in containers(datetime.now(UTC), partner_readers=f"{partner}:*"):
        _make(cloud, container)


def accounts() -> tuple[Account, ...]:
    """Each project's defaults: what rules a container without items, and its listing."""
    return (
        Account(
            "alice",
            "lab",
            _items(
                _entry("lab", _LAB_NETWORKS),
                _entry("partner", [_PARTNER_NETWORK], read_only=True),
            ),
        ),
        Account("carol", "partner", _items(_entry("partner", [_PARTNER_NETWORK]))),
    )


def containers(now: datetime, partner_readers: str) -> tuple[Container, ...]:
    """One container for each thing that a list can say.

    Args:
        now: the moment from which the partner's days count.
        partner_readers: the read ACL that names the project partner.
    """
    until = (now + timedelta(days=PARTNER_DAYS)).replace(minute=0, second=0, microsecond=0)
    lab = _entry("lab", _LAB_NETWORKS)
    return (
        Container(
            "lab-results",
            _items(lab),
            {
                "2026/run-16.csv": "sample,concentration\nA,0.31\nB,0.29\n",
                "2026/run-17.csv": "sample,concentration\nA,0.30\nB,0.33\n",
                "method.txt": "Each sample is measured twice, on two days.\n",
            },
        ),
        Container(
            "partner-exchange",
            _items(_entry("partner", [_PARTNER_NETWORK], read_only=True, until=until), lab),
            {
                "delivery-note.txt": "Twelve samples, numbered A to L.\n",
                "price-list.csv": "item,price\nanalysis,120\nreport,40\n",
            },
            readers=partner_readers,
        ),
        Container(
            "press-kit",
            _items(_entry("everybody", _ANYBODY)),
            {"press-release.txt": "The laboratory opens its doors on Saturday.\n"},
            readers=".r:*,.rlistings",
        ),
        Container(
            "archive",
            # No network, for it has host bits set: the write check would have refused it.
            {f"{NAME}-office": "10.1.2.3/16"} | _items(lab),
            {"2019/report.txt": "Nothing unexpected was found.\n"},
            backstage=True,
        ),
        Container("scratch", {}, {"notes.txt": "Ask about sample F.\n"}),
        Container(
            "vault",
            _items(_entry("vault", [_VAULT_NETWORK])),
            {"handover.txt": "The keys are with the caretaker.\n"},
            source=VAULT,
        ),
    )


def _entry(
    label: str,
    networks: Iterable[str],
    read_only: bool = False,
    until: datetime | None = None,
) -> Entry:
    return Entry(f"{NAME}-{label}", tuple(map(parse_network, networks)), read_only, until)


def _items(*entries: Entry) -> dict[str, str]:
    return {entry.name: entry.value for entry in entries}


def _set_defaults(cloud: Cloud, account: Account) -> None:
    # From the proxy's own address, for an account without a list admits nobody else.
    with bound_to(BIND):
        connection = swift_connection(cloud, account.user, account.project)
        present = connection.head_account()
        headers = _headers("Account", account.items)
        if not any(name.lower() in present for name in headers):
            connection.post_account(headers)


def _make(cloud: Cloud, container: Container) -> None:
    with bound_to(container.source):
        behind = swift_connection(cloud, url=cloud.backstage_url)
        if _exists(behind, container.name):
            return
        connection = behind if container.backstage else swift_connection(cloud)
        headers = _headers("Container", container.items)
        if container.readers:
            headers["X-Container-Read"] = container.readers
        connection.put_container(container.name, headers)
        for name, text in container.objects.items():
            connection.put_object(
                container.name, name, contents=text.encode(), content_type=_content_type(name)
            )


def _exists(connection: swiftclient.Connection, container: str) -> bool:
    try:
        connection.head_container(container)
    except swiftclient.ClientException as error:
        if error.http_status == HTTPStatus.NOT_FOUND:
            return False
        raise
    return True


def _headers(resource: str, items: Mapping[str, str]) -> dict[str, str]:
    return {f"X-{resource}-Meta-{name}": value for name, value in items.items()}


def _content_type(name: str) -> str:
    return "text/csv" if name.endswith(".csv") else "text/plain"


def _account_name(cloud: Cloud, user: str, project: str) -> str:
    url, _token = swift_connection(cloud, user, project).get_auth()
    return url.rpartition("AUTH_")[2]
