# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Admit requests to Swift by the caller's address, as a container's owner says.

An owner says it in metadata of the container, or of the account for all its
containers, with any number of items::

    swift post docs --meta allow-lab:"192.0.2.0/24, 2001:db8:1::/48"
    swift post docs --meta allow-partner:"198.51.100.7; read-only; until=2026-12-31T18:00Z"
    swift post docs --meta whitelist-trial:2026-12-31T18:00Z

By the last one the list is only tried out until then: what it would refuse is logged and counted
(``ip_whitelist.trial.refused``), and what would rule without it rules; with ``true`` until the
item is removed.

The lists that rule are the container's own; where it has no item, those of the
container that it serves (``docs_segments``, ``docs+segments`` and the old
versions of ``docs`` belong to ``docs``); where that has none, the account's;
where that has none, ``unlisted``. Requests to the account itself are ruled by
the account's list, then ``unlisted``.

Install both filters in ``/etc/swift/proxy-server.conf``, and keep your own
filters between them; with another order the proxy does not start and prints the
line that would be right. ::

    [pipeline:main]
    pipeline = catch_errors gatekeeper client_address healthcheck proxy-logging cache
        listing_formats container_sync bulk tempurl ratelimit tempauth copy
        container-quotas account-quotas slo dlo versioned_writes symlink proxy-logging
        ip_whitelist proxy-server

    [filter:client_address]
    use = egg:ipcontrol-dashboard#client_address
    trusted_proxies = 192.0.2.10

    [filter:ip_whitelist]
    use = egg:ipcontrol-dashboard#ip_whitelist
    unlisted = deny
    always_allow = 203.0.113.0/24
    admit_local = true
    mode = enforce
    networks_file = /etc/swift/ipcontrol-networks.json
    callers = all

`ipcontrol.networks_file` shows such a file of names for everybody's networks.
`ipcontrol.middleware.settings` has all options, with their defaults and what they mean.

What it answers, each with a line in the log at INFO and a statsd counter
(``ip_whitelist.refused``, ``.unavailable``, ``.malformed``, ``.lockout``; with
``audit.`` before the last word in audit mode):

* 403: the address is not admitted. Who could not do it from anywhere gets the
  answer of the authorization instead, so that names do not leak.
* 503: the metadata could not be read.
* 400: an item in the request is malformed, or HTTP does not allow the name of its
  metadata; the name and what to write instead.
* 409: after this change the sender could no longer change it back. With
  ``X-Confirm-Lockout: true`` it is done nevertheless.

Each of them carries ``X-Ip-Whitelist: refused`` (``unavailable``, ``malformed``,
``lockout``), by which a client tells it from an answer of Swift's own.

A container that does not exist may be created from where the items that the
request brings admit its sender, even where account and ``unlisted`` do not. But
a container that serves it, was there before it and has no items must not come
under another list by that: where there is one, only who is admitted to that one
too creates the other.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from swift.common import constraints
from swift.common.constraints import check_metadata
from swift.common.registry import register_swift_info
from swift.common.swob import (
    HTTPBadRequest,
    HTTPConflict,
    HTTPForbidden,
    HTTPNotFound,
    HTTPPreconditionFailed,
    HTTPServiceUnavailable,
    Request,
    Response,
    wsgi_quote,
)
from swift.common.utils import get_logger, whataremyips
from swift.common.wsgi import ConfigFileError, WSGIContext

from ipcontrol import __version__, callers, history
from ipcontrol.access import SAFE_METHODS
from ipcontrol.addresses import Address, address_or_none
from ipcontrol.callers import Recorded
from ipcontrol.contract import (
    INFO_SECTION,
    VERDICT_HEADER,
    Enforcement,
    Limits,
    Mode,
    PublishedNames,
    Verdict,
)
from ipcontrol.middleware import pipeline
from ipcontrol.middleware.absence import REACHING
from ipcontrol.middleware.authorization import Authorization
from ipcontrol.middleware.caller_records import CallerRecords
from ipcontrol.middleware.client_address import CARRIER, INFOCACHE, App, Environ
from ipcontrol.middleware.deletion_queue import UnreadableQueueError, read_deletions
from ipcontrol.middleware.judge import Judge, Refusal, reason
from ipcontrol.middleware.list_history import record_change
from ipcontrol.middleware.look_ups import LookUps
from ipcontrol.middleware.metadata import InfoUnavailableError, renew
from ipcontrol.middleware.operation import Operation, read_resource
from ipcontrol.middleware.operator_names import OperatorNames
from ipcontrol.middleware.options import OptionError
from ipcontrol.middleware.questions import asked, tell
from ipcontrol.middleware.settings import WhitelistSettings
from ipcontrol.named_networks import Names

