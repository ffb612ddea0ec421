# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The inside of the embedded Swift: configuration, cache and log."""
