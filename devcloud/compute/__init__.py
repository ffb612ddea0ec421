# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The inside of the Nova process: configuration, databases, daemons, and faults on request."""
