# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What keeps the embedded cloud from running."""


class DevCloudError(Exception):
    """The cloud cannot start or go on; the text says why, in one sentence."""
