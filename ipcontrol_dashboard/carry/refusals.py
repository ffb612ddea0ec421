# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What Horizon's own pages say when Swift refuses: a sentence.

Horizon's containers panel calls views under ``/api/swift/``. Most of them answer
a refusal with its status and the Swift client's internal text, which the panel
does not show; upload and download let the client's exception pass, which makes
an error 500. Here all of them get the sentence, as JSON where a script asked and
as a page where a person did; ``refusals.js`` shows the former.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from horizon.utils.http import is_ajax
from swiftclient.exceptions import ClientException

from ipcontrol.contract import VERDICT_HEADER
from ipcontrol_dashboard.carry import caller
from ipcontrol_dashboard.kit.notices import notice
from ipcontrol_dashboard.kit.service_errors import ServiceError, of_status


def answer(request: HttpRequest, exception: ClientException) -> HttpResponse | None:
    """The answer to a request for which Swift did not do what a view asked.

    Returns:
        None where there was no answer of Swift.
    """
    status = exception.http_status
    if not status or status < 400:
        return None
    verdict = (exception.http_response_headers or {}).get(VERDICT_HEADER, "")
    return _marked(_response(request, _error(request, status, verdict)), verdict)


def reword(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same answer, with the sentence in the place of the client's text.

    Only an answer of a script's view with the very status that the filter gave
    while it was made is touched.
    """
    recorded = caller.recorded_answer(request)
    if recorded is None or response.status_code != recorded.status or not is_ajax(request):
        return response
    if response.headers.get("Content-Type") != "application/json":
        return response
    error = _error(request, recorded.status, recorded.verdict)
    return _marked(_response(request, error), recorded.verdict)


def _error(request: HttpRequest, status: int, verdict: str) -> ServiceError:
    return of_status(
        status,
        _container(request),
        verdict=verdict,
        address=str(caller.address(request) or ""),
        method=str(request.method),
        object=_name(request, "object_name") or "",
    )


def _container(request: HttpRequest) -> str | None:
    """The container that a view is about; None for the account, and for two of them."""
    match = request.resolver_match
    return None if match and "/copy/" in match.route else _name(request, "container")


def _name(request: HttpRequest, key: str) -> str | None:
    """What a URL of Horizon names."""
    match = request.resolver_match
    return match.kwargs.get(key) if match else None


def _response(request: HttpRequest, error: ServiceError) -> HttpResponse:
    if is_ajax(request):
        return JsonResponse(error.sentence, safe=False, status=error.status)
    return notice(
        request,
        "_problem.html",
        int(error.status or 503),
        page_title=_("Refused") if error.status == 403 else _("Not available"),
        sentence=error.sentence,
        back=reverse("horizon:project:containers:index"),
        back_label=_("Back to the containers"),
    )


def _marked(response: HttpResponse, verdict: str) -> HttpResponse:
    if verdict:
        response.headers[VERDICT_HEADER] = verdict
    return response
