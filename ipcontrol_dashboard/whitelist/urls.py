# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The pages: the containers, and alike for one container and for the account, its list.

Items and names of networks are named in the query: their names come from anybody's metadata, and a
browser would take ``..`` or ``/`` in a path for its own.
"""

from django.urls import path

from ipcontrol_dashboard.whitelist import (
    dependents_pages,
    form_views,
    history_views,
    name_views,
    trial_views,
    views,
)

_PAGES = (
    ("", "entries", views.EntriesView),
    ("add/", "add", form_views.AddView),
    ("add-my-address/", "add_mine", form_views.AddMineView),
    ("edit/", "edit", form_views.EditView),
    ("remove/", "remove", form_views.RemoveView),
    ("try-out/", "try_out", trial_views.TryOutView),
    ("enforce/", "enforce", trial_views.EnforceView),
    ("copy/", "copy", form_views.CopyView),
    ("history/", "history", history_views.HistoryView),
    ("undo/", "undo", history_views.UndoView),
)

urlpatterns = [
    path("", views.IndexView.as_view(), name="index"),
    path("networks/", name_views.NamesView.as_view(), name="networks"),
    path("networks/define/", name_views.DefineNameView.as_view(), name="network_define"),
    path("networks/edit/", name_views.EditNameView.as_view(), name="network_edit"),
    path("networks/delete/", name_views.DeleteNameView.as_view(), name="network_delete"),
    path("networks/project/", name_views.ProjectAddressesView.as_view(), name="network_project"),
    path("dependents/", dependents_pages.DependentsView.as_view(), name="dependents"),
]
for _prefix, _name in (("account/", "account"), ("container/<str:container>/", "container")):
    urlpatterns += [
        path(_prefix + page, view.as_view(), name=f"{_name}_{name}") for page, name, view in _PAGES
    ]
