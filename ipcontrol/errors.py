# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Errors whose text tells a person what to write instead."""


class IpControlError(ValueError):
    """Base of the project's own errors.

    The text is kept as a template and its parameters, so that the dashboard can
    translate the template: ``gettext(error.template) % error.params``.

    Args:
        template: English text with ``%(name)s`` placeholders.
        **params: what fills the placeholders; a nested ``IpControlError`` stays
            an object, so that it can be translated too.
    """

    def __init__(self, template: str, **params: object) -> None:
        super().__init__(template, params)
        self.template = template
        self.params = params

    def __str__(self) -> str:
        """The English text."""
        return self.template % self.params


def gettext_noop(message: str) -> str:
    """Mark a template for extraction by gettext without translating it here."""
    return message