# Seconds until a client of an unavailable container should ask again.
RETRY_AFTER = 10
# What the proxy server answers before it asks a storage server for anything: authorization,
# a method that is switched off, a bad path.
_NOTHING_CHANGED = frozenset({401, 403, 405, 412})

# Of requests that a list would have refused if it were not only tried out.
TRIAL_COUNTER = f"trial.{Verdict.REFUSED}"

_STATUS = {
    Verdict.REFUSED: HTTPForbidden,
    Verdict.MALFORMED: HTTPBadRequest,
    Verdict.LOCKOUT: HTTPConflict,
    Verdict.UNAVAILABLE: HTTPServiceUnavailable,
}
_UNAVAILABLE = Refusal(
    Verdict.UNAVAILABLE,
    "no metadata",
    "Whether you may pass cannot be decided now: the list could not be read. Try again.",
)
_UNTOLD = {
    callers.QUESTION: Refusal(
        Verdict.UNAVAILABLE,
        "no callers",
        "Who called cannot be told now: a server that Swift asks for it does not answer. "
        "Try again.",
    ),
    history.QUESTION: Refusal(
        Verdict.UNAVAILABLE,
        "no history",
        "Who changed the list cannot be told now: a server that Swift asks for it does not "
        "answer. Try again.",
    ),
}


