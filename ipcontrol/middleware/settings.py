# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The options of ``ip_whitelist``."""

from collections.abc import Mapping
from dataclasses import dataclass

from ipcontrol.access import AccessPolicy, Unlisted
from ipcontrol.addresses import Network
from ipcontrol.callers import Recorded
from ipcontrol.contract import CONFIGURABLE_MODES, Mode
from ipcontrol.middleware.options import Options, option

DENY_MESSAGE = "You shall not pass!"


@dataclass(frozen=True, slots=True)
class WhitelistSettings:
    """One attribute for each option."""

    unlisted: Unlisted = option(
        Unlisted.DENY,
        "What holds where no list restricts, neither the container's nor the account's. With "
        "``allow``, owners who have written no list notice nothing.",
    )
    always_allow: tuple[Network, ...] = option(
        (),
        "Networks of the operators, admitted everywhere. Do not name load balancers or Horizon "
        "servers here: name them in ``trusted_proxies``.",
    )
    admit_local: bool = option(
        True,
        "Admit the proxy's own addresses everywhere too, as they were when it started. Switch it "
        "off where a load balancer, a TLS terminator or Horizon runs on the same machine, on a "
        "host of containers, and behind a NAT on the machine: callers may appear under such an "
        "address.",
    )
    deny_message: str = option(DENY_MESSAGE, "The body of a refusal.")
    mode: Mode = option(
        Mode.ENFORCE,
        "``audit`` refuses nothing, and logs and counts what it would have refused: for rolling "
        "out on a cluster in use.",
        CONFIGURABLE_MODES,
    )
    publish_always_allow: bool = option(
        False,
        "Show the networks of ``always_allow`` in ``GET /info``, which anybody may ask, so that "
        "Horizon can name them.",
    )
    networks_file: str = option(
        "",
        "A file of names for networks, to which the lists of all accounts may refer: "
        "``/etc/swift/ipcontrol-networks.json``. It is read anew when it changes.",
    )
    publish_networks: bool = option(
        False,
        "Show in ``GET /info``, which anybody may ask, what the names of ``networks_file`` stand "
        "for. The names themselves are always shown.",
    )
    callers: Recorded = option(
        Recorded.OFF,
        "Of which requests it is recorded who called: of none, of the refused ones, or of all. "
        "It is kept in Swift's memcached, and told to the owner of the container. Read "
        ":doc:`/admin/callers` before you switch it on, for addresses are personal data in many "
        "countries.",
    )
    callers_days: int = option(
        30, "For how many days a caller who does not come back is remembered, 1 to 365."
    )

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
            callers=options.choice("callers", default.callers),
            callers_days=options.number("callers_days", default.callers_days, 1, 365),
            publish_always_allow=options.boolean(
                "publish_always_allow", default.publish_always_allow
            ),
            networks_file=options.text("networks_file", default.networks_file),
            publish_networks=options.boolean("publish_networks", default.publish_networks),
        )
