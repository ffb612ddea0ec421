# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Where the releases of OpenStack differ in what the embedded cloud does with them.

All other modules are written for the newest release and call the functions here. Each part below
is headed by the last release that needs it, and goes when constraints/ has no file for that
release any more.
"""

from importlib import metadata


def major(project: str) -> int:
    """The first number of an installed project's version."""
    return int(metadata.version(project).partition(".")[0])


# --- 2025.2: Nova 32 runs under eventlet alone, its computes listen to one topic, and its API's
#     application has one name.


def choose_nova_threads() -> None:
    """Have Nova use threads, and not eventlet; call it before Nova is imported."""
    from nova import monkey_patch

    if major("nova") >= 33:
        monkey_patch.patch(backend="threading")
    # --- 2025.1: importing the module has done it.
    elif major("nova") == 32:
        monkey_patch.patch()


def compute_topics() -> dict[str, str]:
    """What a nova-compute listens to, as arguments of its service."""
    from nova.compute import rpcapi

    if major("nova") >= 33:
        return {"topic": rpcapi.RPC_TOPIC, "topic_alt": rpcapi.RPC_TOPIC_ALT}
    return {"topic": rpcapi.RPC_TOPIC}


def nova_application():
    """The WSGI application of Nova's API."""
    from nova.api.openstack import wsgi_app

    # The configuration has been read; a second time is refused.
    wsgi_app.init_global_data = lambda *args: None
    names = ("osapi_compute", "nova-api") if major("nova") >= 33 else ("osapi_compute",)
    return wsgi_app.init_application(*names)


# --- 2026.1: Nova 33 has no thread pools of its own.


def keep_nova_thread_pools() -> None:
    """Keep a daemon that stops from closing the process's pools: here others still need them."""
    if major("nova") >= 34:
        from nova import thread_pool_factory

        thread_pool_factory.shutdown_all_executors = lambda *args, **options: None
