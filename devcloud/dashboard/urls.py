# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Horizon's addresses, and the static files that a web server would serve elsewhere."""

from django.conf import settings
from django.urls import re_path
from django.views.static import serve
from openstack_dashboard.urls import urlpatterns as horizon

urlpatterns = [
    re_path(r"^static/(?P<path>.*)$", serve, {"document_root": settings.STATIC_ROOT}),
    *horizon,
]
