# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The pages with forms."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ipcontrol.address_hints import MAX_LENGTH
from ipcontrol.addresses import format_network, network_or_none
from ipcontrol.entries import InvalidItem, item_name
from ipcontrol.metadata_names import lower_case
from ipcontrol.named_networks import SIGN
from ipcontrol_dashboard.api import neutron, swift
from ipcontrol_dashboard.kit.form_pages import FormPage
from ipcontrol_dashboard.kit.problems import shortened
from ipcontrol_dashboard.kit.translation import translated
from ipcontrol_dashboard.whitelist import (
    changes,
    forecasts,
    forms,
    mending,
    reach_words,
    sentences,
)
from ipcontrol_dashboard.whitelist.copies import MOST_AT_ONCE, CopyForm
from ipcontrol_dashboard.whitelist.dependents_pages import DependentsPage
from ipcontrol_dashboard.whitelist.fields import fit_label
from ipcontrol_dashboard.whitelist.pages import ANYWAY, TEMPLATES
from ipcontrol_dashboard.whitelist.rules import CHANGE
from ipcontrol_dashboard.whitelist.trial_forms import AddForm


class ListFormView(DependentsPage, FormPage):
    """A form about one list.

    Attributes:
        changes_list: whether it changes the list that it is about.
        forecasts: whether what it does is told while it is filled in.
    """

    changes_list = True
    forecasts = True

    @property
    def of(self) -> str | None:
        return ""

    def get(self, request, *args, **kwargs) -> HttpResponse:
        if self.changes_list and self.blocked is not None:
            # What is sent all the same, Swift answers.
            return self.problem(self.blocked.sentence, 403, anyway=self._anyway())
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs) -> HttpResponse:
        if forecasts.ASKED not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.is_valid()
        shown = {"forecast": form.forecast()}
        if request.POST[forecasts.ASKED] == forecasts.BY_SCRIPT:
            return render(request, forecasts.TEMPLATE, shown)
        return self.render_to_response(self.get_context_data(form=form, **shown))

    def _anyway(self) -> str:
        if self.blocked is None or self.blocked.certain:
            return ""
        query = self.request.GET.copy()
        query[ANYWAY] = "1"
        return f"{self.request.path}?{query.urlencode()}"

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"state": self.state}

    def get_success_url(self) -> str:
        return self.target.url()

    get_cancel_url = get_success_url

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "custom_breadcrumb": [(self.target.title, self.target.url())],
            "state": self.state,
            "forecasts": self.forecasts,
            "offers_project_addresses": neutron.is_offered(self.request),
            "names": ", ".join(
                SIGN + name
                for name in sorted(each.name for each in self.state.rules.names.usable())
            ),
            "now": sentences.moment(self.state.at.replace(second=0)),
        }


class AddView(ListFormView):
    form_class = AddForm
    ajax_template_name = TEMPLATES + "_entry.html"
    heading = gettext_lazy("Add Entry")
    submit_label = gettext_lazy("Add Entry")

    def get_initial(self) -> dict:
        """A network that a link names, as that of a recent caller does."""
        network = network_or_none(self.request.GET.get("network", "")[:MAX_LENGTH])
        return {} if network is None else {"networks": format_network(network)}

    def get_context_data(self, **kwargs) -> dict:
        rules, at = self.state.rules, self.state.at
        return super().get_context_data(
            **kwargs, first=not rules.own.restricts, who=reach_words.reach(rules, at)
        )


class AddMineView(AddView):
    """The same form, filled in with the person's address: one click is left."""

    heading = gettext_lazy("Add My Address")
    submit_label = gettext_lazy("Add My Address")

    def get_initial(self) -> dict:
        address = self.state.caller
        if address is None:
            return {}
        return {"label": self._free_label(), "networks": str(address)}

    def _free_label(self) -> str:
        wanted = fit_label(self.request.user.username) or "me"
        tries = (wanted, *(f"{wanted}-{number}" for number in range(2, 100)))
        return next((each for each in tries if item_name(each) not in self.state.items), "")

    def get_context_data(self, **kwargs) -> dict:
        decision = self.state.rules.own.decide(self.state.caller, CHANGE, self.state.at)
        present = decision.allowed and sentences.answer(
            self.state.caller, decision, self.state.rules
        )
        return super().get_context_data(**kwargs, mine=True, present=present)


class EditView(ListFormView):
    form_class = forms.EntryForm
    ajax_template_name = TEMPLATES + "_entry.html"
    submit_label = gettext_lazy("Save")

    @property
    def item(self) -> str:
        """The name of the item to edit."""
        return lower_case(self.request.GET.get("item", ""))

    @property
    def heading(self) -> str:
        return _("Edit Entry %(label)s") % {"label": changes.shown(self.item)}

    def get(self, request, *args, **kwargs) -> HttpResponse:
        if self.item not in self.state.items:
            return self.problem(_gone([self.item]), 404)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"item": self.item}

    def get_initial(self) -> dict:
        item = self.state.items.get(self.item)
        return mending.draft(item).initial if item else {}

    def get_context_data(self, **kwargs) -> dict:
        item = self.state.items.get(self.item)
        if not isinstance(item, InvalidItem):
            return super().get_context_data(**kwargs)
        because = translated(item.error)
        return super().get_context_data(**kwargs, unreadable=item, unreadable_because=because)


class RemoveView(ListFormView):
    form_class = forms.RemoveForm
    # There is nothing to fill in: it is told at once.
    forecasts = False
    ajax_template_name = TEMPLATES + "_remove.html"
    heading = gettext_lazy("Remove Entries")
    removes = True
    submit_label = gettext_lazy("Remove")

    @property
    def names(self) -> list[str]:
        """The names of the items to remove."""
        return list(map(lower_case, self.request.GET.getlist("item")))

    def get(self, request, *args, **kwargs) -> HttpResponse:
        if not any(name in self.state.removable for name in self.names):
            return self.problem(_gone(self.names), 404)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"names": self.names}

    def get_context_data(self, **kwargs) -> dict:
        left = changes.changed(self.state.metadata, dict.fromkeys(self.names, ""))
        after = self.state.rules.after(left)
        removable = self.state.removable
        shown = {
            "to_remove": [removable[name] for name in self.names if name in removable],
            "after": reach_words.reach(after, self.state.at),
            "forecast": forecasts.of_change(self.state, after),
        }
        return super().get_context_data(**shown | kwargs)


class CopyView(ListFormView):
    changes_list = False
    form_class = CopyForm
    ajax_template_name = TEMPLATES + "_copy.html"
    heading = gettext_lazy("Copy Entries to Containers")
    submit_label = gettext_lazy("Copy")

    @cached_property
    def page(self) -> swift.ContainerPage:
        """The containers to choose from; others can be typed in."""
        return swift.containers(self.request, limit=MOST_AT_ONCE)

    def get_form_kwargs(self) -> dict:
        names = [name for name in self.page.names if name != self.target.container]
        return super().get_form_kwargs() | {"containers": names, "more": self.page.has_next}


def _gone(names: list[str]) -> str:
    labels = ", ".join(shortened(changes.shown(name) for name in names))
    return _("There is no entry %(labels)s (any more).") % {"labels": labels}
