# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
from unittest import mock

from django.test import override_settings
from openstack_dashboard.test import helpers

from tests.unit.ipcontrol_dashboard.host_groups.pages import HostGroupsTest

ACTIONS = ("create", "update", "make_default", "members", "delete")


class PermissionTest(HostGroupsTest):
    def setUp(self):
        super().setUp()
        self.three_groups()

    def as_member(self):
        # The base class makes everybody an administrator.
        super(helpers.BaseAdminViewTests, self).setActiveUser(
            id=self.user.id,
            token=self.token,
            username=self.user.name,
            domain_id=self.domain.id,
            tenant_id=self.tenant.id,
            service_catalog=self.service_catalog,
            authorized_tenants=self.tenants.list(),
            roles=[{"id": "2", "name": "member"}],
        )

    def target(self, action):
        return self.url(action, *([] if action == "create" else [self.doc]))

    def without(self, *denied):
        """Deny some rules of Nova's, as an operator's policy may."""

        def check(rules, request, target=None):
            return not any(rule.rpartition(":")[2] in denied for _, rule in rules)

        patch = mock.patch("openstack_auth.policy.check", check)
        patch.start()
        self.addCleanup(patch.stop)

    def test_a_member_sees_no_panel(self):
        self.as_member()

        for url in (self.url("index"), *map(self.target, ACTIONS)):
            assert self.client.get(url).status_code == 403, url
        assert self.nova.calls == []

    def test_a_members_forged_form_is_refused_before_nova_is_called(self):
        seen = self.seen("delete", self.doc)
        self.nova.calls.clear()
        self.as_member()

        for action in ACTIONS:
            response = self.client.post(
                self.target(action),
                {"name": "x", "hostname_prefix": "x", "subnets": "", "seen": seen},
            )
            assert response.status_code == 403, action
        assert self.nova.calls == []

    def test_who_may_only_look_sees_the_panel_and_no_action(self):
        self.without("set_metadata", "add_host")

        page = self.index()

        self.assertContains(page, "10.1.9.0/24")
        for action in ACTIONS:
            self.assertNotContains(page, self.target(action))

    def test_who_may_only_look_cannot_send_a_forged_form(self):
        self.without("set_metadata", "add_host")

        for action in ACTIONS:
            assert self.client.post(self.target(action)).status_code == 403, action

    def test_a_member_neither_exports_nor_imports(self):
        self.as_member()

        assert self.client.get(self.url("export")).status_code == 403
        assert self.client.post(self.url("import"), {"text": "{}"}).status_code == 403
        assert self.nova.calls == []

    def test_who_may_only_look_may_export_and_not_import(self):
        self.without("set_metadata")

        page = self.index()

        self.assertContains(page, self.url("export"))
        self.assertNotContains(page, self.url("import"))
        assert self.client.post(self.url("import"), {"text": "{}"}).status_code == 403

    def test_each_action_follows_its_own_rule(self):
        self.without("create")

        page = self.index()

        self.assertNotContains(page, self.target("create"))
        self.assertContains(page, self.target("update"))

    @override_settings(SYSTEM_SCOPE_SERVICES=["compute"])
    def test_where_nova_is_asked_in_system_scope_a_project_token_sees_no_panel(self):
        assert self.client.get(self.url("index")).status_code == 403
