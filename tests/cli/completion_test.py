#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Shells complete commands, options and values from the option tables."""
import os
import shutil
import subprocess
import unittest

from program import PATIENCE_S, REPO, ProgramTest, tree

SCRIPTS = REPO / "scripts/completion"
COMMANDS = {"run", "report", "show", "plot", "compare", "ab", "aa", "export",
            "doctor", "list"}


class Words(ProgramTest):
    def words(self, *words):
        out, err = self.ringbench(*words)
        self.assertEqual(err, "")
        for line in out.splitlines():
            self.assertEqual(line.count("\t"), 1, line)
        return [line.split("\t")[0] for line in out.splitlines()]

    def test_every_command_and_each_of_its_options_is_listed(self):
        commands = self.words("--complete")
        self.assertLessEqual(COMMANDS, set(commands))
        self.assertNotIn("observe", commands)
        for command in commands:
            out, _ = self.ringbench(command, "--help")
            for option in self.words(command, "--complete"):
                self.assertIn(option, out)

    def test_values_are_listed(self):
        for words, value in (
                (("run", "--complete", "--backend"), "mutex"),
                (("run", "--complete", "--wait"), "block"),
                (("run", "--complete", "--placement"), "same-cpu"),
                (("run", "--complete", "--scenario"), "stream"),
                (("run", "--complete", "--event"), "futex"),
                (("aa", "--complete", "--plan"), "quick"),
                (("compare", "--complete", "--by"), "backend"),
                (("ab", "--complete", "--fail-on"), "inconclusive"),
                (("export", "--complete", "--to"), "hyperfine"),
                (("export", "--complete", "--metric"), "cpu_ns")):
            with self.subTest(words=words):
                self.assertIn(value, self.words(*words))
        for option in ("--rounds", "--dry-run", "--nonsense", ""):
            self.assertEqual(self.words("run", "--complete", option), [])


class Shells(ProgramTest):
    def shell(self, shell, script):
        if not shutil.which(shell):
            self.skipTest(f"{shell} is not installed")
        done = subprocess.run(
            [shell, *(("-f",) if shell == "zsh" else ()), "-c", script],
            cwd=self.cwd, text=True, capture_output=True, check=False,
            stdin=subprocess.DEVNULL, timeout=PATIENCE_S,
            env={**os.environ, "HOME": str(self.cwd), "SCRIPTS": str(SCRIPTS),
                 "PATH": f"{tree() / 'bin'}:{os.environ['PATH']}"})
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.split("\n")

    def bash(self, *words):
        quoted = " ".join(f"'{word}'" for word in words)
        return self.shell("bash", f"""
            source "$SCRIPTS/ringbench.bash"
            COMP_WORDS=({quoted})
            COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
            _ringbench
            printf '%s\\n' "${{COMPREPLY[@]}}\"""")

    def test_bash_completes_commands_options_values_and_files(self):
        self.assertIn("report", self.bash("ringbench", "re"))
        self.assertNotIn("run", self.bash("ringbench", "re"))
        self.assertIn("--backend", self.bash("ringbench", "run", "--ba"))
        self.assertIn("mutex", self.bash("ringbench", "run", "--backend",
                                         "mu"))
        self.assertIn("spin,block", self.bash("ringbench", "run", "--wait",
                                              "spin,bl"))
        self.assertIn("mutex", self.bash("ringbench", "run", "--backend", "=",
                                         "mu"))
        (self.cwd / "my-run").mkdir()
        self.assertIn("my-run", self.bash("ringbench", "report", "my"))

    def test_fish_completes_commands_options_and_values(self):
        for line, word in (("ringbench re", "report"),
                           ("ringbench run --ba", "--backend"),
                           ("ringbench run --backend mu", "mutex")):
            found = self.shell("fish", "source $SCRIPTS/ringbench.fish; "
                                       f"complete -C '{line}'")
            self.assertIn(word, [one.split("\t")[0] for one in found])

    def zsh(self, *words):
        """Returns the words that zsh's _describe would offer."""
        quoted = " ".join(f"'{word}'" for word in words)
        return self.shell("zsh", f"""
            _describe() {{ print -l -- ${{(P)2}} }}
            _files() {{ print files }}
            words=({quoted}) CURRENT={len(words)}
            source "$SCRIPTS/_ringbench" """)

    def test_zsh_completes_commands_options_values_and_files(self):
        for words, word in ((("ringbench", "re"), "report"),
                            (("ringbench", "run", "--ba"), "--backend"),
                            (("ringbench", "run", "--backend", "mu"),
                             "mutex")):
            self.assertIn(word, [line.split(":")[0]
                                 for line in self.zsh(*words)])
        self.assertIn("files", self.zsh("ringbench", "report", "my"))


if __name__ == "__main__":
    unittest.main()
