#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""An interrupted run keeps the finished observations and can be completed."""
import json
import os
import shutil
import signal
import tempfile
import unittest
from collections import Counter
from pathlib import Path

from program import (ProgramTest, cell_of, measure_once, processes,
                     wait_until)

BACKENDS = ("mutex", "ck_spsc", "ck_mpmc")
ROUNDS = 8
WORDS = ("--backend", ",".join(BACKENDS), "--placement", "any", "--seed", 3,
         "--rounds", ROUNDS, "--retry", 0)


class CutOff(ProgramTest):
    def start_and_wait(self, count, **more):
        """Starts a run and waits until this number of rows is written."""
        process = self.start("run", "--out", "run", *WORDS, "--duration",
                             "30ms", "--warmup", "1ms", **more)
        self.wait_for_rows(process, count)
        return process

    def wait_for_rows(self, process, count):
        path = self.cwd / "run/results.csv"
        wait_until(lambda: process.poll() is not None or path.exists() and
                   path.read_bytes().count(b"\n") > count)
        self.assertIsNone(process.poll(), "ended too early")

    def assert_complete(self):
        """Checks that every round has each cell once, apart from superseded
        rows."""
        for measured, threads in ((self.results(), 1), (self.threads(), 2)):
            good = [row for row in measured
                    if "superseded" not in row["flags"].split("+")]
            seen = Counter((row["round"], row["backend"]) for row in good)
            self.assertEqual(seen, {(str(r), backend): threads
                                    for r in range(1, ROUNDS + 1)
                                    for backend in BACKENDS})
            self.assertEqual(len({row["session_id"] for row in measured}), 1)
            self.assertEqual({row["run_id"] for row in measured}, {"run"})

    def resume(self):
        out, err = self.ringbench("run", "--resume", "run")
        self.assertEqual(err, "")
        self.assertIn(f"{ROUNDS} rounds, 3 cells", out)
        self.assertEqual(sorted(path.name for path in
                                (self.cwd / "run").glob("*.new*")), [])
        self.assert_complete()

    def assert_no_process_is_left(self):
        self.assertTrue(wait_until(lambda: not processes(), 20), processes())

    def test_ctrl_c_keeps_the_rows_and_prints_how_to_continue(self):
        process = self.start_and_wait(4)
        before = (self.cwd / "run/results.csv").read_bytes()
        out, err = self.interrupt(process, signal.SIGINT)
        self.assertEqual(err, "ringbench: interrupted; the finished "
                         "observations are kept; continue with: ringbench "
                         "run --resume run\n")
        self.assertIn("results: run/results.csv", out)
        after = (self.cwd / "run/results.csv").read_bytes()
        self.assertTrue(after.startswith(before))
        self.assertTrue(after.endswith(b"\n"))
        self.assertLess(len(self.results()), 3 * ROUNDS)
        self.assertEqual({row["status"] for row in self.results()}, {"ok"})
        text = (self.cwd / "run/run.json").read_text("utf-8")
        self.assertEqual(json.loads(text)["sessions"][0]["exit_code"], 130)
        self.resume()
        text = (self.cwd / "run/run.json").read_text("utf-8")
        session, = json.loads(text)["sessions"]
        self.assertEqual(session["exit_code"], 0)

    def test_the_incomplete_round_is_measured_again_in_the_stored_order(self):
        process = self.start_and_wait(4)
        self.interrupt(process, signal.SIGINT)
        rest = len(self.results()) % 3
        if rest == 0:
            self.skipTest("the signal fell between two rounds")
        self.resume()
        measured = self.results()
        old = [row for row in measured if "superseded" in row["flags"]]
        self.assertEqual(len(old), rest)
        for row in old:
            again, = [new for new in measured if new["round"] == row["round"]
                      and new["order_in_round"] == row["order_in_round"] and
                      "superseded" not in new["flags"]]
            self.assertEqual(cell_of(again), cell_of(row))
            for column in ("messages", "elapsed_ns", "started_at", "status"):
                self.assertTrue(row[column], column)
        report, _ = self.ringbench("report", "run")
        self.assertIn("superseded", report)

    def test_the_order_of_all_rounds_equals_an_uninterrupted_run(self):
        self.interrupt(self.start_and_wait(4), signal.SIGINT)
        self.resume()
        self.ringbench("run", "--out", "uncut", *WORDS, "--duration", "5ms",
                       "--warmup", "0ms", code=None)

        def order(measured):
            return [(row["round"], row["order_in_round"], row["backend"])
                    for row in measured if "superseded" not in row["flags"]]
        self.assertEqual(order(self.results()), order(self.results("uncut")))

    def test_a_run_can_be_interrupted_several_times(self):
        self.interrupt(self.start_and_wait(2), signal.SIGINT)
        for _ in range(2):
            done = len(self.results())
            process = self.start("run", "--resume", "run")
            self.wait_for_rows(process, done + 4)
            self.interrupt(process, signal.SIGINT)
        self.resume()

    def test_sigterm_works_like_ctrl_c_with_its_own_exit_code(self):
        process = self.start_and_wait(1)
        _, err = self.interrupt(process, signal.SIGTERM)
        self.assertIn("--resume run", err)
        self.resume()

    def test_a_signal_before_the_first_row_loses_nothing(self):
        process = self.start("run", "--out", "run", *WORDS, "--duration",
                             "30s")
        self.assertTrue(wait_until(lambda: len(processes()) == 2))
        out, _ = self.interrupt(process, signal.SIGINT)
        self.assertEqual(self.results(), [])
        self.assertIn("0 rounds", out)

    def test_ctrl_c_leaves_no_process_behind(self):
        process = self.start("run", "--out", "run", *WORDS, "--duration",
                             "300s")
        self.assertTrue(wait_until(lambda: len(processes()) == 2))
        self.interrupt(process, signal.SIGINT)
        self.assert_no_process_is_left()

    def test_a_killed_runner_leaves_no_process_behind(self):
        process = self.start("run", "--out", "run", *WORDS, "--duration",
                             "300s")
        self.assertTrue(wait_until(
            lambda: len(processes()) == 2 and any(
                len(os.listdir(f"/proc/{pid}/task")) > 1
                for pid in processes())))
        process.kill()
        self.finish(process, -signal.SIGKILL)
        self.assert_no_process_is_left()

    def test_ctrl_c_ends_an_external_backend_and_its_children(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "python3"
            path.write_text("#!/bin/sh\nsleep 300 & echo $! >sleeper\nwait\n")
            path.chmod(0o755)
            env = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
            process = self.start("run", "--backend", "python", "--placement",
                                 "any", "--duration", "300s", env=env)
            sleeper = self.cwd / "sleeper"
            self.assertTrue(wait_until(
                lambda: sleeper.exists() and sleeper.read_text()))
            self.interrupt(process, signal.SIGINT)
        stat = Path(f"/proc/{sleeper.read_text().strip()}/stat")

        def gone():
            try:
                return stat.read_text().rsplit(")", 1)[1].split()[0] == "Z"
            except OSError:
                return True
        self.assertTrue(wait_until(gone, 20))

    def test_sigkill_and_a_torn_row_are_repaired(self):
        process = self.start_and_wait(4)
        process.kill()
        self.finish(process, -signal.SIGKILL)
        torn = {}
        for name in ("results.csv", "threads.csv"):
            path = self.cwd / "run" / name
            whole = path.read_bytes()
            # If the kill itself left half a row, the tail begins with it.
            whole, rest = whole[:whole.rindex(b"\n") + 1], b""
            row = whole.splitlines()[-1]
            torn[name] = rest + row[:len(row) // 2]
            path.write_bytes(whole + torn[name])
        self.resume()
        for name, tail in torn.items():
            kept = (self.cwd / "run" / (name + ".torn")).read_bytes()
            self.assertEqual(kept, tail)

    def test_a_report_of_a_torn_run_works_without_repair(self):
        self.interrupt(self.start_and_wait(4), signal.SIGINT)
        path = self.cwd / "run/results.csv"
        path.write_bytes(path.read_bytes()[:-20])
        before = path.read_bytes()
        self.ringbench("report", "run")
        self.assertEqual(path.read_bytes(), before)


class Refusals(ProgramTest):
    """Runs that cannot be resumed. One finished run is copied for each test."""

    @classmethod
    def setUpClass(cls):
        cls.finished, _, _ = measure_once(
            "--backend", "mutex,ck_mpmc", "--placement", "any",
            "--rounds", 2)

    def setUp(self):
        super().setUp()
        shutil.copytree(self.finished, self.cwd / "run")

    def cut(self, lines=4):
        path = self.cwd / "run/results.csv"
        path.write_bytes(b"".join(
            path.read_bytes().splitlines(True)[:lines]))

    def edit(self, change):
        path = self.cwd / "run/run.json"
        data = json.loads(path.read_text("utf-8"))
        change(data)
        path.write_text(json.dumps(data), "utf-8")

    def refuse_resume(self, code, *says):
        before = (self.cwd / "run/results.csv").read_bytes()
        self.refuse("run", "--resume", "run", code=code, says=says)
        self.assertEqual((self.cwd / "run/results.csv").read_bytes(), before)

    def test_a_truncated_copy_can_be_resumed(self):
        self.cut()
        self.ringbench("run", "--resume", "run")
        self.assertEqual([row["flags"].count("superseded")
                          for row in self.results()], [0, 0, 1, 0, 0])

    def test_a_run_resumed_by_another_path_keeps_its_name(self):
        self.cut()
        (self.cwd / "latest").symlink_to("run")
        self.ringbench("run", "--resume", "latest/")
        self.assertEqual({row["run_id"] for row in self.results()}, {"run"})

    def test_rows_of_other_sessions_do_not_change(self):
        self.ringbench("run", "--out", "run", "--duration", "20ms",
                       "--warmup", "1ms", "--backend", "mutex,ck_mpmc",
                       "--placement", "any", "--rounds", 2, "--retry", 0)
        first = (self.cwd / "run/results.csv").read_bytes().splitlines()[:5]
        self.cut(lines=6)
        self.ringbench("run", "--resume", "run")
        path = self.cwd / "run/results.csv"
        self.assertEqual(path.read_bytes().splitlines()[:5], first)
        self.assertEqual([row["round"] for row in self.results()],
                         list("1122" "1" "1122"))

    def test_a_complete_run_cannot_be_resumed(self):
        self.refuse_resume(2, "run: cannot resume: the run is complete")

    def test_another_build_is_refused(self):
        self.cut()
        self.edit(lambda data: data.update(build_id="0123456789ab"))
        self.refuse_resume(2, "another build")

    def test_another_host_is_refused(self):
        self.cut()
        self.edit(lambda data: data.update(host_id="01234567"))
        self.refuse_resume(2, "another host")

    def test_another_plan_is_refused(self):
        self.cut()
        self.edit(lambda data: data["plan"]["cells"].pop())
        self.refuse_resume(2, "another plan")

    def test_a_damaged_run_json_is_bad_data(self):
        self.cut()
        path = self.cwd / "run/run.json"
        whole = path.read_text("utf-8")
        for text in ("", "{", whole[:len(whole) // 2], "[]", "{}", "null",
                     '{"plan": {"name": "x", "lines": []}}',
                     '{"plan": {"name": 1, "lines": 2}, "sessions": [3]}'):
            path.write_text(text, "utf-8")
            with self.subTest(text=text[:40]):
                self.refuse_resume(3, "run.json")

    def test_stored_plan_lines_that_are_not_texts_are_bad_data(self):
        self.cut()
        self.edit(lambda data: data["plan"]["lines"].append(5))
        self.refuse_resume(3, "run.json")

    def test_a_folder_that_is_not_a_run_is_refused(self):
        for path in ("nothing", "/proc", "run/results.csv"):
            self.refuse("run", "--resume", path, code=3, says=("run.json",))

    def test_a_changed_row_is_found_with_file_and_line(self):
        self.cut()
        path = self.cwd / "run/results.csv"
        lines = path.read_bytes().splitlines(True)
        lines[2] = lines[2].replace(b"pingpong", b"pongping")
        path.write_bytes(b"".join(lines))
        self.refuse_resume(3, "results.csv:3: ", "checksum")

    def test_no_row_is_appended_after_a_torn_row(self):
        path = self.cwd / "run/results.csv"
        path.write_bytes(path.read_bytes()[:-20])
        before = path.read_bytes()
        self.refuse("run", "--out", "run", "--backend", "mutex,ck_mpmc",
                    "--placement", "any", "--duration", "20ms", "--warmup",
                    "1ms", code=3, says=("the last row is incomplete", "--resume"))
        self.assertEqual(path.read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
