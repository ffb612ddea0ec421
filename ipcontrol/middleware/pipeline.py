# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Where the two filters must stand in Swift's pipeline, checked as the proxy starts.

``ip_whitelist`` to the left of a filter that makes requests of its own (copy,
slo, dlo, symlink, versioned_writes, s3api, staticweb) does not see them, and
``client_address`` to the right of one does not put the caller into them. So a
proxy with another order must not start. The order is judged on the loaded
pipeline, for Swift adds filters that the configuration does not name.
"""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from swift.common.middleware.gatekeeper import GatekeeperMiddleware
from swift.common.wsgi import ConfigFileError, PipelineWrapper, loadcontext, loadwsgi

from ipcontrol.middleware import client_address


def check_last(app: object, conf: Mapping[str, str]) -> None:
    """Check that nothing stands between the whitelist and the proxy server.

    Args:
        app: what stands to the right of the whitelist.
        conf: the filter's configuration, with ``__name__`` and ``__file__``.

    Raises:
        ConfigFileError: with the pipeline line that would be right.
    """
    if getattr(app, "_pipeline_final_app", None) is not app:
        raise _misplaced("ip_whitelist must stand right before the proxy server", conf)


def check_caller(pipeline: Sequence[object], conf: Mapping[str, str]) -> None:
    """Check that the caller is resolved once, right behind gatekeeper.

    Args:
        pipeline: all filters as loaded, and the proxy server.
        conf: as in `check_last`.

    Raises:
        ConfigFileError: with the pipeline line that would be right.
    """
    places = [
        place
        for place, app in enumerate(pipeline)
        if isinstance(app, client_address.ClientAddress)
    ]
    if not places:
        raise _misplaced("client_address is missing", conf)
    before = pipeline[places[0] - 1] if places[0] else None
    if len(places) > 1 or not isinstance(before, GatekeeperMiddleware):
        raise _misplaced("client_address must stand once, right after gatekeeper", conf)


def _misplaced(reason: str, conf: Mapping[str, str]) -> ConfigFileError:
    place = conf.get("__file__", "the proxy server's configuration")
    line = _right_line(conf)
    if line:
        advice = f"write there, with a section for each filter that has none:\n{line}"
    else:
        advice = "see ipcontrol.middleware.ip_whitelist"
    return ConfigFileError(f"Wrong pipeline in {place}: {reason}; {advice}")


def _right_line(conf: Mapping[str, str]) -> str:
    """The configured pipeline with both filters in their places; empty if there is none."""
    try:
        context = loadcontext(loadwsgi.APP, conf["__file__"])
        filters, app = context.filter_contexts, context.app_context
    except (AttributeError, KeyError, LookupError, OSError):
        return ""
    whitelist = conf.get("__name__", "ip_whitelist")
    caller = next((each.name for each in filters if _is_caller(each)), "client_address")
    context.filter_contexts = [each for each in filters if each.name not in (caller, whitelist)]
    configured = [each.name for each in context.filter_contexts]
    before, behind = _around_caller(context, configured)
    return f"pipeline = {' '.join([*before, caller, *behind, whitelist, app.name])}"


def _is_caller(context: Any) -> bool:
    return context.object is client_address.filter_factory


def _around_caller(context: Any, configured: Sequence[str]) -> tuple[list[str], list[str]]:
    """The names to write before client_address and behind it.

    Swift adds the filters that are not configured behind the last of some that
    are. What it would so add right behind gatekeeper, before client_address, has
    to be written out.
    """
    context.app_context.create().modify_wsgi_pipeline(PipelineWrapper(context))
    all_filters = [(each.name, each.entry_point_name) for each in context.filter_contexts]
    place = [entry_point for _, entry_point in all_filters].index("gatekeeper") + 1
    before = [name for name, _ in all_filters[:place] if name in configured]
    behind = [name for name, _ in all_filters[place:]]
    added = list(takewhile(lambda name: name not in configured, behind))
    return before, added + [name for name in behind if name in configured]
