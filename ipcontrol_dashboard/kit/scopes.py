# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""In which project and region a page was opened, and whether it still is there that it counts.

Who switches the project in one tab of a browser has switched it in all. What another tab shows,
and what is typed there, belongs to the project before; sent now it would change another list of
the same name. So the URLs of forms and actions carry where they were made (`with_scope`), and a
request that comes from elsewhere is not served (`refuse_other_scope`). Host groups belong to a
region and to no project.
"""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from keystoneauth1 import exceptions as keystone_exceptions

from ipcontrol_dashboard.kit import interruptions
from ipcontrol_dashboard.kit.notices import notice

PROJECT, REGION = "project", "region"
# Horizon's views that switch; the second name is that of older releases (up to 25.7).
SWITCH_PROJECT = ("switch_project_id", "switch_tenants")
SWITCH_REGION = ("switch_services_region",)


def with_scope(request: HttpRequest, url: str, *, project: bool = True) -> str:
    """A URL of ours that carries where it was made.

    Args:
        request: of the person.
        url: may have a query.
        project: whether it is about something of a project.
    """
    here = {}
    if project and request.user.project_id and PROJECT not in _query_of(url):
        here[PROJECT] = request.user.project_id
    if len(request.user.available_services_regions or ()) > 1 and REGION not in _query_of(url):
        here[REGION] = request.user.services_region
    if not here:
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(here)}"


def refuse_other_scope(request: HttpRequest) -> HttpResponse | None:
    """The answer to a request that was made ready in another project or region.

    What was typed waits in the session until the person is back there.

    Returns:
        None for any other request.
    """
    user, project, region = request.user, request.GET.get(PROJECT), request.GET.get(REGION)
    left_project = project if project not in (None, user.project_id) else ""
    left_region = region if region not in (None, user.services_region) else ""
    if not (left_project or left_region):
        return None
    saved = interruptions.save_input(request, interruptions.Reason.SWITCHED)
    name = _name_of(request, left_project) if left_project else left_region
    context = {
        "sentence": _sentence(request, name, left_project),
        "way_back": _way_back(request, left_project, left_region) if name else "",
        "name": name,
        "saved": saved,
    }
    title = _("Opened Elsewhere")
    return notice(request, "_other_scope.html", 409, page_title=title, **context)


def _query_of(url: str) -> list[str]:
    return [part.partition("=")[0] for part in urlsplit(url).query.split("&")]


def _sentence(request: HttpRequest, name: str, left_project: str) -> str:
    user = request.user
    params = {"then": name, "now": user.project_name if left_project else user.services_region}
    if not left_project:
        template = _(
            "This was opened in the region %(then)s, and you are in %(now)s now. "
            "Nothing has been changed."
        )
    elif name:
        template = _(
            "This was opened in the project %(then)s, and you are in %(now)s now. "
            "Nothing has been changed."
        )
    else:
        template = _(
            "This was opened in a project that you are not a member of, and you are in %(now)s "
            "now. Nothing has been changed."
        )
    return template % params


def _way_back(request: HttpRequest, project: str, region: str) -> str:
    """The URL that switches back, and leads to the form again."""
    url = request.get_full_path()
    if region:
        url = _switch(SWITCH_REGION, region, url)
    if project:
        url = _switch(SWITCH_PROJECT, project, url)
    return url


def _switch(views: tuple[str, ...], to: str, following: str) -> str:
    return f"{_first_of(views, to)}?{urlencode({'next': following})}"


def _first_of(views: tuple[str, ...], to: str) -> str:
    *earlier, last = views
    for view in earlier:
        try:
            return reverse(view, args=[to])
        except NoReverseMatch:
            continue
    return reverse(last, args=[to])


def _name_of(request: HttpRequest, project: str) -> str:
    """The name of one of the person's projects; empty for any other."""
    try:
        projects = request.user.authorized_tenants
    except keystone_exceptions.ClientException:
        return ""
    return next((each.name for each in projects if each.id == project), "")
