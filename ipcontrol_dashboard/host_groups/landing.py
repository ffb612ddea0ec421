# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Where an instance of an address would start, in words."""

from django.utils.translation import gettext as _

from ipcontrol.addresses import format_network
from ipcontrol.host_groups import Unmapped
from ipcontrol_dashboard.host_groups import sentences
from ipcontrol_dashboard.host_groups.overview import Trial


def answer(trial: Trial) -> str:
    """Where an instance of an address would start, and why."""
    return f"{_why(trial)} {_now_on(trial)}".strip()


def _why(trial: Trial) -> str:
    params = {"address": trial.address, "group": trial.group.name if trial.group else ""}
    if trial.subnet is None:
        return _why_unmatched(trial) % params
    params["subnet"] = format_network(trial.subnet.network)
    outer = trial.subnet.inside
    if outer is None:
        return _("%(address)s matches %(subnet)s, so its instances start in %(group)s.") % params
    params |= {"other": outer.group, "outer": format_network(outer.network)}
    return (
        _(
            "%(address)s matches %(subnet)s (inside %(other)s's %(outer)s), so its instances "
            "start in %(group)s."
        )
        % params
    )


def _why_unmatched(trial: Trial) -> str:
    if trial.group is not None:
        return _(
            "%(address)s matches no subnet, so its instances start in the default group, "
            "%(group)s."
        )
    return {
        Unmapped.ANY: _(
            "%(address)s matches no subnet and no group is the default, so its instances start "
            "on any host: the scheduler is set to unmapped = any."
        ),
        Unmapped.UNGROUPED: _(
            "%(address)s matches no subnet and no group is the default, so its instances start "
            "on hosts of no group: the scheduler is set to unmapped = ungrouped."
        ),
        Unmapped.NONE: _(
            "%(address)s matches no subnet and no group is the default, so its instances do not "
            "start at all: the scheduler is set to unmapped = none."
        ),
    }[trial.unmapped]


def _now_on(trial: Trial) -> str:
    if trial.ready is None or (trial.group is None and trial.unmapped is Unmapped.NONE):
        return ""
    params = {
        "hosts": sentences.names(host.name for host in trial.ready),
        "rest": sentences.names(
            _("%(host)s is %(state)s")
            % {"host": host.name, "state": sentences.state(host.compute)}
            for host in trial.rest
        ),
    }
    if trial.ready and trial.rest:
        return _("Candidates now: %(hosts)s; %(rest)s.") % params
    if trial.ready:
        return _("Candidates now: %(hosts)s.") % params
    if trial.rest:
        return _("There is no candidate now, so they would fail to start: %(rest)s.") % params
    if trial.group is None:
        return _("There is no such host, so they would fail to start.")
    return _("It has no hosts, so they would fail to start.")
