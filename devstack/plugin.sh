# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
#
# DevStack calls this with the phase that it has reached; see devstack/settings.
# The files are changed before their services start, and a second time is like the first.

IPCONTROL_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# _ipcontrol_add_caller FILE SECTION - the filter that finds out who is really calling
function _ipcontrol_add_caller {
    iniset "$1" "$2" use "egg:ipcontrol-dashboard#client_address"
    iniset "$1" "$2" trusted_proxies "$IPCONTROL_TRUSTED_PROXIES"
}

# _ipcontrol_pipeline OURS PLACE PIPELINE - a pipeline with one of ours where it belongs
# PLACE is a command of sed, which finds each name between spaces.
function _ipcontrol_pipeline {
    echo $(echo " $3 " | sed -e "s/ $1 / /" -e "$2")
}

function configure_ipcontrol_swift {
    local conf=$SWIFT_CONF_DIR/proxy-server.conf
    local pipeline
    pipeline=$(iniget "$conf" pipeline:main pipeline)
    pipeline=$(_ipcontrol_pipeline client_address \
        "s/ gatekeeper / gatekeeper client_address /" "$pipeline")
    pipeline=$(_ipcontrol_pipeline ip_whitelist \
        "s/ proxy-server / ip_whitelist proxy-server /" "$pipeline")
    iniset "$conf" pipeline:main pipeline "$pipeline"
    _ipcontrol_add_caller "$conf" filter:client_address
    iniset "$conf" filter:ip_whitelist use "egg:ipcontrol-dashboard#ip_whitelist"
    iniset "$conf" filter:ip_whitelist mode "$IPCONTROL_MODE"
    iniset "$conf" filter:ip_whitelist unlisted "$IPCONTROL_UNLISTED"
}

function configure_ipcontrol_nova_api {
    local paste=${NOVA_API_PASTE_INI:-$NOVA_CONF_DIR/api-paste.ini}
    local composite pipeline
    for composite in v21 v21_legacy_v2_compatible; do
        composite=composite:openstack_compute_api_$composite
        pipeline=$(iniget "$paste" "$composite" keystone)
        pipeline=$(_ipcontrol_pipeline client_address \
            "s/ http_proxy_to_wsgi / client_address http_proxy_to_wsgi /" "$pipeline")
        iniset "$paste" "$composite" keystone "$pipeline"
    done
    _ipcontrol_add_caller "$paste" filter:client_address
}

function configure_ipcontrol_nova_scheduler {
    local module=ipcontrol.scheduler.ip_scheduler.SubnetHostGroupFilter
    local available enabled
    available=$(iniget_multiline "$NOVA_CONF" filter_scheduler available_filters)
    if [[ " $available " != *" $module "* ]]; then
        iniset_multiline "$NOVA_CONF" filter_scheduler available_filters \
            ${available:-nova.scheduler.filters.all_filters} $module
    fi
    enabled=$(iniget "$NOVA_CONF" filter_scheduler enabled_filters)
    if [[ -z "$enabled" ]]; then
        die $LINENO "There are no enabled_filters in $NOVA_CONF to put SubnetHostGroupFilter before."
    fi
    if [[ "$enabled" != *SubnetHostGroupFilter* ]]; then
        iniset "$NOVA_CONF" filter_scheduler enabled_filters "SubnetHostGroupFilter,$enabled"
    fi
}

function configure_ipcontrol_horizon {
    cp "$IPCONTROL_DIR"/enabled/_[0-9]*.py "$HORIZON_DIR/openstack_dashboard/local/enabled/"
}

function configure_ipcontrol {
    if is_service_enabled s-proxy; then
        configure_ipcontrol_swift
    fi
    if is_service_enabled n-api; then
        configure_ipcontrol_nova_api
    fi
    if is_service_enabled n-sch; then
        configure_ipcontrol_nova_scheduler
    fi
    if is_service_enabled horizon; then
        configure_ipcontrol_horizon
    fi
}

# Swift's and Nova's files are written anew by each stack.sh.
function cleanup_ipcontrol {
    local file
    for file in "$IPCONTROL_DIR"/enabled/_[0-9]*.py; do
        rm -f "$HORIZON_DIR/openstack_dashboard/local/enabled/$(basename "$file")"
    done
}

if [[ "$1" == "stack" && "$2" == "install" ]]; then
    echo_summary "Installing ipcontrol"
    setup_develop "$IPCONTROL_DIR"
elif [[ "$1" == "stack" && "$2" == "post-config" ]]; then
    echo_summary "Configuring ipcontrol"
    configure_ipcontrol
elif [[ "$1" == "clean" ]]; then
    cleanup_ipcontrol
fi
