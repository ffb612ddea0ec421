# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The plugin's settings: the dictionary ``IPCONTROL`` in Horizon's settings.

::

    IPCONTROL = {"TRUSTED_PROXIES": ["192.0.2.10", "2001:db8::10"]}

All keys are optional, as is the dictionary; they are the attributes of `DashboardSettings`,
in capital letters. What cannot be used is reported by ``manage.py check`` (see
`ipcontrol_dashboard.carry.checks`), and Horizon does not start with it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

from ipcontrol.addresses import AddressError, Network, parse_network
from ipcontrol.client_address import HEADERS, X_FORWARDED_FOR
from ipcontrol.host_groups import Unmapped
from ipcontrol.middleware.options import option

NAME = "IPCONTROL"


@dataclass(frozen=True, slots=True)
class DashboardSettings:
    """The settings, read."""

    trusted_proxies: tuple[Network, ...] = option(
        (),
        "Networks of the load balancers and TLS terminators in front of Horizon, whose forwarding "
        "header is believed. Without any, the user's address is that of the connection.",
    )
    client_header: str = option(X_FORWARDED_FOR, "The header that they write.", HEADERS)
    forward_header: str = option(
        X_FORWARDED_FOR,
        "The header in which Swift and Nova expect the user's address: what ``header`` says in "
        "the filter ``client_address`` there.",
        HEADERS,
    )
    unmapped: Unmapped = option(
        Unmapped.ANY,
        "What ``[ipcontrol] unmapped`` says in ``nova.conf``. It is shown only: nothing but the "
        "scheduler decides by it.",
    )
    counted_hosts: int = option(
        300,
        "Up to how many hosts the panel Host Groups counts the instances. Nova takes four to "
        "seven seconds for every thousand hosts.",
    )


_CHOICES = {
    "CLIENT_HEADER": ("E005", HEADERS),
    "FORWARD_HEADER": ("E006", HEADERS),
    "UNMAPPED": ("E007", tuple(map(str, Unmapped))),
}
KEYS = tuple(field.name.upper() for field in fields(DashboardSettings))


@dataclass(frozen=True, slots=True)
class Problem:
    """A setting that cannot be used.

    Attributes:
        code: the id of its system check, without ``ipcontrol.``.
        sentence: what is wrong.
        hint: what to write instead.
    """

    code: str
    sentence: str
    hint: str


def settings() -> DashboardSettings:
    """The settings in force.

    Raises:
        ImproperlyConfigured: they cannot be used; its text says which and why.
    """
    return _settings()


def problems() -> list[Problem]:
    """What is wrong with the settings, as they stand in Django's."""
    configured = getattr(django_settings, NAME, {})
    if not isinstance(configured, Mapping):
        return [Problem("E001", f"{NAME} is not a dictionary.", f"Write {NAME} = {{…}}.")]
    return [
        *_unknown(configured),
        *_bad_proxies(configured),
        *_bad_choices(configured),
        *_bad_number(configured),
    ]


@lru_cache(maxsize=1)
def _settings() -> DashboardSettings:
    found = problems()
    if found:
        raise ImproperlyConfigured(" ".join(f"{each.sentence} {each.hint}" for each in found))
    configured = getattr(django_settings, NAME, {})
    default = DashboardSettings()
    return DashboardSettings(
        tuple(map(parse_network, configured.get("TRUSTED_PROXIES", ()))),
        configured.get("CLIENT_HEADER", default.client_header),
        configured.get("FORWARD_HEADER", default.forward_header),
        Unmapped(configured.get("UNMAPPED", default.unmapped)),
        configured.get("COUNTED_HOSTS", default.counted_hosts),
    )


def _unknown(configured: Mapping[str, Any]) -> Iterator[Problem]:
    for key in configured:
        if key not in KEYS:
            hint = f"The keys are {', '.join(KEYS)}."
            yield Problem("E002", f"{NAME} has no key {key!r}.", hint)


def _bad_proxies(configured: Mapping[str, Any]) -> Iterator[Problem]:
    proxies = configured.get("TRUSTED_PROXIES", ())
    what = f'{NAME}["TRUSTED_PROXIES"]'
    if not isinstance(proxies, list | tuple):
        yield Problem("E003", f"{what} is not a list.", f'Write {what} = ["192.0.2.10"].')
        return
    for text in proxies:
        if not isinstance(text, str):
            yield Problem("E004", f"{what} holds {text!r}.", 'Write texts: "192.0.2.10".')
            continue
        try:
            parse_network(text)
        except AddressError as error:
            yield Problem("E004", f"{what} cannot be used: {error}", "Mend or remove it.")


def _bad_choices(configured: Mapping[str, Any]) -> Iterator[Problem]:
    for key, (code, choices) in _CHOICES.items():
        if key in configured and configured[key] not in choices:
            hint = f"Write {' or '.join(map(repr, choices))}."
            yield Problem(code, f'{NAME}["{key}"] is {configured[key]!r}.', hint)


def _bad_number(configured: Mapping[str, Any]) -> Iterator[Problem]:
    value = configured.get("COUNTED_HOSTS", 0)
    if type(value) is not int or value < 0:
        what = f'{NAME}["COUNTED_HOSTS"]'
        yield Problem("E008", f"{what} is {value!r}.", f"Write a number of hosts: {what} = 300.")


def _forget(*, setting: str, **_more: object) -> None:
    if setting == NAME:
        _settings.cache_clear()


# Sent by Django's override_settings alone: settings do not change otherwise.
setting_changed.connect(_forget, dispatch_uid="ipcontrol_dashboard.conf")
