# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The decisions' contract, as data; see the functions that the unit tests call on it."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent


def as_id(text: object) -> str:
    """What a test may be called after a text.

    pytest writes backslashes and what is not ASCII in another way each time that it collects,
    and so does not find a test again by the name that it gave it.
    """
    return str(text).encode("unicode_escape").decode().replace("\\", "/")


def cases(name: str) -> list[dict]:
    """The cases of ``<name>.json``: a shared contract beside the checkout wins over the copy."""
    shared = FOLDER.parents[2] / "shared" / "vectors" / f"{name}.json"
    path = shared if shared.is_file() else FOLDER / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))
