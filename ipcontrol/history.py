# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Who changed a list, when, from where, and what: the last changes, kept beside the list.

They are told by ``GET /v1/AUTH_account/container?ip-whitelist=history``, or of the account, in
JSON (`as_answer`). Kept are the changes in the same form, compressed, for Swift's caches hand
them out with each look-up of the container.
"""

import binascii
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

QUESTION = "history"
# The name of the system metadata that keep it, without X-Container-Sysmeta- or X-Account-Sysmeta-.
SYSMETA = "ip-whitelist-history"
# Bytes that are kept, and what they may become when they are read.
MAX_LENGTH = 4096
_MAX_TEXT = 2**16
# Of what is too long this stands at the end.
MARK = "…"
# So many characters of each value are tried one after the other, until a change has room.
_LENGTHS = (128, 64, 32, 16, 8)
_MAX_NAME = 128


@dataclass(frozen=True, slots=True)
class Identity:
    """A user or a project, as the authorization knows it; empty where it knows none.

    Attributes:
        name: what people call it; may be given to another one later.
        id: what it is.
    """

    name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What became of one item.

    Attributes:
        name: the item's name in lower case.
        was: its value before; None where there was none.
        became: its value since; None where it was removed.
        shortened: whether one of them ends with `MARK`, since there was no room for all of it.
    """

    name: str
    was: str | None
    became: str | None
    shortened: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a list.

    Attributes:
        at: when, in UTC, to the second.
        user: who made it.
        project: in whose name.
        address: from where; empty where that was not known.
        items: what it did, by name.
        left_out: how many more items it changed, for which there was no room.
    """

    at: datetime
    user: Identity = Identity()
    project: Identity = Identity()
    address: str = ""
    items: tuple[ItemChange, ...] = ()
    left_out: int = 0


def item_changes(before: Mapping[str, str], changes: Mapping[str, str]) -> tuple[ItemChange, ...]:
    """What a change does to items.

    Args:
        before: all items, by their names in lower case.
        changes: values by name; an empty one removes.

    Returns:
        Nothing of items that stay as they are.
    """
    found = (
        ItemChange(name, before.get(name) or None, value or None)
        for name, value in sorted(changes.items())
    )
    return tuple(each for each in found if each.was != each.became)


def add(stored: str, change: Change) -> str:
    """What to keep after one more change; never raises.

    The oldest changes make room. A change that has none by itself is shortened.

    Args:
        stored: what was kept before; what cannot be read is dropped.
        change: the last one.

    Returns:
        ASCII of at most `MAX_LENGTH`, fit for a header.
    """
    change = replace(change, user=_cut(change.user), project=_cut(change.project))
    versions = map(_text, _shorter_and_shorter(change))
    texts = [next(text for text in versions if _fits([text])), *map(_text, read(stored))]
    # The largest number that has room.
    most, too_many = 1, len(texts) + 1
    while too_many - most > 1:
        middle = (most + too_many) // 2
        if _fits(texts[:middle]):
            most = middle
        else:
            too_many = middle
    return _pack(texts[:most])


def read(stored: str) -> tuple[Change, ...]:
    """The changes that are kept, the last one first; none where they cannot be read."""
    try:
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(b64decode(stored, validate=True), _MAX_TEXT)
        return from_json(json.loads(text)) if unpacking.eof else ()
    except (ValueError, RecursionError, zlib.error, binascii.Error):
        return ()


def as_answer(name: str, changes: Iterable[Change]) -> list[dict[str, Any]]:
    """What the filter answers, to be written as JSON.

    Swift's middlewares take it for a listing. It has to be a list, and what is in it to have
    names.

    Args:
        name: of the container, or of the account.
        changes: of its list.
    """
    return [{"name": name, "changes": as_json(changes)}]


def from_answer(data: Any) -> tuple[Change, ...]:
    """Read what `as_answer` wrote, the last change first; all else is passed over."""
    answers = [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []
    return from_json(answers[0].get("changes")) if answers else ()


def as_json(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Changes as they are told; all keys of an empty value are left out but those of items."""
    return [_without_empty(_as_json(change)) for change in changes]


def from_json(data: Any) -> tuple[Change, ...]:
    """Read what `as_json` wrote; what is not of that form is passed over."""
    found = (_from_json(each) for each in data) if isinstance(data, list) else ()
    return tuple(change for change in found if change is not None)


def _as_json(change: Change) -> dict[str, Any]:
    return {
        "at": f"{change.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "user": _without_empty({"name": change.user.name, "id": change.user.id}),
        "project": _without_empty({"name": change.project.name, "id": change.project.id}),
        "address": change.address,
        "items": [
            {"name": item.name, "was": item.was, "became": item.became}
            | ({"shortened": True} if item.shortened else {})
            for item in change.items
        ],
        "left_out": change.left_out,
    }


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _from_json(data: Any) -> Change | None:
    if not isinstance(data, dict):
        return None
    try:
        at = datetime.strptime(data.get("at", ""), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return None
    items, left_out = data.get("items"), data.get("left_out")
    return Change(
        at,
        _identity(data.get("user")),
        _identity(data.get("project")),
        _string(data.get("address")),
        tuple(filter(None, map(_item, items))) if isinstance(items, list) else (),
        left_out if isinstance(left_out, int) else 0,
    )


def _identity(data: Any) -> Identity:
    if not isinstance(data, dict):
        return Identity()
    return Identity(_string(data.get("name")), _string(data.get("id")))


def _item(data: Any) -> ItemChange | None:
    if not isinstance(data, dict) or not _string(data.get("name")):
        return None
    was, became = (_string(data.get(key)) or None for key in ("was", "became"))
    return ItemChange(data["name"], was, became, data.get("shortened") is True)


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _text(change: Change) -> str:
    (data,) = as_json([change])
    return json.dumps(data, separators=(",", ":"))


def _pack(texts: Sequence[str]) -> str:
    return b64encode(zlib.compress(_joined(texts).encode("ascii"))).decode("ascii")


def _joined(texts: Sequence[str]) -> str:
    return f"[{','.join(texts)}]"


def _fits(texts: Sequence[str]) -> bool:
    return len(_joined(texts)) <= _MAX_TEXT and len(_pack(texts)) <= MAX_LENGTH


def _cut(identity: Identity) -> Identity:
    return Identity(identity.name[:_MAX_NAME], identity.id[:_MAX_NAME])


def _shorter_and_shorter(change: Change) -> Iterator[Change]:
    yield change
    for length in _LENGTHS:
        yield replace(change, items=tuple(_shortened(item, length) for item in change.items))
    yield replace(change, address="", items=(), left_out=len(change.items))


def _shortened(item: ItemChange, length: int) -> ItemChange:
    was, became = (
        value[:length] + MARK if value and len(value) > length else value
        for value in (item.was, item.became)
    )
    changed = (was, became) != (item.was, item.became)
    return replace(item, was=was, became=became, shortened=item.shortened or changed)
