#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The headers of src/ in a program outside this project.

`make check-headers` runs more of these checks with every installed compiler.
"""
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import FOR_MAKE, REPO

# The first comment of each header contains an example; the last line of the
# example begins with this text.
EXAMPLES = {
    "spsc_ring.h": "spsc_ring_free",
    "mpmc_ring.h": "mpmc_ring_free",
    "scq.h": "scq_free",
    "histogram.h": "median_ns",
    "waitable.h": "spsc_ring_free",
}
COMPILERS = {
    "cc -std=c11": "c",
    "c++ -std=c++11": "cc",
}
# The compiler needs only ringbench_atomics.h and the system headers.
CROSS = {"aarch64-linux-gnu-gcc -std=gnu11": "c"}


def example(header):
    """Returns the program in the first comment of a header."""
    text = (REPO / "src" / header).read_text("utf-8")
    lines = [line[3:] for line in text.split("*/")[1].split("\n")
             if line.startswith(" *\t")]
    last = next(i for i, line in enumerate(lines)
                if line.startswith(EXAMPLES[header]))
    # Words in parentheses at the end of a line are for readers.
    return [re.sub(r"\t+\([^()]*\)$", "", line) for line in lines[:last + 1]]


def run(*command, **more):
    return subprocess.run(command, text=True, capture_output=True,
                          timeout=600, check=False, env=FOR_MAKE, **more)


class Newcomer(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ringbench-rings-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def build(self, command, suffix, text, *more):
        source = self.folder / f"newcomer.{suffix}"
        source.write_text(text, "utf-8")
        done = run(*command.split(), "-O2", "-Wall", "-Wextra", "-Wpedantic",
                   "-Wconversion", "-Werror", source, "-o",
                   self.folder / "newcomer", *more)
        self.assertEqual(done.stderr, "")
        return self.folder / "newcomer"

    def newcomer(self, header):
        lines = example(header)
        outside = [line for line in lines
                   if line.startswith(("#include", "WAITABLE_WORDS("))]
        body = "\n".join("        " + line for line in lines
                         if line not in outside)
        answer = "median_ns != 0" if "median_ns" in body else "word == 42"
        outside = "\n".join([f'#include "{header}"', *outside])
        return (f"{outside}\n\nint main(void)\n{{\n"
                "        uint64_t word = 0, median_ns = 0;\n"
                f"{body}\n"
                "        (void)word;\n        (void)median_ns;\n"
                f"        return {answer} ? 0 : 2;\n}}\n")

    def test_the_example_in_each_header_is_a_program(self):
        for header in EXAMPLES:
            for command, suffix in COMPILERS.items():
                for more in ((), ("-DRINGBENCH_CHECK",)):
                    with self.subTest(f"{header}, {command} {more}"):
                        program = self.build(
                            command, suffix, self.newcomer(header), *more,
                            "-I", REPO / "src", "-pthread")
                        self.assertEqual(run(program).returncode, 0)

    def test_each_header_compiles_for_arm(self):
        for command, suffix in CROSS.items():
            if not shutil.which(command.split()[0]):
                self.skipTest("no cross compiler here: apt-get install "
                              "gcc-aarch64-linux-gnu")
            for header in EXAMPLES:
                with self.subTest(f"{header}, {command}"):
                    self.build(command, suffix, self.newcomer(header), "-I",
                               REPO / "src")

    def test_headers_compile_with_all_warnings_and_beside_other_queues(self):
        done = run(REPO / "scripts/check-headers", "--quick")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_misuse_ends_a_program_with_one_line(self):
        text = ('#include "spsc_ring.h"\n'
                "int main(void)\n{\n        static struct spsc_ring ring;\n"
                "        struct spsc_producer producer;\n"
                "        if (spsc_ring_init(&ring, 4))\n"
                "                return 1;\n"
                "        spsc_producer_open(&producer, &ring);\n"
                "        spsc_push(&producer, 0);\n        return 0;\n}\n")
        done = run(self.build("cc -std=c11", "c", text, "-DRINGBENCH_CHECK",
                              "-I", REPO / "src", "-pthread"))
        self.assertLess(done.returncode, 0)
        self.assertEqual(done.stderr,
                         "misuse of a queue: the word 0 is pushed\n")

    def test_a_program_is_built_against_the_installed_headers(self):
        if not shutil.which("pkg-config"):
            self.skipTest("no pkg-config here")
        done = run("make", "-s", "-C", REPO, "install-headers",
                   f"DESTDIR={self.folder}", "PREFIX=/opt/rings")
        self.assertEqual(done.returncode, 0, done.stderr)
        where = {"PKG_CONFIG_PATH": f"{self.folder}/opt/rings/lib/pkgconfig",
                 "PKG_CONFIG_SYSROOT_DIR": str(self.folder)}

        def ask(*words):
            return subprocess.run(
                ["pkg-config", *words, "ringbench"], text=True,
                capture_output=True, check=True,
                env={**FOR_MAKE, **where}).stdout.split()
        version = (REPO / "src/ringbench_version.h").read_text("utf-8")
        self.assertIn(f'"{ask("--modversion")[0]}"', version)
        text = ("#include <ringbench/mpmc_ring.h>\n"
                "static struct mpmc_ring ring;\n"
                "int main(void)\n"
                "{\n        if (mpmc_ring_init(&ring, 4))\n"
                "                return 1;\n"
                "        mpmc_ring_free(&ring);\n        return 0;\n}\n")
        for command, suffix in COMPILERS.items():
            with self.subTest(command):
                program = self.build(command, suffix, text, *ask("--cflags"),
                                     *ask("--libs"))
                self.assertEqual(run(program).returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
