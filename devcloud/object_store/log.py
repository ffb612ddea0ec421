# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Swift's log lines in the service's own log instead of syslog."""

import logging
import sys


def write_to_stderr(conf, name, log_to_console, log_route, fmt, logger, adapted_logger):
    """Add a handler; what Swift calls for ``log_custom_handlers``."""
    # Proxies of one process share their loggers.
    if any(isinstance(handler, _Stderr) for handler in logger.handlers):
        return
    handler = _Stderr(sys.stderr)
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(server)s: %(message)s", defaults={"server": name})
    )
    logger.addHandler(handler)


class _Stderr(logging.StreamHandler):
    """Told apart from handlers of Swift's own."""
