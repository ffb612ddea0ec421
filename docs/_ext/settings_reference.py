# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The directive ``settings``: the options of a class, from where the code defines them.

::

    .. settings:: ipcontrol.middleware.settings.Settings
       :python:

``:python:`` is for the keys of a Python dictionary; without it they are lines in an ini file.
"""

from importlib import import_module

from docutils import nodes
from docutils.parsers.rst import directives
from reference_text import reference
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class SettingsDirective(SphinxDirective):
    """Shows a dataclass of settings."""

    required_arguments = 1
    option_spec = {"python": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Make the nodes."""
        module, _, name = self.arguments[0].rpartition(".")
        loaded = import_module(module)
        self.env.note_dependency(loaded.__file__)
        text = reference(getattr(loaded, name), python="python" in self.options)
        return self.parse_text_to_nodes(text)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("settings", SettingsDirective)
    return {"parallel_read_safe": True}
