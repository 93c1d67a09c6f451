#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The Python reference keeps the protocol of external backends.

No test depends on the speed of the machine. The tests check that messages are
transferred, that every message is accounted for, that the times add up, and
that a queue with a planted fault is found.
"""
import tempfile
import time
import unittest
from unittest import mock

from python_rig import POLICIES, CellTest, PlantTest, lines, parse, run


class PythonReference(CellTest):
    def test_every_policy_works_with_one_and_two_queues(self):
        for queues in (1, 2):
            for wait in POLICIES:
                with self.subTest(queues=queues, wait=wait):
                    result, threads = self.observe(
                        scenario="pingpong", queues=queues, wait=wait,
                        placement="any")
                    self.assert_books_balance(result, threads)
                    self.assertEqual(set(threads), {"A-0", "B-1"})
                    self.assertEqual(result["messages"], sum(
                        t["messages"] for t in threads.values()))
                    self.assertGreater(result["messages"], 0)
                    self.assertEqual(result["left_over"], 1)
                    self.assertEqual(result["payload_bytes"], 24)

    def test_with_every_policy_messages_are_popped_or_left_over(self):
        for producers, consumers in ((1, 1), (2, 3)):
            for wait in POLICIES:
                with self.subTest(of=(producers, consumers), wait=wait):
                    result, threads = self.observe(
                        scenario="stream", producers=producers,
                        consumers=consumers, wait=wait)
                    self.assert_books_balance(result, threads)
                    sent = sum(t["messages"] for name, t in threads.items()
                               if name.startswith("producer"))
                    self.assertGreater(sent, 0)
                    self.assertEqual(
                        sent, result["messages"] + result["left_over"])

    def test_the_requested_number_of_messages_is_sent(self):
        for cell in ({"scenario": "pingpong", "queues": 2},
                     {"scenario": "pingpong", "queues": 1},
                     {"scenario": "stream", "producers": 3, "consumers": 2}):
            for messages in (1, 1001):
                with self.subTest(messages=messages, **cell):
                    result, threads = self.observe(
                        wait="block", messages=messages, **cell)
                    self.assert_books_balance(result, threads)
                    self.assertEqual(result["messages"], messages)

    def test_two_queues_alternate(self):
        _, threads = self.observe(scenario="pingpong", queues=2, wait="block",
                                  messages=100)
        self.assertEqual([t["messages"] for t in threads.values()], [50, 50])

    def test_waits_inside_get_are_counted(self):
        result, threads = self.observe(scenario="pingpong", queues=2,
                                       wait="block", messages=100)
        self.assertGreater(sum(t["waits"] for t in threads.values()), 0)
        self.assertGreater(result["wait_empty_ns"], 0)
        self.assertEqual(result["timeouts"], 0)

    def test_timeouts_are_counted_and_tried_again(self):
        # Only one thread has the list at a time, and passing it takes a system
        # call, so a timeout of 1 ns must expire.
        result, _ = self.observe(scenario="pingpong", queues=2,
                                 wait="timeout:1ns", messages=20)
        self.assertEqual(result["status"], "ok")
        self.assertGreater(result["timeouts"], 0)

    def test_the_warm_up_does_not_count_in_the_window(self):
        result, threads = self.observe(
            scenario="pingpong", queues=1, wait="block", messages=10,
            warmup_ns=10_000_000)
        self.assert_books_balance(result, threads)
        self.assertEqual(result["messages"], 10)

    def test_unknown_columns_are_ignored(self):
        result, _ = self.observe(scenario="pingpong", wait="block",
                                 backend="python", capacity=1023, seed=7,
                                 weather="mild and dry")
        self.assertEqual(result["status"], "ok")

    def test_the_input_ends_with_end_or_at_the_end_of_the_file(self):
        text = lines(scenario="pingpong", wait="block", messages=3)
        for ended in (text, text + "end\n", text + "end\nscenario none\n"):
            result, _ = parse(run(text=ended).stdout)
            self.assertEqual((result["status"], result["messages"]), ("ok", 3))

    def test_the_cell_can_come_from_a_file(self):
        with tempfile.NamedTemporaryFile("w", suffix=".cell") as file:
            file.write(lines(scenario="pingpong", wait="block", messages=3))
            file.flush()
            result, _ = parse(run("--input", file.name).stdout)
        self.assertEqual(result["messages"], 3)

    def test_unsupported_cells_are_refused_with_the_reason(self):
        good = {"scenario": "pingpong", "wait": "block"}
        for why, change in (
                ("scenario line", {"scenario": "line"}),
                ("wait park:20us", {"wait": "park:20us"}),
                ("wait nap", {"wait": "nap"}),
                ("wait block:1ms", {"wait": "block:1ms"}),
                ("wait sleep:", {"wait": "sleep:"}),
                ("wait sleep:1", {"wait": "sleep:1"}),
                ("wait timeout:-1ms", {"wait": "timeout:-1ms"}),
                ("placement same-cpu", {"placement": "same-cpu"}),
                ("queues 3", {"queues": 3}),
                ("queues 2", {"scenario": "stream", "queues": 2}),
                ("producers 0", {"scenario": "stream", "producers": 0}),
                ("messages -1", {"messages": -1}),
                ("messages 1e6", {"messages": "1e6"}),
                ("duration_ns 0", {"duration_ns": 0}),
                ("duration_ns 9999", {"duration_ns": "9" * 5000})):
            with self.subTest(why=why):
                self.refuse(why, lines(**{**good, **change}))

    def test_an_empty_input_is_refused(self):
        self.refuse("scenario missing", "")
        self.refuse("wait missing", "scenario pingpong\n")
        self.refuse("scenario", "\0\udcff garbage\n".encode(
            "utf-8", "surrogateescape").decode("latin-1"))


class Faults(PlantTest):
    def result_with(self, put, **cell):
        """Returns the result of a run in which `put` replaces the third put of
        the queue."""
        class Faulty(self.window.Queue):
            puts = 0

            def _put(self, item):
                self.puts += 1
                (put if self.puts == 3 else type(self).keep)(self, item)

            def keep(self, item):
                self.queue.append(item)

        with mock.patch.object(self.window, "Queue", Faulty):
            window = self.start(**cell)
            window.run(0.05)
        return self.result_of(window)

    def test_a_lost_message_fails(self):
        def lose(_queue, _item):
            pass

        self.assert_failed(self.result_with(
            lose, scenario="stream", wait="poll"), "lost")
        self.assert_failed(self.result_with(
            lose, scenario="pingpong", queues=1, wait="spin"), "lost")

    def test_a_repeated_message_fails(self):
        def twice(queue, item):
            queue.queue.extend((item, item))

        self.assert_failed(self.result_with(
            twice, scenario="stream", wait="poll"), "repeated")
        self.assert_failed(self.result_with(
            twice, scenario="pingpong", queues=1, wait="spin"), "repeated")

    def test_a_message_that_overtakes_fails(self):
        def overtake(queue, item):
            queue.queue.extend((item + 1, item))

        self.assert_failed(self.result_with(
            overtake, scenario="stream", wait="poll"), "reordered")

    def test_a_message_that_was_not_sent_fails(self):
        def forge(queue, item):
            queue.queue.append(item | 1 << 40)

        self.assert_failed(self.result_with(
            forge, scenario="stream", wait="poll"))

    def test_numbers_that_are_not_consecutive_fail(self):
        def tear(queue, item):
            item[1] += 1
            queue.queue.append(item)

        self.assert_failed(self.result_with(
            tear, scenario="pingpong", queues=1, wait="spin"))

    def test_an_additional_increment_fails(self):
        def skip(queue, item):
            item[:] = [number + 1 for number in item]
            queue.queue.append(item)

        self.assert_failed(self.result_with(
            skip, scenario="pingpong", queues=1, wait="spin"))

    def test_planted_waits_are_found_with_every_policy(self):
        class Slow(list):
            def __setitem__(self, place, value):
                if place == 0:
                    time.sleep(0.01)  # while the other handler waits
                super().__setitem__(place, value)

        for wait in POLICIES:
            with self.subTest(wait=wait):
                window = self.start(scenario="pingpong", queues=2, wait=wait,
                                     messages=10)
                window.message = Slow([1, 2, 3])
                window.queues[0].queue[0] = window.message
                window.run()
                result = dict(list(window.observation())[:20])
                self.assertGreater(result["wait_empty_ns"], 50_000_000)
                self.assertLess(result["busy_ns"] + result["wait_empty_ns"],
                                2 * result["elapsed_ns"] + 1)

    def test_without_schedstat_the_columns_are_missing(self):
        with mock.patch.object(self.worker.os, "open", side_effect=OSError):
            window = self.start(scenario="pingpong", wait="block", messages=5)
            window.run()
        names = [name for name, _ in window.observation()]
        self.assertNotIn("runqueue_ns", names)
        self.assertNotIn("asleep_ns", names)
        self.assertIn("cpu_ns", names)


if __name__ == "__main__":
    unittest.main()
