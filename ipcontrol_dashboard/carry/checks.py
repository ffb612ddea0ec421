# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Django system checks: what ``manage.py check`` says about the plugin.

=================== ==================================================================
``ipcontrol.E001``  ``IPCONTROL`` is not a dictionary
``ipcontrol.E002``  it has a key that there is not
``ipcontrol.E003``  ``TRUSTED_PROXIES`` is not a list
``ipcontrol.E004``  one of its items is no network
``ipcontrol.E005``  ``CLIENT_HEADER`` is no forwarding header
``ipcontrol.E006``  ``FORWARD_HEADER`` is no forwarding header
``ipcontrol.E007``  ``UNMAPPED`` is none of ``any``, ``ungrouped``, ``none``
``ipcontrol.E008``  ``COUNTED_HOSTS`` is no number of hosts
``ipcontrol.E010``  a function of Horizon that makes a client is not where it was
``ipcontrol.E011``  another function of Horizon makes a client
``ipcontrol.E012``  python-swiftclient does not send the caller's address
``ipcontrol.E013``  python-swiftclient would not read all headers of an answer
``ipcontrol.W001``  Horizon has a proxy before it that the plugin does not know
=================== ==================================================================

With any of the errors Horizon does not start (see `hooks.guard`).
"""

from typing import Any

from django.conf import settings
from django.core import checks

from ipcontrol_dashboard import conf
from ipcontrol_dashboard.carry import hooks

TAG = "ipcontrol"
# Settings of Horizon and Django that make sense behind a proxy alone.
_PROXIED = (
    "SECURE_PROXY_ADDR_HEADER",
    "SECURE_PROXY_SSL_HEADER",
    "USE_X_FORWARDED_HOST",
    "USE_X_FORWARDED_PORT",
)


def register() -> None:
    """Have Django run the checks; once, however often it is called."""
    for check in (check_settings, check_hooks, check_proxy):
        checks.register(check, TAG)


def check_settings(**_kwargs: Any) -> list[checks.CheckMessage]:
    """The settings can be used."""
    return [_error(each) for each in conf.problems()]


def check_hooks(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Every call to Swift and Nova tells the caller's address, and every answer is read whole."""
    return [_error(each) for each in hooks.problems()]


def check_proxy(**_kwargs: Any) -> list[checks.CheckMessage]:
    """A proxy that Horizon knows of is known to the plugin.

    Others show at requests alone: see `ipcontrol_dashboard.carry.proxies`.
    """
    proxied = any(getattr(settings, name, None) for name in _PROXIED)
    configured = getattr(settings, conf.NAME, {})
    if not proxied or not isinstance(configured, dict) or configured.get("TRUSTED_PROXIES"):
        return []
    return [
        checks.Warning(
            "Horizon stands behind a proxy, and ipcontrol trusts none: "
            "everybody seems to call from the proxy's address.",
            hint=f'Name the proxy in {conf.NAME}["TRUSTED_PROXIES"].',
            id="ipcontrol.W001",
        )
    ]


def _error(problem: conf.Problem) -> checks.CheckMessage:
    return checks.Error(problem.sentence, hint=problem.hint, id=f"ipcontrol.{problem.code}")
