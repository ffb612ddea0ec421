# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the plugin as DevStack does: with its own functions, or with what stands for them.

The stand-ins do what reading DevStack's ``functions-common``, ``inc/python``,
``inc/async`` and ``inc/ini-config`` shows, as far as the plugin can tell. With
``DEVSTACK_DIR`` in the environment, the folder of a DevStack, the tests run a
second time with the functions themselves.
"""

import os
from pathlib import Path

DEVSTACK_DIR = os.environ.get("DEVSTACK_DIR", "")
PLUGIN = Path(__file__).resolve().parents[3]

STAND_INS = r"""
    set -o errexit -o nounset -o pipefail
    HORIZON_DIR=$DEST/horizon
    declare -A STARTED
    function iniget {
        awk -v section="[$2]" -v option="$3" '
            /^\[/ { inside = $0 == section }
            inside && $0 ~ "^" option "[ \t]*=" { sub(/[^=]*=[ \t]*/, ""); found = found " " $0 }
            END { print substr(found, 2) }
        ' "$1"
    }
    function iniset {
        local file=$1 section=$2 option=$3 text
        shift 3
        text=$(printf "$option = %s\n" "$@") awk -v section="[$section]" -v option="$option" '
            inside && $0 ~ "^" option "[ \t]*=" { next }
            { print }
            /^\[/ { inside = $0 == section }
            $0 == section { print ENVIRON["text"]; put = 1 }
            END { if (!put) print "\n" section "\n" ENVIRON["text"] }
        ' "$file" >"$file.new"
        mv "$file.new" "$file"
    }
    function iniget_multiline { iniget "$@"; }
    function iniset_multiline { iniset "$@"; }
    function is_service_enabled {
        [[ ",$ENABLED_SERVICES," == *",$1,"* || ",$1,$ENABLED_SERVICES" == ,s-*,swift* ]]
    }
    function setup_package { echo "pip_install $2 $1"; }
    function setup_develop { grep -q name "$1/setup.cfg"; setup_package "$1" -e; }
    function async_runfunc { "$1" & STARTED[$1]=$!; }
    function async_wait {
        if [[ -n "${STARTED[$1]:-}" ]]; then
            wait "${STARTED[$1]}"
            unset "STARTED[$1]"
        fi
    }
    function echo_summary { echo "$1"; }
    function die { echo "line $1: $2" >&2; exit 1; }
    function define_plugin { :; }
    function run_phase { source {plugin}/devstack/plugin.sh "$@"; }
    source {plugin}/devstack/settings
"""

# What stack.sh and unstack.sh load before they call plugins, and with pip no further.
THEMSELVES = """
    TOP_DIR={devstack}
    source "$TOP_DIR/functions"
    source "$TOP_DIR/lib/horizon"
    REQUIREMENTS_DIR=$DEST/requirements
    function pip_install { echo "pip_install $*"; }
    set -o errexit
    DEVSTACK_PLUGINS=ipcontrol
    GITDIR[ipcontrol]={plugin}
    async_init
    load_plugin_settings
"""

SOURCES = {"stand-ins": STAND_INS} | ({"devstack": THEMSELVES} if DEVSTACK_DIR else {})

# As in stack.sh, and as bad as it can be: what it left in the background has read the file
# before the plugin does, and writes it when somebody waits for that at last.
WHILE_NEUTRON_IS_CONFIGURED = r"""
    function until_there { for _ in {1..500}; do [[ -e "$1" ]] && return; sleep 0.02; done; }
    function configure_neutron_nova {
        local found
        found=$(<"$NOVA_CONF")
        touch "$DEST/read"
        until_there "$DEST/awaited"
        printf "%s\n\n[neutron]\nregion_name = lab\n" "$found" >"$NOVA_CONF"
    }
    eval "_$(declare -f async_wait)"
    function async_wait { touch "$DEST/awaited"; _async_wait "$@"; }
    async_runfunc configure_neutron_nova
    until_there "$DEST/read"
    run_phase "$@"
    async_wait configure_neutron_nova
"""
ALONE = 'run_phase "$@"'


def shell(source, script=ALONE):
    """A script with the functions of one of the `SOURCES`, and the plugin's settings, at hand."""
    text = SOURCES[source] + script
    return text.replace("{plugin}", str(PLUGIN)).replace("{devstack}", DEVSTACK_DIR)
