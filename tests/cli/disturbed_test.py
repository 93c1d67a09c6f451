#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Disturbed observations are measured again, at the end of their round.

An external backend reports which observations were disturbed, so that no test
depends on the machine.
"""
import json
import os
import re
import signal
import tempfile
import unittest
from pathlib import Path

from program import ProgramTest, rows, wait_until

CELLS = ("--backend", "python", "--placement", "any", "--duration", "20ms",
         "--warmup", "1ms")
RESULT = ("status ok", "verified 1", "messages 500", "elapsed_ns 1000")
# Reports whether observation number $n of the wait policy $wait was disturbed.
SCRIPT = """#!/bin/sh
wait=$(sed -n 's/^wait //p')
echo $wait >>{log}
n=$(grep -c "^$wait$" {log})
all=$(grep -c . {log})
{body}
printf '%s\\n' {result} "$said" end
"""


class Disturbed(ProgramTest):
    def fake(self, body):
        """Returns an environment in which python3 is a script that reports
        "$said" about an observation."""
        folder = Path(tempfile.mkdtemp(dir=self.cwd))
        path = folder / "python3"
        result = " ".join(f"'{line}'" for line in RESULT)
        path.write_text(SCRIPT.format(log=folder / "log", body=body,
                                      result=result), encoding="ascii")
        path.chmod(0o755)
        return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}

    def run_with(self, body, *words):
        self.ringbench("run", "--out", "run", *CELLS, *words,
                       env=self.fake(body))
        return rows(self.cwd / "run/results.csv")

    def test_only_the_disturbed_cell_is_measured_again(self):
        measured = self.run_with(
            'said="denied_ns 0"; [ $wait$n = block1 ] && said="denied_ns 900"',
            "--wait", "poll,block,spin", "--rounds", "2")
        self.assertEqual(len(measured), 7)
        again = measured[3]
        self.assertEqual((again["wait"], again["attempt"], again["round"],
                          again["order_in_round"], again["flags"]),
                         ("block", "2", "1", "4", ""))
        first = [row for row in measured if row["flags"] == "disturbed"]
        self.assertEqual([(row["wait"], row["attempt"]) for row in first],
                         [("block", "1")])

    def test_each_reason_disturbs(self):
        for said in ("flags overrun", r"line_before_ns 60\nline_after_ns 90"):
            with self.subTest(said):
                self.cwd = Path(tempfile.mkdtemp(dir=self.cwd))
                measured = self.run_with(
                    f"said=$(printf '{said}'); "
                    '[ $n != 1 ] && said="timeouts 0"',
                    "--rounds", "2")
                self.assertEqual([row["attempt"] for row in measured],
                                 ["1", "2", "1"])

    def test_the_measured_result_disturbs_nothing(self):
        measured = self.run_with('said="messages $((n * n * n * 7))"',
                                 "--rounds", "5")
        self.assertEqual({row["attempt"] for row in measured}, {"1"})

    def test_retry_limits_the_attempts_of_a_round(self):
        for retry, attempts in ((0, 1), (1, 2)):
            with self.subTest(retry):
                self.cwd = Path(tempfile.mkdtemp(dir=self.cwd))
                measured = self.run_with(
                    'said="denied_ns 0"; [ $all -le 5 ] && '
                    'said="denied_ns 900"', "--rounds", "9", "--retry", retry)
                first = [row for row in measured if row["round"] == "1"]
                self.assertEqual([row["attempt"] for row in first],
                                 [str(i + 1) for i in range(attempts)])

    def test_repeated_attempts_make_a_run_at_most_half_as_long_again(self):
        measured = self.run_with('said="denied_ns 900"', "--rounds", "8",
                                 "--retry", "50")
        self.assertEqual(len(measured), 8 + 4)
        self.assertEqual({row["flags"] for row in measured}, {"disturbed"})
        # No round uses the time of all.
        self.assertEqual([row["round"] for row in measured],
                         ["1", "1", "2", "3", "3", "4", "5", "5", "6", "7",
                          "7", "8"])

    def test_both_sides_of_a_pair_are_measured_again(self):
        self.ringbench("aa", "--out", "aa", "--sessions", "1", "--rounds", "4",
                       *CELLS, env=self.fake(
                           'said="denied_ns 0"; [ $all = 1 ] && '
                           'said="denied_ns 900"'))
        for side in "ab":
            measured = rows(self.cwd / f"aa-{side}/results.csv")
            self.assertEqual([(row["round"], row["attempt"])
                              for row in measured[:3]],
                             [("1", "1"), ("1", "2"), ("2", "1")])

    def test_resume_keeps_the_option_retry(self):
        env = self.fake('said="denied_ns 900"; [ $all = 3 ] && sleep 60')
        process = self.start("run", "--out", "run", *CELLS, "--retry", "1",
                             "--rounds", "8", env=env)
        wait_until(lambda: len(rows(self.cwd / "run/results.csv")) == 2
                   if (self.cwd / "run/results.csv").exists() else False)
        process.send_signal(signal.SIGINT)
        process.communicate()
        self.ringbench("run", "--resume", "run",
                       env=self.fake('said="denied_ns 900"'))
        measured = rows(self.cwd / "run/results.csv")
        self.assertEqual([row["attempt"] for row in measured[:4]],
                         ["1", "2", "1", "2"])
        told = json.loads((self.cwd / "run/run.json").read_text("utf-8"))
        self.assertEqual(told["sessions"][0]["retry"], 1)


class Budget(ProgramTest):
    def rounds(self, *words):
        out, _ = self.ringbench("run", "--backend", "mutex", "--placement",
                                "any", "--dry-run", *words)
        return int(re.search(r" cells? x (\d+) ", out)[1]), out

    def test_as_many_rounds_as_fit_are_measured(self):
        # An observation takes 100 ms with its process, and 1.5 times as long
        # with all attempts.
        words = ("--duration", "80ms", "--warmup", "5ms", "--budget")
        count, out = self.rounds(*words, "3s")
        self.assertEqual(count, 20)
        self.assertIn("expected time: 2 s; up to 3 s if", out)
        self.assertEqual(self.rounds(*words, "2min")[0], 800)
        count, out = self.rounds(*words, "3s", "--retry", "0")
        self.assertEqual(count, 30)
        self.assertIn("expected time: 3 s\n", out)

    def test_a_budget_that_is_too_small_names_the_needed_time(self):
        self.refuse("run", "--backend", "mutex", "--budget", "10ms", code=2,
                    says=("--budget: one round needs up to", "choose"))

    def test_a_budget_is_a_time_and_chooses_the_rounds(self):
        self.refuse("run", "--budget", "soon", code=2,
                    says=('"soon"', "10min"))
        self.refuse("run", "--budget", "1min", "--rounds", "3", code=2,
                    says=("--rounds", "remove one"))
        self.refuse("run", "--resume", "run", "--budget", "1min", code=2,
                    says=("--resume",))
        self.refuse("run", "--retry", "-1", code=2, says=("retry",))


if __name__ == "__main__":
    unittest.main()
