# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What `make mutants` sets for Hypothesis."""

from hypothesis import Phase, settings

# The same examples for each mutant, and no search for the shortest one that finds it.
settings.register_profile(
    "mutants",
    database=None,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
)