class IpWhitelist:
    """Passes on what the lists admit.

    Args:
        app: the proxy server.
        conf: the global and the filter's own configuration.
        settings: the filter's options.

    Raises:
        ConfigFileError: something stands between the filter and the proxy server.
    """

    def __init__(self, app: App, conf: dict[str, str], settings: WhitelistSettings) -> None:
        pipeline.check_last(app, conf)
        self.app = app
        self.logger = get_logger(conf, log_route="ip_whitelist", statsd_tail_prefix="ip_whitelist")
        self._conf = conf
        self._settings = settings
        self._enforcing = settings.mode is Mode.ENFORCE
        local = local_addresses() if settings.admit_local else frozenset()
        self._judge = Judge(settings.policy, local)
        self._loaded: Sequence[object] = ()
        self._look_ups = LookUps(app)
        publish = partial(_register, app, settings)
        self._names = OperatorNames(settings.networks_file, self.logger, publish)
        self._names.start()
        self._records = CallerRecords(settings.callers, settings.callers_days, self.logger)
        # Whether something is recorded of requests that are passed on.
        self._watched = settings.callers is Recorded.ALL or (
            settings.callers is Recorded.REFUSED and not self._enforcing
        )
        self._logging_app: Any = None

    @property
    def _pipeline(self) -> Sequence[object]:
        """What Swift's ``loadapp`` assigns to each filter once all are made."""
        return self._loaded

    @_pipeline.setter
    def _pipeline(self, loaded: Sequence[object]) -> None:
        pipeline.check_caller(loaded, self._conf)
        self._loaded = loaded

    @property
    def _pipeline_request_logging_app(self) -> Any:
        """What ``loadapp`` assigns: a proxy-logging that only Swift's own look-ups pass."""
        return self._logging_app

    @_pipeline_request_logging_app.setter
    def _pipeline_request_logging_app(self, logging_app: Any) -> None:
        self._logging_app = logging_app
        # Without a proxy-logging in the pipeline it is the proxy server itself.
        if logging_app is not self.app:
            logging_app.app = self._look_ups

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Judge a request; pass it on, or answer it."""
        operations: list[Operation] = []
        try:
            operations = self._operations(environ)
            answer = self._first_answer(operations)
        except UnicodeError:
            # As the proxy server answers names that are not UTF-8.
            answer = HTTPPreconditionFailed(
                request=Request(environ), body="Invalid UTF8 or contains NULL"
            )
        except UnreadableQueueError:
            self.logger.error("ip_whitelist cannot read what a queue of deletions is to delete")
            answer = self._response(Request(environ), _UNAVAILABLE) if self._enforcing else None
        question = asked(environ, operations)
        if answer is None and question is not None:
            told = tell(question, operations[0], self._records)
            answer = told or self._response(Request(environ), _UNTOLD[question])
        if answer is not None:
            return answer(environ, start_response)
        if not self._watched:
            return self._pass_on(environ, start_response, operations)
        places = [operation.place() for operation in operations]
        with Authorization(environ) as authorization:
            passed_on = self._pass_on(environ, start_response, operations)
        if authorization.passed:
            for operation, place in zip(operations, places, strict=True):
                self._records.record(operation, place)
        return passed_on

    def _pass_on(
        self, environ: Environ, start_response: Callable[..., Any], operations: list[Operation]
    ) -> Iterable[bytes]:
        changed = [operation for operation in operations if not operation.resource.object]
        if not changed:
            return self.app(environ, start_response)
        if environ["REQUEST_METHOD"] in SAFE_METHODS:
            return self._look_ups(environ, start_response)
        return self._pass_on_change(environ, start_response, changed)

    def _operations(self, environ: Environ) -> list[Operation]:
        """What a request does, to be judged; more than one thing where it queues deletions."""
        renew(environ)
        resources = read_deletions(environ)
        if resources is not None:
            environ = {**environ, "REQUEST_METHOD": "DELETE"}
        elif _is_question_of_s3api(environ):
            resources = []
        else:
            resource = read_resource(environ)
            resources = [] if resource is None else [resource]
        caller = _caller(environ)
        lists = self._names.lists
        return [Operation(environ, self.app, each, caller, lists) for each in resources]

    def _pass_on_change(
        self, environ: Environ, start_response: Callable[..., Any], operations: list[Operation]
    ) -> Iterable[bytes]:
        context = _Change(self.app)
        try:
            answer = context.pass_on(environ)
        finally:
            # Swift clears its cache before the backend has the new metadata, so
            # that a request in between caches the old ones.
            if context.status not in _NOTHING_CHANGED:
                for operation in operations:
                    operation.end_change()
        context.start(start_response)
        return answer

    def _first_answer(self, operations: list[Operation]) -> Response | App | None:
        for operation in operations:
            answer = self._answer(operation)
            if answer is not None:
                return answer
        return None

    def _answer(self, operation: Operation) -> Response | App | None:
        if operation.may_change_list:
            # First of all: who may not do it from anywhere makes nothing be read or looked up.
            kind = operation.resource.kind
            answer = operation.denial() or check_metadata(operation.request(), kind)
            if answer is not None:
                return answer if self._enforcing else None
        try:
            refusal = self._judge.refusal(operation)
        except InfoUnavailableError:
            refusal = _UNAVAILABLE
        stopped = None if refusal is None else self._stop(operation, refusal)
        if refusal is None:
            self._report_trial(operation)
        if stopped is None and operation.may_change_list:
            record_change(operation, self.logger)
        return stopped

    def _stop(self, operation: Operation, refusal: Refusal) -> Response | App | None:
        if refusal.verdict is not Verdict.ABSENT:
            self._report(operation, refusal)
        if not self._enforcing:
            return None
        if operation.method not in REACHING:
            return self._unreached(operation)
        # Of a hidden one the authorization has been asked already.
        denial = None if refusal.hidden else operation.denial()
        if denial is None and not operation.admitted:
            self._records.record(operation, operation.place())
        if refusal.hidden:
            return operation.as_absent(HTTPNotFound(request=operation.request()))
        return denial or self._response(operation.request(), refusal)

    def _unreached(self, operation: Operation) -> App:
        """What the proxy server answers where there is no container."""
        environ = operation.without_container().environ
        return lambda _, start_response: self.app(environ, start_response)

    def _response(self, request: Request, refusal: Refusal) -> Response:
        if refusal.verdict is Verdict.ABSENT:
            return HTTPNotFound(request=request)
        text = refusal.advice or self._settings.deny_message
        response = _STATUS[refusal.verdict](
            request=request, body=text.encode("utf-8", "replace"), content_type="text/plain"
        )
        response.headers[VERDICT_HEADER] = str(refusal.verdict)
        if refusal.verdict is Verdict.UNAVAILABLE:
            response.headers["Retry-After"] = str(RETRY_AFTER)
        return response

    def _report(self, operation: Operation, refusal: Refusal) -> None:
        self.logger.increment(("" if self._enforcing else "audit.") + refusal.verdict)
        outcome = "stopped" if self._enforcing else "would have stopped"
        self._log(outcome, operation, f"{refusal.verdict}: {refusal.why}")

    def _report_trial(self, operation: Operation) -> None:
        """Tell what a list that is tried out would have refused."""
        trial = operation.decision and operation.decision.trial
        if trial is not None and not trial.allowed:
            self.logger.increment(TRIAL_COUNTER)
            self._log("on trial would have stopped", operation, f"refused: {reason(trial)}")

    def _log(self, outcome: str, operation: Operation, why: str) -> None:
        self.logger.info(
            "ip_whitelist %s %s %s from %s: %s (txn: %s)",
            outcome,
            wsgi_quote(operation.method),
            operation.resource,
            operation.address or "an unknown address",
            why,
            operation.environ.get("swift.trans_id", "-"),
        )


class _Change(WSGIContext):
    """A request that may change something, passed on so that its outcome is known."""

    status = 0

    def pass_on(self, environ: Environ) -> Iterable[bytes]:
        """Call the application, as far as its status."""
        answer: Iterable[bytes] = self._app_call(environ)
        self.status = self._get_status_int()
        return answer

    def start(self, start_response: Callable[..., Any]) -> None:
        """Start the answer as the application did."""
        start_response(self._response_status, self._response_headers, self._response_exc_info)


def local_addresses() -> frozenset[Address]:
    """The addresses of this machine's interfaces that a caller can have."""
    return frozenset(filter(None, map(address_or_none, whataremyips())))


