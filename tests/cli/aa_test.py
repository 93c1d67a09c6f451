#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""aa compares the program with itself and counts false verdicts."""
import signal
import unittest

from program import QUICK, ProgramTest, rows, wait_until

CELLS = ("--backend", "mutex,ck_mpmc", "--wait", "block,yield", "--placement",
         "any")


class Measured(ProgramTest):
    def aa(self, *words, code=0):
        return self.ringbench("aa", *CELLS, *QUICK, *words, code=code)

    def sides(self, stem="out"):
        return [rows(self.cwd / f"{stem}-{label}/results.csv")
                for label in "ab"]

    def test_sessions_differ_and_labels_share_them(self):
        self.aa("--sessions", 3, "--rounds", 2, "--out", "out", "--seed", 4)
        a, b = self.sides()
        self.assertEqual(len(a), 3 * 2 * 4)
        where = [[(row["session_id"], row["seed"], row["round"],
                   row["backend"], row["wait"]) for row in side]
                 for side in (a, b)]
        self.assertEqual(sorted(where[0]), sorted(where[1]))
        self.assertEqual(len({row["session_id"] for row in a}), 3)
        self.assertEqual({row["seed"] for row in a}, {"4", "5", "6"})
        self.assertEqual({row["build_id"] for row in a},
                         {row["build_id"] for row in b})

    def test_the_table_states_the_number_of_tests(self):
        out, err = self.aa("--sessions", 2, "--rounds", 2, "--out", "out")
        self.assertIn("4 cells, 2 sessions of 2 rounds\n", out)
        # With two rounds, p cannot be small.
        self.assertRegex(out, r"\np at most 5 % +0 of 8 +0\.0 % +0\.0 to "
                              r"36\.9 %\n")
        self.assertRegex(out, r"\nsessions with any after Holm +0 of 2 ")
        self.assertRegex(out, r"\npingpong block any +2 +4 +0 +0 +\S+% +\S+%")
        self.assertIn("results: out-a\n         out-b\n", out)
        for line in out.splitlines():
            self.assertLessEqual(len(line), 80, line)
        self.assertIn("aa: session 2 of 2\n", err)

    def test_a_second_aa_adds_sessions(self):
        self.aa("--sessions", 1, "--rounds", 1, "--out", "out")
        out, _ = self.aa("--sessions", 1, "--rounds", 1, "--out", "out")
        self.assertIn("4 cells, 2 sessions of 1 round\n", out)

    def test_compare_can_compare_the_two_runs_of_aa(self):
        self.aa("--sessions", 1, "--rounds", 2, "--out", "out")
        out, _ = self.ringbench("compare", "out-a", "out-b")
        self.assertIn("mode: paired", out)

    def test_without_out_the_runs_are_in_results(self):
        self.aa("--sessions", 1, "--rounds", 1)
        self.assertEqual(sorted(path.name[-2:] for path in
                                (self.cwd / "results").iterdir()),
                         ["-a", "-b"])

    def test_wrong_numbers_of_sessions_are_refused(self):
        for number in ("0", "-1", "many", "1001"):
            with self.subTest(number=number):
                self.refuse("aa", f"--sessions={number}", code=2,
                            says=("sessions", "from 1 to 1000"))

    def test_a_dry_run_prints_the_expected_time(self):
        out, _ = self.aa("--sessions", 2, "--rounds", 3, "--dry-run")
        self.assertIn("4 cells x 3 rounds x 2 sides x 2 sessions\n", out)
        self.assertEqual(list(self.cwd.iterdir()), [])

    def test_ctrl_c_keeps_finished_observations(self):
        process = self.start("aa", *CELLS, *QUICK, "--rounds", 1000, "--out",
                             "out")
        path = self.cwd / "out-b/results.csv"
        wait_until(lambda: path.exists() and
                   path.read_bytes().count(b"\n") > 3)
        _, err = self.interrupt(process, signal.SIGINT)
        self.assertIn("ringbench: interrupted; the finished "
                      "observations are in "
                      "out-a and out-b\n", err)
        self.assertGreaterEqual(len(rows(path)), 3)

    def test_a_queue_that_loses_messages_is_named_with_its_label(self):
        _, err = self.ringbench(
            "aa", "--backend", "drops", "--scenario", "stream", "--placement",
            "any", *QUICK, "--sessions", 1, "--rounds", 1, "--out", "out",
            program="faulty", code=4)
        self.assertIn("ringbench: a: --scenario stream --backend drops", err)
        self.assertIn("ringbench: b: --scenario stream --backend drops", err)


if __name__ == "__main__":
    unittest.main()
