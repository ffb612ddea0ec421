# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The pages that begin and end the trial of a list."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ipcontrol.trial import ITEM
from ipcontrol_dashboard.whitelist import changes, forecasts, trials
from ipcontrol_dashboard.whitelist.form_views import ListFormView
from ipcontrol_dashboard.whitelist.pages import TEMPLATES
from ipcontrol_dashboard.whitelist.trial_forms import EnforceForm, TryOutForm


class _TrialFormView(ListFormView):
    """A form that there is only where Swift knows trials."""

    def get(self, request, *args, **kwargs) -> HttpResponse:
        return self._unfit() or super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs) -> HttpResponse:
        return self._unfit() or super().post(request, *args, **kwargs)

    def _unfit(self) -> HttpResponse | None:
        if self.state.enforcement.trials:
            return None
        return self.problem(_("This Swift does not say that it knows trials."), 404)


class TryOutView(_TrialFormView):
    form_class = TryOutForm
    ajax_template_name = TEMPLATES + "_try_out.html"
    heading = gettext_lazy("Try Out")
    submit_label = gettext_lazy("Try Out")

    def get_initial(self) -> dict:
        trial = self.state.trial
        return {"enforced_from": trial.until} if trial and trial.on else {}

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs, trial=self.state.trial)


class EnforceView(_TrialFormView):
    form_class = EnforceForm
    # There is nothing to fill in: it is told at once.
    forecasts = False
    ajax_template_name = TEMPLATES + "_enforce.html"
    heading = gettext_lazy("Enforce Now")
    submit_label = gettext_lazy("Enforce Now")

    def get(self, request, *args, **kwargs) -> HttpResponse:
        if self.state.trial is None:
            return self.problem(_("This list is not on trial (any more)."), 404)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict:
        left = changes.changed(self.state.metadata, {ITEM: ""})
        shown = {
            "trial": self.state.trial,
            "once_enforced": trials.once_enforced(self.state),
            "forecast": forecasts.of_change(self.state, self.state.rules.after(left)),
        }
        return super().get_context_data(**shown | kwargs)
