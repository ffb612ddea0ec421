# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The page, and one for each action."""

from django.urls import path

from ipcontrol_dashboard.host_groups import exchange_views, views

urlpatterns = [
    path("", views.IndexView.as_view(), name="index"),
    path("export/", exchange_views.ExportView.as_view(), name="export"),
    path("import/", exchange_views.ImportView.as_view(), name="import"),
    path("create/", views.CreateView.as_view(), name="create"),
    path("<int:aggregate_id>/update/", views.UpdateView.as_view(), name="update"),
    path("<int:aggregate_id>/make_default/", views.MakeDefaultView.as_view(), name="make_default"),
    path("<int:aggregate_id>/members/", views.MembersView.as_view(), name="members"),
    path("<int:aggregate_id>/delete/", views.DeleteView.as_view(), name="delete"),
]
