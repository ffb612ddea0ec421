# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The stand-in for Neutron; what it does and does not do stands in `devcloud.network_stub`."""

from devcloud.network_stub import NetworkStub
from devcloud.services import settings_from_command_line, wsgi


def main() -> None:
    """Run the stand-in."""
    settings = settings_from_command_line()
    stub = NetworkStub(settings.folder("neutron"))
    wsgi.serve(stub, settings.ports["neutron"])


if __name__ == "__main__":
    main()
