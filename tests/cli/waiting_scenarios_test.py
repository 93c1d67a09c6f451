#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The scenarios idle, wakeup, timer and oversubscribed."""
import os
import unittest

from program import ProgramTest, measure_once, number, rows

NEAR = ("--placement", "near", "--rounds", 1)
WAITS = "poll,spin,yield,sleep:1ms,block,timeout:5ms,park:50us"


def threads_of(run, row):
    return [thread for thread in rows(run / "threads.csv")
            if thread["order_in_round"] == row["order_in_round"]]


class Idle(ProgramTest):
    """One run with every wait policy."""

    @classmethod
    def setUpClass(cls):
        cls.run_folder, cls.out, _ = measure_once(
            "--scenario", "idle", *NEAR, "--backend",
            "mutex,spsc_ring", "--wait", WAITS, "--duration", "50ms")
        cls.rows = rows(cls.run_folder / "results.csv")

    def by_wait(self, wait):
        return [row for row in self.rows if row["wait"] == wait]

    def test_the_consumer_pops_one_message_and_the_sentinel(self):
        self.assertEqual(len(self.rows), 14)
        for row in self.rows:
            self.assertEqual((row["status"], row["verified"],
                              row["messages"], row["left_over"]),
                             ("ok", "1", "1", "0"))

    def test_an_idle_consumer_is_neither_stalled_nor_too_short(self):
        for row in self.rows:
            self.assertNotIn("stalled", row["flags"])
            self.assertNotIn("too_short", row["flags"])

    def test_the_cpu_share_is_the_cpu_time_of_the_consumer(self):
        for row in self.rows:
            consumer, = threads_of(self.run_folder, row)
            self.assertAlmostEqual(
                float(row["cpu_pop_share"]),
                number(consumer, "cpu_ns") / number(row, "elapsed_ns"), 6)

    def test_polling_makes_no_system_call_and_blocking_one_sleep(self):
        for row in self.by_wait("poll") + self.by_wait("spin"):
            self.assertEqual(float(row["calls_per_s"]), 0)
        for row in self.rows:
            if row["wait"] == "block" and row["backend"] == "spsc_ring":
                calls = (float(row["calls_per_s"]) *
                         number(row, "elapsed_ns") / 1e9)
                self.assertAlmostEqual(calls, 1, 6)

    def test_the_calls_of_a_queue_with_a_native_wait_are_unknown(self):
        for row in self.rows:
            native = row["backend"] == "mutex" and row["wait"].startswith(
                ("block", "timeout", "park"))
            self.assertEqual(row["calls_per_s"] == "", native, row["wait"])

    def test_a_sleeping_consumer_makes_one_call_for_each_nap(self):
        for row in self.by_wait("sleep:1ms"):
            calls = (float(row["calls_per_s"]) *
                     number(row, "elapsed_ns") / 1e9)
            self.assertAlmostEqual(calls, number(row, "empty_tries"), 4)

    def test_the_table_shows_cpu_switches_and_calls(self):
        for word in ("CPU", "switches/s", "calls/s"):
            self.assertIn(word, self.out)


