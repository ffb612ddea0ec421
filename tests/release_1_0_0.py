# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What the documentation of 1.0.0 told operators to write, word for word.

Their files still say it when they install a newer version. So none of it may lose its meaning:
change nothing here.
"""

# The last commit of 1.0.0, for what its own code has to write.
COMMIT = "135bd8ef4fa65beeac2a066dd279b708cccf9cc4"

PROXY_SERVER_CONF = """\
[pipeline:main]
pipeline = catch_errors gatekeeper client_address healthcheck proxy-logging cache listing_formats \
container_sync bulk tempurl ratelimit tempauth copy container-quotas account-quotas slo dlo \
versioned_writes symlink proxy-logging ip_whitelist proxy-server

[filter:client_address]
use = egg:ipcontrol-dashboard#client_address
trusted_proxies = 192.0.2.10

[filter:ip_whitelist]
use = egg:ipcontrol-dashboard#ip_whitelist
mode = audit
"""

# The options of the filters as its tables had them: each with its default.
CLIENT_ADDRESS_OPTIONS = {"trusted_proxies": "", "header": "X-Forwarded-For"}
IP_WHITELIST_OPTIONS = {
    "unlisted": "deny",
    "always_allow": "",
    "admit_local": "true",
    "deny_message": "You shall not pass!",
    "mode": "enforce",
    "publish_always_allow": "false",
}

NOVA_CONF = """\
[filter_scheduler]
available_filters = nova.scheduler.filters.all_filters
available_filters = ipcontrol.scheduler.ip_scheduler.SubnetHostGroupFilter
enabled_filters = SubnetHostGroupFilter,ComputeFilter,ComputeCapabilitiesFilter,\
ImagePropertiesFilter,ServerGroupAntiAffinityFilter,ServerGroupAffinityFilter
weight_classes = nova.scheduler.weights.all_weighers,\
ipcontrol.scheduler.ip_scheduler.SameHostOnResizeWeigher

[ipcontrol]
unmapped = any
"""
NOVA_OPTIONS = {
    "unmapped": "any",
    "refresh_interval": 10,
    "require_aggregates": False,
    "random_weight_multiplier": 1.0,
    "resize_same_host_weight_multiplier": 1000.0,
}
# What it said besides of weight_classes.
RANDOM_WEIGHER = "ipcontrol.scheduler.ip_scheduler.RandomHostWeigher"

API_PASTE_INI = """\
[composite:openstack_compute_api_v21]
use = call:nova.api.auth:pipeline_factory_v21
keystone = cors client_address http_proxy_to_wsgi compute_req_id faultwrap request_log sizelimit \
osprofiler authtoken keystonecontext osapi_compute_app_v21

[composite:openstack_compute_api_v21_legacy_v2_compatible]
use = call:nova.api.auth:pipeline_factory_v21
keystone = cors client_address http_proxy_to_wsgi compute_req_id faultwrap request_log sizelimit \
osprofiler authtoken keystonecontext legacy_v2_compatible osapi_compute_app_v21

[filter:client_address]
use = egg:ipcontrol-dashboard#client_address
trusted_proxies = 127.0.0.1, ::1
header = X-Forwarded-For
"""

# In Horizon's local_settings.py, with all keys that the table had.
IPCONTROL = {
    "TRUSTED_PROXIES": ["192.0.2.10", "2001:db8::10"],
    "CLIENT_HEADER": "X-Forwarded-For",
    "FORWARD_HEADER": "X-Forwarded-For",
    "UNMAPPED": "any",
    "COUNTED_HOSTS": 300,
}

# The files that were copied into Horizon, without their comments.
ENABLED = {
    "_1905_ipcontrol.py": """\
FEATURE = "ipcontrol"
ADD_INSTALLED_APPS = ["ipcontrol_dashboard"]
ADD_ANGULAR_MODULES = ["ipcontrol.refusals"]
ADD_JS_FILES = ["ipcontrol_dashboard/refusals.js"]
""",
    "_1925_project_ip_whitelist_panel.py": """\
PANEL = "ip_whitelist"
PANEL_DASHBOARD = "project"
PANEL_GROUP = "object_store"
ADD_PANEL = "ipcontrol_dashboard.whitelist.panel.IPWhitelist"
ADD_SCSS_FILES = ["ipcontrol_dashboard/whitelist.scss"]
""",
    "_2135_admin_host_groups_panel.py": """\
PANEL = "host_groups"
PANEL_DASHBOARD = "admin"
PANEL_GROUP = "compute"
ADD_PANEL = "ipcontrol_dashboard.host_groups.panel.HostGroups"
ADD_SCSS_FILES = ["ipcontrol_dashboard/host_groups.scss"]
""",
}
