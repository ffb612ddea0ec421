# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""For whom a page speaks."""

from dataclasses import dataclass
from datetime import datetime

from ipcontrol.addresses import Address
from ipcontrol.contract import Enforcement
from ipcontrol_dashboard.kit import service_errors
from ipcontrol_dashboard.whitelist.rules import Rights, Rules


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
    enforcement: Enforcement
    at: datetime

    def rights(self, rules: Rules) -> Rights | None:
        """The rights in a list that Swift has shown; None where a hidden one rules."""
        rights = rules.rights(self.address, self.at)
        if rights is not Rights.NONE:
            return rights
        if not self.enforcement.enforced:
            return Rights.UNENFORCED
        if rules.ruling is not None and rules.ruling.hidden:
            return None
        # Swift admits whom it answers, whatever the lists say.
        return Rights.OPERATOR if self.own else rights

    def only_reads(self, rules: Rules) -> bool:
        """Whether the person may look at the list and, as far as is known, not change it."""
        enforced = self.own and self.enforcement.enforced
        return enforced and self.rights(rules) is Rights.READ

    def rights_despite(self, problem: service_errors.ServiceError) -> Rights | None:
        """The rights in a list that Swift does not show; None where they are not known."""
        refused = isinstance(problem, service_errors.RefusedError) and problem.by_address
        return Rights.NONE if self.own and refused else None
