#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""recommend: answers from recorded and from made-up runs.

tests/recorded/ holds rows of `ringbench recommend --rate 1k/s`, 50k/s and 2M/s:
two queues with five wait policies.
"""
import json
import os
import unittest

import made_up
from program import REPO, ProgramTest

RECORDED = REPO / "tests/recorded"


class Recommend(ProgramTest):
    def ask(self, run, *wishes):
        """Returns the answer as JSON."""
        out, err = self.ringbench("recommend", *wishes, "--json",
                                  RECORDED / run)
        self.assertEqual(err, "")
        return json.loads(out)

    def words(self, run, *wishes):
        out, _ = self.ringbench("recommend", *wishes, RECORDED / run)
        self.assertLessEqual(max(map(len, out.splitlines())), 79)
        return " ".join(out.split())

    def test_the_answer_changes_with_the_load(self):
        rare = self.ask("load-1k.csv", "--rate", "1k/s", "--latency",
                        "p50:1ms")
        usual = self.ask("load-50k.csv", "--rate", "50k/s", "--cpu", "20%")
        dense = self.ask("load-2M.csv", "--rate", "2M/s")
        self.assertEqual([answer["take"]["wait"]
                          for answer in (rare, usual, dense)],
                         ["block", "sleep:50us", "park:20us"])
        for answer in (rare, usual, dense):
            self.assertTrue(answer["fits"])

    def test_a_limit_for_latency_takes_the_cell_with_the_least_cpu_time(self):
        answer = self.ask("load-1k.csv", "--rate", "1000", "--latency",
                          "p50:1ms")
        least = min(cell["consumer_cpus"]["median"]
                    for cell in answer["cells"])
        self.assertLessEqual(answer["take"]["consumer_cpus"]["median"],
                             1.1 * least)

    def test_a_limit_for_cpu_time_takes_the_lowest_latency_below_it(self):
        answer = self.ask("load-2M.csv", "--rate", "2M/s", "--cpu", "50%")
        self.assertEqual(answer["take"]["wait"], "sleep:50us")
        self.assertLess(answer["take"]["consumer_cpus"]["high"], 0.5)
        self.assertTrue(answer["sure"])

    def test_a_second_cell_that_misses_a_limit_is_marked(self):
        said = "Second, but it misses a limit: spsc_ring with block"
        self.assertIn(said, self.words("load-2M.csv", "--rate", "2M/s",
                                       "--cpu", "50%"))
        self.assertNotIn("misses a limit", self.words(
            "load-1k.csv", "--rate", "1k/s", "--cpu", "20%"))

    def test_without_a_limit_a_measured_percentile_is_used(self):
        self.assertEqual(self.ask("load-1k.csv", "--rate", "1k/s")
                         ["percentile"], "p90")
        self.assertEqual(self.ask("load-2M.csv", "--rate", "2M/s")
                         ["percentile"], "p99")

    def test_if_nothing_fits_the_nearest_cell_is_named(self):
        wishes = ("--rate", "50k/s", "--cpu", "1%", "--latency", "p50:1us")
        answer = self.ask("load-50k.csv", *wishes)
        self.assertFalse(answer["fits"])
        self.assertFalse(answer["sure"])
        self.assertIn("Nothing fits. The nearest cell: ",
                      self.words("load-50k.csv", *wishes))

    def test_a_load_that_was_not_measured_has_no_answer(self):
        for wishes in (("--rate", "3k/s"), ("--rate", "1k/s", "--producers",
                                            2)):
            answer = self.ask("load-1k.csv", *wishes)
            self.assertFalse(answer["fits"])
            self.assertIsNone(answer["take"])
            self.assertEqual(answer["cells"], [])
            self.assertIn("no cell with this load",
                          self.words("load-1k.csv", *wishes))

    def test_a_percentile_without_samples_ranks_nothing(self):
        text = self.words("load-1k.csv", "--rate", "1k/s", "--latency",
                          "p999:1s")
        self.assertIn("too few messages for this percentile", text)

    def test_every_number_has_its_cell_and_interval(self):
        text = self.words("load-2M.csv", "--rate", "2M/s")
        for part in ("Take: spsc_ring with park:20us: latency p99 ",
                     "Its cell: --scenario stream --backend spsc_ring --wait "
                     "park:20us", "How sure: 10 rounds", "Second: "):
            self.assertIn(part, text)

    def test_cells_that_cannot_be_separated_are_named(self):
        answer = self.ask("load-50k.csv", "--rate", "50k/s")
        names = [(cell["backend"], cell["wait"])
                 for cell in answer["not_distinguishable"]]
        self.assertTrue(names)
        self.assertNotIn((answer["take"]["backend"], answer["take"]["wait"]),
                         names)

    def test_markdown_is_a_list(self):
        out, _ = self.ringbench("recommend", "--rate", "2M/s", "--markdown",
                                RECORDED / "load-2M.csv")
        for line in out.splitlines():
            self.assertTrue(line.startswith("- **"), line)

    def test_a_queue_that_is_blocking_is_left_out_on_request(self):
        answer = self.ask("load-2M.csv", "--rate", "2M/s", "--blocking", "no")
        self.assertEqual(answer["take"]["backend"], "spsc_ring")
        self.assertEqual({cell["obstacle"] for cell in answer["cells"]
                          if cell["backend"] == "mutex"}, {"is blocking"})


class Distances(ProgramTest):
    """A run in which the hypervisor moved the CPUs in half of the rounds."""

    def setUp(self):
        super().setUp()
        self.write(lambda i: i % 6 > 2)

    def write(self, is_far, folder="moved"):
        """Writes 24 rounds of two cells."""
        rows = []
        for wait, latency in (("spin", 900), ("block", 5000)):
            for i in range(24):
                far = is_far(i)
                rows.append(made_up.row(
                    round=i + 1, wait=wait, rate=50000, arrivals="constant",
                    throughput_msg_per_s="50000",
                    line_before_ns=301 if far else 62,
                    line_after_ns=301 if far else 62,
                    latency_p50_ns=latency * (4 if far else 1) + i,
                    latency_p99_ns=2 * latency * (4 if far else 1) + i,
                    cpu_pop_share="0.25", cpu_push_share="0.1"))
        made_up.write(self.cwd / folder, rows)

    def test_a_distance_with_too_few_rounds_is_not_ranked(self):
        self.write(lambda i: i % 12 != 7, "far")
        out, _ = self.ringbench("recommend", "--rate", "50k/s", "--json",
                                "far")
        answer = json.loads(out)
        self.assertEqual(answer["cells_at_larger_distances"], 2)
        # 22 rounds are far, 2 are near.
        self.assertGreater(answer["take"]["latency_ns"]["median"], 7000)
        self.assertTrue(answer["sure"])

    def test_cells_are_ranked_at_the_smallest_distance_only(self):
        out, _ = self.ringbench("recommend", "--rate", "50k/s", "--json",
                                "moved")
        answer = json.loads(out)
        self.assertEqual(len(answer["cells"]), 2)
        self.assertEqual(answer["cells_at_larger_distances"], 2)
        self.assertLess(answer["take"]["latency_ns"]["median"], 2000)

    def test_the_answer_mentions_larger_distances(self):
        out, _ = self.ringbench("recommend", "--rate", "50k/s", "moved")
        text = " ".join(out.split())
        self.assertIn("Each cell is ranked at one distance: the smallest with "
                      "enough rounds. 2 cells at another distance are left "
                      "out.", text)
        self.assertIn("62", text)

    def test_with_one_distance_the_answer_mentions_none(self):
        out, _ = self.ringbench("recommend", "--rate", "2M/s",
                                RECORDED / "load-2M.csv")
        self.assertNotIn("Core distance", out)


class FewUndisturbedRounds(ProgramTest):
    """12 rounds of 12 cells; 5 rounds of `spin` were disturbed."""

    def setUp(self):
        super().setUp()
        rows = []
        for n in range(12):
            wait = ("block", "spin", *[f"timeout:{i}ms"
                                       for i in range(1, 11)])[n]
            for i in range(12):
                rows.append(made_up.row(
                    round=i + 1, wait=wait, rate=50000, arrivals="constant",
                    throughput_msg_per_s="50000",
                    flags="disturbed" if wait == "spin" and i < 5 else "",
                    latency_p50_ns=900 + i, latency_p99_ns=1900 + i,
                    cpu_pop_share=f"{0.2 if wait == 'block' else 0.9:.1f}{i}",
                    cpu_push_share="0.1"))
        made_up.write(self.cwd / "few", rows)

    def test_a_cell_that_costs_more_in_every_round_is_separated(self):
        out, _ = self.ringbench("recommend", "--rate", "50k/s", "--latency",
                                "p50:5us", "--json", "few")
        answer = json.loads(out)
        self.assertEqual(answer["take"]["wait"], "block")
        self.assertEqual(answer["not_distinguishable"], [])


class ScatteredCells(ProgramTest):
    """The latency of `spin` has the smaller median and scatters widely."""

    def test_a_steady_cell_is_taken_if_rounds_cannot_separate_both(self):
        rows = []
        for i in range(12):
            for wait, latency in (("spin", 8000 if i % 3 else 3000000),
                                  ("block", 30000 + i)):
                rows.append(made_up.row(
                    round=i + 1, wait=wait, rate=50000, arrivals="constant",
                    throughput_msg_per_s="50000", latency_p50_ns=latency,
                    latency_p99_ns=latency, cpu_pop_share="0.2",
                    cpu_push_share="0.1"))
        made_up.write(self.cwd / "run", rows)
        out, _ = self.ringbench("recommend", "--rate", "50k/s", "--json",
                                "run")
        answer = json.loads(out)
        self.assertEqual(answer["take"]["wait"], "block")
        self.assertEqual([cell["wait"] for cell in
                          answer["not_distinguishable"]], ["spin"])


class Contradictions(ProgramTest):
    def test_each_error_is_one_line(self):
        for words, says in (
                ((), "--rate"),
                (("--rate", "0"), "--rate"),
                (("--rate", "5G"), "--rate"),
                (("--rate", "x"), "--rate"),
                (("--rate", "5k", "--cpu", "250%"), "remove --cpu"),
                (("--rate", "5k", "--cpu", "0%"), "--cpu"),
                (("--rate", "5k", "--cpu", "5"), "such as 5%"),
                (("--rate", "5k", "--latency", "p99"), "p99:20us"),
                (("--rate", "5k", "--latency", "p95:5us"), "p999"),
                (("--rate", "5k", "--latency", "p99:0ns"), "p99:20us"),
                (("--rate", "5k", "--order", "lifo"), "per-producer"),
                (("--rate", "5k", "--blocking", "maybe"), "yes or no"),
                (("--rate", "5k", "--producers", 65), "from 1 to 64"),
                (("--rate", "5k", "--budget", "1ms"), "at least 1s"),
                (("--rate", "1/s", "--latency", "p999:1ms"), "--budget"),
                (("--rate", "5k", "--rate", "9k"), "--rate is given twice"),
                (("--rate", "5k", "--latency", "p99:1ms", "--latency",
                  "p50:1us"), "--latency is given twice"),
                (("--rate", "100M/s"), "at most 10M messages/s"),
                (("--rate", "5k", "--budget", "5s",
                  RECORDED / "load-1k.csv"), "remove one of them"),
                (("--rate", "5k", "--blocking", "no", "--bounded", "yes",
                  "--producers", 2, "--consumers", 2),
                 "ringbench list backends")):
            with self.subTest(words=words):
                self.refuse("recommend", *words, code=2, says=(says,))
                self.assertEqual(os.listdir(self.cwd), [])

    def test_a_missing_run_is_refused(self):
        self.refuse("recommend", "--rate", "5k/s", "nothing", code=3,
                    says=("nothing",))


class Trial(ProgramTest):
    def test_a_load_that_no_run_has_is_measured(self):
        """The budget is too short for all queues; the rest is named."""
        out, err = self.ringbench("recommend", "--rate", "20k/s", "--budget",
                                  "7s", "--json", code=None)
        answer = json.loads(out)
        self.assertGreaterEqual(len(answer["cells"]), 5)
        self.assertIn("choose a longer --budget", err)
        self.assertTrue((self.cwd / answer["run"] / "results.csv").exists())
        again, err = self.ringbench("recommend", "--rate", "20k/s", "--json")
        self.assertEqual(err, "")
        self.assertEqual(json.loads(again)["cells"], answer["cells"])


if __name__ == "__main__":
    unittest.main()
