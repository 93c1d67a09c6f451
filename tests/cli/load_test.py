#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""stream at a rate: offered rate, latency of the messages, and CPU time."""
# mostly waits
import os
import re
import shutil
import unittest

from program import ProgramTest, measure_once, number

RATE = ("--scenario", "stream", "--placement", "any", "--rounds", 1)


class AtARate(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.run_folder, cls.out, _ = measure_once(
            *RATE, "--backend", "mutex,spsc_ring", "--wait", "block",
            "--rate", "5k/s", "--arrivals", "constant,poisson,burst:10",
            "--duration", "300ms")

    def setUp(self):
        super().setUp()
        self.rows = self.results(self.run_folder)
        self.parts = self.threads(self.run_folder)

    def test_every_message_is_verified(self):
        self.assertEqual(len(self.rows), 6)
        for row in self.rows:
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"))
            self.assertEqual(row["rate"], "5000")

    def test_the_offered_rate_follows_the_schedule(self):
        for row in self.rows:
            slack = 500 if row["arrivals"] != "constant" else 50
            self.assertAlmostEqual(float(row["offered_msg_per_s"]), 5000,
                                   delta=slack, msg=row["arrivals"])

    def test_latency_from_the_due_time_is_never_less_than_from_sending(self):
        for row in self.rows:
            for name in ("p50", "p90", "p99", "max"):
                self.assertGreaterEqual(number(row, f"latency_{name}_ns"),
                                        number(row, f"sent_latency_{name}_ns"))

    def test_percentiles_rise_and_need_ten_samples_above_them(self):
        for row in self.rows:
            values = [number(row, f"latency_{name}_ns")
                      for name in ("p50", "p90", "p99", "max")]
            self.assertEqual(values, sorted(values))
            self.assertEqual(row["latency_p999_ns"], "")
            counts = [int(part.split(":")[1])
                      for part in row["latency_histogram"].split("+")]
            self.assertGreaterEqual(sum(counts), 1000)
            self.assertLess(sum(counts), 10000)

    def test_waiting_for_the_due_time_is_not_work(self):
        for part in self.parts:
            elapsed = number(part, "elapsed_ns")
            spent = number(part, "busy_ns", "wait_empty_ns", "wait_full_ns",
                           "wait_pace_ns")
            self.assertAlmostEqual(spent, elapsed, delta=elapsed / 50)
            if part["thread"].startswith("producer"):
                self.assertGreater(number(part, "wait_pace_ns"), elapsed / 2)
                self.assertLessEqual(number(part, "wait_pace_cpu_ns"),
                                     number(part, "wait_pace_ns"))
            else:
                self.assertEqual(number(part, "wait_pace_ns"), 0)

    def test_cpu_time_per_side_leaves_out_pacing(self):
        for row in self.rows:
            parts = [part for part in self.parts
                     if part["order_in_round"] == row["order_in_round"]]
            for side, column in (("producer", "cpu_push_share"),
                                 ("consumer", "cpu_pop_share")):
                cpu = sum(number(part, "cpu_ns") -
                          number(part, "wait_pace_cpu_ns") for part in parts
                          if part["thread"].startswith(side))
                self.assertAlmostEqual(
                    float(row[column]),
                    max(cpu, 0) / number(row, "elapsed_ns"), places=6)

    @unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
    def test_the_number_beside_a_bar_is_the_sum_of_its_waiting_parts(self):
        folder = os.path.join(self.run_folder, "plots",
                              "stream-latency_p50_ns")
        self.ringbench("plot", self.run_folder)
        with open(os.path.join(folder, "idle.dat")) as file:
            bars = [line.rstrip("\n").split("\t") for line in file][1:]
        self.assertEqual(len(bars), 12)  # 6 cells, 2 roles
        for bar in bars:
            parts = [float(part) for part in bar[4:10]]
            share, role = re.match(r'"(.*) % (\w+)"', bar[10]).groups()
            self.assertAlmostEqual(sum(parts), 1, places=3)
            self.assertAlmostEqual(float(share), 100 * (parts[2] + parts[4]),
                                   delta=0.06)
            self.assertEqual(role == "producer", parts[5] > 0)

    @unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
    def test_without_rows_of_threads_there_is_no_idle_picture(self):
        run = os.path.join(self.cwd, "copy")
        shutil.copytree(self.run_folder, run,
                        ignore=shutil.ignore_patterns("threads.csv", "plots"))
        self.ringbench("plot", run)
        drawn = os.listdir(os.path.join(run, "plots"))
        self.assertIn("stream-latency_p50_ns.svg", drawn)
        self.assertFalse([name for name in drawn if "idle" in name])

    def test_the_table_shows_latency_and_cpu_time(self):
        self.assertIn("under load: latency and CPU time at a rate", self.out)
        for title in ("p50", "p99", "pop CPU", "push CPU", "5k/s"):
            self.assertIn(title, self.out)


class FewMessages(ProgramTest):
    def test_few_messages_have_a_median_and_no_99th_percentile(self):
        self.ringbench("run", *RATE, "--wait", "block", "--rate", 500,
                       "--duration", "100ms", "--out", "run")
        row, = self.results()
        self.assertNotEqual(row["latency_p50_ns"], "")
        self.assertEqual(row["latency_p99_ns"], "")

    def test_a_full_queue_makes_the_producer_late_and_the_latency_long(self):
        self.ringbench("run", *RATE, "--wait", "block", "--rate", "10k/s",
                       "--consume-every", "2ms", "--capacity", 2,
                       "--duration", "200ms", "--out", "run")
        row, = self.results()
        # Only the messages that fill the queue at the start are on time. On a
        # busy machine, they can be most of the messages.
        self.assertGreater(float(row["late_share"]),
                           1 - 6 / number(row, "messages"))
        self.assertGreater(number(row, "latency_max_ns"), 100_000_000)
        self.assertLess(number(row, "sent_latency_p50_ns"),
                        number(row, "latency_p50_ns") / 2)


class Refused(ProgramTest):
    def refused(self, says, *words):
        self.refuse("run", *words, "--dry-run", code=2, says=(says,))

    def test_a_rate_is_refused_by_other_scenarios(self):
        for scenario in ("pingpong", "handshake", "counter", "pipeline"):
            self.refused(f"{scenario} has no --rate", "--scenario", scenario,
                         "--rate", "50k/s")

    def test_options_that_exclude_a_rate_are_refused(self):
        for words in (("--payload", 64), ("--batch", 4)):
            self.refused("cannot combine --batch or --payload", *RATE, "--rate", 5000, *words)
        self.refused("cannot combine --rate with --produce-every", *RATE, "--rate", 5000,
                     "--produce-every", "1ms")
        self.refused("add --rate", *RATE, "--arrivals", "poisson")
        self.refused("python does not support rate", *RATE, "--rate", 5000,
                     "--backend", "python")
        self.refused("is not a queue", *RATE, "--rate", 5000, "--backend",
                     "null")

    def test_a_rate_above_the_limit_is_refused(self):
        self.refused("at most 10M messages/s", *RATE, "--rate", "50M/s")
        self.refused("5.5 million messages", *RATE, "--rate", "9M/s",
                     "--duration", "10s")

    def test_a_malformed_rate_is_refused(self):
        for text in ("", "x", "-1", "1.5", "nan", "inf", "5k/m", "5K", "1e99",
                     "0x10", "1e3", "1T", "2G"):
            self.refused("rate", *RATE, "--rate", text)
        for text in ("", "x", "burst", "burst:0", "burst:x", "poisson:3",
                     "burst:1000000"):
            self.refused("arrivals", *RATE, "--rate", 5000, "--arrivals",
                         text)


if __name__ == "__main__":
    unittest.main()
