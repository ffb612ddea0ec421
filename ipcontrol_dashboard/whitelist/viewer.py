# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""For whom a page speaks."""

from dataclasses import dataclass
from datetime import datetime

from ipcontrol.addresses import Address
from ipcontrol_dashboard.api import swift
from ipcontrol_dashboard.whitelist.access import Access, Rights


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom, and when, a page tells what may be done.

    Attributes:
        address: the address that it tells about; None for one that is not known.
        own: whether it is the person's own.
        enforcement: what Swift says about itself.
        at: the moment of the page, in UTC.
    """

    address: Address | None
    own: bool
    enforcement: swift.Enforcement
    at: datetime

    def rights(self, access: Access) -> Rights:
        """The rights in a list that Swift has shown."""
        rights = access.rights(self.address, self.at)
        # Swift admits whom it answers, whatever the lists say.
        answered = self.own and self.enforcement.enforced
        return Rights.OPERATOR if answered and rights is Rights.NONE else rights

    def rights_despite(self, problem: swift.SwiftError) -> Rights | None:
        """The rights in a list that Swift does not show; None where they are not known."""
        refused = isinstance(problem, swift.RefusedError) and problem.by_address
        return Rights.NONE if self.own and refused else None
