#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The files of a run exist, and their numbers add up."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import zlib
from pathlib import Path

from program import (QUICK, ProgramTest, cell_of, measure_once, number, rows,
                     sanitized, tree)

ROUNDS = 4
ANY = ("--placement", "any")
CELLS = ("--backend", "mutex,ck_mpmc", "--wait", "spin,block,sleep:1ms",
         *ANY, "--seed", "7")
SUMS = ("busy_ns", "wait_empty_ns", "wait_full_ns", "cpu_ns", "runqueue_ns",
        "asleep_ns", "empty_tries", "full_tries", "timeouts", "vol_switches",
        "invol_switches", "page_faults")


class Files(ProgramTest):
    """All checks of one run."""

    @classmethod
    def setUpClass(cls):
        cls.folder, cls.out, cls.err = measure_once(
            *CELLS, "--rounds", ROUNDS)
        cls.rows = rows(cls.folder / "results.csv")
        cls.thread_rows = rows(cls.folder / "threads.csv")
        cls.json = json.loads((cls.folder / "run.json").read_text("utf-8"))

    def threads_of(self, row):
        return [thread for thread in self.thread_rows
                if all(thread[name] == row[name] for name in (
                    "session_id", "round", "order_in_round"))]

    def test_a_run_makes_exactly_these_files(self):
        self.assertEqual(
            sorted(path.name for path in self.folder.iterdir()),
            ["report.txt", "results.csv", "run.json", "threads.csv"])
        self.assertEqual(self.err, "")

    def test_report_txt_equals_the_printed_report(self):
        report = (self.folder / "report.txt").read_text("utf-8")
        self.assertTrue(self.out.startswith(report))
        end = self.out[len(report):].split("\n")
        self.assertEqual(end[:2] + end[-1:],
                         ["", "results: run/results.csv", ""])

    def test_the_last_line_names_the_next_command(self):
        last = self.out.partition("results: run/results.csv\n")[2]
        self.assertIn(last.count("\n"), (1, 2, 3))
        self.assertIn("\nNext: ", "\n" + last)

    def test_the_headers_equal_list_columns(self):
        out, _ = self.ringbench("list", "columns", "--json")
        listed = {table["name"]: [row["column"] for row in table["rows"]]
                  for table in json.loads(out)["tables"]}
        for name in ("results.csv", "threads.csv"):
            header = (self.folder / name).read_text("utf-8").split("\n")[0]
            self.assertEqual(header.split(","), listed[name])
            self.assertEqual(listed[name][-1], "checksum")

    def test_every_row_has_its_checksum(self):
        for name in ("results.csv", "threads.csv"):
            text = (self.folder / name).read_bytes()
            self.assertTrue(text.endswith(b"\n"))
            self.assertNotIn(b"\r", text)
            header, *lines = text.split(b"\n")[:-1]
            for line in lines:
                row, _, checksum = line.rpartition(b",")
                self.assertEqual(b"%08x" % zlib.crc32(header + b"\n" + row),
                                 checksum)

    def test_every_round_has_every_cell_once(self):
        wanted = {("pingpong", backend, wait, "any", "2", "", "")
                  for backend in ("mutex", "ck_mpmc")
                  for wait in ("spin", "block", "sleep:1ms")}
        for number_of_round in range(1, ROUNDS + 1):
            cells = [cell_of(row) for row in self.rows
                     if row["round"] == str(number_of_round)]
            self.assertEqual(len(cells), len(wanted))
            self.assertEqual(set(cells), wanted)

    def test_rows_are_in_the_order_of_measurement(self):
        self.assertEqual(
            [(row["round"], row["order_in_round"]) for row in self.rows],
            [(str(r), str(place)) for r in range(1, ROUNDS + 1)
             for place in range(1, 7)])

    def orders(self, measured):
        return [[cell_of(row) for row in measured if row["round"] == str(r)]
                for r in range(1, ROUNDS + 1)]

    def test_the_order_differs_between_rounds(self):
        orders = self.orders(self.rows)
        self.assertGreater(len(set(map(tuple, orders))), 1)

    def test_a_seed_determines_the_order(self):
        self.measure(*CELLS, "--rounds", ROUNDS, "--duration", "5ms",
                     code=None)
        self.measure(*CELLS, "--rounds", ROUNDS, "--duration", "5ms",
                     "--seed", "8", "--out", "other", code=None)
        self.assertEqual(self.orders(self.results()), self.orders(self.rows))
        self.assertNotEqual(self.orders(self.results("other")),
                            self.orders(self.rows))

    def test_a_dry_run_shows_the_order_of_round_1(self):
        out, err = self.ringbench("run", *CELLS, *QUICK, "--rounds", ROUNDS,
                                  "--dry-run")
        self.assertEqual(err, "")
        self.assertIn(f"6 cells x {ROUNDS} rounds", out)
        self.assertRegex(out, r"expected time: \d+ s\n")
        shown = re.findall(r"^ +\d+  (\S+) (\S+)$", out,
                           re.M)
        self.assertEqual(
            shown, [(cell[1], cell[2]) for cell in self.orders(self.rows)[0]])

    def test_every_row_is_verified_and_identified(self):
        for row in self.rows:
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"))
            self.assertEqual(number(row, "lost", "repeated", "reordered"), 0)
            self.assertEqual(row["left_over"], "1")
            self.assertEqual(row["run_id"], "run")
            self.assertEqual(row["seed"], "7")
            self.assertEqual((row["capacity"], row["capacity_usable"]),
                             ("1023", "1023"))
            self.assertEqual(row["warmup_ns"], "1000000")
            self.assertRegex(row["started_at"],
                             r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            for name in ("host_id", "build_id"):
                self.assertEqual(row[name], self.json[name])

    def test_windows_are_at_least_as_long_as_requested(self):
        # On a busy machine, a thread may start late in some windows.
        windows = sorted(number(row, "elapsed_ns") for row in self.rows)
        self.assertGreaterEqual(windows[len(windows) // 2], 19_000_000)

    def test_throughput_and_idle_share_follow_from_other_columns(self):
        for row in self.rows:
            self.assertAlmostEqual(
                float(row["throughput_msg_per_s"]) * 1e-9 *
                number(row, "elapsed_ns") / number(row, "messages"), 1, 6)
            waits = number(row, "wait_empty_ns", "wait_full_ns")
            self.assertAlmostEqual(
                float(row["idle_share"]),
                waits / (number(row, "busy_ns") + waits), 6)

    def test_a_row_is_the_sum_of_its_threads(self):
        for row in self.rows:
            threads = self.threads_of(row)
            self.assertEqual([thread["thread"] for thread in threads],
                             ["A-0", "B-1"])
            for column in (*SUMS, "messages"):
                self.assertEqual(number(row, column),
                                 sum(number(t, column) for t in threads),
                                 column)
            for thread in threads:
                self.assertEqual(cell_of(thread), cell_of(row))

    def test_elapsed_is_last_end_minus_first_start(self):
        for row in self.rows:
            threads = self.threads_of(row)
            self.assertEqual(min(number(t, "start_ns") for t in threads), 0)
            self.assertEqual(max(number(t, "start_ns", "elapsed_ns")
                                 for t in threads),
                             number(row, "elapsed_ns"))

    def test_the_times_of_each_thread_add_up(self):
        for thread in self.thread_rows:
            elapsed = number(thread, "elapsed_ns")
            flags = [row["flags"] for row in self.rows
                     if thread in self.threads_of(row)][0]
            waits = number(thread, "busy_ns", "wait_empty_ns", "wait_full_ns")
            if "waits_exceed_elapsed" not in flags:
                # Waits that are estimated from samples have a small error.
                self.assertLessEqual(
                    waits, 1.03 * elapsed, thread)
                self.assertGreaterEqual(waits, elapsed, thread)
            cpu = number(thread, "cpu_ns", "runqueue_ns", "asleep_ns")
            if "cpu_exceeds_elapsed" not in flags:
                self.assertLessEqual(cpu, 1.01 * elapsed, thread)
                self.assertGreaterEqual(cpu, elapsed, thread)
            if thread["cpu_user_ns"]:
                self.assertEqual(number(thread, "cpu_user_ns", "cpu_sys_ns"),
                                 number(thread, "cpu_ns"))

    def test_the_window_has_no_page_faults(self):
        if sanitized():
            self.skipTest("sanitizers fault in memory of their own")
        for row in self.rows:
            self.assertEqual(row["page_faults"], "0", row)

    def test_a_wait_policy_shows_in_the_counters(self):
        for row in self.rows:
            if row["wait"] == "sleep:1ms":
                # A nap takes at least 1 ms, and two threads sleep.
                naps = 2 * number(row, "elapsed_ns") / 1e6
                self.assertGreater(number(row, "vol_switches"), 0)
                self.assertLess(number(row, "empty_tries"), 2 * naps)
                self.assertGreater(float(row["idle_share"]), 0.5)
            self.assertEqual(row["timeouts"], "0")

    def test_run_json_describes_plan_host_and_program(self):
        self.assertEqual(self.json["run_id"], "run")
        self.assertEqual(len(self.json["plan"]["cells"]), 6)
        session, = self.json["sessions"]
        self.assertEqual((session["seed"], session["rounds"],
                          session["exit_code"]), (7, ROUNDS, 0))
        self.assertEqual(session["session_id"], self.rows[0]["session_id"])
        for key in ("started_at", "ended_at", "before", "after"):
            self.assertTrue(session[key], key)
        self.assertTrue(self.json["program"]["compiler"])
        self.assertTrue(self.json["host"]["kernel"]["release"])


class Sessions(ProgramTest):
    words = ("--backend", "mutex", *ANY, "--rounds", 2)

    def test_out_into_the_same_run_adds_a_session(self):
        self.measure(*self.words)
        before = (self.cwd / "run/results.csv").read_bytes()
        self.measure(*self.words, "--rounds", 3)
        after = (self.cwd / "run/results.csv").read_bytes()
        self.assertTrue(after.startswith(before))
        measured = self.results()
        self.assertEqual([row["round"] for row in measured],
                         ["1", "2", "1", "2", "3"])
        sessions = [row["session_id"] for row in measured]
        self.assertEqual([sessions[0]] * 2 + [sessions[2]] * 3, sessions)
        self.assertNotEqual(sessions[0], sessions[2])
        text = (self.cwd / "run/run.json").read_text("utf-8")
        self.assertEqual([session["session_id"] for session in
                          json.loads(text)["sessions"]],
                         [sessions[0], sessions[2]])

    def test_out_into_the_run_of_another_plan_is_refused(self):
        self.measure(*self.words)
        before = (self.cwd / "run/results.csv").read_bytes()
        for words in (("--backend", "ck_mpmc"), ("--capacity", "7"),
                      ("--duration", "30ms")):
            self.refuse("run", "--out", "run", *QUICK, *self.words, *words,
                        code=2, says=("contains a run of another plan",
                                      "--out"))
        self.assertEqual((self.cwd / "run/results.csv").read_bytes(), before)

    def test_latest_points_at_the_newest_run(self):
        self.ringbench("run", *QUICK, *self.words)
        latest = self.cwd / "results/latest"
        first = os.readlink(latest)
        self.ringbench("run", *QUICK, *self.words)
        second = os.readlink(latest)
        self.assertNotEqual(first, second)
        self.assertEqual(sorted(os.listdir(self.cwd / "results")),
                         sorted([first, second, "latest"]))
        measured = self.results("results/latest")
        self.assertEqual({row["run_id"] for row in measured}, {second})
        self.assertIn("-cells", second)

    def test_a_session_added_through_a_link_keeps_the_name_of_the_run(self):
        self.ringbench("run", *QUICK, *self.words)
        self.ringbench("run", *QUICK, *self.words, "--out", "results/latest/")
        measured = self.results("results/latest")
        self.assertEqual(len(measured), 4)
        self.assertEqual({row["run_id"] for row in measured},
                         {os.readlink(self.cwd / "results/latest")})

    def test_two_simultaneous_runs_have_different_folders(self):
        both = [self.start("run", *QUICK, *self.words) for _ in range(2)]
        for process in both:
            self.finish(process, 0)
        names = [name for name in os.listdir(self.cwd / "results")
                 if name != "latest"]
        self.assertEqual(len(names), 2)
        for name in names:
            self.assertEqual(len(self.results(f"results/{name}")), 2)


class Plans(ProgramTest):
    def test_a_plan_file_is_measured_line_by_line(self):
        (self.cwd / "mine.plan").write_text(
            "# two cells\n--rounds 2 --seed=5 --retry 0\n\n"
            "--backend mutex --placement any --duration 20ms --warmup 1ms\n"
            "--scenario=stream --backend ck_spsc,mutex --producers 1 "
            "--placement any --duration 20ms --warmup 0ms # more\n", "utf-8")
        self.ringbench("run", "--plan", "./mine.plan", "--out", "run")
        measured = self.results()
        self.assertEqual(len(measured), 6)
        self.assertEqual({row["seed"] for row in measured}, {"5"})
        text = (self.cwd / "run/run.json").read_text("utf-8")
        self.assertEqual(json.loads(text)["plan"]["name"], "mine")

    def test_rounds_and_seed_of_the_command_line_have_priority(self):
        (self.cwd / "mine.plan").write_text(
            "--rounds 50 --seed 5\n--backend mutex --placement any "
            "--duration 20ms --warmup 1ms\n", "utf-8")
        self.ringbench("run", "--plan", "mine.plan", "--rounds", 1, "--seed",
                       6, "--out", "run")
        row, = self.results()
        self.assertEqual(row["seed"], "6")

    def test_a_duplicate_cell_is_measured_once(self):
        out, _ = self.ringbench("run", "--backend", "mutex,mutex",
                                "--placement", "any", "--dry-run")
        self.assertIn("1 cell x ", out)
        self.assertIn("the plan already contains this cell", out)

    def test_impossible_cells_are_skipped_with_the_reason(self):
        _, err = self.measure("--backend", "mutex,null", *ANY, "--rounds", 1)
        line, = err.splitlines()
        self.assertIn("skipped: ", line)
        self.assertIn("null", line)
        self.assertIn("no message can come back", line)
        self.assertEqual(len(self.results()), 1)
        text = (self.cwd / "run/run.json").read_text("utf-8")
        skipped, = json.loads(text)["plan"]["skipped"]
        self.assertIn("no message can come back", skipped["reason"])

    def test_without_python3_its_cells_are_skipped_with_the_reason(self):
        with tempfile.TemporaryDirectory() as empty:
            _, err = self.measure("--backend", "python,mutex", *ANY,
                                  "--rounds", 1, env={"PATH": empty})
        self.assertIn("python3 is not installed", err)
        self.assertEqual([row["backend"] for row in self.results()],
                         ["mutex"])

    def test_the_python_reference_is_measured_like_any_queue(self):
        self.measure("--backend", "python", *ANY, "--rounds", 1,
                     "--duration", "50ms")
        row, = self.results()
        self.assertEqual((row["status"], row["verified"]), ("ok", "1"))
        for column in SUMS[:-1]:
            self.assertEqual(number(row, column), sum(
                number(thread, column) for thread in self.threads()), column)

    @unittest.skipUnless(shutil.which("taskset"), "taskset is not installed")
    def test_on_one_cpu_placements_with_two_cpus_are_skipped(self):
        cpu = str(min(os.sched_getaffinity(0)))
        words = ["taskset", "-c", cpu, tree() / "bin/ringbench", "run",
                 *QUICK, "--backend", "mutex", "--rounds", "1", "--out",
                 "run", "--placement"]

        def on_one_cpu(places):
            return subprocess.run([*words, places], cwd=self.cwd, text=True,
                                  capture_output=True, check=False)
        done = on_one_cpu("near,llc")
        self.assertEqual(done.returncode, 2)
        self.assert_one_line(done.stderr)
        self.assertIn("only one CPU is allowed", done.stderr)
        done = on_one_cpu("llc,same-cpu")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("only one CPU is allowed", done.stderr)
        row, = self.results()
        self.assertEqual((row["placement"], row["cpus"]),
                         ("same-cpu", f"{cpu}+{cpu}"))
        self.assertIn("oversubscribed", row["flags"])

    @unittest.skipUnless(len(os.sched_getaffinity(0)) > 1, "one CPU only")
    def test_near_puts_two_threads_on_two_cpus(self):
        self.measure("--backend", "mutex", "--rounds", 1)
        row, = self.results()
        cpus = [int(cpu) for cpu in row["cpus"].split("+")]
        self.assertEqual(len(set(cpus)), 2)
        self.assertLessEqual(set(cpus), os.sched_getaffinity(0))
        self.assertEqual([int(t["cpu"]) for t in self.threads()], cpus)
        self.assertNotIn("oversubscribed", row["flags"])


class FloorRows(ProgramTest):
    def test_bounds_are_not_verified(self):
        self.measure("--scenario", "stream", "--backend", "null", *ANY,
                     "--rounds", 1)
        self.measure("--backend", "line", *ANY, "--rounds", 1, "--out",
                     "other")
        for row in self.results() + self.results("other"):
            self.assertEqual((row["status"], row["verified"], row["lost"]),
                             ("ok", "", ""))
            self.assertGreater(number(row, "messages"), 0)


class Observe(ProgramTest):
    """`observe` is the protocol of child processes, and of hyperfine."""

    def observe(self, text, code=0):
        path = Path(self.cwd / "cell")
        path.write_text(text, "utf-8")
        return self.ringbench("observe", "--input", "cell", code=code)

    def test_one_cell_is_read_and_its_observation_written(self):
        out, err = self.observe("scenario stream\nbackend mutex\n"
                                "warmup_ns 0\nmessages 5000\nend\n")
        self.assertEqual(err, "")
        self.assertTrue(out.endswith("\nend\n"))
        self.assertIn("status ok\n", out)
        self.assertIn("messages 5000\n", out)
        self.assertIn("thread producer-0\n", out)

    def test_a_wrong_cell_is_refused(self):
        for text, why in (("backend mutx\n", "mutex"),
                          ("colour red\n", "colour"),
                          ("duration_ns x\n", "duration"),
                          ("cpus 0+x\n", "not the number of a CPU"),
                          ("backend null\nend\n", "no message can come back"),
                          ("backend python\nplacement any\nend\n",
                           "another program"),
                          ("backend mutex\n", 'no line "end"')):
            with self.subTest(text=text):
                out, err = self.observe(text, code=2)
                self.assertEqual(out, "")
                self.assert_one_line(err)
                self.assertIn(why, err)

    def test_a_missing_cpu_is_an_error(self):
        out, _ = self.observe("backend mutex\nwait block\ncpus 1000\n"
                              "duration_ns 5000000\nend\n")
        self.assertIn("status error\n", out)
        self.assertIn("cannot pin thread", out)


if __name__ == "__main__":
    unittest.main()
