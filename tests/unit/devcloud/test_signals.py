# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import signal

import pytest

from devcloud import signals


@pytest.fixture(autouse=True)
def nobody_handles_signals():
    """Whatever an embedded cloud of other tests in this process handles."""
    before = {n: signal.signal(n, signal.SIG_DFL) for n in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_an_end_from_outside_unwinds_the_stack(number):
    with pytest.raises(SystemExit) as end, signals.ends_as_exceptions():
        signal.raise_signal(number)

    assert end.value.code == 128 + number


def test_the_handlers_are_put_back():
    before = signal.getsignal(signal.SIGTERM)

    with signals.ends_as_exceptions():
        assert signal.getsignal(signal.SIGTERM) is not before

    assert signal.getsignal(signal.SIGTERM) is before


def test_a_handler_of_somebody_else_stays_in_force():
    received = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: received.append(number))
    try:
        with signals.ends_as_exceptions():
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)

    assert received == [signal.SIGTERM]


def test_a_second_interrupt_does_not_interrupt_the_cleaning_up():
    with signals.ignored():
        signal.raise_signal(signal.SIGINT)
        cleaned_up = True

    assert cleaned_up
