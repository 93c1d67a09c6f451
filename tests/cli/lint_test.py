#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""scripts/lint finds each fault in a tree with this one fault."""
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import REPO


class Lint(unittest.TestCase):
    def lint(self, check, name, text):
        """Runs only this check, on a tree with only this file."""
        folder = Path(tempfile.mkdtemp(prefix="ringbench-lint-"))
        self.addCleanup(shutil.rmtree, folder)
        (folder / "scripts").mkdir()
        shutil.copy(REPO / "scripts/lint", folder / "scripts/lint")
        (folder / name).write_text(text, "utf-8")
        return subprocess.run(
            [folder / "scripts/lint", "build", check], text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def assert_bites(self, check, name, text, says):
        done = self.lint(check, name, text)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn(f"FAIL  {check}", done.stdout)
        self.assertIn(says, done.stdout)

    @unittest.skipUnless(shutil.which("pyflakes3"), "needs pyflakes3")
    def test_pyflakes_finds_an_unused_import(self):
        self.assert_bites("pyflakes", "a.py", "import os\n",
                          "'os' imported but unused")

    @unittest.skipUnless(shutil.which("pyflakes3"), "needs pyflakes3")
    def test_pyflakes_finds_a_name_that_does_not_exist(self):
        self.assert_bites("pyflakes", "a.py", "print(nothing)\n",
                          "undefined name 'nothing'")

    @unittest.skipUnless(shutil.which("shellcheck"), "needs shellcheck")
    def test_shellcheck_finds_a_variable_without_quotes(self):
        self.assert_bites("shellcheck", "scripts/a",
                          "#!/bin/sh\nrm $1\n", "SC2086")

    def test_a_file_without_a_licence_is_found(self):
        self.assert_bites("every source", "a.py", "pass\n",
                          "begin them with the line SPDX-License-Identifier")

    def test_a_file_that_is_too_long_is_found(self):
        self.assert_bites("no file", "a.txt", "line\n" * 501,
                          "a.txt has 501 lines")

    def test_a_todo_comment_is_found(self):
        self.assert_bites("nothing is left", "a.txt", "TO" "DO: all\n",
                          "do it, or open an issue")

    def test_a_tree_without_faults_passes(self):
        done = self.lint("no file", "a.txt", "short\n")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("lint: all checks passed", done.stdout)


if __name__ == "__main__":
    unittest.main()
