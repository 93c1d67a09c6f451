#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Every planted fault is found and named, and affects only its own row.

All faults are in one run. The watchdog waits for 5 s after the window, so only
two backends hang: a queue and an external backend.
"""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import (BUILD, QUICK, REPO, ProgramTest, cell_of, measure_once,
                     number, processes, rows, sanitized, tree, wait_until)

# The expected status and reason of each fault.
FAULTS = {
    "drops": ("failed", "lost "),
    "repeats": ("failed", "repeated "),
    "swaps": ("failed", "reordered "),
    "corrupts": ("failed", "lost "),
    "stack_drops": ("failed", "lost "),
    # Number and sum are right; only the sum of squares shows the fault.
    "stack_cancels": ("failed", "lost 1, repeated 1, reordered 0"),
    "crashes": ("crashed", "ended "),
    "exits": ("crashed", "ended "),
    "hangs": ("hung", "still not finished"),
}
SOUND = ("mutex", "mutex_lifo", "cxx", "unclosable", "indirect")
# With this seed, the cell that hangs is neither first nor last in round 1.
SEED = 2


def fake_python(folder, script):
    """Writes a script called python3. Returns an environment in which this
    script is found first."""
    path = Path(folder) / "python3"
    path.write_text("#!/bin/sh\n" + script, encoding="ascii")
    path.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


class Faults(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="ringbench-faults-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        env = fake_python(cls.folder, "sleep 98765 & echo $! >sleeper; wait")
        with subprocess.Popen(
                [tree() / "bin/ringbench", "run", "--out", "external",
                 "--backend", "python", "--placement", "any", "--rounds", "1",
                 *QUICK], cwd=cls.folder, env=env, text=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as other:
            run, _, cls.complaints = measure_once(
                "--scenario", "stream", "--backend",
                ",".join((*FAULTS, *SOUND)), "--wait", "yield", "--placement",
                "any", "--rounds", 1, "--seed", SEED, "--duration", "60ms",
                code=5, program="faulty")
            cls.external = other.communicate(timeout=60)[1]
        cls.rows = rows(run / "results.csv")
        cls.threads = rows(run / "threads.csv")
        cls.row = {row["backend"]: row for row in cls.rows}

    def test_every_cell_has_its_row_although_others_fail(self):
        self.assertEqual(sorted(self.row), sorted((*FAULTS, *SOUND)))
        self.assertEqual(len(self.rows), len(FAULTS) + len(SOUND))
        place = int(self.row["hangs"]["order_in_round"])
        self.assertLess(1, place)
        self.assertLess(place, len(self.rows), "another seed, please")

    def test_every_fault_has_its_status_and_reason(self):
        for backend, (status, reason) in FAULTS.items():
            with self.subTest(backend=backend):
                self.assertEqual(self.row[backend]["status"], status)
                said = [line for line in self.complaints.splitlines()
                        if f" {backend} " in line]
                self.assertEqual(len(said), 1, self.complaints)
                self.assertIn(f": {status}: ", said[0])
                self.assertIn(reason, said[0])

    def test_there_are_no_other_errors(self):
        self.assertEqual(len(self.complaints.splitlines()), len(FAULTS))

    def test_faults_are_counted_in_the_right_column(self):
        for backend, wrong in (("drops", "lost"), ("repeats", "repeated"),
                               ("swaps", "reordered"), ("corrupts", "lost"),
                               ("stack_drops", "lost")):
            row = self.row[backend]
            with self.subTest(backend=backend):
                self.assertEqual(row["verified"], "0")
                for column in ("lost", "repeated", "reordered"):
                    count = number(row, column)
                    if column == wrong:
                        # At most one fault in a thousand pops; drained messages
                        # count as pops.
                        pops = number(row, "messages", "left_over", "lost")
                        self.assertGreater(count, 0)
                        self.assertLessEqual(count, pops / 1000 + 2)
                    else:
                        self.assertEqual(count, 0, column)

    def test_a_row_without_a_result_has_no_numbers_and_no_threads(self):
        threads = {row["backend"] for row in self.threads}
        for backend in ("crashes", "exits", "hangs"):
            row = self.row[backend]
            for column in ("verified", "messages", "elapsed_ns", "busy_ns",
                           "throughput_msg_per_s", "idle_share", "lost"):
                self.assertEqual(row[column], "", f"{backend} {column}")
            self.assertNotIn(backend, threads)

    def test_the_hang_names_the_stuck_threads(self):
        line = next(line for line in self.complaints.splitlines()
                    if " hangs " in line)
        self.assertRegex(line, r"producer-0 (asleep|running)")
        self.assertRegex(line, r"consumer-1 asleep")

    def test_a_hang_leaves_no_process_behind(self):
        self.assertEqual(wait_until(lambda: not processes()), True)

    def test_sound_queues_in_the_same_run_are_verified(self):
        for backend in SOUND:
            row = self.row[backend]
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"))
            self.assertGreater(number(row, "messages"), 0)

    def test_an_external_backend_that_hangs_is_one_hung_row(self):
        row, = rows(self.folder / "external/results.csv")
        self.assertEqual(row["status"], "hung")
        self.assertIn("hung: still not finished", self.external)

    def test_a_hung_external_backend_dies_with_all_its_children(self):
        sleeper = (self.folder / "sleeper").read_text("ascii").strip()

        def gone():
            try:
                stat = Path(f"/proc/{sleeper}/stat").read_text("ascii")
            except OSError:
                return True
            return stat.rsplit(")", 1)[1].split()[0] == "Z"
        self.assertTrue(wait_until(gone, 10))


class ExitCodes(ProgramTest):
    def run_faulty(self, backend, code):
        return self.measure("--scenario", "stream", "--backend", backend,
                            "--placement", "any", "--rounds", 1, code=code,
                            program="faulty")

    def test_wrong_messages_alone_give_exit_code_4(self):
        self.run_faulty("drops,mutex", 4)

    def test_a_crash_names_its_phase(self):
        _, err = self.run_faulty("crashes,crashes_destroy", 5)
        self.assertRegex(err, r"backend crashes .*: crashed: ended by signal 4 "
                         r"\(Illegal instruction\) in run of the ")
        self.assertRegex(err, r"backend crashes_destroy .*: crashed: ended by "
                         r"signal 4 .* in destroy of the ")

    def test_a_crash_alone_gives_exit_code_5(self):
        self.run_faulty("crashes,mutex", 5)

    def test_a_crash_is_more_severe_than_wrong_messages(self):
        self.run_faulty("drops,crashes", 5)

    def test_the_report_counts_and_leaves_out_failed_observations(self):
        out, _ = self.run_faulty("drops,crashes,mutex", 5)
        self.assertIn("2 observations failed, hung or crashed", out)
        line = next(line for line in out.splitlines() if "drops" in line)
        self.assertRegex(line, r"drops +any +1x1 +- ")

    def test_pingpong_finds_the_faults_that_it_can_see(self):
        for backend, code in (("drops", 4), ("corrupts", 4), ("exits", 5)):
            with self.subTest(backend=backend):
                self.ringbench("run", "--backend", backend, "--queues", 1,
                               "--wait", "poll", "--placement", "any",
                               "--rounds", 1, *QUICK, "--duration", "100ms",
                               code=code, program="faulty")


class SetUp(ProgramTest):
    def test_a_queue_that_cannot_be_made_is_an_error_row(self):
        # 512 MiB of slots do not fit into this address space.
        if sanitized():
            self.skipTest("sanitizers reserve terabytes of address space")
        done = subprocess.run(
            ["sh", "-c", 'ulimit -v 400000 && exec "$@"', "sh",
             tree() / "bin/ringbench", "run", "--out", "run", *QUICK,
             "--scenario", "stream", "--backend", "ck_spsc,mutex",
             "--capacity", str(2**26), "--placement", "any", "--rounds",
             "1"], cwd=self.cwd, text=True, capture_output=True, check=False,
            timeout=60)
        self.assertEqual(done.returncode, 5, done.stderr)
        for row in self.results():
            self.assertEqual(row["status"], "error")
        self.assertIn("error: cannot set up mutex: Cannot allocate",
                      done.stderr)


class Externals(ProgramTest):
    """An external backend is a program and can do anything."""

    def external(self, script, code=5):
        with tempfile.TemporaryDirectory() as folder:
            _, err = self.measure(
                "--backend", "python,mutex", "--placement", "any",
                "--rounds", 1, env=fake_python(folder, script), code=code)
        row = {row["backend"]: row for row in self.results()}
        self.assertEqual(row["mutex"]["status"], "ok")
        return row["python"], err

    def crashed(self, script, reason):
        row, err = self.external(script)
        self.assertEqual(row["status"], "crashed")
        self.assertIn(": crashed: ", err)
        self.assertIn(reason, err)
        self.assertEqual(len(err.splitlines()), 1)

    def test_malformed_output_is_crashed_and_quoted(self):
        self.crashed("echo hello there", 'wrote "hello there"')

    def test_a_bad_number_is_crashed(self):
        self.crashed("echo status ok; echo messages many; echo end",
                     'wrote "messages')

    def test_a_missing_result_is_crashed(self):
        self.crashed("exit 0", "ended without a result")

    def test_a_missing_end_is_crashed(self):
        self.crashed("echo status ok; echo messages 1", "without a result")

    def test_a_missing_status_is_crashed(self):
        self.crashed("echo messages 1; echo end", "without a status")

    def test_an_exit_code_is_crashed_with_the_first_line_of_stderr(self):
        self.crashed("echo no module >&2; exit 3",
                     "ended with exit code 3: no module")

    def test_an_exit_code_after_a_result_is_crashed_too(self):
        self.crashed("echo status ok; echo verified 1; echo end; exit 1",
                     "exit code 1")

    def test_a_signal_is_crashed_by_name(self):
        self.crashed("kill -SEGV $$", "signal 11")

    def test_endless_output_is_crashed(self):
        self.crashed("head -c 3000000 /dev/zero | tr '\\0' x", "wrote more than")

    def test_a_broken_script_is_crashed(self):
        self.crashed("\nif", "ended with exit code")

    def test_a_status_of_the_backend_is_accepted(self):
        row, err = self.external("echo status error; echo reason no luck; "
                                 "echo end")
        self.assertEqual(row["status"], "error")
        self.assertIn("error: no luck", err)

    def test_an_external_backend_cannot_change_the_identity_of_its_row(self):
        row, _ = self.external(
            "echo run_id x; echo backend mutex2; echo seed 99; echo round 7;"
            "echo status ok; echo verified 1; echo messages 5;"
            "echo elapsed_ns 1000; echo end", code=0)
        self.assertEqual(
            (row["run_id"], row["backend"], row["round"]),
            ("run", "python", "1"))
        self.assertEqual(float(row["throughput_msg_per_s"]), 5e6)

    def test_an_external_backend_gets_the_cell_as_lines(self):
        self.external(f"cat >{self.cwd}/cell; echo status error; echo end")
        cell = dict(line.split(" ", 1) for line in
                    (self.cwd / "cell").read_text("ascii").splitlines()[:-1])
        self.assertEqual(cell["duration_ns"], "20000000")
        self.assertEqual(cell["scenario"], "pingpong")
        self.assertEqual(cell["queues"], "2")
        self.assertTrue((self.cwd / "cell").read_text().endswith("\nend\n"))


class SoundBackends(ProgramTest):
    def test_cxx_and_unclosable_work_under_all_policies_that_block(self):
        self.measure("--scenario", "stream", "--backend", "cxx,unclosable",
                     "--wait", "block,timeout:1ms,park:20us", "--placement",
                     "any", "--rounds", 1, program="faulty")
        self.measure("--backend", "cxx,unclosable", "--queues", "1,2",
                     "--wait", "block,timeout:1ms,park:20us", "--placement",
                     "any", "--rounds", 1, "--out", "two", program="faulty")
        both = self.results() + self.results("two")
        self.assertEqual(len({cell_of(row) for row in both}), 6 + 12)
        for row in both:
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"))

    def test_every_backend_passes_messages_under_every_policy(self):
        self.measure("--backend", "mutex,spinlock,ck_spsc,ck_mpmc,line,"
                     "mutex_lifo,ck_stack,ck_fifo_spsc,ck_fifo_mpmc",
                     "--wait", "poll,spin,yield,sleep:1ms,block,timeout:1ms,"
                     "park:20us", "--placement", "any", "--rounds", 1)
        measured = self.results()
        self.assertEqual(len(measured), 63)
        for row in measured:
            self.assertEqual(row["status"], "ok", row)
            floor = row["backend"] == "line"
            self.assertEqual(row["verified"], "" if floor else "1", row)

    def test_several_producers_and_consumers_lose_no_message(self):
        # Not ck_fifo_mpmc, which may reorder (see its file).
        self.measure("--scenario", "stream", "--backend",
                     "mutex,ck_mpmc,mutex_lifo,ck_stack",
                     "--producers", "2,3", "--consumers", "1,2", "--wait",
                     "spin,block", "--placement", "any", "--rounds", 1)
        self.assertEqual(len(self.results()), 32)
        for row in self.results():
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"))

    def test_an_unbounded_queue_has_no_capacity_and_no_laps(self):
        self.measure("--scenario", "stream", "--backend",
                     "ck_fifo_spsc,ck_fifo_mpmc", "--wait", "spin,block",
                     "--placement", "any", "--rounds", 1)
        for row in self.results():
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"))
            self.assertEqual((row["capacity"], row["capacity_usable"]),
                             ("", "0"))
            self.assertNotIn("few_laps", row["flags"])
            self.assertNotIn("capacity", row["flags"])

    def test_counted_messages_all_arrive(self):
        self.measure("--scenario", "stream", "--backend", "mutex,ck_spsc",
                     "--messages", 12345, "--placement", "any", "--rounds",
                     1)
        for row in self.results():
            self.assertEqual(row["messages"], "12345")
            self.assertEqual(row["left_over"], "0")


@unittest.skipUnless(shutil.which("objdump"), "objdump is not installed")
class CheckAsm(unittest.TestCase):
    @staticmethod
    def check(*objects):
        return subprocess.run([REPO / "scripts/check-asm", BUILD / "ringbench", *objects],
                              capture_output=True, text=True, check=False)

    def setUp(self):
        if sanitized():
            self.skipTest("sanitizers call everywhere")

    def test_no_backend_calls_an_operation_in_its_loops(self):
        # make knows which backends are called through functions.
        done = subprocess.run(["make", "-s", "check-asm", f"BUILD={BUILD}"],
                              cwd=REPO, capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"\d\d objects, \d+ loops in their lines")

    def test_a_call_through_a_pointer_is_found(self):
        done = self.check(BUILD / "bench/backends/mutex.o",
                          BUILD / "tests/backends/indirect.o")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("indirect call", done.stdout)
        self.assertIn("1 of 2 objects", done.stdout)

    def test_a_loop_that_is_not_aligned_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "loop.o"
            subprocess.run(["cc", "-c", "-x", "assembler", "-o", made, "-"],
                           input=".zero 16\n.type stream_consumer_spin,"
                           "@function\nstream_consumer_spin: ret\n",
                           text=True, check=True)
            done = self.check(made)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("stream_consumer_spin does not begin at a line",
                      done.stdout)

    def test_an_object_without_loops_is_an_error(self):
        done = self.check(BUILD / "bench/main.o")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no object has a measured loop", done.stderr)


if __name__ == "__main__":
    unittest.main()
