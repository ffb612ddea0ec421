# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the pages under docs/ show, for the tests that run it."""

import re
from pathlib import Path

import jinja2.nativetypes
import yaml

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
# Two load balancers and a Horizon server, as OpenStack-Ansible's inventory has them.
INVENTORY = {
    "groups": {"haproxy": ["lb1", "lb2"], "horizon_all": ["horizon1"]},
    "hostvars": {
        "lb1": {"management_address": "192.0.2.10"},
        "lb2": {"management_address": "192.0.2.11"},
        "horizon1": {"management_address": "192.0.2.20"},
    },
}


def blocks(page, language, heading=""):
    """The code blocks of a page in a language; of one part where its heading is given."""
    text = (DOCS / page).read_text("utf-8")
    if heading:
        text = re.search(rf"^##+ {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.M | re.S)[1]
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def ansible_variables():
    """All variables of the page on OpenStack-Ansible, rendered as Ansible does, without ceilometer."""
    text = "".join(blocks("install/openstack-ansible.md", "yaml"))
    environment = jinja2.nativetypes.NativeEnvironment(undefined=jinja2.StrictUndefined)
    environment.filters["bool"] = bool
    environment.filters["extract"] = lambda key, container, name: container[key][name]
    known = {**INVENTORY, "swift_ceilometer_enabled": False}
    known |= {"swift_git_repo": "https://example.org/swift", "swift_git_install_branch": "master"}
    for name, value in yaml.safe_load(text).items():
        known[name] = _rendered(value, environment, known)
    return known


def _rendered(value, environment, known):
    if isinstance(value, dict):
        return {name: _rendered(each, environment, known) for name, each in value.items()}
    if isinstance(value, list):
        return [_rendered(each, environment, known) for each in value]
    if isinstance(value, str) and "{" in value:
        return environment.from_string(value).render(known)
    return value


def ini(overrides):
    """Sections as OpenStack-Ansible writes them: keys without a value are an option many times."""
    lines = []
    for section, options in overrides.items():
        lines.append(f"[{section}]")
        for name, value in options.items():
            for each in value if isinstance(value, dict) else [value]:
                lines.append(f"{name} = {each}")
    return "\n".join([*lines, ""])
