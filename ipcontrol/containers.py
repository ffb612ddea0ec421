# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""How Swift's containers belong together: by their names alone."""

from collections.abc import Iterator

# What object versioning puts before a container's name; what Swift's clients and its
# S3 API put behind it.
_VERSIONS = "\x00versions\x00"
_SERVING_SUFFIXES = ("_segments", "+segments")


def base_container(name: str) -> str | None:
    r"""The container that this one serves, whose list rules where it has none.

    Swift's clients put segments into ``NAME_segments``, the S3 API puts the
    parts of multipart uploads into ``NAME+segments``, and object versioning
    puts old versions into the reserved ``\x00versions\x00NAME``.
    """
    reserved, versions, base = name.partition(_VERSIONS)
    if versions and not reserved:
        return base or None
    for suffix in _SERVING_SUFFIXES:
        if name.endswith(suffix) and name != suffix:
            return name.removesuffix(suffix)
    return None


def serving_containers(name: str) -> tuple[str, ...]:
    """The containers that serve this one directly: those whose `base_container` it is."""
    named = (_VERSIONS + name, *(name + suffix for suffix in _SERVING_SUFFIXES))
    # The old versions of docs_segments do not serve those of docs, as their name would say.
    return tuple(each for each in named if base_container(each) == name)


def governing_containers(name: str) -> Iterator[str]:
    """The container, the one that it serves, the one that this serves, and so on.

    The old versions of ``docs+segments`` belong to ``docs`` at two removes.
    """
    container: str | None = name
    while container:
        yield container
        container = base_container(container)
