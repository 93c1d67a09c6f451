#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Tests what docs/adding-a-backend.md says about files and names.

Its promises about operations and flags are tested in layers_test.py (messages
of the compiler), contract_faults_test.py and faults_test.py.
"""
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import FOR_MAKE, REPO

SKELETON = (REPO / "bench/backends/skeleton.c").read_text("utf-8")
PAGE = (REPO / "docs/adding-a-backend.md").read_text("utf-8")


def contract():
    return "".join((REPO / "bench/loops" / name).read_text("utf-8")
                   for name in ("backend.h", "contract.h", "workers.h"))


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ringbench-adding-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.build = f"BUILD={self.folder}/build"

    def make(self, *words, cwd=REPO):
        return subprocess.run(
            ["make", "-s", "-f", REPO / "Makefile", self.build, *words],
            cwd=cwd, env=FOR_MAKE, text=True, capture_output=True,
            check=False)

    def put(self, name, exported="mine", comment=""):
        source = self.folder / name
        source.write_text(comment + SKELETON.replace(
            "EXPORT_BACKEND(skeleton", f"EXPORT_BACKEND({exported}"), "utf-8")
        return source

    def ask(self, variable, *words):
        done = self.make(f"--eval=asked:;@echo '$({variable})'", *words,
                         "asked")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.split()

    def refuse(self, *words, says):
        """make prints one sentence, before it compiles anything."""
        done = self.make(*words)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        for part in says:
            self.assertIn(part, done.stderr)
        self.assertFalse((self.folder / "build").exists())


class Names(Folder):
    def test_a_file_in_the_folder_is_a_backend_without_any_list(self):
        self.assertIn("mutex", self.ask("NAMES"))
        self.assertIn("skeleton", self.ask("NAMES"))

    def test_extra_backends_adds_a_file_from_another_place(self):
        names = self.ask("NAMES", f"EXTRA_BACKENDS={self.put('mine.c')}")
        self.assertIn("mine", names)
        self.assertIn("mutex", names)

    def test_without_leaves_backends_out(self):
        names = self.ask("NAMES", "WITHOUT=pipe mqueue")
        self.assertNotIn("pipe", names)
        self.assertNotIn("mqueue", names)
        self.assertIn("mutex", names)

    def test_a_file_that_does_not_exist_is_named(self):
        self.refuse("EXTRA_BACKENDS=/nowhere/mine.c",
                    says=("/nowhere/mine.c", "does not exist"))

    def test_a_file_with_another_ending_is_not_ignored(self):
        self.refuse(f"EXTRA_BACKENDS={self.put('mine.cpp')}",
                    says=("mine.cpp", "does not end in .c .cc .external",
                          "rename"))
        self.refuse(f"EXTRA_SCENARIOS={self.put('mine.cc')}",
                    says=("mine.cc", "does not end in .c;"))

    def test_a_folder_without_a_backend_is_named(self):
        (self.folder / "empty").mkdir()
        for variable in ("EXTRA_BACKENDS", "EXTRA_SCENARIOS"):
            self.refuse(f"{variable}={self.folder}/empty",
                        says=(f"{self.folder}/empty, which has no file that "
                              "ends in .c", "correct the path"))

    def test_a_file_that_exports_no_backend_is_named(self):
        source = self.put("mine.c")
        source.write_text("int helper;\n", "ascii")
        self.refuse(f"EXTRA_BACKENDS={self.folder}",
                    says=("mine.c", "ends with EXPORT_BACKEND", "add it"))

    def test_a_file_that_is_named_twice_is_built_once(self):
        source = self.put("mine.c")
        names = self.ask("NAMES", f"EXTRA_BACKENDS={source} {self.folder}")
        self.assertEqual(names.count("mine"), 1)

    def test_without_refuses_an_unknown_name(self):
        self.refuse("WITHOUT=pipe mqeue", says=("WITHOUT names mqeue",))

    def test_a_file_name_that_is_not_an_identifier_is_refused(self):
        for name in ("my-queue.c", "2lock.cc", "a.b.c"):
            with self.subTest(name=name):
                self.refuse(f"EXTRA_BACKENDS={self.put(name)}",
                            says=(name, "must be a C identifier", "rename"))

    def test_a_name_that_differs_from_the_file_is_refused(self):
        self.refuse(f"EXTRA_BACKENDS={self.put('mine.c', 'yours')}",
                    says=("mine.c", "EXPORT_BACKEND has the name yours",
                          "change one of the two"))

    def test_two_backends_of_one_name_are_refused(self):
        source = self.put("mutex.cc", "mutex")
        self.refuse(f"EXTRA_BACKENDS={source}",
                    says=("two backends are called mutex",))

    def test_a_plain_make_does_not_drop_a_queue_from_another_place(self):
        source = self.put("mine.c")
        extra = f"EXTRA_BACKENDS={source}"
        names = f"{self.folder}/build/names"
        self.assertEqual(self.make(extra, names).returncode, 0)
        done = self.make("-n", "all")
        self.assertEqual(done.returncode, 2)
        self.assertIn(f'was built with EXTRA_BACKENDS="{source}"', done.stderr)
        self.assertIn("or say EXTRA_BACKENDS= to drop", done.stderr)
        # The error, and each way to resolve it.
        self.assertEqual(self.make(extra, names).returncode, 0)
        self.assertEqual(self.make("EXTRA_BACKENDS=", names).returncode, 0)
        self.assertEqual(self.make(names).returncode, 0)

    def test_make_clean_forgets_the_queue_from_another_place(self):
        extra = f"EXTRA_BACKENDS={self.put('mine.c')}"
        names = f"{self.folder}/build/names"
        self.assertEqual(self.make(extra, names).returncode, 0)
        self.assertEqual(self.make("clean").returncode, 0)
        self.assertEqual(self.make(names).returncode, 0)


class Lines(Folder):
    """NEEDS is tested in peers_test.py."""

    def test_ldlibs_links_a_library_in_either_kind_of_comment(self):
        for comment in ("/* LDLIBS: -lmine */\n", "// LDLIBS: -lmine\n",
                        "/*\n * LDLIBS: -lmine\n */\n"):
            with self.subTest(comment=comment):
                source = self.put("mine.c", comment=comment)
                self.assertIn("-lmine",
                              self.ask("LIBS", f"EXTRA_BACKENDS={source}"))

    def test_cppflags_apply_to_one_file_only(self):
        source = self.put("mine.c", comment="/*\n * CPPFLAGS: -DMINE\n */\n")
        mine = f"{self.folder}/build/{source.with_suffix('.o')}"
        other = f"{self.folder}/build/bench/backends/null.o"
        for target, there in ((mine, True), (other, False)):
            done = self.make("-n", f"EXTRA_BACKENDS={source}", target)
            self.assertEqual("-DMINE" in done.stdout, there, done.stdout)


class Externals(Folder):
    def tables(self, text):
        source = self.folder / "mine.external"
        source.write_text(text, "utf-8")
        return self.make(f"EXTERNALS={source}",
                         f"{self.folder}/build/registry_tables.c")

    def test_an_external_file_describes_a_program_and_its_values(self):
        done = self.tables("summary says \"hi\"\ncommand perl mine.pl\n"
                           "only wait poll  spin\nonly placement any\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        made = (self.folder / "build/registry_tables.c").read_text("utf-8")
        self.assertIn(r'"mine", "says \"hi\""', made)
        self.assertRegex(
            made, '"perl mine.pl", " wait poll spin; placement any; *"')

    def test_a_missing_line_is_named(self):
        for text, line in (("summary x\n", "command"),
                           ("command x\n", "summary")):
            done = self.tables(text)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(f'mine.external: the line "{line} ..." is missing; add it',
                          done.stderr)


class Page(unittest.TestCase):
    def test_the_page_lists_exactly_the_optional_parts(self):
        parts = set(re.findall(r"#ifdef (QUEUE_HAS_\w+)", contract()))
        self.assertEqual(set(re.findall(r"QUEUE_HAS_\w+", PAGE)), parts)

    def test_every_operation_on_the_page_is_in_the_contract(self):
        for name in re.findall(r"`((?:queue|port)_\w+)`", PAGE):
            self.assertIn(f"{name}(", contract())

    def test_every_flag_on_the_page_exists(self):
        flags = set(re.findall(r"`(BACKEND_\w+)`", PAGE))
        self.assertGreater(len(flags), 5)
        for flag in flags:
            self.assertRegex(contract(), rf"\t{flag} = 1 <<")

    def test_the_files_that_the_page_names_exist(self):
        for name in re.findall(r"`((?:bench|src|tests)/[a-z_/]+\.\w+)`", PAGE):
            self.assertTrue((REPO / name).is_file() or name.endswith("mine.c"),
                            name)


if __name__ == "__main__":
    unittest.main()
