#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The gate for pull requests: exit codes, the comment, the time limit."""
# mostly waits
import os
import re
import subprocess
import unittest

import made_up
from ab_rig import CELL, Repository
from program import FOR_MAKE, PATIENCE_S, REPO, tree

try:
    import yaml
except ImportError:
    yaml = None

WORKFLOW = REPO / "docs/ci/github.yml"


class Gate(Repository):
    def gate(self, *words, code, **variables):
        done = subprocess.run(
            [REPO / "scripts/ci-gate", *words], cwd=self.cwd, text=True,
            capture_output=True, check=False, timeout=2 * PATIENCE_S,
            env={**self.environment,
                 "RINGBENCH": str(tree() / "bin/ringbench"), **variables})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def judge(self, *more, code, rounds="8", **variables):
        self.gate("--base", "base", "--comment", "results/verdict.md", "--",
                  *CELL, "--rounds", rounds, *more, code=code, **variables)
        return (self.cwd / "results/verdict.md").read_text("utf-8")

    def test_a_slower_change_fails_and_the_comment_says_so(self):
        self.write(**{"main.c": self.main(500000)})
        said = self.judge(code=1)
        self.assertIn("\n**A cell is slower:** 0 faster, 1 slower, 0 same.\n",
                      said)
        self.assertRegex(said, r"\| 0\.500 \| .* \| slower \|")
        self.assertIn("The candidate passed 0.50 times", said)

    def test_no_change_passes(self):
        # A gate that passes says how many cells nobody could judge.
        self.assertRegex(self.judge(code=0), r"\nNo cell is slower: 0 faster, "
                         r"0 slower, \d same(, \d inconclusive)?\.\n")

    def test_too_few_rounds_do_not_pass(self):
        self.assertIn("**No verdict:**", self.judge(code=3, rounds="2"))

    def test_a_change_that_does_not_compile_is_not_called_slow(self):
        self.write(**{"main.c": "int main(void) { return }\n"})
        said = self.judge(code=5)
        self.assertIn("could not be built", said)

    def test_after_the_time_limit_the_finished_rounds_decide(self):
        values = [1e6 + i for i in range(12)]
        made_up.write(self.cwd / "ab-base", made_up.rounds(values))
        made_up.write(self.cwd / "ab-new", made_up.rounds(
            [value / 2 for value in values], build_id="b2"))
        # A replacement for ab that has measured 12 rounds and never ends by
        # itself.
        endless = self.cwd / "endless"
        endless.write_text(f"""#!/bin/bash
            [[ $1 == ab ]] || exec {tree() / "bin/ringbench"} "$@"
            while [[ $1 != --out ]]; do shift; done
            cp -r ab-base "$2-base"; cp -r ab-new "$2-new"
            trap 'kill $!; exit 130' INT
            sleep 600 & wait $!""", "utf-8")
        endless.chmod(0o755)
        said = self.judge(code=1, GATE_SECONDS="1", RINGBENCH=str(endless))
        self.assertIn("**A cell is slower:** 0 faster, 1 slower, 0 same. The "
                      "time limit of 20 minutes was reached; the finished "
                      "rounds decide.", said)

    def test_a_time_limit_that_ends_in_the_build_gives_no_verdict(self):
        endless = self.cwd / "endless"
        endless.write_text("#!/bin/bash\ntrap 'kill $!; exit 130' INT\n"
                           "sleep 600 & wait $!\n", "utf-8")
        endless.chmod(0o755)
        said = self.judge(code=3, GATE_SECONDS="1", RINGBENCH=str(endless))
        self.assertIn("The time limit of 20 minutes was reached before the "
                      "first round; allow more with --minutes.", said)

    def test_an_interrupted_gate_does_not_blame_the_time_limit(self):
        stopped = self.cwd / "stopped"
        stopped.write_text("#!/bin/sh\nexit 130\n", "utf-8")
        stopped.chmod(0o755)
        said = self.judge(code=130, RINGBENCH=str(stopped))
        self.assertIn("**Interrupted.**", said)
        self.assertNotIn("time limit", said)

    def test_a_baseline_that_does_not_compile_is_not_called_slow(self):
        self.write(**{"main.c": "int main(void) { return }\n"})
        self.git("commit", "-qam", "broken")
        self.write(**{"main.c": self.main(1000000)})
        done = self.gate("--base", "HEAD", "--comment", "verdict.md", "--",
                         *CELL, "--rounds", "2", code=5)
        self.assertIn("could not be built", done.stdout)
        self.assertRegex(done.stderr, r"base \([0-9a-f]+\) does not build: "
                         r"main\.c:1")

    def test_wrong_usage_gives_exit_code_2(self):
        for words, says in (((), "--base is missing"),
                            (("--base",), "--base needs a value"),
                            (("--base", "nowhere"), "unknown revision"),
                            (("--base", "base", "--minutes", "x"),
                             "--minutes"),
                            (("--colour",), "unknown argument")):
            done = self.gate(*words, code=2)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
            self.assertIn(says, done.stderr)
        self.gate("--base", "base", code=2, RINGBENCH="nowhere")
        self.assertIn("usage:", self.gate("--help", code=0).stdout)

    def test_a_comment_that_cannot_be_written_is_not_a_slower_cell(self):
        (self.cwd / "folder").mkdir()
        for comment in ("folder", "/proc/none/verdict.md"):
            done = self.gate("--base", "base", "--comment", comment, "--",
                             "--plan", "none", code=7)
            self.assertIn(f"ci-gate: cannot write {comment}; choose another "
                          "file with --comment\n", done.stderr)

    def test_the_example_workflow_calls_the_gate_as_it_is(self):
        text = WORKFLOW.read_text("utf-8")
        self.assertIn("scripts/ci-gate --base", text)
        for option in ("--minutes", "--comment"):
            self.assertIn(option, text)
            self.assertIn(option, self.gate("--help", code=0).stdout)

    def test_the_example_workflow_has_valid_steps(self):
        if not yaml:
            self.skipTest("python3-yaml is not installed")
        steps = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]["gate"][
            "steps"]
        for step in steps:
            self.assertEqual(len({"run", "uses"} & set(step)), 1, step)
            # What GitHub replaces is not shell.
            shell = re.sub(r"\$\{\{.*?\}\}", "1", step.get("run", ""))
            subprocess.run(["sh", "-n"], input=shell, text=True, check=True)
            for script in re.findall(r"scripts/\S+", shell):
                self.assertTrue(os.access(REPO / script, os.X_OK), script)
            for goals in re.findall(r"(?m)(?:^|&& )make ([a-z -]+?)(?: &&|$)", shell):
                subprocess.run(["make", "-n", *goals.split()], cwd=REPO,
                               env=FOR_MAKE, check=True, capture_output=True)
        # gh of Debian 12 and Ubuntu 24.04 does not know this option.
        self.assertNotIn("--create-if-none", WORKFLOW.read_text("utf-8"))


if __name__ == "__main__":
    unittest.main()
