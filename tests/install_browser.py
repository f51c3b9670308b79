"""Puts Chromium on the machine for the browser tests, where apt-get can do it.

Elsewhere it says in one sentence what is needed; the tests themselves then fail with the same one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tests.browser import MISSING, NAMES


def main() -> None:
    if os.environ.get("CHROMIUM") or any(map(shutil.which, NAMES)):
        return
    apt = shutil.which("apt-get")
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if apt is None or (root and shutil.which("sudo") is None):
        print(MISSING, file=sys.stderr)
        return
    print("Installing Chromium for the browser tests …", flush=True)
    quiet = {
        "stdout": subprocess.DEVNULL,
        "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    }
    subprocess.run([*root, apt, "update", "--quiet"], check=False, **quiet)  # type: ignore[call-overload] # keyword arguments by name
    done = subprocess.run(
        [*root, apt, "install", "--yes", "--quiet", "--no-install-recommends", "chromium"],
        check=False,
        **quiet,
    )  # type: ignore[call-overload] # as above
    if done.returncode:
        print(MISSING, file=sys.stderr)


if __name__ == "__main__":
    main()
