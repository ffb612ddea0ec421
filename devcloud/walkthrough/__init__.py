# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The walkthrough of the OpenStack Operations Guide, played on the embedded cloud.

A chapter is a module with a ``TITLE``, the service that it is about, and ``play(stage)``, which
tells the story through a `Stage`.
"""

from collections.abc import Callable

from devcloud.cloud import Cloud
from devcloud.walkthrough import compute, storage
from devcloud.walkthrough.stage import Stage

CHAPTERS = (storage, compute)


def play(cloud: Cloud, write: Callable[[str], None] = print) -> bool:
    """Play the chapters whose service runs; return whether all steps answered as expected."""
    stage = Stage(cloud, write)
    for chapter in CHAPTERS:
        if chapter.SERVICE in cloud.settings.services:
            stage.open(chapter.TITLE)
            chapter.play(stage)
    stage.close()
    return not stage.surprises
