# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Through Horizon's door: whoever sends anything gets a sentence, soon, and nobody waits.

`tests/fuzz/dashboard` sends everything to every field, without a server; these are the
worst of it on the real thing.
"""

import time
from urllib.parse import quote

import pytest

from devcloud.addresses import LAB
from tests.functional.horizon import CRASHES, HOST_GROUPS, WHITELIST, Person, text_of

MOST_BYTES = 1_000_000
MOST_SECONDS = 2
# Beside all that the services of the embedded cloud do on one machine.
PATIENCE = 5
ENTRY = {"label": "x", "rights": "write"}
GROUP = {"name": "x", "hostname_prefix": "x"}


@pytest.fixture(scope="module")
def alice(cloud):
    return Person(cloud, "alice", LAB)


@pytest.fixture(scope="module")
def admin(cloud):
    return Person(cloud, "admin", LAB)


def assert_short(answer):
    """The answer is a page with a sentence, or the sentence alone."""
    assert answer.status_code < 500, text_of(answer)[:500]
    assert len(answer.content) < MOST_BYTES
    assert not any(crash in answer.text for crash in CRASHES)
    assert answer.elapsed.total_seconds() < MOST_SECONDS * PATIENCE


@pytest.mark.parametrize(
    "fields",
    [
        {"networks": "x " * 300_000},
        {"networks": "1.1.1.1/" + "9" * 1_000_000},
        {"networks": "192.0.2.1", "seen": "[" * 100_000},
        {"networks": "x", "seen": r'{"allow-x": "\ud800"}'},
        {"networks": "x", "label": "a" * 1_000_000},
    ],
    ids=[
        "half a million bad words",
        "a million digits",
        "brackets",
        "half a character",
        "a label",
    ],
)
def test_an_entry_of_anything_is_answered_in_a_sentence(alice, fields):
    assert_short(alice.post(WHITELIST + "account/add/", ENTRY | fields))


@pytest.mark.parametrize(
    "text",
    [
        '{"host_groups":[' + "1," * 400_000 + "1]}",
        '{"host_groups":[' + ",".join(['{"name":"a"}'] * 22_000) + "]}",
        '{"host_groups": ' + "1" * 5_000 + "}",
        r'{"host_groups": [{"name": "\ud800"}]}',
        "[" * 100_000,
    ],
    ids=["numbers", "one name", "a huge number", "half a character", "brackets"],
)
def test_an_import_of_anything_is_answered_in_a_sentence(admin, text):
    assert_short(admin.post(HOST_GROUPS + "import/", {"text": text}))


def test_a_group_of_sixty_thousand_subnets_is_answered_in_a_sentence(admin):
    subnets = "\n".join(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in range(60_000))
    answer = admin.post(HOST_GROUPS + "create/", GROUP | {"subnets": subnets})
    assert_short(answer)
    assert "more than a group takes (10,000" in text_of(answer) or "250,000" in text_of(answer)


def test_a_file_longer_than_any_form_is_refused_before_it_is_read(admin):
    begin = time.monotonic()
    token = {"csrfmiddlewaretoken": admin.browser.cookies["csrftoken"]}
    answer = admin.browser.post(
        admin.cloud.horizon_url + HOST_GROUPS + "import/",
        files={"file": ("x.json", b"x" * 11_000_000)},
        data=token,
        timeout=60,
    )
    assert answer.status_code == 413
    assert "send no more than 2,621,440" in answer.text
    assert time.monotonic() - begin < MOST_SECONDS * PATIENCE


@pytest.mark.parametrize(
    "name",
    ["x\r\nX-Foo: y", "a\0b", "a" * 2_000, "a" * 60_000, "a" + "_segments" * 200],
    ids=["a line's end", "NUL", "long", "endless", "serving"],
)
def test_a_container_of_any_name_is_answered_in_a_sentence(alice, name):
    assert_short(alice.get(f"{WHITELIST}container/{quote(name, safe='')}/"))


def test_an_address_without_end_is_answered_in_a_sentence(alice):
    answer = alice.get(f"{WHITELIST}?address={'9' * 60_000}")
    assert_short(answer)
    assert answer.status_code == 414


def test_nobody_else_waits(cloud, alice, admin):
    begin = time.monotonic()
    for _ in range(3):
        alice.post(WHITELIST + "account/add/", ENTRY | {"networks": "x " * 300_000})
    assert_short(admin.get(HOST_GROUPS))
    assert time.monotonic() - begin < 4 * MOST_SECONDS * PATIENCE