class Wakeup(ProgramTest):
    """One run with every wait policy and two gaps."""

    @classmethod
    def setUpClass(cls):
        cls.run_folder, cls.out, _ = measure_once(
            "--scenario", "wakeup", *NEAR, "--backend",
            "mutex,spsc_ring", "--wait", WAITS, "--gap", "20us,5ms",
            "--duration", "50ms")
        cls.rows = rows(cls.run_folder / "results.csv")

    def test_every_message_is_verified_and_answered(self):
        self.assertEqual(len(self.rows), 28)
        for row in self.rows:
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"))
            producer, consumer = threads_of(self.run_folder, row)
            self.assertEqual(
                number(producer, "messages"),
                number(consumer, "messages") + number(row, "left_over"))

    def test_no_message_comes_before_half_of_its_gap_has_passed(self):
        for row in self.rows:
            if row["gap_p50_ns"]:
                self.assertGreaterEqual(2 * number(row, "gap_p50_ns"),
                                        number(row, "gap_ns"))

    def test_a_percentile_needs_enough_gaps(self):
        for row in self.rows:
            gaps = number(row, "messages") - 1
            self.assertEqual(row["wake_latency_p50_ns"] != "", gaps >= 20)
            self.assertEqual(row["wake_latency_p99_ns"] != "", gaps >= 1000)

    def test_the_histogram_has_each_message_except_the_first(self):
        for row in self.rows:
            buckets = [bucket.split(":") for bucket in
                       row["wake_latency_histogram"].split("+") if bucket]
            self.assertEqual(sum(int(count) for _, count in buckets),
                             max(0, number(row, "messages") - 1))

    def test_waiting_for_the_gap_is_pacing_and_not_work(self):
        for row in self.rows:
            producer, consumer = threads_of(self.run_folder, row)
            self.assertEqual(number(consumer, "wait_pace_ns"), 0)
            if number(row, "messages") > 1:
                self.assertGreaterEqual(
                    2 * number(producer, "wait_pace_ns"),
                    (number(row, "messages") - 1) * number(row, "gap_ns"))

    def test_threads_that_share_a_cpu_pass_messages(self):
        run, _, _ = measure_once(
            "--scenario", "wakeup", "--placement", "same-cpu",
            "--rounds", 1, "--wait", "spin,block", "--gap", "1ms",
            "--duration", "100ms")
        for row in rows(run / "results.csv"):
            self.assertEqual(row["status"], "ok")

    def test_wake_ups_are_compared_with_the_bare_futex(self):
        run, out, _ = measure_once(
            "--scenario", "wakeup", *NEAR, "--backend",
            "futex,line,spsc_ring", "--wait", "spin,block", "--gap", "20us",
            "--duration", "50ms")
        for row in rows(run / "results.csv"):
            bound = row["backend"] in ("futex", "line")
            self.assertEqual((row["status"], row["verified"]),
                             ("ok", "" if bound else "1"))
        self.assertIn("of bound", out)
        for wait in ("spin", "block"):
            self.assertRegex(out, rf"(?m)^{wait} (.*\n)*? .*spsc_ring .*[0-9]%")

    def test_bounds_without_a_place_for_the_sentinel_are_refused(self):
        self.refuse("run", "--out", "run", "--scenario", "wakeup",
                    "--backend", "futex", "--stop", "sentinel", code=2,
                    says=("cannot carry a sentinel", ))

    def test_a_gap_that_is_too_long_for_the_window_is_refused(self):
        self.refuse("run", "--out", "run", "--scenario", "wakeup", "--gap",
                    "100ms", "--duration", "100ms", code=2,
                    says=("at least two gaps", ))


class Timer(ProgramTest):
    """One run with every wait policy."""

    @classmethod
    def setUpClass(cls):
        cls.run_folder, cls.out, _ = measure_once(
            "--scenario", "timer", *NEAR, "--backend",
            "mutex,spsc_ring", "--wait", WAITS, "--deadline", "100us,2ms",
            "--duration", "50ms")
        cls.rows = rows(cls.run_folder / "results.csv")

    def test_only_the_first_message_is_found(self):
        self.assertEqual(len(self.rows), 28)
        for row in self.rows:
            self.assertEqual((row["status"], row["verified"], row["lost"],
                              row["repeated"]), ("ok", "1", "0", "0"))

    def test_no_pop_returns_before_its_deadline(self):
        for row in self.rows:
            self.assertEqual(row["timer_early"], "0", row["wait"])

    def test_all_deadlines_fit_into_the_window(self):
        for row in self.rows:
            self.assertLessEqual(
                number(row, "messages") * number(row, "deadline_ns"),
                number(row, "elapsed_ns"))

    def test_the_time_until_the_deadline_is_waiting(self):
        for row in self.rows:
            self.assertGreaterEqual(
                number(row, "wait_empty_ns"),
                number(row, "messages") * number(row, "deadline_ns"))

    def test_what_is_not_a_queue_is_refused(self):
        for backend in ("null", "line"):
            self.refuse("run", "--out", "run", "--scenario", "timer",
                        "--backend", backend, code=2, says=(backend,))

    def test_a_deadline_longer_than_the_window_is_refused(self):
        self.refuse("run", "--out", "run", "--scenario", "timer",
                    "--deadline", "1s", "--duration", "100ms", code=2,
                    says=("at least two deadlines",))


