#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Which folder may include which, and the compiler's messages for a wrong
backend.

The included files are listed in the .d files of the build.
"""
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import BUILD, FOR_MAKE, NOT_INLINED, REPO, sanitized

MAKEFILE = (REPO / "Makefile").read_text("utf-8")
LAYERS = re.search(r"^LAYERS\s*:=(.*)$", MAKEFILE, re.M).group(1).split()
CC = os.environ.get("CC", "gcc")
CXX = os.environ.get("CXX", "g++")
# Headers that the harness shares with the loops. They contain nothing of a
# backend.
SHARED = ("bench/loops/backend.h", "bench/loops/wait_policies.h",
          "bench/loops/waitclock.h")
LOOPS = tuple(str(path.relative_to(REPO)) for path in
              sorted((REPO / "bench/loops").glob("*.h")))


def includes(path):
    """Returns the project's own files from which this object was made."""
    text = path.read_text("utf-8").replace("\\\n", " ")
    words = text.split("\n")[0].split(":", 1)[1].split()
    files = []
    for word in words:
        whole = (REPO / word).resolve()
        if BUILD.resolve() in whole.parents:
            continue  # made by the build
        if REPO in whole.parents:
            files.append(str(whole.relative_to(REPO)))
    return files[0], files[1:]


def objects(folder):
    found = sorted((BUILD / folder).glob("*.d"))
    return [includes(path) for path in found
            # The object of a deleted file may still exist.
            if (REPO / includes(path)[0]).exists()]


class Layers(unittest.TestCase):
    def check(self, folder, allowed, least):
        sources = objects(folder)
        self.assertGreaterEqual(len(sources), least, f"{BUILD} is not built")
        for source, files in sources:
            for file in files:
                self.assertTrue(allowed(file), f"{source} includes {file}")

    def test_src_includes_only_src(self):
        headers = sorted((REPO / "src").glob("*.[ch]"))
        self.assertTrue(headers)
        for header in headers:
            done = subprocess.run(
                [CC, "-std=gnu11", "-D_GNU_SOURCE", "-MM", "-xc", "-Isrc",
                 header.relative_to(REPO)], cwd=REPO, capture_output=True,
                text=True, check=True)
            for word in done.stdout.replace("\\\n", " ").split()[1:]:
                self.assertTrue(word.startswith("src/"),
                                f"{header.name} includes {word}")

    def test_a_backend_includes_the_contract_and_src_and_no_harness(self):
        def allowed(file):
            return (file in LOOPS or file.startswith("src/") or
                    re.match(r"bench/(scenarios|backends)/\w+\.h$", file))
        self.check("bench/backends", allowed, 4)

    def test_a_backend_outside_the_tree_gets_only_the_contract(self):
        def allowed(file):
            return (file in LOOPS or file.startswith("src/") or
                    re.match(r"(bench/scenarios|tests/backends)/\w+\.h$",
                             file))
        self.check("tests/backends", allowed, 4)

    def test_every_layer_includes_only_lower_layers(self):
        self.assertGreater(len(LAYERS), 5)
        for i, layer in enumerate(LAYERS):
            below = tuple(f"bench/{name}/" for name in LAYERS[:i + 1])
            self.check(f"bench/{layer}", lambda file, below=below: (
                file.startswith((*below, "src/")) or file in SHARED), 1)

    def test_the_lowest_layers_do_not_depend_on_queues(self):
        for layer in ("base", "results", "host"):
            self.check(f"bench/{layer}",
                       lambda file: file not in SHARED, 1)

    def test_a_scenario_depends_on_cells_and_loops_but_no_backend(self):
        below = tuple(f"bench/{name}/" for name in
                      LAYERS[:LAYERS.index("cells") + 1])
        self.check("bench/scenarios", lambda file: (
            file.startswith((*below, "src/", "bench/scenarios/")) or
            file in SHARED), 2)

    def test_main_includes_only_commands_host_and_base(self):
        _, files = includes(BUILD / "bench/main.d")
        for file in files:
            self.assertTrue(file.startswith(
                ("bench/commands/", "bench/host/", "bench/base/")), file)


