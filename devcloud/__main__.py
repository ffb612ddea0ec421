# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The demonstration: ``python -m devcloud``."""

import sys

from devcloud.demo import main

if __name__ == "__main__":
    sys.exit(main())
