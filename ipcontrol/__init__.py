# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The engine: who may reach a container, and where a subnet's instances start.

The modules directly in this package import the standard library alone, so that
they load on a Swift proxy and on a Nova scheduler.
"""

__version__ = "1.1.0"
