# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import io
import re
import textwrap
from pathlib import Path

import pytest
from oslo_config import cfg, generator

from ipcontrol.scheduler import ip_scheduler, opts

ROOT = Path(__file__).parents[4]


@pytest.fixture
def conf():
    conf = cfg.ConfigOpts()
    opts.register(conf)
    conf([], default_config_files=[])
    return conf


def test_the_defaults_are_those_of_the_design(conf):
    assert (conf.ipcontrol.unmapped, conf.ipcontrol.refresh_interval) == ("any", 10)
    assert conf.ipcontrol.require_aggregates is False


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("unmapped", "some", "any, ungrouped, none"),
        ("refresh_interval", -1, "greater than or equal to 0"),
    ],
)
def test_a_value_that_means_nothing_is_refused(conf, option, value, says):
    with pytest.raises(ValueError, match=says):
        conf.set_override(option, value, group="ipcontrol")


def test_oslo_config_generator_lists_every_option():
    conf = cfg.ConfigOpts()
    generator.register_cli_opts(conf)
    conf(["--namespace", "ipcontrol"], default_config_files=[])
    output = io.StringIO()
    generator.generate(conf, output)
    assert "[ipcontrol]" in output.getvalue()
    for option in opts.OPTIONS:
        assert f"#{option.name} = " in output.getvalue()


def test_the_options_can_be_registered_twice(conf):
    opts.register(conf)
    assert conf.ipcontrol.unmapped == "any"


def test_the_operators_page_has_every_option_with_its_default():
    page = (ROOT / "docs" / "nova.md").read_text()
    for option in opts.OPTIONS:
        default = (
            str(option.default).lower() if option.default in (True, False) else option.default
        )
        assert re.search(rf"^\| `{option.name}` \| `{default}` \|", page, re.MULTILINE)


def _settings(text):
    """The section of nova.conf in a text."""
    lines = re.search(r"( *)\[filter_scheduler\]\n.*?\n\s*\n", text, re.DOTALL)[0]
    return textwrap.dedent(lines)


def test_the_lines_of_the_documentation_load_in_nova(tmp_path):
    from nova.conf import scheduler
    from nova.scheduler import filters, weights

    for text in (ip_scheduler.__doc__, (ROOT / "docs" / "nova.md").read_text()):
        path = tmp_path / "nova.conf"
        path.write_text(_settings(text))
        conf = cfg.ConfigOpts()
        scheduler.register_opts(conf)
        conf([], default_config_files=[str(path)])
        found = conf.filter_scheduler
        classes = filters.HostFilterHandler().get_matching_classes(found.available_filters)
        assert set(found.enabled_filters) <= {each.__name__ for each in classes}
        assert found.enabled_filters[0] == "SubnetHostGroupFilter"
        assert ip_scheduler.SameHostOnResizeWeigher in (
            weights.HostWeightHandler().get_matching_classes(found.weight_classes)
        )
