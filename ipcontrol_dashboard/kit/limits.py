# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""How long a request for a page of ours may be, before anything looks at it.

Django limits what a form sends (``DATA_UPLOAD_MAX_MEMORY_SIZE``), but no uploaded file,
which it reads whole before a view is asked; and no URL.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from ipcontrol_dashboard.kit import interruptions
from ipcontrol_dashboard.kit.problems import number

# Django's own limit on a form, which the largest form of ours stays well below.
MOST_BODY = 2_621_440
# Longer ones no web server in front of Horizon takes (Apache: 8190 bytes); the longest
# of ours names all entries of a list.
MOST_URL = 16_384


def answer(request: HttpRequest) -> HttpResponse | None:
    """The answer to a request for a page of ours that is too long; None for others."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    url = len(request.META.get("QUERY_STRING", "")) + len(request.path_info)
    if (length <= MOST_BODY and url <= MOST_URL) or not _is_plugin_request(request):
        return None
    if length > MOST_BODY:
        sentence = _("These are %(count)s bytes: send no more than %(most)s.")
        return _refusal(413, sentence, length, MOST_BODY)
    sentence = _("The address of this page has %(count)s characters: %(most)s is the most.")
    return _refusal(414, sentence, url, MOST_URL)


def _refusal(status: int, sentence: str, count: int, most: int) -> HttpResponse:
    text = sentence % {"count": number(count), "most": number(most)}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)


def _is_plugin_request(request: HttpRequest) -> bool:
    try:
        return interruptions.is_plugin_view(resolve(request.path_info))
    except Resolver404:
        return False
