# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0


def pytest_configure(config):
    # Horizon's test helpers mark with these, and ours are strict about markers.
    config.addinivalue_line("markers", "selenium: Horizon's own tests in a browser")
    config.addinivalue_line("markers", "plugin_test: Horizon's own tests of plugins")
