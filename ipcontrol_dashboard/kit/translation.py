# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the engine says, in the reader's language."""

from django.utils.translation import gettext

from ipcontrol.errors import IpControlError
from ipcontrol.host_groups import Complaint


def translated(problem: IpControlError | Complaint) -> str:
    """An engine's error or complaint, with those that it holds."""
    params = {
        name: translated(value) if isinstance(value, IpControlError) else value
        for name, value in problem.params.items()
    }
    return gettext(problem.template) % params
