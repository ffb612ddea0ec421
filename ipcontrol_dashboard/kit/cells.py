# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What stands in the cells of a table: templates, which escape what other people wrote."""

from collections.abc import Callable, Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def cell(
    template: str, context: Callable[[Any], Mapping[str, object]] | None = None
) -> Callable[[Any], SafeString]:
    """A column's content.

    Args:
        template: what makes it, which gets the table's row as ``row``.
        context: what else the template gets.
    """

    def render(row: Any) -> SafeString:
        return render_to_string(template, {"row": row, **(context(row) if context else {})})

    return render
