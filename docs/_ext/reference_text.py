# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The reference of a dataclass of settings, as reStructuredText; Sphinx is not needed."""

from collections.abc import Iterator
from dataclasses import Field, fields
from enum import Enum

_TYPES = {tuple: "networks", bool: "boolean", int: "number", str: "text"}


def reference(settings: type, *, python: bool = False) -> str:
    """The options of a class whose fields `ipcontrol.middleware.options.option` made.

    Args:
        settings: the class.
        python: whether they are keys of a Python dictionary, in capital letters, instead of
            lines in an ini file.
    """
    return "\n".join(line for each in fields(settings) for line in _entry(each, python))


def _entry(each: Field, python: bool) -> Iterator[str]:
    yield f".. confval:: {each.name.upper() if python else each.name}"
    yield f"   :type: {_type(each, python)}"
    yield f"   :default: {_default(each.default, python)}"
    yield ""
    yield f"   {each.metadata['meaning']}"
    yield ""


def _type(each: Field, python: bool) -> str:
    values = each.metadata["values"]
    if isinstance(each.default, Enum):
        values = values or tuple(type(each.default))
    if values:
        return " or ".join(_written(str(value), python) for value in values)
    kind = _TYPES[type(each.default)]
    return f"list of {kind}" if python and kind == "networks" else kind


def _default(value: object, python: bool) -> str:
    if value == ():
        return "``[]``" if python else "none"
    if value == "":
        return '``""``' if python else "none"
    return _written(value, python)


def _written(value: object, python: bool) -> str:
    if python:
        return f'``"{value}"``' if isinstance(value, str) else f"``{value!r}``"
    return f"``{str(value).lower() if isinstance(value, bool) else value}``"
