#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The Python reference's counter, handshake and pipeline, and how they end.

As in python_reference_test.py, no test depends on the speed of the machine.
"""
import contextlib
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

from python_rig import POLICIES, REFERENCE, CellTest, PlantTest, lines

PATIENCE_S = 30
BRIEF_NS = 20_000_000


class Counter(CellTest):
    def test_with_a_lock_no_update_is_lost(self):
        for share, lock, work in itertools.product(
                ("threads", "processes"), ("element", "list"),
                ("numbers", "balance")):
            with self.subTest(share=share, lock=lock, work=work):
                result, threads = self.observe(
                    scenario="counter", producers=3, messages=1001,
                    share=share, lock=lock, work=work)
                self.assert_books_balance(result, threads)
                self.assertEqual(result["messages"], 1001)
                self.assertEqual(result["lost_updates"], 0)
                odd = threads["counter-1"]["messages"]
                self.assertEqual(
                    str(result["numbers"]), "1002+1003+1004"
                    if work == "numbers" else str(1001 - 2 * odd))
                self.assertEqual("torn_reads" in result, work == "numbers")

    def test_without_a_lock_lost_updates_are_not_a_failure(self):
        for share in ("threads", "processes"):
            with self.subTest(share=share):
                result, _ = self.observe(scenario="counter", sync="none",
                                         share=share)
                self.assertEqual(result["status"], "ok")
                self.assertNotIn("verified", result)
                found = sum(map(int, result["numbers"].split("+")))
                self.assertEqual(result["lost_updates"] + found,
                                 3 * result["messages"] + 6)

    def test_pauses_between_iterations_are_taken(self):
        result, _ = self.observe(scenario="counter", producers=1, messages=5,
                                 pause_ns=10_000_000)
        self.assertGreaterEqual(result["elapsed_ns"], 50_000_000)

    def test_a_process_that_dies_ends_the_run_with_a_reason(self):
        with started(os.environ, scenario="counter",
                     share="processes") as program:
            os.kill(children_of(program.pid, 2)[0], signal.SIGKILL)
            # Its output ends with the last of its processes.
            output, complaint = program.communicate(timeout=PATIENCE_S)
        self.assertIn("status error\nreason process counter-0 died", output)
        self.assertEqual(complaint.count("\n"), 1)


@contextlib.contextmanager
def started(environment, **cell):
    """Starts the program with a cell that takes a minute."""
    with subprocess.Popen([sys.executable, REFERENCE], text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=environment) as program:
        try:
            program.stdin.write(lines(**cell, duration_ns=60 * 10**9))
            program.stdin.close()
            program.stdin = None
            yield program
        finally:
            program.kill()


def children_of(pid, count):
    """Waits until the process has this number of children."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        children = path.read_text().split()
        if len(children) >= count:
            return [int(child) for child in children]
        time.sleep(0.01)
    raise AssertionError(f"{pid} has no {count} children")


class Handshake(CellTest):
    def test_every_policy_answers_every_message(self):
        for wait in POLICIES:
            with self.subTest(wait=wait):
                result, threads = self.observe(
                    scenario="handshake", wait=wait, messages=10)
                self.assert_books_balance(result, threads)
                self.assertEqual(result["messages"], 10)
                self.assertEqual(result["left_over"], 0)
                self.assertLessEqual(result["wake_p50_ns"],
                                     result["wake_p99_ns"])
                self.assertLessEqual(result["wake_p99_ns"],
                                     result["wake_max_ns"])

    def test_the_requested_number_of_handshakes_is_made(self):
        for crew in ({}, {"producers": 2, "consumers": 3},
                     {"producers": 3, "capacity": 1}):
            with self.subTest(**crew):
                result, threads = self.observe(
                    scenario="handshake", wait="block", messages=101, **crew)
                self.assert_books_balance(result, threads)
                self.assertEqual(result["messages"], 101)
                waits = sum(t["waits"] for name, t in threads.items()
                            if name.startswith("producer"))
                self.assertGreaterEqual(waits, 101)


