# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A Swift in memory, and pages on it."""

from collections.abc import Mapping

import pytest
from django.urls import reverse
from openstack_dashboard.test import helpers

from ipcontrol.access import AccessPolicy
from ipcontrol.callers import Callers, Recorded
from ipcontrol.contract import Enforcement, Mode
from ipcontrol.history import Change
from ipcontrol_dashboard.api import neutron, swift
from ipcontrol_dashboard.kit import service_errors
from tests.unit.ipcontrol_dashboard.quick_pages import QuickPages

CALLER = "10.1.1.1"
ELSEWHERE = "192.0.2.99"
ENFORCED = Enforcement(Mode.ENFORCE, always_allow_known=True, staleness=60, trials=True)


class FakeSwift:
    """What `ipcontrol_dashboard.api.swift` offers, without a Swift.

    Attributes:
        stored: metadata by container; None is the account.
        trouble: errors by container, raised when its metadata are asked for.
        write_trouble: errors by container, raised once when it is written to.
        written: what was written, in order: container, changes, confirmed.
        who_called: what is told of callers, or why it is not.
        before_write: called right before a write compares what is stored.
        changes: what is written down of changes, by container, the last one first.
    """

    def __init__(self):
        self.stored: dict[str | None, dict[str, str]] = {None: {}}
        self.trouble: dict[str | None, service_errors.ServiceError] = {}
        self.write_trouble: dict[str | None, service_errors.ServiceError] = {}
        self.listing_trouble: service_errors.ServiceError | None = None
        self.written: list[tuple[str | None, dict[str, str], bool]] = []
        self.what_it_says = ENFORCED
        self.asked: list[dict] = []
        self.who_called: Callers | service_errors.ServiceError = Callers(Recorded.OFF, 30)
        self.before_write = lambda: None
        self.changes: dict[str | None, tuple[Change, ...]] = {}

    def containers(self, request, **query):
        self.asked.append(query)
        if self.listing_trouble:
            raise self.listing_trouble
        names = sorted(name for name in self.stored | self.trouble if name is not None)
        names = [name for name in names if name.startswith(query.get("prefix", ""))]
        marker, limit = query.get("marker", ""), query.get("limit", 20)
        if query.get("backwards"):
            before = [name for name in names if name < marker]
            return swift.ContainerPage(tuple(before[-limit:]), len(before) > limit, True)
        after = [name for name in names if name > marker]
        return swift.ContainerPage(tuple(after[:limit]), bool(marker), len(after) > limit)

    def metadata(self, request, container):
        if container in self.trouble:
            raise self.trouble[container]
        if container not in self.stored:
            raise service_errors.NotFoundError(container)
        return dict(self.stored[container])

    def metadata_of(self, request, targets):
        found = {}
        for target in targets:
            try:
                found[target] = self.metadata(request, target)
            except service_errors.ServiceError as error:
                found[target] = error
        return found

    def change_metadata(
        self,
        request,
        container,
        changes: Mapping[str, str],
        *,
        expected: Mapping[str, str] | None = None,
        confirm_lockout=False,
    ):
        self.before_write()
        stored = self.stored[container]
        for name, value in (expected or {}).items():
            if stored.get(name, "") != (value or ""):
                raise service_errors.ChangedMeanwhileError(container, dict(stored))
        trouble = self.write_trouble.get(container)
        if trouble and not (isinstance(trouble, service_errors.LockoutError) and confirm_lockout):
            raise trouble
        self.written.append((container, dict(changes), confirm_lockout))
        after = {**stored, **changes}
        self.stored[container] = {name: value for name, value in after.items() if value}

    def callers(self, request, container):
        if isinstance(self.who_called, service_errors.ServiceError):
            raise self.who_called
        return self.who_called

    def history(self, request, container):
        self.metadata(request, container)
        return self.changes.get(container, ())

    def enforcement(self, request):
        return self.what_it_says


class PanelTest(QuickPages, helpers.TestCase):
    """Calls pages as a person at `CALLER`."""

    @pytest.fixture(autouse=True)
    def _fakes(self, monkeypatch):
        self.swift = FakeSwift()
        for name in (
            "containers",
            "metadata",
            "metadata_of",
            "change_metadata",
            "callers",
            "enforcement",
            "history",
        ):
            monkeypatch.setattr(swift, name, getattr(self.swift, name))
        monkeypatch.setattr(neutron, "project_addresses", lambda request: [])

    def setUp(self):
        super().setUp()
        self.client.defaults["REMOTE_ADDR"] = CALLER

    def policy(self, **policy) -> None:
        """Set the operator's policy."""
        self.swift.what_it_says = Enforcement(
            Mode.ENFORCE, AccessPolicy(**policy), always_allow_known=True, trials=True
        )

    def url(self, name: str, *args) -> str:
        return reverse(f"horizon:project:ip_whitelist:{name}", args=args)

    def page(self, url: str, status: int = 200, **extra) -> str:
        """A page's HTML."""
        response = self.client.get(url, **extra)
        assert response.status_code == status, response.content.decode()[:3000]
        return response.content.decode()

    def modal(self, url: str) -> str:
        return self.page(url, HTTP_X_REQUESTED_WITH="XMLHttpRequest")

    def messages(self, response) -> list[str]:
        return [str(message) for message in response.context["messages"]]
