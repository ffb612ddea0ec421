# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The verdict on one request: let it pass, or why not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import quote

from swift.common import constraints
from swift.common.swob import wsgi_quote, wsgi_to_str

from ipcontrol.access import AccessPolicy, Decision, Reason, Source, Unlisted, Whitelist
from ipcontrol.addresses import Address
from ipcontrol.contract import CONFIRM_LOCKOUT_HEADER, Verdict
from ipcontrol.middleware.list_changes import lines, mistakes
from ipcontrol.middleware.operation import Lists, Operation
from ipcontrol.trial import NEVER


@dataclass(frozen=True, slots=True)
class Refusal:
    """A verdict against a request.

    Attributes:
        verdict: which.
        why: for the operator's log.
        advice: what the sender should do; empty where there is nothing to say.
        hidden: whether it is to look as if there were no container.
    """

    verdict: Verdict
    why: str
    advice: str = ""
    hidden: bool = False


class Judge:
    """Applies the lists to requests.

    Args:
        policy: the operator's.
        local: the proxy's own addresses, admitted like ``policy.always_allow``.
    """

    def __init__(self, policy: AccessPolicy, local: frozenset[Address] = frozenset()) -> None:
        self._policy = policy
        # What Swift keeps for itself has no owner who could make a list.
        self._internal_policy = replace(policy, unlisted=Unlisted.DENY)
        self._local = local

    def refusal(self, operation: Operation) -> Refusal | None:
        """Judge a request.

        Args:
            operation: the request.

        Returns:
            None for a request to be passed on.

        Raises:
            InfoUnavailableError: the metadata that rule cannot be read.
        """
        if operation.may_change_list:
            # What is wrong with the request itself comes first: it is the same whatever is stored.
            malformed = _malformed(operation)
            if malformed is not None:
                return malformed
        decision = operation.decision = self._decision(operation)
        if not decision.allowed:
            return self._refused(operation, decision)
        if operation.may_change_list and (operation.changes or operation.may_create):
            return self._refused_change(operation)
        if operation.method != "OPTIONS" and decision.reason is not Reason.ALWAYS_ALLOWED:
            return self._refused_orphan(operation)
        return None

    def _refused(self, operation: Operation, decision: Decision) -> Refusal:
        return Refusal(Verdict.REFUSED, reason(decision), hidden=self._is_hidden(operation))

    def _is_hidden(self, operation: Operation) -> bool:
        """Whether Swift would say 404 to this request if there were no container.

        So it is where the items of a POST would admit its sender to a new one: it is
        passed on, for clients then go on to PUT. Who may not list the account must not
        learn by it which containers exist.
        """
        if (
            operation.method != "POST"
            or operation.resource.kind != "container"
            or not operation.changes
        ):
            return False
        if self._decide(operation, "GET", operation.account_list()).allowed:
            return False
        return self._decide(operation, "POST", operation.lists(operation.brought_list())).allowed

    def _refused_change(self, operation: Operation) -> Refusal | None:
        # Another proxy may have changed a list less than a minute ago, and a replica may
        # have missed it. Nobody may use the old one to let himself in for longer.
        operation.read_newest()
        decision = operation.decision = self._decision(operation)
        if not decision.allowed:
            return self._refused(operation, decision)
        return (
            _undefined(operation)
            or self._refused_creation(operation, decision)
            or self._locked_out(operation)
        )

    def _refused_creation(self, operation: Operation, decision: Decision) -> Refusal | None:
        """Stop who would, by making a container, change who reaches another one.

        One that serves it and was there before is ruled by the account's list and the
        policy; so is what serves that one in turn, down to the next list. All of them
        would come under whatever is to rule the new one.
        """
        ruled_alike = decision.source not in (Source.CONTAINER, Source.BASE_CONTAINER)
        if operation.method != "PUT" or ruled_alike or not operation.creates_container():
            return None
        at = datetime.now(UTC)
        other = operation.would_rule(at)
        if other is None:
            return None
        why = f"{wsgi_quote(other)} would come under another list"
        if not self._decide(operation, operation.method, operation.account_list()).allowed:
            return Refusal(Verdict.REFUSED, why)
        if operation.brought_list().rules(at):
            return None
        advice = (
            f'This would put the container "{_shown(other)}" under the list of another one. '
            "Give that container, or the new one, entries of its own."
        )
        return Refusal(Verdict.REFUSED, why, advice)

    def _refused_orphan(self, operation: Operation) -> Refusal | None:
        """Stop a request for an object without a container.

        Swift serves an object that a deleted container or account left behind;
        the list that ruled it is gone, and what rules its absence is no answer.
        """
        if not operation.resource.object or operation.own().exists:
            return None
        if operation.denial() is not None:
            return Refusal(Verdict.ABSENT, "no such container")
        # That the container is absent may be cached from before it was made.
        operation.forget()
        if not operation.own().exists:
            return Refusal(Verdict.ABSENT, "no such container")
        return self.refusal(operation)

    def _decision(self, operation: Operation) -> Decision:
        decision = self._decide(operation, operation.method, operation.lists())
        if decision.allowed or decision.source is Source.BASE_CONTAINER or not operation.changes:
            return decision
        if operation.creates_container():
            # A POST here fails, for there is nothing yet; clients then go on to PUT.
            return self._decide(
                operation, operation.method, operation.lists(operation.brought_list())
            )
        return decision

    def _locked_out(self, operation: Operation) -> Refusal | None:
        if not operation.changes or operation.confirms_lockout:
            return None
        changed = operation.changed_list()
        for at in _moments(changed):
            decision = self._decide(operation, "POST", operation.lists(changed), at)
            if not decision.allowed:
                return _lockout(operation, decision, at if at == changed.trial else None)
        return None

    def _decide(
        self, operation: Operation, method: str, lists: Lists, at: datetime | None = None
    ) -> Decision:
        # To hash an address takes longer than to see that there is none to compare it with.
        if self._local and operation.address in self._local:
            return Decision(True, Reason.ALWAYS_ALLOWED, source=Source.OPERATOR)
        internal = operation.resource.account.startswith(constraints.AUTO_CREATE_ACCOUNT_PREFIX)
        policy = self._internal_policy if internal else self._policy
        return policy.decide(operation.address, method, at or datetime.now(UTC), lists)


