# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A form as a page of its own, and as a modal where there is JavaScript."""

from typing import Any

from horizon.forms import ModalFormView

from ipcontrol_dashboard.kit import interruptions, scopes
from ipcontrol_dashboard.kit.problem_pages import ProblemPage


class FormPage(ProblemPage, ModalFormView):
    """One of our forms; it is sent to the URL where it was opened.

    Attributes:
        ajax_template_name: the form. It is the modal, and stands in the page; it extends
            ``ipcontrol_dashboard/_form.html``.
        of_project: whether the form is about something of a project.
        removes: whether it removes something, and its button is red.
    """

    template_name = "ipcontrol_dashboard/page.html"
    ajax_template_name: str
    form_id = "ipcontrol_form"
    modal_id = "ipcontrol_modal"
    of_project = True
    removes = False

    def get_form_kwargs(self) -> dict[str, Any]:
        options = super().get_form_kwargs()
        options["initial"] = options["initial"] | interruptions.saved_input(
            self.request, self.form_class
        )
        return options

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = self.request.get_full_path()
        return super().get_context_data(**kwargs) | {
            "page_title": self.heading,
            "content_template": self.ajax_template_name,
            "removes": self.removes,
            "submit_url": scopes.with_scope(self.request, url, project=self.of_project),
        }
