#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""stream --payload-by value: messages are carried by value and verified."""
import unittest

from program import ProgramTest, measure_once, rows

VALUES = ("--scenario", "stream", "--payload-by", "value", "--placement", "any",
          "--rounds", "1")


class Values(ProgramTest):
    def stream(self, *options, code=0):
        return self.ringbench("run", *VALUES, *options, code=code)

    def test_each_size_and_wait_policy_is_verified(self):
        folder, _, _ = measure_once(
            *VALUES, "--backend", "spsc_ring", "--wait",
            "spin,block", "--payload", "8,32,64,256", "--capacity", "1,1023",
            "--duration", "20ms", "--warmup", "1ms")
        found = rows(folder / "results.csv")
        self.assertEqual(len(found), 16)
        for row in found:
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"))
            self.assertEqual(row["payload_by"], "value")
            self.assertGreater(int(row["messages"]), 0)

    def test_list_shows_which_backends_carry_values(self):
        said, _ = self.ringbench("list", "backends")
        # The list wraps long lines, so join them first.
        self.assertRegex(" ".join(said.split()),
                         r" spsc_ring SPSC [^:]*: [^:]*; by value")

    def test_a_backend_that_carries_only_words_is_refused(self):
        _, err = self.stream("--backend", "mutex_lifo", "--wait", "spin",
                             code=2)
        self.assertIn("mutex_lifo: cannot carry messages by value", err)

    def test_other_wait_policies_sizes_and_forms_are_refused(self):
        for options, why in (
                (("--wait", "poll"), "--wait spin or --wait block"),
                (("--wait", "spin", "--payload", "16"), "--payload 8, 32, 64 or 256"),
                (("--wait", "spin", "--batch", "4"), "cannot combine --payload-by value"),
                (("--wait", "spin", "--rate", "1k/s"), "cannot combine --payload-by value")):
            _, err = self.stream("--backend", "spsc_ring", *options, code=2)
            self.assertIn(why, err)


if __name__ == "__main__":
    unittest.main()
