# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The options of ``ip_whitelist``; what they mean stands at the top of that module."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ipcontrol.addresses import Network
from ipcontrol.middleware.options import Options
from ipcontrol.whitelist import Unlisted

DENY_MESSAGE = "You shall not pass!"


class Mode(StrEnum):
    """Whether requests are refused, or refusals only logged."""

    ENFORCE = "enforce"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Settings:
    """One attribute for each option."""

    unlisted: Unlisted = Unlisted.DENY
    always_allow: tuple[Network, ...] = ()
    admit_local: bool = True
    deny_message: str = DENY_MESSAGE
    mode: Mode = Mode.ENFORCE
    publish_always_allow: bool = False

    @classmethod
    def read(cls, values: Mapping[str, str], inherited: Mapping[str, str]) -> "Settings":
        """Read the options of the filter's section, and those that it inherits.

        Raises:
            OptionError: an option cannot be used; its text says what to write.
        """
        options = Options("ip_whitelist", values, inherited)
        options.reject_unknown(cls.__dataclass_fields__)
        default = cls()
        return cls(
            unlisted=options.choice("unlisted", default.unlisted),
            always_allow=options.networks("always_allow"),
            admit_local=options.boolean("admit_local", default.admit_local),
            deny_message=options.text("deny_message", default.deny_message),
            mode=options.choice("mode", default.mode),
            publish_always_allow=options.boolean(
                "publish_always_allow", default.publish_always_allow
            ),
        )
