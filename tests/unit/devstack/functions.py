# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Stands for the functions of DevStack that the plugin calls, as far as it calls them.

What they do is the contract of DevStack's functions-common and inc/ini-config.
"""

import re
import sys
from pathlib import Path

# What a plugin finds when it is sourced; each function of an ini file is this program.
SHELL = """
    set -o errexit -o nounset -o pipefail
    for name in iniget iniset iniget_multiline iniset_multiline; do
        eval "function $name { {python} -I -S {program} $name \\"\\$@\\"; }"
    done
    function is_service_enabled { [[ " $ENABLED_SERVICES " == *" $1 "* ]]; }
    function setup_develop { echo "setup_develop $1"; }
    function echo_summary { echo "$1"; }
    function die { echo "line $1: $2" >&2; exit 1; }
    function define_plugin { :; }
    source {plugin}/settings
    source {plugin}/plugin.sh "$@"
"""


def shell(plugin):
    """The script that runs the plugin in a folder with the phase of its arguments."""
    names = {"python": sys.executable, "program": __file__, "plugin": plugin}
    script = SHELL
    for name, value in names.items():
        script = script.replace(f"{{{name}}}", str(value))
    return script


def _lines_of(lines, section):
    """The numbers of the lines between a section's and the next one's."""
    start = lines.index(f"[{section}]") + 1
    rest = (number for number in range(start, len(lines)) if lines[number].startswith("["))
    return range(start, next(rest, len(lines)))


def _values(lines, section, option):
    """Line number -> value of an option, given once or several times."""
    if f"[{section}]" not in lines:
        return {}
    wanted = re.compile(rf"{option}\s*=\s*(.*)")
    found = {number: wanted.match(lines[number]) for number in _lines_of(lines, section)}
    return {number: match[1] for number, match in found.items() if match}


def iniget(lines, section, option):
    return " ".join(_values(lines, section, option).values())


def iniset(lines, section, option, *values):
    for number in reversed(_values(lines, section, option)):
        del lines[number]
    if f"[{section}]" not in lines:
        lines += ["", f"[{section}]"]
    start = lines.index(f"[{section}]") + 1
    lines[start:start] = [f"{option} = {value}" for value in values]


if __name__ == "__main__":
    action, file, *arguments = sys.argv[1:]
    path = Path(file)
    content = path.read_text().splitlines()
    if action.startswith("iniget"):
        sys.stdout.write(iniget(content, *arguments))
    else:
        iniset(content, *arguments)
        path.write_text("\n".join(content) + "\n")
