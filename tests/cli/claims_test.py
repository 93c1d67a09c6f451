#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Queues whose waiting threads cannot give up a claimed slot, and the order of
their messages."""
import unittest

from program import ProgramTest

ANY = ("--placement", "any", "--rounds", "1")


class Claims(ProgramTest):
    def setUp(self):
        super().setUp()
        listed = self.ringbench("list", "backends")[0]
        if "atomic_queue_wait" not in listed:
            self.skipTest("libatomic-queue-dev is not installed")

    def test_claiming_backends_end_by_sentinels_by_default(self):
        self.measure("--scenario", "stream,pingpong", "--wait", "spin",
                     "--backend", "atomic_spsc_wait,atomic_queue_wait", *ANY)
        for row in self.results():
            self.assertEqual((row["status"], row["verified"], row["stop"],
                              row["left_over"]), ("ok", "1", "sentinel", "0"))

    def test_waits_of_claiming_backends_are_unknown(self):
        self.measure("--scenario", "stream", "--wait", "spin", "--backend",
                     "atomic_spsc_wait,atomic_queue_spsc", *ANY)
        for row in self.results():
            claims = row["backend"] == "atomic_spsc_wait"
            self.assertEqual(row["wait_empty_ns"] == "", claims)
            self.assertEqual(row["idle_share"] == "", claims)

    def test_cells_that_would_never_end_are_refused(self):
        for words, why in ((("--stop", "event"), "use --stop sentinel"),
                           (("--wait", "block"), "use --wait spin"),
                           (("--scenario", "handshake"), "--stop")):
            self.refuse("run", "--backend", "atomic_queue_wait",
                        "--scenario", "stream", "--wait", "spin", *words,
                        *ANY, code=2, says=[why])

    def test_the_list_names_backends_without_order(self):
        out, _ = self.measure(
            "--scenario", "stream", "--wait", "yield", "--producers", "1,2",
            "--consumers", "1,2", "--backend", "atomic_queue", *ANY)
        self.assertIn("not FIFO here", out)
        for row in self.results():
            many = (row["producers"], row["consumers"]) != ("1", "1")
            self.assertEqual((row["status"], row["reordered"]), ("ok", "0"))
            self.assertEqual("not_fifo" in row["flags"], many)


if __name__ == "__main__":
    unittest.main()
