# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Free TCP ports that stay free for the services that will listen on them."""

import errno
import socket

from devcloud.errors import DevCloudError
from devcloud.settings import BIND


class Reservations:
    """Ports that are bound, but not listened on.

    The kernel gives such a port to nobody who asks for any, and lets a service listen on it
    nevertheless, for both sides set SO_REUSEADDR.
    """

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []

    def reserve_any(self, preferred: int | None = None) -> int:
        """Reserve a free port: the preferred one, where it is free."""
        try:
            return self._bind(preferred or 0)
        except OSError:
            return self._bind(0)

    def reserve(self, name: str, port: int) -> int:
        """Reserve this port for the service of that name.

        Raises:
            DevCloudError: it cannot be had.
        """
        try:
            return self._bind(port)
        except OverflowError:
            raise DevCloudError(f"{port} is not a port: choose one from 1 to 65535.") from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                reason = "is taken by another program: stop that one, or choose another port"
            else:
                reason = f"cannot be used: {error.strerror}"
            raise DevCloudError(f"Port {port} of {BIND}, for {name}, {reason}.") from None

    def release(self) -> None:
        """Give all ports back."""
        while self._sockets:
            self._sockets.pop().close()

    def _bind(self, port: int) -> int:
        reservation = socket.socket()
        try:
            reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            reservation.bind((BIND, port))
        except BaseException:
            reservation.close()
            raise
        self._sockets.append(reservation)
        return reservation.getsockname()[1]
