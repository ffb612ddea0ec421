# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The pages that show: the containers, and one list."""

from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy
from horizon import tables
from horizon.utils import functions

from ipcontrol_dashboard.api import swift
from ipcontrol_dashboard.carry import caller
from ipcontrol_dashboard.kit import scopes
from ipcontrol_dashboard.kit.address_forms import AddressForm
from ipcontrol_dashboard.whitelist import (
    answers,
    changes,
    entries,
    overview,
    reach_words,
    recent,
    sentences,
    states,
    trials,
)
from ipcontrol_dashboard.whitelist.pages import ANYWAY, MOST_NAME, TEMPLATES, ListView, SwiftView
from ipcontrol_dashboard.whitelist.rules import CHANGE, READ
from ipcontrol_dashboard.whitelist.tables import ContainersTable, EntriesTable
from ipcontrol_dashboard.whitelist.targets import Target
from ipcontrol_dashboard.whitelist.viewer import Viewer

# Each costs a call to Swift, or more, and the size of a page is in a cookie.
MOST_ROWS = 100


class IndexView(SwiftView, tables.DataTableView):
    """The account's containers."""

    table_class = ContainersTable
    template_name = TEMPLATES + "index.html"
    page_title = gettext_lazy("IP Whitelist")
    heading = page_title
    back = ""

    @cached_property
    def test(self) -> AddressForm:
        """The address to see the page for, where it is not the person's own."""
        return AddressForm.of(self.request)

    @cached_property
    def viewer(self) -> Viewer:
        tried = self.test.tried
        address = tried or caller.address(self.request)
        return Viewer(address, tried is None, swift.enforcement(self.request), states.now())

    def get_table(self) -> ContainersTable:
        table = super().get_table()
        if not self.viewer.own:
            table.columns["rights"].verbose_name = str(self.viewer.address)
        return table

    def get_server_filter_info(self, request, table=None) -> dict | None:
        """The filter, which Horizon keeps in the session and shows again."""
        info = super().get_server_filter_info(request, table)
        if info is None:
            return None
        # No container has so long a name.
        cut = {key: (info[key] or "")[:MOST_NAME] for key in ("value", "field")}
        return info | cut

    @cached_property
    def account(self) -> states.State:
        """The account's own list."""
        return states.load(self.request, Target(None))

    @cached_property
    def page(self) -> swift.ContainerPage:
        query, options = self.request.GET, self.table._meta
        backwards = query.get(options.prev_pagination_param)
        return swift.containers(
            self.request,
            marker=backwards or query.get(options.pagination_param, ""),
            prefix=self.table.get_filter_string(),
            limit=min(functions.get_page_size(self.request), MOST_ROWS),
            backwards=bool(backwards),
        )

    def get_data(self) -> list[overview.UnreadableRow]:
        metadata = self.account.metadata
        return overview.rows(self.request, self.page.names, self.viewer, metadata)

    def has_prev_data(self, table) -> bool:
        return self.page.has_previous

    def has_more_data(self, table) -> bool:
        return self.page.has_next

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(
            **kwargs,
            account=self.account,
            enforcement=self.viewer.enforcement,
            viewer=self.viewer,
            test=self.test,
            question=gettext("The table above then tells what this address may do."),
        )


class EntriesView(ListView, tables.DataTableView):
    """One list."""

    table_class = EntriesTable
    template_name = TEMPLATES + "entries.html"

    def get_table(self) -> EntriesTable:
        table = super().get_table()
        table.changeable = self.blocked is None
        table.has_history = self.state.enforcement.history and self.state.owner
        table.can_be_tried_out = trials.can_begin(self.state)
        return table

    def get_data(self) -> list[entries.EntryRow]:
        return entries.rows(self.state, self.recent.use_of, changeable=self.blocked is None)

    @cached_property
    def recent(self) -> recent.Recent:
        """Who called."""
        return recent.load(self.request, self.state, changeable=self.blocked is None)

    def get_context_data(self, **kwargs) -> dict:
        rules, state = self.state.rules, self.state
        return super().get_context_data(
            **kwargs,
            page_title=self.heading,
            state=state,
            enforcement=state.enforcement,
            who=reach_words.reach(rules, state.at),
            rights=state.viewer.rights(rules),
            rights_words=sentences.rights(state.viewer.rights(rules)),
            usage=changes.Usage.of(state.metadata, state.limits),
            by=self._admitting_label(),
            blocked=self.blocked,
            recent=self.recent,
            trial=state.trial,
            once_enforced=trials.once_enforced(state),
            try_out_url=self._form_url("try_out"),
            enforce_url=self._form_url("enforce"),
            **self._test(),
        )

    def _form_url(self, action: str) -> str:
        tries = {ANYWAY: 1} if ANYWAY in self.request.GET else {}
        return scopes.with_scope(self.request, self.target.url(action, **tries))

    def _admitting_label(self) -> str:
        """The label of the entry by which the person gets in."""
        state = self.state
        for method in (CHANGE, READ):
            decision = state.rules.decide(state.caller, method, state.at)
            if decision.allowed and decision.entry:
                return sentences.label(decision.entry.label)
        return ""

    def _test(self) -> dict:
        """The form that tests an address, and its answer."""
        form = answers.RequestForm.of(self.request)
        question = gettext("What would Swift answer to a request from this address?")
        found = {"test": form, "question": question}
        if form.tried is None:
            return found
        method = form.cleaned_data["method"]
        return found | {"answer": answers.answer_to(self.state, form.tried, method)}