class Pipeline(CellTest):
    def observe(self, **cell):
        with tempfile.TemporaryDirectory() as folder:
            with mock.patch.dict(os.environ, TMPDIR=folder):
                result = super().observe(scenario="pipeline", **cell)
            self.assertEqual(os.listdir(folder), [])
        return result

    def test_each_page_goes_through_each_stage(self):
        for cell in ({"source": "synthetic", "stages": "1"},
                     {"source": "synthetic", "stages": "+".join("21" * 4)},
                     {"source": "cpu", "stages": "2+1+2"},
                     {"source": "http", "stages": "3+2"},
                     {"source": "http", "stages": "3+2", "claim": "look",
                      "capacity": 1}):
            for wait in ("block", "sleep:1ms"):
                with self.subTest(wait=wait, **cell):
                    result, threads = self.observe(
                        wait=wait, messages=30, service_ns=100_000, **cell)
                    self.assert_books_balance(result, threads)
                    self.assertEqual(result["messages"], 30)
                    self.assertEqual(result["left_over"], 0)
                    parts = {}
                    for name, thread in threads.items():
                        part = name.split("-")[0]
                        parts[part] = parts.get(part, 0) + thread["messages"]
                    stages = [f"stage{i + 1}" for i in range(
                        len(cell["stages"].split("+")))]
                    self.assertEqual(parts, dict.fromkeys(
                        ["source", *stages], 30))
                    self.assertIn(result["bottleneck"], stages)

    def test_every_policy_stops_by_sentinel_and_by_event(self):
        for wait, stop in itertools.product(POLICIES, ("sentinel", "event")):
            with self.subTest(wait=wait, stop=stop):
                result, threads = self.observe(
                    wait=wait, stop=stop, source="synthetic", stages="2+1",
                    duration_ns=BRIEF_NS)
                self.assert_books_balance(result, threads)
                self.assertEqual(threads["source-0"]["messages"],
                                 result["messages"] + result["left_over"])
                if stop == "sentinel":
                    self.assertEqual(result["left_over"], 0)
                self.assertGreater(result["stop_ns"], 0)

    def test_pages_left_by_an_event_are_not_on_disk(self):
        result, threads = self.observe(wait="block", stop="event",
                                       stages="2+1")
        self.assert_books_balance(result, threads)

    def test_the_plain_loop_needs_no_queue(self):
        for source in ("http", "synthetic", "cpu"):
            with self.subTest(source=source):
                result, threads = self.observe(
                    wait="block", stages="loop", source=source, messages=10)
                self.assert_books_balance(result, threads)
                self.assertEqual(set(threads), {"loop-0"})
                self.assertEqual(result["messages"], 10)
                self.assertNotIn("capacity_usable", result)


class Ways(PlantTest):
    """Ways to stop, pacing and capacity. The cells run in this process, which
    is faster."""

    def test_sentinels_leave_no_message(self):
        for waits, cell in (
                (POLICIES, {"scenario": "pingpong"}),
                (POLICIES, {"scenario": "stream", "consumers": 3}),
                (("poll", "block"), {"scenario": "pingpong", "queues": 2}),
                (("poll", "block"), {"scenario": "pingpong", "messages": 9,
                                     "queues": 2}),
                (("poll", "block"), {"scenario": "stream", "capacity": 2,
                                     "producers": 3})):
            for wait in waits:
                with self.subTest(wait=wait, **cell):
                    result, threads = self.observe(
                        wait=wait, stop="sentinel", duration_ns=BRIEF_NS,
                        **cell)
                    self.assert_books_balance(result, threads)
                    self.assertEqual(result["left_over"], 0)
                    self.assertEqual(result["messages"],
                                     cell.get("messages", result["messages"]))
                    self.assertEqual("stop_ns" in result,
                                     "messages" not in cell)

    def test_every_policy_waits_for_room(self):
        for wait in POLICIES:
            with self.subTest(wait=wait):
                result, threads = self.observe(
                    scenario="stream", wait=wait, capacity=1, messages=20,
                    consume_every_ns=2_000_000)
                self.assert_books_balance(result, threads)
                self.assertEqual(result["messages"], 20)
                self.assertEqual(result["capacity_usable"], 1)
                self.assertGreater(result["wait_full_ns"], 0)

    def test_producers_that_wait_for_room_end_at_the_event(self):
        for wait in POLICIES:
            with self.subTest(wait=wait):
                result, threads = self.observe(
                    scenario="stream", wait=wait, capacity=1, producers=3,
                    consume_every_ns=10_000_000, duration_ns=BRIEF_NS)
                self.assert_books_balance(result, threads)

    def test_paces_are_kept(self):
        for pace in ("produce_every_ns", "consume_every_ns"):
            with self.subTest(pace=pace):
                result, threads = self.observe(
                    scenario="stream", wait="block", messages=6,
                    **{pace: 5_000_000})
                self.assert_books_balance(result, threads)
                self.assertGreaterEqual(result["elapsed_ns"], 25_000_000)

    def test_until_empty_leaves_later_messages(self):
        for cell in ({}, {"consumers": 3}, {"messages": 10},
                     {"capacity": 2}, {"capacity": 2, "stop": "sentinel"}):
            with self.subTest(**cell):
                result, threads = self.observe(
                    scenario="stream", wait="block", until="empty",
                    produce_every_ns=1_000_000, **cell)
                self.assert_books_balance(result, threads)
                self.assertEqual(threads["producer-0"]["messages"],
                                 result["messages"] + result["left_over"])


