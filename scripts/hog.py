#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs a command while a hog uses a CPU for 1 s of every 2 s.

Usage: hog.py COMMAND... The hog is a process on the last allowed CPU. The exit
code is the command's.
"""
import contextlib
import os
import signal
import subprocess
import sys
import time

PERIOD_S = 2


def use_half(cpu):
    """Never returns."""
    os.sched_setaffinity(0, {cpu})
    while True:
        busy_until = time.monotonic() + PERIOD_S / 2
        while time.monotonic() < busy_until:
            pass
        time.sleep(PERIOD_S / 2)


@contextlib.contextmanager
def hog():
    """A hog for the time of the `with` block."""
    child = os.fork()
    if child == 0:
        use_half(max(os.sched_getaffinity(0)))
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__.split("\n\n")[-1].strip())
    with hog():
        code = subprocess.call(sys.argv[1:])
    sys.exit(code)


if __name__ == "__main__":
    main()
