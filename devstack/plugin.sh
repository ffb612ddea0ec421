# shellcheck shell=bash disable=SC2154
# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
#
# DevStack calls this with the phase that it has reached; see devstack/settings.
# The files are changed before their services start, and a second time is like the first.

IPCONTROL_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Like the enabled file, so that it is found by its name.
IPCONTROL_HORIZON_SETTINGS=_1905_ipcontrol.py

# _ipcontrol_add_caller FILE SECTION - the filter that finds out who is really calling
function _ipcontrol_add_caller {
    iniset "$1" "$2" use "egg:ipcontrol-dashboard#client_address"
    iniset "$1" "$2" trusted_proxies "$IPCONTROL_TRUSTED_PROXIES"
}

# _ipcontrol_pipeline FILTER NEIGHBOUR BOTH PIPELINE - a pipeline with a filter beside another
# BOTH is how the two stand.
function _ipcontrol_pipeline {
    local pipeline=" $4 "
    pipeline=${pipeline/ $1 / }
    if [[ "$pipeline" != *" $2 "* ]]; then
        die $LINENO "There is no $2 to put $1 beside in the pipeline: $4"
    fi
    pipeline=${pipeline/ $2 / $3 }
    pipeline=${pipeline# }
    echo "${pipeline% }"
}

function configure_ipcontrol_swift {
    local conf=$SWIFT_CONF_DIR/proxy-server.conf
    local pipeline
    pipeline=$(iniget "$conf" pipeline:main pipeline)
    pipeline=$(_ipcontrol_pipeline client_address \
        gatekeeper "gatekeeper client_address" "$pipeline")
    pipeline=$(_ipcontrol_pipeline ip_whitelist \
        proxy-server "ip_whitelist proxy-server" "$pipeline")
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
            http_proxy_to_wsgi "client_address http_proxy_to_wsgi" "$pipeline")
        iniset "$paste" "$composite" keystone "$pipeline"
    done
    _ipcontrol_add_caller "$paste" filter:client_address
}

function configure_ipcontrol_nova_scheduler {
    local module=ipcontrol.scheduler.ip_scheduler.SubnetHostGroupFilter
    local available enabled
    # stack.sh has left this in the background, and it writes the same file.
    async_wait configure_neutron_nova
    read -ra available <<<"$(iniget_multiline "$NOVA_CONF" filter_scheduler available_filters)"
    if [[ " ${available[*]} " != *" $module "* ]]; then
        iniset_multiline "$NOVA_CONF" filter_scheduler available_filters \
            "${available[@]:-nova.scheduler.filters.all_filters}" $module
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
    local folder=$HORIZON_DIR/openstack_dashboard/local
    local proxies quoted
    cp "$IPCONTROL_DIR"/enabled/_[0-9]*.py "$folder/enabled/"
    # The TLS proxy stands before Horizon too: unnamed, it would be everybody's address, which
    # Swift's proxy admits as its own. What HORIZON_SETTINGS says already stands.
    read -ra proxies <<<"${IPCONTROL_TRUSTED_PROXIES//,/ }"
    printf -v quoted '"%s", ' "${proxies[@]}"
    cat >"$folder/local_settings.d/$IPCONTROL_HORIZON_SETTINGS" <<EOP
IPCONTROL = {"TRUSTED_PROXIES": [${quoted%, }], **globals().get("IPCONTROL", {})}
EOP
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

# Horizon's folder outlives an unstack, and its files would load what the next stack.sh may not
# install. Swift's and Nova's files are written anew by each stack.sh.
function cleanup_ipcontrol {
    local folder=$HORIZON_DIR/openstack_dashboard/local
    local file
    rm -f "$folder/local_settings.d/$IPCONTROL_HORIZON_SETTINGS"
    for file in "$IPCONTROL_DIR"/enabled/_[0-9]*.py; do
        rm -f "$folder/enabled/$(basename "$file")"
    done
}

if [[ "$1" == "stack" && "$2" == "install" ]]; then
    echo_summary "Installing ipcontrol"
    # Not setup_develop, which asks setup.cfg for the name and dies where there is none.
    setup_package "$IPCONTROL_DIR" -e
elif [[ "$1" == "stack" && "$2" == "post-config" ]]; then
    echo_summary "Configuring ipcontrol"
    configure_ipcontrol
elif [[ "$1" == "unstack" || "$1" == "clean" ]]; then
    cleanup_ipcontrol
fi
