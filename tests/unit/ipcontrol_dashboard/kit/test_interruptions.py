# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from django.urls import resolve, reverse

from ipcontrol_dashboard.host_groups import urls as host_groups
from ipcontrol_dashboard.kit.interruptions import is_plugin_view
from ipcontrol_dashboard.whitelist import urls as whitelist
from tests.unit.ipcontrol_dashboard.whitelist.fakes import PanelTest

ARGUMENTS = {"container": "docs", "aggregate_id": 7}


class LeadsToUsTest(PanelTest):
    def test_every_page_of_each_panel_is_ours_without_being_registered(self):
        for panel, urls in (
            ("project:ip_whitelist", whitelist),
            ("admin:host_groups", host_groups),
        ):
            for pattern in urls.urlpatterns:
                named = pattern.pattern.converters
                url = reverse(
                    f"horizon:{panel}:{pattern.name}",
                    kwargs={name: ARGUMENTS[name] for name in named},
                )
                assert is_plugin_view(resolve(url)), url

    def test_horizons_pages_are_not_ours(self):
        for name in (
            "horizon:project:containers:index",
            "horizon:admin:aggregates:index",
            "login",
        ):
            assert not is_plugin_view(resolve(reverse(name))), name
