# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The page History of a list, and the one on which a change is taken back."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from ipcontrol.history import Change
from ipcontrol_dashboard.api import swift
from ipcontrol_dashboard.whitelist import changes, forecasts, history, reach_words, sentences
from ipcontrol_dashboard.whitelist.form_views import ListFormView
from ipcontrol_dashboard.whitelist.forms import ChangeForm
from ipcontrol_dashboard.whitelist.pages import TEMPLATES, ListView


class HistoryView(ListView, TemplateView):
    """The last changes of one list."""

    template_name = TEMPLATES + "history.html"

    def get_context_data(self, **kwargs) -> dict:
        state = self.state
        known = swift.history(self.request, self.target.container)
        return super().get_context_data(
            **kwargs,
            page_title=_("History of %(list)s") % {"list": self.target.title},
            custom_breadcrumb=[(self.target.title, self.target.url())],
            state=state,
            rows=history.rows(self.target, state.metadata, known, state.at),
            blocked=self.blocked,
        )


class UndoForm(ChangeForm):
    """Takes a change back.

    Args:
        undone: the change.
    """

    field_order = ("confirm_lockout",)

    def __init__(self, request: HttpRequest, *args, undone: Change, **kwargs) -> None:
        self.undone = undone
        super().__init__(request, *args, **kwargs)

    def own_items(self, metadata: Mapping[str, str]) -> dict[str, str]:
        """What the change is about; of other items nothing is told."""
        names = {item.name for item in self.undone.items}
        return {name: value for name, value in metadata.items() if name in names}

    def change(self, data: Mapping) -> dict[str, str]:
        return history.undoing(self.state.metadata, self.undone)

    def success(self, data: Mapping) -> str:
        moment = sentences.moment(self.undone.at)
        return _("The change of %(moment)s is undone.") % {"moment": moment}


class UndoView(ListFormView):
    form_class = UndoForm
    # There is nothing to fill in: it is told at once.
    forecasts = False
    ajax_template_name = TEMPLATES + "_undo.html"
    heading = gettext_lazy("Undo Change")
    submit_label = gettext_lazy("Undo")

    @cached_property
    def undone(self) -> Change | None:
        """The change to take back; None where it is not known (any more)."""
        known = swift.history(self.request, self.target.container)
        return history.find(known, self.request.GET.get("change", ""))

    def get(self, request, *args, **kwargs) -> HttpResponse:
        return self._gone() or super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs) -> HttpResponse:
        return self._gone() or super().post(request, *args, **kwargs)

    def _gone(self) -> HttpResponse | None:
        if self.undone is not None:
            return None
        return self.problem(_("Swift does not know this change (any more)."), 404)

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"undone": self.undone}

    def get_context_data(self, **kwargs) -> dict:
        state = self.state
        change = history.undoing(state.metadata, self.undone)
        after = state.rules.after(changes.changed(state.metadata, change))
        (row,) = history.rows(self.target, state.metadata, [self.undone], state.at)
        shown = {
            "row": row,
            "after": reach_words.reach(after, state.at),
            "forecast": forecasts.of_change(state, after),
        }
        return super().get_context_data(**shown | kwargs)
