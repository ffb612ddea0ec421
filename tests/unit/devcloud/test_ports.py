# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import socket

import pytest

from devcloud.errors import DevCloudError
from devcloud.ports import Reservations
from devcloud.settings import BIND


@pytest.fixture
def reservations():
    reservations = Reservations()
    yield reservations
    reservations.release()


@pytest.fixture
def taken_port():
    with socket.create_server((BIND, 0)) as listener:
        yield listener.getsockname()[1]


def test_a_reserved_port_is_refused_to_other_programs(reservations):
    port = reservations.reserve_any()

    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind((BIND, port))


def test_a_service_can_listen_on_a_reserved_port(reservations):
    port = reservations.reserve_any()

    with (
        socket.create_server((BIND, port)),
        socket.create_connection((BIND, port), timeout=60) as client,
    ):
        assert client.getpeername() == (BIND, port)


def test_nobody_answers_on_a_reserved_port_whose_service_is_gone(reservations):
    port = reservations.reserve_any()
    socket.create_server((BIND, port)).close()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((BIND, port), timeout=60)


def test_the_port_of_an_earlier_start_is_taken_again(reservations):
    port = reservations.reserve_any()
    reservations.release()

    assert reservations.reserve_any(port) == port


def test_another_port_is_found_where_the_earlier_one_is_taken(reservations, taken_port):
    assert reservations.reserve_any(taken_port) not in (0, taken_port)


def test_a_taken_port_is_a_sentence_with_the_port_and_the_service(reservations, taken_port):
    with pytest.raises(DevCloudError, match=rf"Port {taken_port} .* for horizon, is taken"):
        reservations.reserve("horizon", taken_port)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_a_sentence(reservations, port):
    with pytest.raises(DevCloudError, match="choose one from 1 to 65535"):
        reservations.reserve("horizon", port)


def test_released_ports_are_free(reservations):
    port = reservations.reserve_any()

    reservations.release()

    with socket.socket() as other:
        other.bind((BIND, port))
