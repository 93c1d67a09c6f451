#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Ways to stop, the messages that are left, and paced threads."""
import unittest

from program import ProgramTest, measure_once, number, rows

ANY = ("--placement", "any", "--rounds", "1")


class Stop(ProgramTest):
    @classmethod
    def setUpClass(cls):
        folder, cls.out, _ = measure_once(
            "--scenario", "pingpong,stream", "--queues", "1,2",
            "--backend", "mutex,ck_mpmc", "--stop", "event,sentinel",
            "--wait", "spin,block,sleep:1ms,park:20us,timeout:1ms", *ANY)
        cls.rows = rows(folder / "results.csv")

    def where(self, **columns):
        found = [row for row in self.rows
                 if all(row[name] == text for name, text in columns.items())]
        self.assertTrue(found)
        return found

    def test_messages_are_verified_with_every_way_to_stop(self):
        for row in self.rows:
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"))

    def test_sentinels_leave_no_messages(self):
        for row in self.where(stop="sentinel"):
            self.assertEqual(row["left_over"], "0", row)

    def test_an_event_leaves_the_message_of_pingpong_in_a_queue(self):
        for row in self.where(stop="event", scenario="pingpong"):
            self.assertEqual(row["left_over"], "1", row)

    def test_the_time_to_stop_is_measured(self):
        for row in self.rows:
            self.assertGreater(number(row, "stop_ns"), 0)

    def test_the_table_distinguishes_the_ways_to_stop(self):
        self.assertIn("sentinel", self.out)


class Paced(ProgramTest):
    def measure_stream(self, *words):
        self.measure("--scenario", "stream", "--backend", "mutex,ck_spsc",
                     *ANY, *words)
        for row in self.results():
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"))
        return self.results()

    def test_a_consumer_that_stops_when_empty_leaves_later_messages(self):
        for row in self.measure_stream("--until", "empty", "--produce-every",
                                       "1ms", "--duration", "60ms"):
            sent = number(row, "messages", "left_over")
            self.assertGreater(sent, number(row, "messages"))

    def test_a_slow_consumer_does_not_find_the_queue_empty(self):
        rows_ = self.measure_stream("--until", "empty", "--consume-every",
                                    "2ms", "--duration", "60ms")
        for row in rows_:
            self.assertGreater(number(row, "left_over"), 0)

    def test_a_pace_limits_the_throughput(self):
        for row in self.measure_stream("--produce-every", "5ms",
                                       "--duration", "50ms"):
            self.assertLessEqual(number(row, "messages"),
                                 number(row, "elapsed_ns") // 5000000 + 1)

    def test_until_empty_refuses_sentinels(self):
        self.refuse("run", "--scenario", "stream", "--until", "empty",
                    "--stop", "sentinel", code=2, says=["--until empty"])

    def test_a_malformed_pace_is_refused(self):
        for text in ("2s", "fast", "-1ms"):
            with self.subTest(text):
                self.refuse("run", "--scenario", "stream",
                            f"--produce-every={text}", code=2,
                            says=["produce-every"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
