# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Pages, and modals, that say one thing in place of what was asked for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from horizon.utils.http import is_ajax

TEMPLATES = "ipcontrol_dashboard/"


def notice(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    """A page, or a modal, with nothing but this in it.

    Args:
        request: of the person.
        template: what is shown, without its folder.
        status: of HTTP; a modal, which would not be shown with another one, has 200.
        context: for the template, and ``page_title``.
    """
    modal = is_ajax(request)
    context |= {"content_template": TEMPLATES + template, "hide": modal}
    name = "_notice.html" if modal else "page.html"
    return render(request, TEMPLATES + name, context, status=200 if modal else status)
