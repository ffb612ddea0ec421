# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A real OpenStack, embedded: for the demonstration and the tests. Not in the wheel."""