class Oversubscribed(ProgramTest):
    """One run with 1, 2 and 4 threads per CPU, with and without a hog."""

    @classmethod
    def setUpClass(cls):
        cls.run_folder, cls.out, _ = measure_once(
            "--scenario", "oversubscribed", *NEAR, "--backend",
            "mutex,mpmc_ring", "--wait", "yield,block", "--threads-per-cpu",
            "1,2,4", "--hogs", "0,1", "--duration", "120ms")
        cls.rows = rows(cls.run_folder / "results.csv")

    def test_every_message_is_verified(self):
        self.assertEqual(len(self.rows), 24)
        for row in self.rows:
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"))

    def test_each_cpu_has_its_number_of_threads_and_the_first_the_hog(self):
        for row in self.rows:
            cpus = {}
            for thread in threads_of(self.run_folder, row):
                role = thread["thread"].split("-")[0]
                cpus.setdefault(thread["cpu"], []).append(role)
            self.assertEqual(len(cpus), 2)
            for roles in cpus.values():
                self.assertEqual(len([r for r in roles if r != "hog"]),
                                 number(row, "threads_per_cpu"))
            self.assertEqual(sum(roles.count("hog")
                                 for roles in cpus.values()),
                             number(row, "hogs"))

    def test_the_time_of_a_hog_is_not_cost_of_the_queue(self):
        for row in self.rows:
            for thread in threads_of(self.run_folder, row):
                if thread["thread"].startswith("hog"):
                    self.assertGreater(number(thread, "wait_pace_cpu_ns"), 0)
                    self.assertEqual(thread["messages"], "0")

    def test_fairness_comes_from_the_messages_of_the_consumers(self):
        for row in self.rows:
            counts = [number(thread, "messages")
                      for thread in threads_of(self.run_folder, row)
                      if thread["thread"].startswith("consumer")]
            index = sum(counts) ** 2 / (len(counts) *
                                        sum(n * n for n in counts))
            self.assertAlmostEqual(float(row["fairness"]), index, 6)
            self.assertAlmostEqual(float(row["smallest_share"]),
                                   min(counts) * len(counts) / sum(counts), 6)

    def test_no_stall_is_longer_than_the_window(self):
        for row in self.rows:
            self.assertGreater(number(row, "stall_max_ns"), 0)
            self.assertLessEqual(number(row, "stall_max_ns"),
                                 number(row, "elapsed_ns") + 1000000)

    def test_on_one_cpu_the_number_of_threads_must_be_even(self):
        self.refuse("run", "--out", "run", "--scenario", "oversubscribed",
                    "--placement", "same-cpu", "--threads-per-cpu", "3",
                    code=2, says=("even", ))

    def test_threads_that_are_not_pinned_are_refused(self):
        self.refuse("run", "--out", "run", "--scenario", "oversubscribed",
                    "--placement", "any", code=2, says=("pinned", ))

    def test_a_queue_for_one_consumer_is_refused(self):
        self.refuse("run", "--out", "run", "--scenario", "oversubscribed",
                    "--backend", "spsc_ring", *NEAR, "--threads-per-cpu", "2",
                    code=2, says=("several producers", ))


class FaultyQueues(ProgramTest):
    """Queues that lose, repeat or change one message in ten."""

    def assert_found(self, scenario, *words):
        self.measure("--scenario", scenario, *NEAR, "--wait", "yield",
                     "--backend", "drops,repeats,corrupts", "--duration",
                     "200ms", *words, program="faulty", code=4,
                     env={**os.environ, "EVIL_EVERY": "10"})
        self.assertEqual(len(self.results()), 3)
        for row in self.results():
            self.assertEqual((row["status"], row["verified"]),
                             ("failed", "0"), row["backend"])

    def test_wakeup_finds_a_message_that_is_lost_repeated_or_changed(self):
        self.assert_found("wakeup", "--gap", "1us")

    def test_oversubscribed_finds_lost_repeated_and_changed_messages(self):
        self.assert_found("oversubscribed", "--threads-per-cpu", "2")

    def lose_all(self, scenario, code, wait="yield"):
        self.measure("--scenario", scenario, *NEAR, "--wait", wait,
                     "--backend", "drops", program="faulty", code=code,
                     env={**os.environ, "EVIL_EVERY": "1"})
        return self.results()[0]

    def test_timer_finds_the_loss_of_its_only_message(self):
        row = self.lose_all("timer", 4)
        self.assertEqual((row["status"], row["lost"]), ("failed", "1"))

    def test_idle_without_its_sentinel_hangs(self):
        self.assertEqual(self.lose_all("idle", 5, "block")["status"], "hung")


if __name__ == "__main__":
    unittest.main()