class WaysOut(unittest.TestCase):
    """No process and no file is left at the end, also after a signal."""

    def end(self, number, **cell):
        """Ends a run by this signal when all its processes have started."""
        with tempfile.TemporaryDirectory() as folder:
            with started({**os.environ, "TMPDIR": folder},
                         **cell) as program:
                if cell["scenario"] == "pipeline":
                    children_of(program.pid, 1)
                    end = time.monotonic() + PATIENCE_S
                    while not list(Path(folder).glob("*/page-*")):
                        self.assertLess(time.monotonic(), end, "no page")
                        time.sleep(0.01)
                else:
                    children_of(program.pid, cell["producers"])
                os.kill(program.pid, number)
                # Its output ends with the last of its processes.
                said = program.communicate(timeout=PATIENCE_S)
            self.assertEqual(said, ("", ""))
            self.assertEqual(program.returncode, -number)
            self.assertEqual(os.listdir(folder), [])

    def test_signals_leave_no_process(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
            with self.subTest(signal=number):
                self.end(number, scenario="pipeline", wait="block",
                         stages="3+2")
                self.end(number, scenario="counter", share="processes",
                         producers=3)


class Plants(PlantTest):
    def test_cells_that_python_cannot_measure_are_refused(self):
        stream = {"scenario": "stream", "wait": "block"}
        pipeline = {"scenario": "pipeline", "wait": "block"}
        for why, cell in (
                ("sync atomic", {"scenario": "counter", "sync": "atomic"}),
                ("lock all", {"scenario": "counter", "lock": "all"}),
                ("share none", {"scenario": "counter", "share": "none"}),
                ("work none", {"scenario": "counter", "work": "none"}),
                ("producers 65", {"scenario": "counter", "producers": 65}),
                ("pause_ns x", {"scenario": "counter", "pause_ns": "x"}),
                ("event futex", {"scenario": "handshake", "wait": "block",
                                 "event": "futex"}),
                ("stop now", {**stream, "stop": "now"}),
                ("until full", {**stream, "until": "full"}),
                ("until empty", {**stream, "until": "empty", "messages": 9,
                                 "capacity": 9}),
                ("capacity -1", {**stream, "capacity": -1}),
                ("stages 0+1", {**pipeline, "stages": "0+1"}),
                ("stages 1+", {**pipeline, "stages": "1+"}),
                ("stages 1+1+1", {**pipeline, "stages": "1+1+1"}),
                ("stages 1+1+1+1+1+1+1+1+1", {
                    **pipeline, "stages": "1+1+1+1+1+1+1+1+1",
                    "source": "cpu"}),
                ("source ftp", {**pipeline, "source": "ftp"}),
                ("claim mine", {**pipeline, "claim": "mine"})):
            with self.subTest(why=why):
                with self.assertRaises(self.cell.CannotDo) as said:
                    self.cell.parse_cell(lines(**cell).splitlines())
                self.assertTrue(str(said.exception).startswith(why))

    def test_a_lock_that_does_not_lock_fails(self):
        def lose(numbers, step, _lock):
            numbers[0] += step

        with mock.patch.object(self.counter, "change_by_element", lose):
            window = self.start(scenario="counter", messages=10)
            window.run()
        result = self.result_of(window)
        self.assert_failed(result, "lost_updates")
        self.assertEqual(result["lost_updates"], 20)

    def test_reads_without_a_lock_find_torn_numbers(self):
        window = self.start(scenario="counter", messages=1, producers=1,
                            pause_ns=50_000_000)
        window.numbers[1] = 7
        window.run()
        result = self.result_of(window)
        self.assertGreater(result["torn_reads"], 0)
        self.assert_failed(result, "lost_updates")

    def test_an_item_that_was_not_doubled_fails(self):
        window = self.start(scenario="handshake", wait="block", messages=5)
        consumer = window.consumers[0]

        def spoil(messages):
            for item, event in messages:
                item[0] += 1
                yield item, event

        consumer.arrivals = spoil(
            itertools.takewhile(bool, consumer.arrivals))
        window.run()
        self.assert_failed(self.result_of(window))

    def with_saver(self, change):
        """Returns the result for six pages if `save` replaces the work of the
        last saver."""
        window = self.start(scenario="pipeline", wait="block", stages="1+1",
                            messages=6, service_ns=0)
        saver = window.stages[1][0]
        saver.task = change(window, saver.task)
        window.run()
        return self.result_of(window)

    def test_a_page_that_is_not_on_disk_fails(self):
        def overwrite(_window, save):
            def task(me, number, body):
                save(me, number, body)
                if number == 3:
                    os.remove(me.window.website.name(me.place))
            return task

        self.assert_failed(self.with_saver(overwrite), "lost")

    def test_a_page_that_is_on_disk_twice_fails(self):
        def repeat(_window, save):
            def task(me, number, body):
                save(me, number, body)
                if number == 3:
                    me.place, file = me.claim(me.place)
                    with file:
                        file.write(body)
            return task

        self.assert_failed(self.with_saver(repeat), "repeated")

    def test_a_page_with_a_wrong_byte_fails(self):
        def spoil(_window, save):
            def task(me, number, body):
                save(me, number, body[:-1] + bytes([body[-1] ^ 1]))
            return task

        self.assert_failed(self.with_saver(spoil), "lost")

    def test_a_stage_that_fails_ends_the_run(self):
        window = self.start(scenario="pipeline", wait="block", stages="1+1",
                            source="synthetic", messages=5)

        def fail(*_):
            raise ValueError("no such page")

        window.stages[0][0].task = fail
        with self.assertRaisesRegex(self.window.Broken,
                                    "stage1-0 failed: ValueError"):
            window.run()

    def test_both_ways_claim_a_name_only_once(self):
        site = self.website.Website(0)
        self.addCleanup(site.close)
        for claim in (site.claim_excl, site.claim_look):
            numbers = []
            for _ in range(3):
                number, file = claim(1)
                file.close()
                numbers.append(number)
            self.assertEqual(len(set(numbers)), 3)
        self.assertEqual(len(os.listdir(site.folder)), 6)

    def test_a_faster_consumer_ends_too_early(self):
        window = self.start(scenario="stream", wait="block", until="empty",
                            messages=5)
        producer, consumer = window.workers
        put = producer.put

        def late(word):
            if word > 1:
                consumer.join(PATIENCE_S)
            put(word)

        producer.put = late
        window.run()
        result = self.result_of(window)
        self.assertEqual((result["messages"], result["left_over"]), (1, 4))
        self.assertEqual(result["verified"], 1)

    def test_a_queue_never_holds_more_than_its_capacity(self):
        longest = 0

        class Watched(self.window.Queue):
            def _put(self, item):
                nonlocal longest
                super()._put(item)
                if self.maxsize == 3 and item is not None:
                    longest = max(longest, len(self.queue))

        with mock.patch.object(self.window, "Queue", Watched):
            window = self.start(scenario="stream", wait="timeout:1ms",
                                capacity=3, messages=500, producers=2)
            window.run()
        self.assertEqual(self.result_of(window)["verified"], 1)
        self.assertLessEqual(longest, 3)
        self.assertGreater(longest, 0)


if __name__ == "__main__":
    unittest.main()
