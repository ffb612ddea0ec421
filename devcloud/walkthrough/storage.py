# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The first half of the guide's walkthrough: from where a container may be reached."""

import contextlib

import swiftclient

from devcloud.addresses import LAB, OUTSIDER, swift_connection
from devcloud.walkthrough.stage import Stage

SERVICE = "swift"
TITLE = "From where may this container be reached?"

CONTAINER = "middleware-test"
_STRANGER = "127.3.0.7"


def play(stage: Stage) -> None:
    """Play the guide's story with the commands that it had, and what has come since."""
    _clear(stage)
    _refuse(stage)
    _admit(stage)
    _protect_from_mistakes(stage)
    _limit(stage)


def _refuse(stage: Stage) -> None:
    stage.tell(
        "alice makes a container. She is in the lab's network, which her account's list admits."
    )
    stage.run(LAB, f"swift post {CONTAINER}")
    stage.tell("The same alice, from elsewhere:")
    stage.run(
        OUTSIDER,
        f"swift list {CONTAINER}",
        refused=True,
        answer="You shall not pass!",
    )


def _admit(stage: Stage) -> None:
    stage.tell(
        "So she adds that address. But items of the container's own take the place of the "
        "account's, and she would have shut herself out: Swift does not do that unasked."
    )
    stage.run(
        LAB,
        f"swift post --meta allow-dev:{OUTSIDER} {CONTAINER}",
        refused=True,
        answer="409 Conflict",
    )
    stage.tell("With the lab's network beside it, it is done.")
    stage.run(
        LAB,
        f"swift post --meta allow-dev:{OUTSIDER} --meta allow-lab:127.1.0.0/16 {CONTAINER}",
    )
    stage.tell("From elsewhere, again: it works now, and an object goes in.")
    stage.run(OUTSIDER, f"swift list {CONTAINER}")
    stage.run(
        OUTSIDER, f"swift upload --object-name LICENSE {CONTAINER} LICENSE", answer="LICENSE"
    )
    stage.run(LAB, f"swift list {CONTAINER}", answer="LICENSE")
    stage.tell("A third address is still refused.")
    stage.run(_STRANGER, f"swift list {CONTAINER}", refused=True, answer="You shall not pass!")


def _protect_from_mistakes(stage: Stage) -> None:
    stage.tell("An item with a mistake would admit nobody. Swift does not take it.")
    stage.run(
        LAB,
        f"swift post --meta allow-office:10.1.2.3/16 {CONTAINER}",
        refused=True,
        answer="has host bits set",
    )


def _limit(stage: Stage) -> None:
    stage.tell("From now on the other address may read, and no longer write.")
    stage.run(LAB, f"swift post --meta 'allow-dev:{OUTSIDER}; read-only' {CONTAINER}")
    stage.run(OUTSIDER, f"swift list {CONTAINER}", answer="LICENSE")
    stage.run(
        OUTSIDER,
        f"swift delete {CONTAINER} LICENSE",
        refused=True,
        answer="You shall not pass!",
    )
    stage.tell("An entry may end by itself; this one has, long ago.")
    stage.run(
        LAB, f"swift post --meta 'allow-dev:{OUTSIDER}; until=2020-01-01T00:00Z' {CONTAINER}"
    )
    stage.run(OUTSIDER, f"swift list {CONTAINER}", refused=True, answer="You shall not pass!")
    stage.tell("The lab removes what it made.")
    stage.run(LAB, f"swift delete {CONTAINER}", answer=CONTAINER)


def _clear(stage: Stage) -> None:
    """Remove what an interrupted walkthrough has left in a kept cloud."""
    connection = swift_connection(stage.cloud, url=stage.cloud.backstage_url)
    with contextlib.suppress(swiftclient.ClientException):
        for listed in connection.get_container(CONTAINER, full_listing=True)[1]:
            connection.delete_object(CONTAINER, listed["name"])
        connection.delete_container(CONTAINER)