def _caller(environ: Environ) -> Address | None:
    """What `client_address` found; a request that did not pass through it has no caller."""
    caller: Address | None = environ.get(INFOCACHE, {}).get(CARRIER)
    return caller


def _is_question_of_s3api(environ: Environ) -> bool:
    """Whether s3api only asks the authentication who the caller is.

    The proxy server answers 405, which s3api does not look at; a refusal would
    count for nothing but in the log.
    """
    return environ["REQUEST_METHOD"] == "TEST" and environ.get("swift.source") == "S3"


def filter_factory(global_conf: dict[str, str], **local_conf: str) -> Callable[[App], IpWhitelist]:
    """Make the filter, for paste.deploy.

    Raises:
        ConfigFileError: an option cannot be used; Swift prints its text and stops.
    """
    conf = {**global_conf, **local_conf}
    try:
        settings = WhitelistSettings.read(local_conf, global_conf)
    except OptionError as error:
        raise ConfigFileError(str(error)) from error

    def make(app: App) -> IpWhitelist:
        return IpWhitelist(app, conf, settings)

    return make


def _register(app: App, settings: WhitelistSettings, names: Names) -> None:
    """Tell clients, in ``/info``, what is enforced, how long a list may be, and the names."""
    published = PublishedNames.of(names, settings.publish_networks)
    enforcement = Enforcement(
        mode=settings.mode,
        policy=settings.policy,
        always_allow_known=settings.publish_always_allow,
        admit_local=settings.admit_local,
        limits=Limits(
            count=constraints.MAX_META_COUNT,
            overall=constraints.MAX_META_OVERALL_SIZE,
            name=constraints.MAX_META_NAME_LENGTH,
            value=constraints.MAX_META_VALUE_LENGTH,
        ),
        staleness=getattr(app, "recheck_container_existence", 60),
        version=__version__,
        names=published if settings.networks_file else None,
        trials=True,
        history=True,
        callers=settings.callers,
    )
    register_swift_info(INFO_SECTION, **enforcement.as_info())
