# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Tables whose further pages show what the first one was asked for."""

from urllib.parse import urlencode

from horizon import tables


class QueryPreservingTable(tables.DataTable):
    """A table that keeps part of the query while paging.

    Attributes:
        preserved_parameters: which.
    """

    preserved_parameters: tuple[str, ...] = ()

    @property
    def preserved_query(self) -> str:
        """The part that is kept; empty for none."""
        asked = self.request.GET
        return urlencode(
            {name: asked[name] for name in self.preserved_parameters if name in asked}
        )

    def get_pagination_string(self) -> str:
        return _joined(super().get_pagination_string(), self.preserved_query)

    def get_prev_pagination_string(self) -> str:
        return _joined(super().get_prev_pagination_string(), self.preserved_query)


def _joined(*queries: str) -> str:
    return "&".join(filter(None, queries))
