#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Backends that need a library are built if the library is installed, and left
out otherwise."""
import re
import resource
import subprocess
import tempfile
import shutil
import unittest
from pathlib import Path

from program import FOR_MAKE, REPO, ProgramTest

NEEDS = re.compile(r"^[/ *]*NEEDS: (\S+) (\S+)$", re.M)
SKELETON = (REPO / "bench/backends/skeleton.c").read_text("utf-8").replace(
    "EXPORT_BACKEND(skeleton", "EXPORT_BACKEND(probe")


class Needs(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ringbench-peers-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "include/lib").mkdir(parents=True)

    def ask(self, *words):
        """Returns the names of the backends that make would build, and its
        messages."""
        done = subprocess.run(
            ["make", "-s", f"BUILD={self.folder}/build",
             "--eval=asked:;@echo '$(NAMES)'; echo '$(LEFT_OUT)'", *words,
             "asked"], cwd=REPO, env=FOR_MAKE, text=True,
            capture_output=True, check=True)
        names, left_out = done.stdout.split("\n")[:2]
        return names.split(), left_out.split()

    def probe(self, line):
        source = self.folder / "probe.c"
        source.write_text(f"/* {line} */\n{SKELETON}", "utf-8")
        return f"EXTRA_BACKENDS={source}"

    def test_without_its_header_a_backend_is_left_out(self):
        names, left_out = self.ask(
            self.probe("NEEDS: lib/absent.h libabsent-dev"),
            f"HEADERS_IN={self.folder}/include")
        self.assertNotIn("probe", names)
        self.assertIn(
            f"{self.folder}/probe.c:lib/absent.h:libabsent-dev", left_out)
        self.assertIn("mutex", names)

    def test_with_its_header_a_backend_is_built(self):
        (self.folder / "include/lib/present.h").touch()
        names, left_out = self.ask(
            self.probe("NEEDS: lib/present.h libpresent-dev"),
            f"HEADERS_IN={self.folder}/include")
        self.assertIn("probe", names)
        self.assertFalse([word for word in left_out if "present" in word])

    def test_make_names_left_out_backends_and_packages(self):
        done = subprocess.run(
            ["make", "-n", "all", f"BUILD={self.folder}/build",
             f"HEADERS_IN={self.folder}/include"], cwd=REPO, text=True,
            env=FOR_MAKE, capture_output=True, check=True)
        self.assertIn("left out: boost_spsc: needs libboost-dev; "
                      "say make deps-peers", done.stdout)

    def test_the_installer_knows_every_package_that_is_needed(self):
        packages = set()
        for path in (REPO / "bench/backends").glob("*.c*"):
            packages |= {package for _, package in
                         NEEDS.findall(path.read_text("utf-8"))}
        self.assertGreater(len(packages), 3)
        (self.folder / "dpkg-query").write_text("#!/bin/sh\n", "ascii")
        (self.folder / "dpkg-query").chmod(0o755)
        done = subprocess.run(
            ["scripts/install-deps", "-n", "peers"], cwd=REPO, text=True,
            env={**FOR_MAKE,
                 "PATH": f"{self.folder}:{FOR_MAKE['PATH']}"},
            capture_output=True, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        missing = done.stderr.split("missing: ", 1)[1].split("\n")[0].split()
        self.assertLessEqual(packages, set(missing))


class Limits(ProgramTest):
    def test_a_queue_without_deadlines_refuses_the_policy_timeout(self):
        listed, _ = self.ringbench("list", "backends")
        if "tbb_bounded_queue" not in listed:
            self.skipTest("libtbb-dev is not installed")
        self.refuse("run", "--scenario", "stream", "--backend",
                    "tbb_bounded_queue", "--wait", "timeout:1ms", code=2,
                    says=("tbb_bounded_queue cannot wait with a timeout",))
        self.measure("--scenario", "stream", "--backend", "tbb_bounded_queue",
                     "--wait", "block,park:20us", "--rounds", "1")

    def test_a_capacity_that_the_machine_forbids_is_an_error(self):
        _, err = self.measure(
            "--scenario", "stream", "--backend", "mqueue", "--rounds", "1",
            "--capacity", "4000", code=5,
            preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_MSGQUEUE, (65536, 65536)))
        self.assertIn("the limits of this machine keep mqueue from a capacity "
                      "of 4000; choose a smaller --capacity", err)


if __name__ == "__main__":
    unittest.main()
