# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The plugin's calls to OpenStack: the only place that holds clients."""
