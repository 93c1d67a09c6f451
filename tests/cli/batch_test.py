#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Batches, and payloads by reference: they are measured, named and verified."""
import unittest

from program import ProgramTest, measure_once, rows

ANY = ("--placement", "any", "--rounds", "1")
STREAM = ("run", "--scenario", "stream")


class Batches(ProgramTest):
    @classmethod
    def setUpClass(cls):
        folder, cls.out, _ = measure_once(
            "--scenario", "stream", "--backend",
            "mutex,skeleton,mutex_lifo", "--batch", "1,16", "--payload",
            "8,64", "--wait", "poll,sleep:1ms,block,park:20us", "--messages",
            500, *ANY)
        cls.folder = folder
        cls.rows = rows(folder / "results.csv")

    def test_batches_and_payloads_are_verified(self):
        for row in self.rows:
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"))

    def test_each_row_has_batch_and_payload(self):
        found = {(row["batch"], row["payload_bytes"]) for row in self.rows}
        self.assertEqual(found, {("1", "8"), ("1", "64"), ("16", "8"),
                                 ("16", "64")})
        self.assertEqual(len(self.rows), 3 * 4 * 4)

    def test_the_report_compares_batches_and_payloads_in_a_table(self):
        usual, batches = self.out.split("stream: batches, and payloads")
        self.assertRegex(batches, r"mutex +any +1x1 +1 +8 ")
        # All cells pass payloads by reference between threads.
        self.assertNotRegex(batches.splitlines()[1], r" by | share ")
        self.assertRegex(batches, r"mutex +any +1x1 +16 +64 ")
        self.assertEqual(usual.count("skeleton"), 4)
        self.assertEqual(batches.count("skeleton"), 16)

    def test_batches_and_payloads_make_different_cells(self):
        out, _ = self.ringbench("compare", self.folder, "--by", "batch",
                                "--base", "1")
        self.assertIn("payload=64", out)
        out, _ = self.ringbench("export", self.folder, "--to", "go")
        self.assertRegex(out, r"/payload_bytes=64/(\S+/)?batch=16\b")
        self.assertNotIn("/batch=1/", out)

    def test_batches_and_payloads_can_be_drawn(self):
        self.ringbench("plot", self.folder)


class Ends(ProgramTest):
    def test_sentinels_reach_every_consumer_and_no_message_is_left(self):
        self.measure("--scenario", "stream", "--backend", "mutex",
                     "--batch", 64, "--payload", "8,64", "--consumers", 3,
                     "--stop", "sentinel", "--duration", "100ms", *ANY)
        for row in self.results():
            self.assertEqual((row["status"], row["left_over"]), ("ok", "0"))

    def test_counted_messages_all_arrive(self):
        self.measure("--scenario", "stream", "--backend", "mutex,skeleton",
                     "--batch", 7, "--payload", "8,16", "--messages", 12345,
                     *ANY)
        for row in self.results():
            self.assertEqual((row["messages"], row["left_over"]),
                             ("12345", "0"))

    def test_backends_with_batches_of_their_own_pass_large_batches(self):
        bulk = [row["backend"] for row in self.listed("backends")
                if "; bulk" in row["meaning"] and row["shape"] != "-"]
        self.measure("--scenario", "stream", "--backend", ",".join(bulk),
                     "--wait", "yield", "--batch", 64, "--duration", "60ms",
                     "--placement", "any", "--rounds", 2)
        self.assertEqual({row["backend"] for row in self.results()},
                         set(bulk))
        for row in self.results():
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"),
                             row)

    def test_the_table_of_ways_to_stop_names_batches(self):
        self.ringbench(*STREAM, "--batch", "1,8", "--payload", 16, "--stop",
                       "sentinel", "--duration", "100ms", "--out", "x", *ANY)
        out, _ = self.ringbench("report", "x")
        self.assertRegex(out, r"(?m) 1x1 +8 +16 ")
        self.assertRegex(out, r"(?m) 1x1 +1 +16 ")


class Faults(ProgramTest):
    def test_every_fault_is_found_in_batches_and_payloads(self):
        reasons = {"drops": "lost ", "repeats": "repeated ",
                   "swaps": "reordered ", "corrupts": "lost ",
                   "stack_drops": "lost "}
        _, _, said = measure_once(
            *STREAM[1:], "--backend", ",".join(reasons),
            "--batch", "1,16", "--payload", "8,64", "--wait", "yield",
            "--duration", "100ms", *ANY, code=4, program="faulty")
        for backend, reason in reasons.items():
            lines = [line for line in said.splitlines()
                     if f" {backend} " in line]
            self.assertEqual(len(lines), 4, said)
            for line in lines:
                with self.subTest(line=line):
                    self.assertIn(": failed: ", line)
                    self.assertNotRegex(line, reason + "0")


class Refused(ProgramTest):
    def test_numbers_out_of_range_are_named(self):
        for option, text in (("batch", "0"), ("batch", "257"),
                             ("batch", "many"), ("payload", "7"),
                             ("payload", "4097"), ("payload", "1k")):
            with self.subTest(f"{option} {text}"):
                self.refuse(*STREAM, f"--{option}={text}", code=2,
                            says=[f'{option} "{text}"', "whole number"])

    def test_impossible_cells_have_a_reason(self):
        for words, why in (
                (("--payload", "20"), "multiple of 8"),
                (("--payload", "64", "--backend", "null"),
                 "keeps no messages"),
                (("--batch", "2", "--produce-every", "1ms"),
                 "cannot combine --batch"),
                (("--payload", "4096", "--capacity", "1048575"),
                 "more than 1 GiB"),
                (("--batch", "8", "--backend", "python", "--placement",
                  "any"), "python does not support batch 8"),
                (("--payload", "16", "--backend", "python", "--placement",
                  "any"), "python does not support payload 16")):
            with self.subTest(words=words):
                self.refuse(*STREAM, *words, code=2, says=[why])
        self.refuse("run", "--scenario", "pingpong", "--batch", 2, code=2,
                    says=["pingpong has no --batch"])

    def test_the_list_of_backends_shows_which_have_batches_of_their_own(self):
        bulk = [row["backend"] for row in self.listed("backends")
                if "; bulk" in row["meaning"]]
        self.assertIn("mutex", bulk)
        self.assertNotIn("skeleton", bulk)


if __name__ == "__main__":
    unittest.main()
