# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What a page answers to somebody who sends anything: never much, never late, never a 500.

Fields are those of the forms behind the URLs, and parameters those that the pages ask for:
a new one is tried without anybody's doing.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import ClassVar
from unittest import mock
from urllib.parse import quote

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.forms import FileField
from django.http import QueryDict
from django.urls import URLPattern

from ipcontrol_dashboard.kit.limits import MOST_URL

MOST_BYTES = 1_000_000
MOST_SECONDS = 2
# Django refuses a form of more than 2.5 MB.
LENGTH = 500_000


def groups(items: str) -> str:
    return '{"host_groups":[' + items + "]}"


def group(subnets: Iterable[str]) -> str:
    return groups('{"name":"a","hostname_prefix":"a","subnets":[' + ",".join(subnets) + "]}")


TEXTS = {
    "words": "x " * (LENGTH // 2),
    "distinct networks": " ".join(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in range(70_000)),
    "range": "1.1.1.1" + " " * LENGTH + "-",
    "digits": "1.1.1.1/" + "9" * LENGTH,
    "short digits": "9" * 5_000,
    "quotes": '"' * LENGTH,
    "quotes that fit": '"' * 15_000,
    "brackets": "[" * 100_000,
    "markup": "<" * LENGTH,
    "lines": "a\r\n" * (LENGTH // 3),
    "header": "a\r\nX-Confirm-Lockout: true",
    "NUL": "a\0b",
    "long name": "a" * 60_000,
    "serving": "a" + "_segments" * 6_000,
    "half a character": r'{"name": "\ud800", "metadata": {}, "allow-lab": "\ud800", "allow-\ud800": "1"}',
    "huge number": '{"metadata": {}, "name": ' + "1" * 5_000 + "}",
    "odd JSON": '{"name": [], "metadata": [NaN]}',
    "no groups": groups("1," * (LENGTH // 2) + "1"),
    "huge number of groups": '{"host_groups": ' + "1" * 5_000 + "}",
    "brackets of groups": '{"host_groups":' + "[" * 100_000,
    "groups by half a character": groups(r'{"name": "\ud800", "hostname_prefix": "\udfff"}'),
    "groups of one name": groups(",".join(['{"name":"a","hostname_prefix":"a"}'] * 22_000)),
    "groups in a file": groups(
        ",".join(f'{{"name":"{"&" * 200}{n}","hostname_prefix":"a{n}"}}' for n in range(1_000))
    ),
    "group of quotes": groups('{"name":"' + r'\"' * 100_000 + '","hostname_prefix":"a"}'),
    "group of bad subnets": group(['"x"'] * 80_000),
    "group of good subnets": group(f'"10.{n >> 16}.{n >> 8 & 255}.{n & 255}"' for n in range(20_000)),
}  # fmt: skip


def forms(patterns: Iterable[URLPattern]) -> Iterator[tuple[str, type]]:
    """The names of the pages that have a form, and the form; one page for each form."""
    pages = {}
    for pattern in patterns:
        form = getattr(getattr(pattern.callback, "view_class", None), "form_class", None)
        if form is not None:
            pages[form] = pattern.name
    yield from ((name, form) for form, name in pages.items())


def fillings(form: type) -> Iterator[tuple[str, dict]]:
    """What somebody may send: each field with each text, the others empty."""
    for name, field in form.base_fields.items():
        for label, text in TEXTS.items():
            value = (
                SimpleUploadedFile("x", text.encode()) if isinstance(field, FileField) else text
            )
            yield f"{name}: {label}", {name: value}


def queries(names: Iterable[str]) -> Iterator[str]:
    """The end of a URL with each parameter and each text that a URL has room for, and a longer one."""
    short = [text for text in TEXTS.values() if len(quote(text)) < MOST_URL]
    for name in names:
        yield from (f"{name}={quote(text)}" for text in (*short, "9" * 60_000))


def fault(ask: Callable[..., object], *arguments: object, **options: object) -> str | None:
    """What is wrong with an answer; None for nothing.

    The first answer of a kind has templates to compile, and a busy machine makes any of them
    late: only what is late again and again is.
    """
    told = None
    for _ in range(3):
        start = time.thread_time()
        try:
            response = ask(*arguments, **options)
        except Exception as error:
            return f"{type(error).__name__}: {str(error)[:200]}"
        seconds = time.thread_time() - start
        if response.status_code >= 500:
            return f"status {response.status_code}: {response.content[:200]!r}"
        if len(response.content) > MOST_BYTES:
            return f"{len(response.content)} bytes"
        if seconds <= MOST_SECONDS:
            return None
        told = f"{seconds:.1f} s"
    return told


class _Asked(QueryDict):
    """Remembers the parameters that somebody asked for."""

    names: ClassVar[set[str]]

    def __getitem__(self, name):
        self.names.add(name)
        return super().__getitem__(name)

    def __contains__(self, name):
        self.names.add(name)
        return super().__contains__(name)

    def getlist(self, name, default=None):
        self.names.add(name)
        return super().getlist(name, default)


@contextmanager
def asked_parameters() -> Iterator[set[str]]:
    """The parameters of a URL that pages ask for meanwhile."""
    _Asked.names = set()
    query = property(lambda request: _Asked(request.META.get("QUERY_STRING", "")))
    with mock.patch.object(WSGIRequest, "GET", query):
        yield _Asked.names
