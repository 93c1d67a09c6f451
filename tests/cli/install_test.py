#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""`make install` puts every file into its usual folder; `make uninstall`
removes all of them."""
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import BUILD, PATIENCE_S, REPO, ProgramTest


@unittest.skipUnless(shutil.which("help2man"), "help2man is not installed")
class Install(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="ringbench-install-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.make("install-files", "a")
        cls.make("install-files", "b and c")
        cls.root = cls.folder / "a/usr"

    @classmethod
    def make(cls, target, root):
        done = subprocess.run(
            ["make", "-C", REPO, target, f"DESTDIR={cls.folder / root}",
             "prefix=/usr", f"BUILD={BUILD}"], text=True, capture_output=True,
            check=False, timeout=2 * PATIENCE_S)
        if done.returncode:
            raise AssertionError(done.stdout + done.stderr)

    def page(self, name):
        return (self.root / f"share/man/man1/{name}.1").read_text("utf-8")

    def test_every_command_has_a_manual_page(self):
        out, _ = self.ringbench("--complete")
        names = {"ringbench"} | {"ringbench-" + line.split("\t")[0]
                                 for line in out.splitlines()}
        self.assertEqual({path.stem for path in
                          (self.root / "share/man/man1").iterdir()}, names)
        for name in names:
            page = self.page(name)
            self.assertIn(f"\n.SH NAME\n{name} \\- ", page)
            for section in ("EXAMPLES", '"EXIT STATUS"', "FILES",
                            "SYNOPSIS"):
                self.assertIn(f"\n.SH {section}\n", page, name)

    def test_pages_have_every_option_and_exit_code(self):
        for command in ("run", "compare", "export"):
            page = self.page(f"ringbench-{command}").replace("\\-", "-")
            page = re.sub(r"\\f.|\\,|\\/", "", page)
            listed, _ = self.ringbench(command, "--complete")
            for line in listed.splitlines():
                self.assertRegex(page, rf"(?m)^{line.split()[0]}\b")
        for code in (0, 1, 2, 3, 4, 5, 6, 7, 130, 143):
            self.assertIn(f"\n.TP\n{code}\n", self.page("ringbench-run"))

    def test_the_examples_of_the_pages_are_accepted(self):
        # Each example in the manual uses an existing command and existing
        # options.
        for path in (REPO / "scripts/manual").glob("*.h2m"):
            text = path.read_text("utf-8").replace("\\-", "-")
            for command, words in re.findall(
                    r"(?m)^ringbench (\w+)(.*?)(?:[|>]|$)", text):
                listed, _ = self.ringbench(command, "--complete")
                known = {line.split("\t")[0] for line in listed.splitlines()}
                for option in re.findall(r"(?<= )--[a-z-]+",
                                         re.sub(r'"[^"]*"', "", words)):
                    self.assertIn(option, known, f"{path.name}: {words}")

    def test_headers_data_and_completion_are_installed(self):
        for name in ("bin/ringbench", "include/ringbench/spsc_ring.h",
                     "lib/pkgconfig/ringbench.pc",
                     "share/ringbench/bench/plans/quick.plan",
                     "share/ringbench/plots/common.gp",
                     "share/ringbench/docs/schemas/report.json",
                     "share/bash-completion/completions/ringbench",
                     "share/zsh/site-functions/_ringbench",
                     "share/fish/vendor_completions.d/ringbench.fish"):
            self.assertTrue((self.root / name).is_file(), name)
        self.assertIn("\nprefix=/usr\n", "\n" + (
            self.root / "lib/pkgconfig/ringbench.pc").read_text("utf-8"))

    def test_the_installed_program_finds_its_files_in_any_folder(self):
        moved = self.cwd / "moved"
        shutil.copytree(self.root, moved)
        done = subprocess.run([moved / "bin/ringbench", "list", "plans"],
                              text=True, capture_output=True, check=False,
                              cwd=self.cwd)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("tutorial", done.stdout)

    def test_uninstalling_leaves_no_file(self):
        other = self.folder / "b and c/usr/bin/other"
        other.write_text("", "ascii")
        self.make("uninstall", "b and c")
        self.assertEqual([path for path in (self.folder / "b and c").rglob("*")
                          if path.is_file()], [other])


if __name__ == "__main__":
    unittest.main()
