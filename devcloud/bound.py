# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Run a Python command line tool whose connections come from a chosen address.

``python -m devcloud.bound 127.1.0.5 swift list``
"""

import os
import runpy
import shutil
import sys
from pathlib import Path

from devcloud.addresses import bind_process_to


def main() -> None:
    """Bind, then become the tool."""
    _, source, tool, *arguments = sys.argv
    programs = str(Path(sys.executable).parent)
    path = shutil.which(tool, path=os.pathsep.join([programs, os.environ.get("PATH", "")]))
    if path is None:
        sys.exit(f"devcloud: the command {tool} is missing from the environment")
    bind_process_to(source)
    sys.argv = [path, *arguments]
    runpy.run_path(path, run_name="__main__")


if __name__ == "__main__":
    main()
