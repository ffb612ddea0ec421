# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The options of ``ip_whitelist``; what they mean stands at the top of that module."""

from collections.abc import Mapping
from dataclasses import dataclass

from ipcontrol.access import AccessPolicy, Unlisted
from ipcontrol.addresses import Network
from ipcontrol.contract import CONFIGURABLE_MODES, Mode
from ipcontrol.middleware.options import Options

DENY_MESSAGE = "You shall not pass!"


@dataclass(frozen=True, slots=True)
class WhitelistSettings:
    """One attribute for each option."""

    unlisted: Unlisted = Unlisted.DENY
    always_allow: tuple[Network, ...] = ()
    admit_local: bool = True
    deny_message: str = DENY_MESSAGE
    mode: Mode = Mode.ENFORCE
    publish_always_allow: bool = False

    @property
    def policy(self) -> AccessPolicy:
        """What applies around the lists."""
        return AccessPolicy(self.unlisted, self.always_allow)

    @classmethod
    def read(cls, values: Mapping[str, str], inherited: Mapping[str, str]) -> "WhitelistSettings":
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
            mode=options.choice("mode", default.mode, CONFIGURABLE_MODES),
            publish_always_allow=options.boolean(
                "publish_always_allow", default.publish_always_allow
            ),
        )