def _moments(changed: Whitelist) -> Iterator[datetime]:
    """Now, and when a list that is tried out comes into force by itself."""
    now = datetime.now(UTC)
    yield now
    if changed.trial is not None and now < changed.trial < NEVER and changed.restricts:
        yield changed.trial


def _lockout(operation: Operation, decision: Decision, trial: datetime | None) -> Refusal:
    moment = (
        f"When the trial ends, at {trial:%Y-%m-%dT%H:%M:%SZ}" if trial else "After this change"
    )
    advice = (
        f"{moment}, {operation.address} could no longer change the list back. "
        f'Send it again with the header "{CONFIRM_LOCKOUT_HEADER}: true" if that is meant.'
    )
    why = "when the trial ends" if trial else "after the change"
    return Refusal(Verdict.LOCKOUT, f"{why}: {reason(decision)}", advice)


def _shown(name: str) -> str:
    return str(wsgi_to_str(name)).replace("\0", "\N{SYMBOL FOR NULL}")


def _malformed(operation: Operation) -> Refusal | None:
    if not operation.metadata_changes:
        return None
    text = mistakes(operation.metadata_changes, operation.resource.kind)
    return Refusal(Verdict.MALFORMED, "malformed metadata", text) if text else None


def _undefined(operation: Operation) -> Refusal | None:
    """Stop items that refer to names which are not defined, or not in a readable way.

    All else that is wrong with them has been told already, to whoever is authorized; this
    tells of the account's metadata, and so only to whom the lists admit.
    """
    if not operation.changes:
        return None
    mistaken = {
        item.name: str(item.error)
        for item in operation.changed_list().errors
        if item.name in operation.changes
    }
    if not mistaken:
        return None
    text = lines(mistaken, operation.resource.kind)
    return Refusal(Verdict.MALFORMED, "names that are not defined", text)


def reason(decision: Decision) -> str:
    """A decision for the operator's log."""
    # Swift has stored names with line ends and with bytes that are no UTF-8.
    entry = f" by {quote(decision.entry.name, errors='surrogateescape')}" if decision.entry else ""
    source = f" ({decision.source} list)" if decision.source not in (None, Source.OPERATOR) else ""
    return f"{decision.reason}{entry}{source}"
