# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The inside of the embedded Horizon: its settings and addresses."""
