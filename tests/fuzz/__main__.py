# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Fuzz the engine with atheris: `make fuzz MINUTES=5`.

Coverage guides the inputs; every input goes through one of the properties. A
case that breaks one is printed with what to add to corpus.json.
"""

import json
import sys

import atheris

with atheris.instrument_imports(include=["ipcontrol"]):
    from tests.fuzz import properties

from ipcontrol.client_address import HEADERS

ITEM_NAMES = ("allow", "Allow-A", "allow-b", "allowed", "color")


def _case(data):
    """The property that these bytes choose, and its arguments."""
    provider = atheris.FuzzedDataProvider(data)

    def text():
        return provider.ConsumeUnicodeNoSurrogates(provider.ConsumeIntInRange(0, 120))

    match provider.ConsumeIntInRange(0, 4):
        case 0:
            return properties.addresses_read_as_the_plain_rules_do, [text()]
        case 1:
            return properties.networks_read_as_the_plain_rules_do, [text()]
        case 2:
            return properties.items_read_as_the_plain_rules_do, [text()]
        case 3:
            names = list(ITEM_NAMES[: provider.ConsumeIntInRange(0, len(ITEM_NAMES))])
            method = provider.PickValueInList(list(properties.METHODS))
            arguments = [names, [text() for _ in names], text(), method]
            return properties.whitelists_admit_as_the_plain_rules_do, arguments
        case _:
            peer = properties.PROXY if provider.ConsumeBool() else text()
            header = provider.PickValueInList(list(HEADERS))
            return properties.callers_are_found_as_the_plain_rules_do, [peer, text(), header]


def check(data):
    """Put one input through the property that it chooses."""
    holds, arguments = _case(data)
    try:
        holds(*arguments)
    except Exception:
        case = {"property": holds.__name__, "input": arguments}
        print("Add to tests/fuzz/corpus.json:", json.dumps(case), file=sys.stderr)
        raise


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
