# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The Horizon plugin: access by address to containers, and host groups."""
