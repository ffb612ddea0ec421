# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Text that makes careless readers slow: one character for ever, and mixtures of a few.

A family is what the text begins with and what is repeated after that.
"""

_SINGLE = ("0", "9", "a", "f", ".", ":", "/", "-", "_", "%", "*", "=", "\\", '"', "'", ",", ";",
           " ", "\t", "\n", "\0", "[", "]", "(", "{", "<", "&", "é", "\u2028")  # fmt: skip
_MIXED = (
    ("1.1.1.1/", "9"),
    ("1.1.1.1/", "0"),
    ("1.1.1.1/", "9."),
    ("1.1.1.1/", "255.255.255.255"),
    ("::/", "1"),
    ("1.1.1.1-", "9"),
    ("1.1.1.1", " "),
    ("1.1.1.1 -", " "),
    ("1.1.1.1:", "1"),
    ("1.1.1.1;", " ;"),
    ("1.1.1.1; until=", "9"),
    ("1.1.1.1; ", "until="),
    ("1.1.1.1; ", "read-only;"),
    ("", "1."),
    ("", "1,"),
    ("", "x "),
    ("", "1-"),
    ("", "- "),
    ("", "0."),
    ("", "1:"),
    ("", "*."),
    ("", "a."),
    ("", "/1"),
    ("", "%1"),
    ("", "[1]"),
    ("[", "1"),
    ("", '";'),
    ("", '",'),
    ("", '"\\'),
    ('"', "\\"),
    ('"', ","),
    ('for="', '\\"'),
    ("for=", "1.1.1.1;"),
    ("", 'for="1.1.1.1",'),
    ("", "for=1.1.1.1,"),
    ("", 'a="b";'),
    ("", "1.1.1.1, "),
    ("", "::1\n"),
    ("", "10.0.0.1-10.0.0.250,"),
    ("", "1.1.1.1 - 2.2.2.2\n"),
    ("a", "_segments"),
    ("a", "+segments"),
    ("", "\0versions\0"),
    ("", "until="),
    ("", "{$"),
    ("", "<b>"),
    ('{"host_groups":', "["),
    ('{"host_groups":[', "1,"),
    ('{"host_groups":', "1"),
)

FAMILIES = tuple(("", text) for text in _SINGLE) + _MIXED


def text_of(family: tuple[str, str], length: int) -> str:
    """A text of about this many characters that ends as all others of its family do."""
    start, repeated = family
    return start + repeated * ((length - len(start)) // len(repeated))