class WrongBackends(unittest.TestCase):
    """Backends made from skeleton.c and compiled as the Makefile compiles
    them."""

    skeleton = (REPO / "bench/backends/skeleton.c").read_text("utf-8")
    cxx = (REPO / "tests/backends/cxx.cc").read_text("utf-8")

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ringbench-layers-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def change(self, text, old, new):
        self.assertIn(old, text)
        return text.replace(old, new)

    def compile(self, text, name="probe", extension=".c"):
        """Returns the exit code and the messages of the compiler. The object
        is self.object."""
        # make prefers probe.c to probe.cc, so each language has a folder.
        source = self.folder / extension[1:] / (name + extension)
        source.parent.mkdir(exist_ok=True)
        source.write_text(
            text.replace("EXPORT_BACKEND(skeleton", "EXPORT_BACKEND(probe")
            .replace("EXPORT_BACKEND(cxx", "EXPORT_BACKEND(probe"), "utf-8")
        self.object = Path(f"{self.folder}/build/{source}").with_suffix(".o")
        done = subprocess.run(
            ["make", "-s", f"BUILD={self.folder}/build", "OPTIMISE=-O0",
             f"EXTRA={NOT_INLINED}", f"EXTRA_BACKENDS={source}",
             f"{self.folder}/build/{source.with_suffix('.o')}"],
            cwd=REPO, env=FOR_MAKE, text=True, capture_output=True,
            check=False)
        return done.returncode, done.stderr

    def refuse(self, text, *says, **more):
        code, said = self.compile(text, **more)
        self.assertNotEqual(code, 0)
        self.assertIn("error", said)
        for part in says:
            self.assertIn(part, said)

    def test_an_unchanged_copy_compiles_in_c_and_in_cxx(self):
        code, said = self.compile(self.skeleton)
        self.assertEqual((code, said), (0, ""))
        code, said = self.compile(self.cxx, extension=".cc")
        self.assertEqual((code, said), (0, ""))

    def test_a_harmless_warning_is_shown_and_does_not_stop_the_build(self):
        for text, extension in ((self.skeleton, ".c"), (self.cxx, ".cc")):
            code, said = self.compile(
                "int mine(int unused) { int i; return 1u < -1; }\n" + text,
                extension=extension)
            self.assertEqual(code, 0, said)
            for warning in ("unused-parameter", "unused-variable",
                            "sign-compare"):
                self.assertIn(f"[-W{warning}]", said)

    def test_an_operation_without_its_define_is_an_error(self):
        self.refuse(self.change(
            self.skeleton, '#include "workers.h"',
            "static void queue_close(struct queue *q) { (void)q; }\n"
            '#include "workers.h"'), "queue_close", "unused-function")

    def test_a_header_of_the_harness_is_not_found(self):
        for header in ("cell.h", "results.h", "fault.h", "topology.h"):
            with self.subTest(header=header):
                self.refuse(f'#include "{header}"\n' + self.skeleton, header,
                            "No such file")

    def test_a_missing_operation_is_named(self):
        for name in ("queue_is_empty", "queue_try_push", "queue_destroy"):
            with self.subTest(name=name):
                self.refuse(re.sub(
                    rf"\n[\w ]+ {name}\(.*?\n}}\n", "\n", self.skeleton,
                    flags=re.S), name)

    def test_a_missing_operation_is_named_in_cxx(self):
        self.refuse(re.sub(r"\n[\w ]+ queue_is_empty\(.*?\n}\n", "\n",
                           self.cxx, flags=re.S), "queue_is_empty",
                    extension=".cc")

    def test_a_mistyped_operation_is_named(self):
        self.refuse(self.change(self.skeleton, "queue_is_empty(struct port *",
                                "queue_is_emtpy(struct port *"),
                    "queue_is_empty")
        self.refuse(self.change(self.skeleton, "uint64_t *word",
                                "uint32_t *word"), "queue_try_pop")

    def test_a_mistyped_operation_is_not_an_overload_in_cxx(self):
        self.refuse(self.change(self.cxx, "uint64_t *word",
                                "uint32_t *word"), "queue_try_pop",
                    extension=".cc")

    def test_a_forgotten_namespace_is_an_error_in_cxx(self):
        text = self.change(self.cxx, "namespace\n{\n", "")
        self.refuse(self.change(text, "} // namespace\n", ""),
                    extension=".cc")

    def test_functions_outside_of_the_namespace_are_named_in_cxx(self):
        text = self.change(self.cxx, "} // namespace\n", "")
        self.refuse(self.change(text, "\nint queue_create",
                                "\n} // namespace\nint queue_create"),
                    "queue_create(", "but never defined", extension=".cc")

    def link(self, name):
        """Links the program with this backend in addition."""
        known, libraries = subprocess.run(
            ["make", "-s", "--eval=asked:;@echo '$(NAMES)'; echo '$(LIBS)'",
             "asked"], cwd=REPO, env=FOR_MAKE, text=True,
            stdout=subprocess.PIPE, check=True).stdout.splitlines()
        scenarios = sorted(path.stem for path in
                           (REPO / "bench/scenarios").glob("*.c"))
        tables = self.folder / "tables.c"
        with tables.open("w") as file:
            subprocess.run(
                ["scripts/make-registry", f"{known} {name}",
                 " ".join(scenarios), ""], cwd=REPO, stdout=file,
                check=True)
        layers = [f"-Ibench/{layer}" for layer in LAYERS]
        own = [path for path in BUILD.glob("bench/**/*.o")
               if list(REPO.glob(str(path.relative_to(BUILD)
                                     .with_suffix(".c*"))))]
        return subprocess.run(
            [CC, "-D_GNU_SOURCE", *layers, "-Ibench/loops", "-Ibench",
             "-Isrc", tables,
             self.object, *own, *libraries.split(), "-o",
             self.folder / "program"], cwd=REPO, text=True,
            capture_output=True, check=False, env=FOR_MAKE)

    def test_the_name_of_the_file_is_the_name_of_the_backend(self):
        if sanitized():
            self.skipTest("links without the sanitizer's library")
        self.assertEqual(self.compile(self.skeleton), (0, ""))
        done = self.link("probe")
        self.assertEqual(done.returncode, 0, done.stderr)
        listed = subprocess.run([self.folder / "program", "list", "backends"],
                                text=True, capture_output=True, check=True)
        self.assertRegex(listed.stdout, r"\nprobe +MPMC ")


class Contract(unittest.TestCase):
    def parse(self, *words):
        done = subprocess.run(
            [*words, "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-Isrc",
             # contract.h only declares functions; another test checks the
             # warning.
             "-Wno-unused-function", "bench/loops/contract.h"], cwd=REPO,
            text=True, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_contract_h_compiles_alone_as_c11(self):
        self.parse(CC, "-std=c11", "-xc")

    def test_contract_h_compiles_alone_as_cxx17(self):
        self.parse(CXX, "-std=c++17", "-xc++")

    def test_contract_h_compiles_with_every_optional_part(self):
        parts = ("-DQUEUE_HAS_WAIT", "-DQUEUE_HAS_CLOSE", "-DQUEUE_HAS_PORT")
        self.parse(CC, "-std=c11", "-xc", *parts)
        self.parse(CXX, "-std=c++17", "-xc++", *parts)


if __name__ == "__main__":
    unittest.main()
