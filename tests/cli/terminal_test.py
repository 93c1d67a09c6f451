#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Control characters in files do not reach the terminal. Names that results
cannot store are refused before anything is measured."""
import os
import unittest
import unicodedata

import made_up
from program import ProgramTest

# Codes that clear the screen, set the title, use 8-bit controls, reverse the
# direction of text, and start a new line.
HOSTILE = "\x1b[2J\x1b]0;x\x07\x9b1m\x7f\u202eabc\u2028\r\nringbench: fine"


class Terminal(ProgramTest):
    def assert_clean(self, text):
        bad = [c for c in text if c not in "\n\t"  # Go has tabs
               and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")]
        self.assertEqual(bad, [], repr(text))

    def hostile_run(self, name):
        return made_up.write(
            self.cwd / name, made_up.rounds([1e7] * 8, session_id=name, cpu_ns=9000),
            run_id=HOSTILE, program={
                "revision": HOSTILE + name, "compiler": HOSTILE,
                "flags": HOSTILE, "libraries": {HOSTILE: HOSTILE + name,
                                                "ck": HOSTILE + name}},
            plan={"name": HOSTILE, "lines": [HOSTILE + name]},
            host={"caption": HOSTILE, "clock": {"source": HOSTILE + name},
                  "kernel": {"release": HOSTILE + name}},
            sessions=[{"session_id": name, "doctor": {
                "warnings": 1, "notes": 0, "findings": [
                    {"topic": HOSTILE, "verdict": "warn",
                     "found": HOSTILE, "reason": HOSTILE}]}}])

    def test_facts_of_a_run_are_cleaned_in_reports_and_comparisons(self):
        self.hostile_run("a")
        self.hostile_run("b")
        for words in (("report", "a"), ("compare", "a", "b"),
                      ("compare", "a", "b", "--markdown"),
                      ("compare", "a", "b", "--json"),
                      ("compare", "a", "b", "--csv"),
                      ("export", "a", "--to", "go"),
                      ("export", "a", "--to", "google")):
            with self.subTest(words=words):
                out, err = self.ringbench(*words)
                self.assert_clean(out)
                self.assert_clean(err)

    def test_a_row_with_such_a_text_is_bad_data(self):
        for text in ("\x1b[2J", "a\x9bb", "\x7f"):
            folder = f"run-{ord(text[0])}"
            made_up.write(self.cwd / folder, [made_up.row(backend=text)])
            for words in (("report", folder), ("compare", folder, folder)):
                with self.subTest(words=words):
                    err = self.refuse(*words, code=3, says=(":2",))
                    self.assert_clean(err)

    def test_texts_from_files_of_the_machine_are_cleaned(self):
        for name in ("devices/system/cpu/cpufreq/policy0/scaling_governor",
                     "devices/system/clocksource/clocksource0/"
                     "current_clocksource", "hypervisor/type"):
            file = self.cwd / "root/sys" / name
            file.parent.mkdir(parents=True)
            file.write_text("\x1b[2J\x9b", "latin-1")
        file = self.cwd / "root/proc/cpuinfo"
        file.parent.mkdir()
        file.write_text("model name\t: \x1b[2J\x9bCPU\n", "latin-1")
        for words in ((), ("--json",)):
            out, _ = self.ringbench("doctor", "--root", "root", "--seconds", 0,
                                    *words)
            self.assert_clean(out)
            self.assertIn("governor", out)

    def test_a_hostile_argument_is_cleaned_in_the_error(self):
        for words in (("run", "--backend", HOSTILE), (HOSTILE,),
                      ("run", f"--{HOSTILE}"), ("report", HOSTILE),
                      ("run", "--plan", HOSTILE), ("list", HOSTILE)):
            with self.subTest(words=words):
                self.assert_clean(self.refuse(*words, code=None))

    def test_a_folder_name_that_rows_cannot_store_is_refused(self):
        for name in ("a\nb", "a\x1b[2Jb", os.fsdecode(b"\xff"), "x" * 128,
                     "\x9b", "\u2028"):
            with self.subTest(name=name):
                self.refuse("run", "--backend", "mutex", "--out", name,
                            code=2, says=("--out",))
                self.assertEqual(os.listdir(self.cwd), [])

    def test_every_row_has_the_name_of_the_folder(self):
        for name in ("a,b", 'say "x"', "caf\u00e9", " a ", "x" * 127, "#"):
            with self.subTest(name=name):
                self.ringbench("run", "--backend", "mutex", "--rounds", 1,
                               "--duration", "20ms", "--warmup", "1ms",
                               "--out", name)
                self.assertEqual({row["run_id"] for row in self.results(name)},
                                 {name})
                self.ringbench("report", name)


if __name__ == "__main__":
    unittest.main()
