# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Horizon's pages without what takes most of their time and is not under test."""

import pytest
from compressor.templatetags.compress import CompressorNode


class QuickPages:
    """Goes before one of Horizon's own test classes."""

    _loaded: dict = {}

    @pytest.fixture(autouse=True)
    def _without_styles_and_scripts(self, monkeypatch):
        monkeypatch.setattr(CompressorNode, "render", lambda node, context: "")

    def _setup_test_data(self):
        # Horizon makes its test data anew for each test; ours use the user and the catalog alone.
        if not self._loaded:
            before = set(vars(self))
            super()._setup_test_data()
            self._loaded.update({k: v for k, v in vars(self).items() if k not in before})
        vars(self).update(self._loaded)
