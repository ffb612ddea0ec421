# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import io
import re
import textwrap

import pytest
from oslo_config import cfg, generator

from ipcontrol.scheduler import ip_scheduler, opts
from tests.unit.documentation import DOCS, ansible_variables, blocks, ini


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


def _settings(text):
    """The section of nova.conf in a text."""
    lines = re.search(r"( *)\[filter_scheduler\]\n.*?\n\s*\n", text, re.DOTALL)[0]
    return textwrap.dedent(lines)


def _documented():
    """The configurations of nova-scheduler that the documentation shows."""
    variables = ansible_variables()
    overrides = variables["nova_nova_conf_overrides"]
    filters = ",".join(variables["nova_scheduler_default_filters"])
    overrides["filter_scheduler"]["enabled_filters"] = filters
    return {
        "the module": _settings(ip_scheduler.__doc__),
        "install/nova.md": _settings((DOCS / "install" / "nova.md").read_text()),
        "OpenStack-Ansible": ini(overrides),
        "Kolla-Ansible": blocks("install/kolla-ansible.md", "ini", "nova-scheduler")[0],
        "DevStack": blocks("install/devstack.md", "ini", "Use")[1].partition("\n")[2],
    }


@pytest.fixture(params=_documented().values(), ids=_documented())
def documented(request, tmp_path):
    """What Nova reads of one of them."""
    from nova.conf import scheduler

    path = tmp_path / "nova.conf"
    path.write_text(request.param)
    conf = cfg.ConfigOpts()
    scheduler.register_opts(conf)
    opts.register(conf)
    conf([], default_config_files=[str(path)])
    return conf


def test_the_filters_of_the_documentation_load_in_nova(documented):
    from nova.scheduler import filters

    found = documented.filter_scheduler
    classes = filters.HostFilterHandler().get_matching_classes(found.available_filters)
    assert set(found.enabled_filters) <= {each.__name__ for each in classes}
    assert found.enabled_filters[0] == "SubnetHostGroupFilter"


def test_the_weighers_of_the_documentation_load_in_nova(documented):
    from nova.scheduler import weights

    names = documented.filter_scheduler.weight_classes
    classes = weights.HostWeightHandler().get_matching_classes(names)
    ours = any("ipcontrol" in name for name in names)
    assert (ip_scheduler.SameHostOnResizeWeigher in classes) is ours


def test_the_options_of_the_documentation_are_ours(documented):
    assert documented.ipcontrol.unmapped == "any"
