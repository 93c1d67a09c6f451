#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""handshake: every message is answered once, every wake-up is timed, and every
fault is found."""
# mostly waits
import resource
import unittest

from program import ProgramTest, measure_once, number, rows

HANDSHAKE = ("--scenario", "handshake", "--rounds", 1)
ANY = ("--placement", "any")
EVENTS = ("futex", "cond", "sem", "eventfd")


def wakes(row):
    """Returns the histogram as pairs: lowest value of a bucket, count."""
    return [tuple(map(int, bucket.split(":")))
            for bucket in row["wake_histogram"].split("+")]


class Handshake(ProgramTest):
    """One run with every kind of event, on one CPU and not pinned."""

    @classmethod
    def setUpClass(cls):
        run, cls.out, cls.err = measure_once(
            *HANDSHAKE, "--event", ",".join(EVENTS), "--backend",
            "mutex,ck_spsc", "--wait", "block,yield", "--placement",
            "same-cpu,any", "--duration", "50ms")
        cls.rows = rows(run / "results.csv")
        cls.thread_rows = rows(run / "threads.csv")

    def threads_of(self, row):
        return [thread for thread in self.thread_rows
                if thread["order_in_round"] == row["order_in_round"]]

    def test_every_kind_of_event_is_verified_and_no_message_is_left(self):
        self.assertEqual(self.err, "")
        self.assertEqual(len(self.rows), 2 * 2 * 2 * len(EVENTS))
        self.assertEqual({row["event"] for row in self.rows}, set(EVENTS))
        for row in self.rows:
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"))
            self.assertEqual(number(row, "lost", "repeated", "reordered",
                                    "left_over"), 0)
            self.assertGreater(number(row, "messages"), 0)

    def test_every_message_is_popped_and_confirmed(self):
        for row in self.rows:
            producer, consumer = self.threads_of(row)
            self.assertEqual((producer["thread"], consumer["thread"]),
                             ("producer-0", "consumer-1"))
            for thread in (producer, consumer):
                self.assertEqual(thread["messages"], row["messages"])

    def test_every_message_has_its_wake_up_in_the_histogram(self):
        for row in self.rows:
            self.assertEqual(sum(count for _, count in wakes(row)),
                             number(row, "messages"))
            lows = [low for low, _ in wakes(row)]
            self.assertEqual(lows, sorted(set(lows)))

    def test_the_quantiles_fit_the_histogram(self):
        # On a busy machine, few wake-ups fit into a window.
        many = [row for row in self.rows if number(row, "messages") >= 1000]
        self.assertTrue(many)
        for row in self.rows:
            self.assertEqual(row["wake_p99_ns"] == "", row not in many)
        for row in many:
            p50, p99, longest = (number(row, f"wake_{name}_ns")
                                 for name in ("p50", "p99", "max"))
            self.assertLessEqual(p50, p99)
            self.assertLessEqual(p99, longest)
            self.assertLessEqual(wakes(row)[-1][0], longest)
            below = sum(count for low, count in wakes(row) if low <= p50)
            self.assertGreaterEqual(2 * below, number(row, "messages"))

    def test_the_wait_for_the_event_counts_as_waiting(self):
        for row in self.rows:
            producer, _ = self.threads_of(row)
            self.assertEqual(producer["waits"], producer["messages"])
            self.assertGreater(number(producer, "wait_empty_ns"), 0)
            self.assertLessEqual(number(producer, "wait_empty_ns"),
                                 number(producer, "elapsed_ns"))

    def test_the_message_has_its_size(self):
        self.assertEqual({row["payload_bytes"] for row in self.rows}, {"24"})


class Ends(ProgramTest):
    def counted(self, *words, messages):
        self.measure(*HANDSHAKE, *ANY, "--messages", 200, *words)
        found = self.results()
        self.assertTrue(found)
        for row in found:
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"))
            self.assertEqual(number(row, "messages"), messages)
            self.assertEqual(number(row, "left_over"), 0)

    def test_a_number_of_messages_is_transferred_exactly(self):
        self.counted("--backend", "mutex,ck_spsc", "--wait", "block,yield",
                     "--event", ",".join(EVENTS), messages=200)

    def test_a_run_without_warm_up_works(self):
        self.counted("--event", ",".join(EVENTS), "--warmup", "0ns",
                     messages=200)

    def test_several_producers_wait_for_several_consumers(self):
        self.counted("--backend", "mutex,ck_mpmc", "--event",
                     ",".join(EVENTS), "--producers", 3, "--consumers", 2,
                     messages=600)

    def test_producers_that_wait_for_room_do_not_lose_their_message(self):
        self.counted("--backend", "mutex", "--capacity", 1, "--producers", 4,
                     "--wait", "block,timeout:1ms,yield", messages=800)

    def test_a_stack_works_because_sentinels_come_last(self):
        out, _ = self.ringbench("list")
        stacks = [line.split()[0] for line in out.splitlines()
                  if " stack" in line]
        if not stacks:
            self.skipTest("no stack among the backends")
        self.counted("--backend", ",".join(stacks), "--producers", 3,
                     "--consumers", 2, messages=600)


class Refusals(ProgramTest):
    def nothing(self, *words, says):
        self.refuse("run", "--out", "run", "--scenario", "handshake", *words,
                    code=2, says=says)

    def test_bounds_are_refused_with_the_reason(self):
        self.nothing("--backend", "null", says=("null: keeps no messages",))
        self.nothing("--backend", "line", says=("line: carries one pointer",))

    def test_more_threads_than_the_queue_supports_are_refused(self):
        self.nothing("--backend", "ck_spsc", "--producers", 2,
                     says=("ck_spsc: is for one producer",))
        self.nothing("--backend", "ck_spsc", "--consumers", 2,
                     says=("ck_spsc: is for one consumer",))

    def test_parameters_that_do_not_apply_are_refused(self):
        self.nothing("--queues", 2, says=("handshake has one queue",))
        self.nothing("--stop", "event", says=("no --stop",))
        self.nothing("--event", "flag", says=('"flag"',))

    def test_too_few_files_for_the_events_are_an_error_row(self):
        def few_files():
            resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
        _, err = self.measure(*HANDSHAKE, *ANY, "--event", "eventfd,futex",
                              "--producers", 60, code=5,
                              preexec_fn=few_files)
        status = {row["event"]: row["status"] for row in self.results()}
        self.assertEqual(status, {"eventfd": "error", "futex": "ok"})
        self.assertIn("error: cannot set up mutex: Too many open files", err)


class Faults(ProgramTest):
    """Measures 3000 messages, because the faulty queues have one fault in a
    thousand messages."""

    def faulty(self, backend, code, *words):
        _, err = self.measure(*HANDSHAKE, "--backend", backend, *words,
                              code=code, program="faulty")
        return self.results(), err

    def test_a_repeated_message_fails_with_every_event(self):
        found, _ = self.faulty("repeats", 4, *ANY, "--messages", 3000,
                               "--event", ",".join(EVENTS))
        self.assertEqual(len(found), len(EVENTS))
        for row in found:
            self.assertEqual((row["status"], row["verified"]),
                             ("failed", "0"))
            self.assertEqual(number(row, "messages"), 3000)
            # The count is one larger if the last repeated word is the sentinel.
            self.assertIn(number(row, "repeated"), (3, 4))

    def test_a_changed_message_fails_and_its_producer_continues(self):
        for row in self.faulty("corrupts", 4, *ANY, "--messages", 3000,
                               "--event", ",".join(EVENTS))[0]:
            self.assertEqual(row["status"], "failed")
            self.assertEqual(number(row, "lost"), 3)
            self.assertEqual(number(row, "messages"), 2997)

    def test_a_crash_is_one_row(self):
        found, _ = self.faulty("crashes,mutex", 5, *ANY, "--messages", 3000)
        self.assertEqual({row["backend"]: row["status"] for row in found},
                         {"crashes": "crashed", "mutex": "ok"})

    # On one CPU, 1000 messages take some milliseconds.
    def test_a_message_that_is_dropped_leaves_its_producer_waiting(self):
        found, err = self.faulty("drops", 5, "--placement", "same-cpu",
                                 "--wait", "block", "--duration", "1s")
        self.assertEqual([row["status"] for row in found], ["hung"])
        self.assertIn("hung: still not finished: in drain of the window", err)
        self.assertRegex(err, r"producer-0 on CPU \d+ asleep, waiting")


if __name__ == "__main__":
    unittest.main()
