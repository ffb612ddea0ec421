# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Copies entries to other containers, each of which is a write of its own."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from urllib.parse import quote, unquote

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from horizon import messages

from ipcontrol.containers import governing_containers
from ipcontrol.entries import Entry, InvalidItem
from ipcontrol.metadata_names import is_token
from ipcontrol_dashboard.api import swift
from ipcontrol_dashboard.kit import service_errors
from ipcontrol_dashboard.kit.fields import LimitedCharField, LimitedChoiceField
from ipcontrol_dashboard.kit.problems import shortened
from ipcontrol_dashboard.whitelist import changes, forecasts, sentences, states
from ipcontrol_dashboard.whitelist.confirming import ConfirmingForm
from ipcontrol_dashboard.whitelist.rules import Rules
from ipcontrol_dashboard.whitelist.states import State
from ipcontrol_dashboard.whitelist.targets import Target

# Each costs two calls to Swift, or more.
MOST_AT_ONCE = 100
# As many names as long as Swift's as are read at once, and some more.
MOST_OTHERS = 50_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What copying means for one container.

    Attributes:
        container: its name.
        change: the metadata to write; empty where there is nothing to do.
        problem: why nothing can be written.
        lockout: from when on it would shut the person out; None for never.
        lockout_sentence: why.
        conflicts: names of the entries that stay though they say something else.
        state: the list as it is now; None where it cannot be read.
    """

    container: str
    change: Mapping[str, str]
    problem: str = ""
    lockout: datetime | None = None
    lockout_sentence: str = ""
    conflicts: tuple[str, ...] = ()
    state: State | None = None


def plan(state: State, entries: Collection[Entry], *, replace: bool) -> Plan:
    """What writing these entries into a list means.

    Args:
        state: the list as it is now.
        entries: to be written.
        replace: whether an entry of the same label gives way.
    """
    container = state.target.container or ""
    there = state.items
    conflicts = () if replace else _conflicts(there, entries)
    change = {
        entry.name: entry.value
        for entry in entries
        if (replace or entry.name not in there) and state.metadata.get(entry.name) != entry.value
    }
    problems = changes.too_much(state.metadata, change, state.limits)
    if problems:
        return Plan(container, change, problem=" ".join(problems))
    after = changes.changed(state.metadata, change)
    lockout = state.lockout(after)
    why = state.lockout_sentence(after, lockout) if lockout else ""
    return Plan(
        container, change, lockout=lockout, lockout_sentence=why, conflicts=conflicts, state=state
    )


def _conflicts(
    there: Mapping[str, Entry | InvalidItem], entries: Iterable[Entry]
) -> tuple[str, ...]:
    """Names of these entries that something else there has."""
    return tuple(entry.name for entry in entries if there.get(entry.name, entry) != entry)


def plans(
    request: HttpRequest,
    source: State,
    entries: Collection[Entry],
    containers: Iterable[str],
    *,
    replace: bool,
) -> list[Plan]:
    """What writing these entries into containers means, all read at once."""
    names = list(containers)
    wanted = dict.fromkeys(ruler for name in names for ruler in governing_containers(name))
    found = swift.metadata_of(request, [*wanted, None])
    known = states.known_names(found[None], source.enforcement)
    made = []
    for name in names:
        metadata = found[name]
        if isinstance(metadata, service_errors.ServiceError):
            made.append(Plan(name, {}, problem=metadata.sentence))
            continue
        state = states.of_container(source, Target(name), metadata, found, known)
        made.append(plan(state, entries, replace=replace))
    return made


class CopyForm(ConfirmingForm):
    """Copies entries of one list to other containers.

    Args:
        state: the list to copy from.
        containers: names of the containers to choose from.
        more: whether there are others, to be typed in.
    """

    entries = forms.MultipleChoiceField(
        label=gettext_lazy("Entries"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one entry."),
            "invalid_choice": gettext_lazy(
                "An entry that you chose is not among the choices any more: "
                "look through them and send again."
            ),
        },
    )
    containers = forms.MultipleChoiceField(
        label=gettext_lazy("To containers"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "A container that you chose is not among the choices any more: "
                "look through them and send again."
            ),
        },
    )
    others = LimitedCharField(
        label=gettext_lazy("Other containers, one name a line"),
        most=MOST_OTHERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    existing = LimitedChoiceField(
        label=gettext_lazy("An entry of the same label there"),
        most=100,
        choices=(("keep", gettext_lazy("stays")), ("replace", gettext_lazy("is replaced"))),
        initial="keep",
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        request: HttpRequest,
        *args,
        state: State,
        containers: list[str],
        more: bool = False,
        **kwargs,
    ) -> None:
        super().__init__(request, *args, state=state, **kwargs)
        self.plans: list[Plan] = []
        own = [entry for entry in state.rules.own.entries if is_token(entry.name)]
        self.fields["entries"].choices = [(entry.name, _choice(entry)) for entry in own]
        self.fields["entries"].initial = [entry.name for entry in own]
        # Quoted, for Horizon writes the {$ that a name may hold as {% into every page.
        self.fields["containers"].choices = [(quote(name), name) for name in containers]
        if not more:
            del self.fields["others"]

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors:
            self._check_number(len(self._chosen(data)))
        if not self.errors:
            self.plans = self._plans(data)
            self._check()
        return data

    def forecast(self) -> forecasts.Forecast:
        """What copying does; of a form that was cleaned."""
        if self.errors:
            return forecasts.of_problems(chain.from_iterable(self.errors.values()))
        return forecasts.of_changes(self.state, map(_before_and_after, self.plans))

    def handle(self, request: HttpRequest, data: dict) -> bool:
        done, failed, late = [], {}, []
        for planned in self.plans:
            try:
                if planned.change:
                    swift.change_metadata(
                        request,
                        planned.container,
                        planned.change,
                        confirm_lockout=self.agrees_now(),
                    )
                done.append(planned)
            except service_errors.LockoutError as error:
                self.ask_to_agree(self.state.at)
                failed[planned.container] = error.sentence
            except service_errors.LateError:
                late.append(planned.container)
            except service_errors.ServiceError as error:
                failed[planned.container] = error.sentence
        _show_messages(request, done)
        if failed or late:
            self._keep_only([*failed, *late])
        for sentence in shortened(
            _in_container(container, sentence) for container, sentence in failed.items()
        ):
            self.api_error(sentence)
        if late:
            self.api_error(_not_in_time(late))
        return not (failed or late)

    def _check_number(self, chosen: int) -> None:
        if not chosen:
            self.add_error("containers", _("Choose at least one container."))
        if chosen > MOST_AT_ONCE:
            self.add_error(
                "containers",
                _("Choose at most %(most)d containers at a time: these are %(count)d.")
                % {"most": MOST_AT_ONCE, "count": chosen},
            )

    def _plans(self, data: Mapping) -> list[Plan]:
        entries = [
            entry for entry in self.state.rules.own.entries if entry.name in data["entries"]
        ]
        return plans(
            self.request,
            self.state,
            entries,
            self._chosen(data),
            replace=data["existing"] == "replace",
        )

    @staticmethod
    def _chosen(data: Mapping) -> list[str]:
        typed = (line.strip() for line in data.get("others", "").splitlines())
        ticked = map(unquote, data.get("containers", ()))
        return list(dict.fromkeys([*ticked, *filter(None, typed)]))

    def _check(self) -> None:
        lockouts = [
            (planned.lockout, planned)
            for planned in self.plans
            if planned.lockout
            and not self.agrees(planned.lockout)
            # What is forecast tells of the person's own address too, and asks nothing.
            and forecasts.ASKED not in self.data
        ]
        problems = [
            *(_in_container(each.container, each.problem) for each in self.plans if each.problem),
            *(_in_container(each.container, each.lockout_sentence) for _moment, each in lockouts),
        ]
        for sentence in shortened(problems):
            self.add_error(None, sentence)
        if lockouts:
            self.ask_to_agree(min(lockout for lockout, _plan in lockouts))
        if self.errors:
            self.add_error(None, _("Nothing has been copied."))

    def _keep_only(self, failed: Iterable[str]) -> None:
        """Leave the containers ticked to which nothing was copied."""
        offered = dict(self.fields["containers"].choices)
        self.data = self.data.copy()
        self.data.setlist("containers", [quote(name) for name in failed if quote(name) in offered])
        self.data["others"] = "\n".join(name for name in failed if quote(name) not in offered)


def _before_and_after(planned: Plan) -> tuple[State, Rules]:
    if planned.state is None:
        raise ValueError("a container that cannot be read is a problem of the form")
    after = changes.changed(planned.state.metadata, planned.change)
    return planned.state, planned.state.rules.after(after)


def _not_in_time(containers: list[str]) -> str:
    names = ", ".join(containers)
    return _(
        "The time was too short to copy to %(names)s. Nothing was changed there: send once more."
    ) % {"names": names}


def _choice(entry: Entry) -> str:
    return _("%(label)s: %(value)s") % {
        "label": sentences.label(entry.label),
        "value": entry.value,
    }


def _in_container(container: str, sentence: str) -> str:
    return _("%(container)s: %(sentence)s") % {"container": container, "sentence": sentence}


def _show_messages(request: HttpRequest, done: list[Plan]) -> None:
    changed = [planned.container for planned in done if planned.change]
    untouched = [
        planned.container for planned in done if not (planned.change or planned.conflicts)
    ]
    conflicts = [planned for planned in done if planned.conflicts]
    if changed:
        messages.success(
            request,
            ngettext(
                "Copied to the container %(names)s.",
                "Copied to the containers %(names)s.",
                len(changed),
            )
            % {"names": ", ".join(changed)},
        )
    if untouched:
        messages.info(
            request,
            _("Nothing to copy: the entries were there already in %(names)s.")
            % {"names": ", ".join(untouched)},
        )
    if conflicts:
        messages.warning(request, _conflict_sentence(conflicts))


def _conflict_sentence(conflicts: Iterable[Plan]) -> str:
    """Which entries were not copied, for there is another one of the same label."""
    where: dict[str, list[str]] = {}
    for planned in conflicts:
        for name in planned.conflicts:
            where.setdefault(changes.shown(name), []).append(planned.container)
    stayed = [
        _("%(label)s in %(names)s") % {"label": label, "names": ", ".join(names)}
        for label, names in where.items()
    ]
    return ngettext(
        "Another entry stays: %(stayed)s. "
        'To overwrite it, copy once more and choose "%(replaced)s".',
        "Other entries stay: %(stayed)s. "
        'To overwrite them, copy once more and choose "%(replaced)s".',
        sum(map(len, where.values())),
    ) % {"stayed": "; ".join(stayed), "replaced": _("is replaced")}
