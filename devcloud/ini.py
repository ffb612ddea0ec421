# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Configuration files as OpenStack reads them."""

from collections.abc import Mapping
from pathlib import Path

Options = dict[str, object]


def write(path: Path, sections: Mapping[str, Mapping[str, object]]) -> Path:
    """Write an ini file, readable by its owner alone; a list is an option given several times."""
    lines = []
    for section, options in sections.items():
        lines.append(f"[{section}]")
        for name, value in options.items():
            values = value if isinstance(value, list) else [value]
            lines.extend(f"{name} = {item}" for item in values)
        lines.append("")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
