# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""How the caller's address gets into the calls that Horizon makes for a person."""
