#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Django's commands on Horizon with this plugin, for the embedded cloud or for none."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "devcloud.dashboard.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
