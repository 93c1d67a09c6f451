#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Bad command lines: each gives one line and the documented exit code. Nothing
is measured, and no file is left."""
import os
import re
import shutil
import unittest

from program import ProgramTest

LONG = "9" * 5000
CELL = ("--backend", "mutex")

# Arguments, exit code, a part of the message.
LINES = (
    # Unknown commands, and arguments in a wrong place.
    ((), 2, "the command is missing"),
    (("",), 2, "unknown command"),
    (("-",), 2, "unknown command"),
    (("--",), 2, "unknown command"),
    (("-x",), 2, "unknown command"),
    (("--rounds", 3), 2, "unknown command"),
    (("RUN",), 2, "unknown command"),
    (("run ",), 2, "unknown command"),
    (("run\0"[:3] + "s",), 2, "unknown command"),
    (("./run",), 2, "unknown command"),
    ((LONG,), 2, "unknown command"),
    (("-h", "run"), 2, "unexpected argument"),
    (("--version", "x"), 2, "unexpected argument"),
    # Options.
    (("run", "--backends", "mutex"), 2, "did you mean --backend"),
    (("run", "-backend", "mutex"), 2, "unknown option"),
    (("run", "--back", "mutex"), 2, "unknown option"),
    (("run", "--=x"), 2, "unknown option"),
    (("run", "--backend"), 2, "needs a value"),
    (("run", *CELL, "--out"), 2, "needs a value"),
    (("run", "--dry-run=1"), 2, "takes no value"),
    (("run", "--help=1"), 2, "takes no value"),
    (("run", "--version=1"), 2, "takes no value"),
    (("run", "-hh"), 2, "unknown option"),
    (("run", "-Vx"), 2, "unknown option"),
    (("run", "---rounds", 1), 2, "unknown option"),
    (("run", "mutex"), 2, "unexpected argument"),
    (("run", "-"), 2, "unexpected argument"),
    (("run", "--", "mutex"), 2, "unexpected argument"),
    (("run", "--", "--dry-run"), 2, "unexpected argument"),
    (("run", "--", "-h"), 2, "unexpected argument"),
    (("report", "a", "--", "b"), 2, "unexpected argument"),
    (("list", "--", "plans", "columns"), 2, "unexpected argument"),
    (("list", "--markdown", "backnds"), 2, "did you mean backends"),
    (("list", ""), 2, "cannot list"),
    # Values of parameters.
    (("run", "--backend", ""), 2, "unknown backend"),
    (("run", "--backend", "mutex,"), 2, "unknown backend"),
    (("run", "--backend", ",mutex"), 2, "unknown backend"),
    (("run", "--backend", "mutex mutex"), 2, "unknown backend"),
    (("run", "--backend", "MUTEX"), 2, "unknown backend"),
    (("run", "--backend", "../mutex"), 2, "unknown backend"),
    (("run", "--backend", "mutex\n"), 2, "unknown backend"),
    (("run", "--scenario", "stream;ls"), 2, "unknown scenario"),
    (("run", "--wait", "sleep:"), 2, "sleep:1ms"),
    (("run", "--wait", "sleep:1ms:1ms"), 2, "sleep:1ms"),
    (("run", "--wait", "sleep:-1ms"), 2, "sleep:1ms"),
    (("run", "--wait", ":1ms"), 2, "unknown wait"),
    (("run", "--wait", "block:1ms"), 2, "takes no time"),
    (("run", "--capacity", "0"), 2, "whole number"),
    (("run", "--capacity", "1e3"), 2, "whole number"),
    (("run", "--capacity", "0x10"), 2, "whole number"),
    (("run", "--capacity", "1,,2"), 2, "whole number"),
    (("run", "--capacity", "\u0661"), 2, "whole number"),
    (("run", "--capacity", LONG), 2, "whole number"),
    (("run", "--duration", "1"), 2, "must be a time"),
    (("run", "--duration", "1 ms"), 2, "must be a time"),
    (("run", "--duration", "1ms1ms"), 2, "must be a time"),
    (("run", "--duration", "1e400s"), 2, "must be a time"),
    (("run", "--duration", "inf"), 2, "must be a time"),
    (("run", "--warmup", "-1ms"), 2, "must be a time"),
    (("run", "--scenario", "pipeline", "--stages", ""), 2, "numbers of threads"),
    (("run", "--scenario", "pipeline", "--stages", "4++1"), 2, "numbers of threads"),
    (("run", "--scenario", "pipeline", "--stages", "16"), 2, "numbers of threads"),
    (("run", "--scenario", "pipeline", "--stages", "1+" * 8 + "1"), 2,
     "numbers of threads"),
    (("run", "--scenario", "pipeline", "--stages", "0" * 80 + "7"), 2,
     "numbers of threads"),
    (("run", "--scenario", "stream", "--payload", "7"), 2, "whole number"),
    (("run", "--batch", "2"), 2, "batch"),
    (("run", "--scenario", "stream", "--capacity",
      ",".join(map(str, range(1, 500))), "--producers",
      ",".join(map(str, range(1, 65))), "--consumers",
      ",".join(map(str, range(1, 65)))), 2, "more than 100000 cells"),
    # Rounds, seeds, folders and plans.
    (("run", *CELL, "--rounds", "0"), 2, "whole number"),
    (("run", *CELL, "--rounds", "100001"), 2, "whole number"),
    (("run", *CELL, "--rounds", "3,4"), 2, "whole number"),
    (("run", *CELL, "--seed", "-1"), 2, "whole number"),
    (("run", *CELL, "--seed", "4294967296"), 2, "whole number"),
    (("run", *CELL, "--out", ""), None, "--out"),
    (("run", *CELL, "--out", "x" * 300), 2, "--out"),
    (("run", *CELL, "--out", "x/" * 3000 + "x"), 2, "--out"),
    (("run", *CELL, "--out", "/proc/x"), 7, "--out"),
    (("run", *CELL, "--out", "/dev/null"), 7, "--out"),
    (("run", *CELL, "--plan", "quick"), 2, "--plan"),
    (("run", "--plan", ""), 2, "plan"),
    (("run", "--plan", "."), 2, "plan"),
    (("run", "--plan", "/"), 2, "plan"),
    (("run", "--plan", "/dev/null"), 2, "no line with parameters"),
    (("run", "--plan", "quick.plan"), 2, "ringbench list plans"),
    (("run", "--plan", "../plans/quick"), 2, "ringbench list plans"),
    (("run", "--plan", "x" * 5000), 2, "File name too long"),
    (("run", "--resume", ""), None, "run.json"),
    (("run", "--resume", "nothing"), 3, "run.json"),
    (("run", "--resume", "nothing", "--rounds", "3"), 2, "--resume"),
    # The other commands.
    (("report", ""), 3, ""),
    (("report", "nothing"), 3, "nothing"),
    (("report", "/dev/null"), 3, "/dev/null"),
    (("report", "/"), 3, "run.json"),
    (("plot", "nothing"), 3, "nothing"),
    (("compare",), 2, "two runs"),
    (("compare", "nothing", "nothing"), 3, "nothing"),
    (("compare", "a", "b", "c"), 2, "unexpected argument"),
    (("compare", "a", "b", "--alpha", "2"), 2, "--alpha"),
    (("compare", "a", "b", "--threshold", "x"), 2, "--threshold"),
    (("compare", "a", "b", "--metric", "colour"), 2, "colour"),
    (("compare", "a", "--by", "colour", "--base", "x"), 2, "colour"),
    (("compare", "a", "b", "--fail-on", "x"), 2, "--fail-on"),
    (("compare", ",", ","), None, ""),
    (("ab",), 2, "revision"),
    (("ab", "a", "b", "c"), 2, "unexpected argument"),
    (("ab", "HEAD"), 2, "git"),
    (("ab", "--", "--help"), 2, "git"),
    (("export", "nothing"), 2, "--to"),
    (("export", "--to", "go", "nothing"), 3, "nothing"),
    (("export", "--to", "csv", "nothing"), 2, "--to"),
    (("doctor", "--seconds", "x"), 2, "--seconds"),
    (("doctor", "--seconds", "-1"), 2, "--seconds"),
    (("doctor", "--seconds", "nan"), 2, "--seconds"),
    (("doctor", "x"), 2, "unexpected argument"),
    (("observe", "x"), 2, "unexpected argument"),
)


class BadLines(ProgramTest):
    def test_each_bad_command_line_gives_one_line_and_its_exit_code(self):
        self.assertGreaterEqual(len(LINES), 60)
        for words, code, says in LINES:
            with self.subTest(words=[str(word)[:60] for word in words]):
                try:
                    err = self.refuse(*words, code=code, says=(says,))
                    self.assertLess(len(err), 1100)
                    self.assertEqual(os.listdir(self.cwd), [])
                finally:
                    shutil.rmtree(self.cwd / "results", ignore_errors=True)


# Typing errors of people, and values that scripts insert by mistake.
VALUES = ("", " ", "-1", "1.5.2", "99999999999999999999", "1e999", "nan", "x,",
          ",", "1,1", "a" * 5000, "\x1b[31mred", "\xff\n", "1ms1", "0x10")


class EveryOption(ProgramTest):
    """Tries each option of each command with each of these values."""

    def options_of(self, command):
        text, _ = self.ringbench(command, "--help")
        return re.findall(r"^ +(?:-\w, )?--([a-z-]+)\[?=", text, re.M)

    def check(self, *words):
        out, err = self.ringbench(*words, code=None)
        self.assertNotIn("\x1b", out + err)
        code = self.last.returncode
        self.assertIn(code, {0, 2, 3, 6, 7}, err)
        if code:
            self.assert_one_line(err)
            self.assertLess(len(err), 1100)
        self.assertEqual(os.listdir(self.cwd), [])

    def start(self, *words, **more):
        self.last = super().start(*words, **more)
        return self.last

    def test_a_malformed_value_gives_one_line(self):
        last_words = {"run": ("--dry-run",), "aa": ("--dry-run",)}
        count = 0
        for command in ("run", "report", "plot", "compare", "aa", "export",
                        "doctor"):
            options = self.options_of(command)
            self.assertTrue(options or command in ("report", "plot"), command)
            chosen = options if len(options) < 12 else options[::3]
            for option in chosen:
                for value in VALUES:
                    with self.subTest(command=command, option=option,
                                      value=value[:20]):
                        self.check(command, f"--{option}={value}",
                                   *last_words.get(command, ("nothing",)))
                    count += 1
        self.assertGreater(count, 200)

    def test_an_unknown_option_gives_one_line(self):
        for command in ("run", "report", "plot", "compare", "ab", "aa",
                        "export", "doctor", "list", "observe"):
            for word in ("--no-such", "-Z", "--no-such=1", "---", "--=", "--x"):
                with self.subTest(command=command, word=word):
                    err = self.refuse(command, word, code=2)
                    self.assertIn(word.split("=")[0].strip("-"), err)


class GoodLines(ProgramTest):
    def test_short_options_ask_for_help_and_version(self):
        for words in (("-h",), ("-?",), ("--help",), ("run", "-h"),
                      ("run", "-?"), ("list", "plans", "-h"),
                      ("compare", "--help")):
            with self.subTest(words=words):
                out, err = self.ringbench(*words)
                self.assertIn("Usage: ringbench", out)
                self.assertEqual(err, "")
        version, _ = self.ringbench("--version")
        for words in (("-V",), ("run", "-V"), ("run", "--version"),
                      ("report", "-V")):
            with self.subTest(words=words):
                self.assertEqual(self.ringbench(*words)[0], version)

    def test_two_dashes_end_the_options(self):
        out, _ = self.ringbench("list", "--", "plans")
        self.assertIn("quick", out)
        self.ringbench("run", *CELL, "--dry-run", "--")
        folder = self.cwd / "--markdown"
        folder.mkdir()
        err = self.refuse("report", "--", "--markdown", code=3)
        self.assertIn("--markdown/run.json", err)


if __name__ == "__main__":
    unittest.main()
