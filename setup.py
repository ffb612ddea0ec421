# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Where the packages are; all other metadata stands in pyproject.toml.

Horizon's enabled files, static files and templates are top-level folders of
the repository and sub-packages of ``ipcontrol_dashboard`` when installed.
"""

from setuptools import find_packages, setup

DATA_PACKAGES = {
    "ipcontrol_dashboard.enabled": "enabled",
    "ipcontrol_dashboard.static": "static",
    "ipcontrol_dashboard.templates": "templates",
}

setup(
    packages=[
        *find_packages(include=["ipcontrol", "ipcontrol.*"]),
        *find_packages(include=["ipcontrol_dashboard", "ipcontrol_dashboard.*"]),
        *DATA_PACKAGES,
    ],
    package_dir=DATA_PACKAGES,
    # What running from the checkout leaves beside the data.
    exclude_package_data={name: ["**/*.pyc"] for name in DATA_PACKAGES},
    package_data={name: ["**/*"] for name in DATA_PACKAGES} | {"ipcontrol": ["py.typed"]},
)
