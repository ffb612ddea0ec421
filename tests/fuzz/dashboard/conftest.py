# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""As for the unit tests: Horizon's own test settings, and nothing remembered."""

from tests.unit.ipcontrol_dashboard.conftest import pytest_configure  # noqa: F401
from tests.unit.ipcontrol_dashboard.horizon_setup import _empty_cache  # noqa: F401
