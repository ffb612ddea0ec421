# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""An OpenStack with the product in it on this machine, until Ctrl-C."""

import argparse
import io
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from devcloud import guide
from devcloud.cloud import Cloud, DevCloudError
from devcloud.settings import DEFAULT_HOSTS, SERVICES

_POLL_SECONDS = 0.5
# What a shell reports for a program that Ctrl-C ended.
_INTERRUPTED = 130
_FILLED = "filled"
_HOST_PREFIX_HELP = "computes by the prefix of their names, such as doc:2,ops:2,dev:2"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demonstration; return the exit code."""
    options = _parse(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    try:
        return _run(options)
    except KeyboardInterrupt:
        print("\nStopped before it was ready.", file=sys.stderr)
        return _INTERRUPTED
    except DevCloudError as error:
        print(f"devcloud: {error}", file=sys.stderr)
        return 1


def _run(options: argparse.Namespace) -> int:
    began = time.monotonic()
    print(f"Starting {', '.join(options.services)} ...")
    cloud = Cloud(
        services=options.services,
        hosts=options.hosts,
        horizon={"ALLOWED_HOSTS": guide.HORIZON_NAMES},
        horizon_port=options.port,
        state=options.state,
        report=_report,
    )
    with cloud, ExitStack() as doors:
        with _blaming_the_dead(cloud):
            _fill(cloud)
            print(f"Ready after {time.monotonic() - began:.1f} s.")
            if options.walkthrough:
                return 0 if _walk(cloud) else 1
        for line in guide.lines(cloud, doors):
            print(line)
        _stay(cloud)
    print(f"Stopped; kept in {options.state}." if options.state else "Stopped; nothing is left.")
    return 0


def _fill(cloud: Cloud) -> None:
    """Put the example data in, unless this is a kept cloud that has had them."""
    filled = cloud.state / _FILLED
    services = set(cloud.settings.services) - set(
        filled.read_text().split() if filled.exists() else ()
    )
    if "swift" in services:
        from devcloud import seed

        with _timed("containers"):
            seed.seed(cloud)
    if "nova" in services:
        from devcloud import seed_nova

        with _timed("host groups"):
            seed_nova.seed(cloud)
    with filled.open("a") as record:
        record.writelines(f"{service}\n" for service in sorted(services))


@contextmanager
def _blaming_the_dead(cloud: Cloud) -> Iterator[None]:
    """Name the service that has died, rather than the error that this led to."""
    try:
        yield
    except Exception:
        cloud.check()
        raise


def _walk(cloud: Cloud) -> bool:
    from devcloud import walkthrough

    went_well = walkthrough.play(cloud)
    cloud.check()
    return went_well


def _stay(cloud: Cloud) -> None:
    with suppress(KeyboardInterrupt):
        while True:
            cloud.check()
            time.sleep(_POLL_SECONDS)
    print("\nStopping ...")


def _report(step: str, seconds: float) -> None:
    print(f"  {step:<12}{seconds:5.1f} s")


@contextmanager
def _timed(step: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    _report(step, time.monotonic() - began)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="devcloud", description="An OpenStack with ipcontrol in it, until Ctrl-C."
    )
    parser.add_argument(
        "--services",
        type=_services,
        metavar="NAME,...",
        help=f"some of {', '.join(SERVICES)}; what they need is added (default: all)",
    )
    parser.add_argument(
        "--hosts",
        type=_hosts,
        default=DEFAULT_HOSTS,
        metavar="PREFIX:N,...",
        help=_HOST_PREFIX_HELP,
    )
    parser.add_argument(
        "--state", type=Path, metavar="DIR", help="a folder to keep, or to go on from"
    )
    parser.add_argument("--port", type=int, metavar="N", help="Horizon's port (default: any)")
    parser.add_argument(
        "--walkthrough",
        action="store_true",
        help="play the walkthrough on the command line, and end",
    )
    options = parser.parse_args(arguments)
    if options.services is None:
        # Nobody opens Horizon in a walkthrough.
        options.services = tuple(
            name for name in SERVICES if not (options.walkthrough and name == "horizon")
        )
    return options


def _services(text: str) -> tuple[str, ...]:
    names = tuple(filter(None, (name.strip() for name in text.split(","))))
    for name in names:
        if name not in SERVICES:
            raise argparse.ArgumentTypeError(
                f'there is no service "{name}": choose from {", ".join(SERVICES)}'
            )
    return names


def _hosts(text: str) -> dict[str, int]:
    hosts = {}
    for group in text.split(","):
        prefix, separator, number = group.strip().partition(":")
        if not (prefix and separator and number.isdecimal()):
            raise argparse.ArgumentTypeError(f'"{group}" is not PREFIX:NUMBER, such as doc:2')
        hosts[prefix] = int(number)
    return hosts
