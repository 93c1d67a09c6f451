#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The runner survives faulty observations, refuses impossible results, and
leaves no processes.

An external backend, a script called python3, simulates faulty children.
"""
# mostly waits
import fcntl
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from program import (QUICK, ProgramTest, processes, rows, sanitized, tree,
                     wait_until)

ANY = ("--placement", "any", "--rounds", "1")
RESULT = ("status ok", "verified 1", "messages 500", "elapsed_ns 1000")


def is_gone(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii")
    except OSError:
        return True
    return stat.rsplit(")", 1)[1].split()[0] == "Z"


class ChildTest(ProgramTest):
    def fake(self, script):
        """Returns an environment in which python3 is this script."""
        folder = tempfile.mkdtemp(dir=self.cwd)
        path = Path(folder) / "python3"
        path.write_text("#!/bin/sh\n" + script, encoding="ascii")
        path.chmod(0o755)
        return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}

    def external(self, script, code=5, **more):
        """Measures the script. Returns its row and the error output."""
        out = tempfile.mkdtemp(dir=self.cwd, prefix="run-")
        _, err = self.ringbench("run", "--out", out, "--backend", "python",
                                *ANY, *QUICK, code=code,
                                env=self.fake(script), **more)
        row, = rows(Path(out) / "results.csv")
        return row, err

    def crashed(self, script, *reasons):
        row, err = self.external(script)
        self.assertEqual(row["status"], "crashed")
        for column in ("messages", "elapsed_ns", "throughput_msg_per_s"):
            self.assertEqual(row[column], "", err)
        self.assertEqual(len(err.splitlines()), 1, err)
        for reason in reasons:
            self.assertIn(reason, err)


def say(*lines):
    return "".join(f"echo '{line}'\n" for line in lines)


class Channel(ChildTest):
    def test_output_of_a_queue_is_not_a_result_and_is_shown_cleaned(self):
        _, err = self.measure("--scenario", "stream", "--backend", "chatty",
                              *ANY, program="faulty")
        row, = self.results()
        self.assertEqual((row["status"], row["verified"]), ("ok", "1"))
        self.assertNotEqual(row["messages"], "424242424242")
        self.assertIn("chatty", err)
        self.assertIn(": printed: status ok\n", err)
        self.assertNotIn("\033", err)

    def test_only_the_first_outputs_are_shown(self):
        _, err = self.measure("--scenario", "stream", "--backend", "chatty",
                              "--placement", "any", "--rounds", 14,
                              program="faulty")
        self.assertEqual(len(err.splitlines()), 10)
        self.assertIn("not shown", err.splitlines()[-1])

    def test_a_line_after_the_end_makes_the_result_invalid(self):
        self.crashed(say(*RESULT, "end", "status ok"), "more text after its result")
        self.crashed(say(*RESULT, "end", *RESULT, "end"), "more text after")

    CHANNEL = 'exec 9>"/proc/self/fd/$RINGBENCH_RESULT_FD"\n'

    def test_a_program_may_answer_on_the_channel_if_it_repeats_the_cell(self):
        row, _ = self.external(self.CHANNEL + "echo hello\ncat >&9\n{\n" +
                               say(*RESULT, "end") + "} >&9", code=0)
        self.assertEqual((row["status"], row["messages"]), ("ok", "500"))

    def test_a_different_cell_is_crashed(self):
        self.crashed(self.CHANNEL + "sed 's/^wait .*/wait poll/' >&9\n{\n" +
                     say(*RESULT, "end") + "} >&9", "measured a different cell",
                     "wait block")
        self.crashed(self.CHANNEL + "{\n" + say(*RESULT, "end") + "} >&9",
                     "measured a different cell")
        self.crashed(self.CHANNEL + "grep -v duration >&9\n{\n" +
                     say(*RESULT, "end") + "} >&9", "duration_ns")

    def test_an_incomplete_cell_is_refused(self):
        for text in ("", "scenario stream\n", "scenario stream\nend of it"):
            out, err = self.ringbench("observe", stdin=subprocess.DEVNULL,
                                      code=2) if not text else \
                self.observe(text)
            self.assertEqual(out, "")
            self.assert_one_line(err)

    def observe(self, text):
        path = self.cwd / "cell"
        path.write_text(text, "ascii")
        return self.ringbench("observe", "--input", path, code=2)

    def test_an_invalid_descriptor_is_ignored(self):
        path = self.cwd / "cell"
        path.write_text("duration 5ms\nwarmup 0s\nplacement any\nend\n")
        for number in ("99", "-1", "1", "x", ""):
            out, _ = self.ringbench(
                "observe", "--input", path,
                env={**os.environ, "RINGBENCH_RESULT_FD": number,
                     "RINGBENCH_BOARD_FD": number})
            self.assertIn("status ", out)


class Plausible(ChildTest):
    def test_a_possible_result_is_accepted(self):
        row, err = self.external(say(*RESULT, "end"), code=0)
        self.assertEqual((row["status"], err), ("ok", ""))

    def test_an_impossible_result_is_crashed_and_discarded(self):
        def changed(**columns):
            lines = dict(line.split(" ", 1) for line in RESULT)
            lines.update(columns)
            return [f"{name} {value}" for name, value in lines.items()
                    if value is not None]
        for lines, reason in (
                (changed(status="fine"), 'status "fine"'),
                (changed(verified=None), "not verified"),
                (changed(verified="0"), "not verified"),
                (changed(lost="3"), "lost is 3"),
                (changed(repeated="1"), "repeated is 1"),
                (changed(reordered="1"), "reordered is 1"),
                (changed(messages="0"), "no messages"),
                (changed(messages=None), "no messages"),
                (changed(messages="-5"), "messages is negative"),
                (changed(elapsed_ns=None), "its elapsed time is 0"),
                (changed(elapsed_ns="999000000000"), "the process existed"),
                (changed(messages="999999999"), "too many"),
                (changed(idle_share="1.5"), "idle_share"),
                (changed(cpu_ns="7") + ["thread a-0", "cpu_ns 5"],
                 "cpu_ns is 7, which is not the sum"),
                (changed() + ["thread a-0", "messages 499"],
                 "messages is 500, which is not the sum"),
                (changed() + ["thread a-0", "elapsed_ns 999000000000"],
                 "longer than its process")):
            with self.subTest(reason=reason, lines=lines):
                self.crashed(say(*lines, "end"), "cannot be true", reason)

    def test_a_value_with_a_control_character_is_crashed(self):
        self.crashed(say("status ok", "verified 1", "messages 500",
                         "elapsed_ns 1000", "numbers \x1b[2J", "end"),
                     "not a column and a value")

    def test_an_exit_code_makes_a_complete_result_invalid(self):
        self.crashed(say(*RESULT, "end") + "exit 3", "exit code 3")


class NothingIsLeft(ChildTest):
    def sleeper(self, name="sleeper"):
        path = self.cwd / name
        self.assertTrue(wait_until(lambda: path.exists() and
                                   path.read_text("ascii").strip()))
        return path.read_text("ascii").strip()

    def test_a_grandchild_in_its_own_session_is_ended(self):
        row, _ = self.external("setsid sleep 98765 </dev/null >/dev/null 2>&1 "
                               "&\necho $! >sleeper\n" + say(*RESULT, "end"),
                               code=0)
        self.assertEqual(row["status"], "ok")
        self.assertTrue(is_gone(self.sleeper()))

    def test_a_grandchild_with_open_pipes_does_not_delay_the_run(self):
        self.external("(trap '' TERM HUP INT; exec setsid sleep 98765) &\n"
                      "echo $! >sleeper\n" + say(*RESULT, "end"), code=0)
        self.assertTrue(is_gone(self.sleeper()))

    def test_a_child_outside_of_its_group_that_hangs_is_one_hung_row(self):
        row, err = self.external(
            f"echo $$ >sleeper\nexec {sys.executable} -c 'import os, time\n"
            "os.setpgid(0, os.getpgid(os.getppid()))\ntime.sleep(98765)'")
        self.assertEqual(row["status"], "hung")
        self.assertIn("main thread asleep", err)
        self.assertTrue(is_gone(self.sleeper()))

    def test_a_killed_runner_ends_an_external_program(self):
        process = self.start("run", "--backend", "python", *ANY, "--duration",
                             "300s", env=self.fake("echo $$ >sleeper\n"
                                                   "exec sleep 98765"))
        pid = self.sleeper()
        process.kill()
        self.finish(process, -signal.SIGKILL)
        self.assertTrue(wait_until(lambda: is_gone(pid), 20))

    def test_children_from_before_exec_are_not_killed(self):
        done = subprocess.run(
            ["sh", "-c", 'sleep 60 </dev/null >/dev/null 2>&1 & '
             'echo $! >sleeper; exec "$@"', "sh", tree() / "bin/ringbench",
             "run", "--out", "run", *QUICK, *ANY, "--backend", "python"],
            cwd=self.cwd, env=self.fake(
                "setsid sleep 98765 </dev/null >/dev/null 2>&1 &\n"
                "echo $! >other\n" + say(*RESULT, "end")),
            capture_output=True, check=False, timeout=60)
        pid = self.sleeper()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(is_gone(self.sleeper("other")))
        self.assertFalse(is_gone(pid))
        os.kill(int(pid), signal.SIGKILL)


class Watchdog(ChildTest):
    def test_a_hang_names_the_phase_of_the_main_thread(self):
        started = {call: self.start(
            "run", "--out", call, "--scenario", "stream", "--backend",
            "stuck", "--wait", "block", "--placement", "same-cpu", "--rounds",
            1, *QUICK, program="faulty",
            env={**os.environ, "STUCK_IN": call})
            for call in ("create", "close", "destroy")}
        for call, process in started.items():
            with self.subTest(call=call):
                _, err = self.finish(process, 5)
                self.assert_one_line(err)
                self.assertIn(f"in {call} of the warm-up (main thread asleep)",
                              err)
                if call == "create":
                    continue
                self.assertRegex(err, r"producer-0 on CPU \d+ \w+, .*, \d+ "
                                 r"messages; consumer-1 on CPU \d+ ")

    def test_all_of_64_threads_are_named(self):
        _, err = self.measure("--scenario", "stream", "--backend", "hangs",
                              "--producers", 32, "--consumers", 32, "--wait",
                              "block", *ANY, code=5, program="faulty")
        self.assertIn("hung: ", err)
        for i in range(32):
            self.assertRegex(err, rf"producer-{i} \w+, [a-z0-9. ]+, \d+ mess")
        for i in range(32, 64):
            self.assertRegex(err, rf"consumer-{i} \w+, [a-z0-9. ]+, \d+ mess")


class Crowded(ProgramTest):
    def test_64_threads_on_two_cpus_end_in_time(self):
        if sanitized():
            self.skipTest("sanitizers are slow")
        for threads in (8, 32):
            self.measure("--scenario", "stream", "--backend",
                         "spinlock,mutex,vyukov", "--producers", threads,
                         "--consumers", threads, "--wait", "spin,block", *ANY,
                         "--out", str(threads), code=None)
            for row in self.results(str(threads)):
                self.assertNotEqual(row["status"], "hung", row)


class Overrun(ProgramTest):
    def test_a_stopped_process_is_flagged(self):
        process = self.start("run", "--out", "run", "--scenario", "stream",
                             "--backend", "mutex", "--wait", "block",
                             "--warmup", "0s", "--duration", "2s", *ANY)

        def measuring():
            """Setting up takes less than 0.3 s of CPU time."""
            found = []
            for pid in processes():
                stat = Path(f"/proc/{pid}/stat").read_text("ascii")
                ticks = stat.rsplit(")", 1)[1].split()[11:13]
                if pid != process.pid and sum(map(int, ticks)) > 30:
                    found.append(pid)
            return found
        pid, = wait_until(measuring)
        os.kill(pid, signal.SIGSTOP)
        # Sleeps longer than the window.
        time.sleep(2.3)
        os.kill(pid, signal.SIGCONT)
        self.finish(process, 0)
        row, = self.results()
        self.assertIn("overrun", row["flags"].split("+"))


class OneRun(ProgramTest):
    WORDS = ("run", "--backend", "mutex", *ANY, *QUICK)

    def setUp(self):
        super().setUp()
        self.lock = self.cwd / "lock"
        self.env = {**os.environ, "RINGBENCH_LOCK": str(self.lock)}

    def hold(self):
        held = open(self.lock, "w", encoding="ascii")
        self.addCleanup(held.close)
        fcntl.flock(held, fcntl.LOCK_EX)
        return held

    def test_a_second_run_waits_with_a_message(self):
        held = self.hold()
        process = self.start(*self.WORDS, "--out", "run", env=self.env)
        said = process.stderr.readline()
        self.assertIn("waiting for another run", said)
        self.assertIn(str(self.lock), said)
        self.assertFalse((self.cwd / "run").exists())
        held.close()
        self.finish(process, 0)
        self.assertEqual(len(self.results()), 1)

    def test_no_wait_refuses_a_second_run(self):
        self.hold()
        self.refuse(*self.WORDS, "--no-wait", env=self.env, code=6,
                    says=("another run", "--no-wait"))
        self.refuse("aa", "--no-wait", "--backend", "mutex", env=self.env,
                    code=6, says=("another run",))

    def test_a_signal_ends_the_waiting(self):
        self.hold()
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            process = self.start(*self.WORDS, env=self.env)
            process.stderr.readline()
            process.send_signal(number)
            _, err = self.finish(process, code)
            self.assertEqual(err, "ringbench: interrupted before the first "
                             "observation\n")

    def test_a_free_lock_is_acquired_silently_and_released(self):
        for folder in ("one", "two"):
            _, err = self.ringbench(*self.WORDS, "--out", folder,
                                    env=self.env)
            self.assertEqual(err, "")
        held = self.hold()
        held.close()

    def test_a_dry_run_and_a_report_do_not_wait(self):
        self.ringbench(*self.WORDS, "--out", "run", env=self.env)
        self.hold()
        self.ringbench(*self.WORDS, "--dry-run", env=self.env)
        self.ringbench("report", "run", env=self.env)

    def test_a_program_started_by_a_run_needs_no_lock(self):
        script = self.cwd / "python3"
        script.write_text(
            '#!/bin/sh\necho "${RINGBENCH_LOCK-unset}" >seen\n' +
            say(*RESULT, "end"), "ascii")
        script.chmod(0o755)
        self.ringbench("run", "--backend", "python", *ANY, *QUICK, env={
            **self.env, "PATH": f"{self.cwd}:{os.environ['PATH']}"})
        self.assertEqual((self.cwd / "seen").read_text("ascii"), "\n")

    def test_without_the_variable_the_lock_is_in_tmpdir(self):
        env = {**os.environ, "TMPDIR": str(self.cwd)}
        del env["RINGBENCH_LOCK"]
        self.ringbench(*self.WORDS, "--out", "run", env=env)
        self.assertTrue((self.cwd / "ringbench.lock").exists())

    def test_a_lock_that_cannot_be_opened_is_refused(self):
        self.refuse(*self.WORDS, code=7, says=("lock", "RINGBENCH_LOCK"),
                    env={**os.environ, "RINGBENCH_LOCK": "/proc/none/lock"})

    def test_a_real_time_policy_is_refused_before_a_thread_spins(self):
        try:
            subprocess.run(["chrt", "-f", "1", "true"], check=True,
                           capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            self.skipTest("may not use a real-time policy")
        for kind, name in (("-f", "SCHED_FIFO"), ("-r", "SCHED_RR")):
            for words in (self.WORDS, ("aa", *self.WORDS[1:]), ("doctor",)):
                with self.subTest(name=name, words=words):
                    done = subprocess.run(
                        ["chrt", kind, "1", tree() / "bin/ringbench",
                         *map(str, words)], cwd=self.cwd, text=True,
                        capture_output=True, check=False, timeout=20)
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assert_one_line(done.stderr)
                    self.assertIn(f"real-time policy {name}", done.stderr)
        self.assertEqual(os.listdir(self.cwd), [])

    def test_two_runs_into_one_new_folder_lose_no_row(self):
        first = self.start("run", "--out", "run", "--backend", "mutex", *ANY,
                           "--duration", "300s")
        self.assertTrue(wait_until((self.cwd / "run/run.json").exists))
        before = (self.cwd / "run/run.json").read_bytes()
        for words in (("--out", "run", "--backend", "mutex", *ANY),
                      ("--resume", "run")):
            self.refuse("run", *words, code=2, says=("run: another run",))
        self.assertEqual((self.cwd / "run/run.json").read_bytes(), before)
        self.interrupt(first, signal.SIGINT)


class Files(ProgramTest):
    WORDS = ("--backend", "mutex", "--placement", "any", *QUICK)

    def test_a_kill_at_any_moment_leaves_no_result_without_its_threads(self):
        for count in range(1, 7):
            process = self.start("run", "--out", f"run{count}", *self.WORDS,
                                 "--rounds", 100)
            path = self.cwd / f"run{count}/results.csv"
            wait_until(lambda path=path, count=count: path.exists() and
                       path.read_bytes().count(b"\n") > count)
            process.kill()
            self.finish(process, None)
            threads = {}
            for row in self.threads(f"run{count}"):
                threads.setdefault(row["round"], []).append(row)
            for row in self.results(f"run{count}"):
                if row["checksum"]:
                    self.assertEqual(len(threads[row["round"]]), 2)

    def test_a_full_disk_at_the_very_end_does_not_lose_the_report(self):
        process = self.start("run", "--out", "run", *self.WORDS, "--rounds",
                             20)
        wait_until((self.cwd / "run/results.csv").exists)
        # A folder with the name of the new run.json: root cannot overwrite it
        # either.
        (self.cwd / "run/run.json.new").mkdir()
        out, err = self.finish(process, 7)
        self.assertIn("20 rounds, 1 cell\n", out)
        self.assertIn("results: run/results.csv", out)
        self.assert_one_line(err)
        self.assertEqual(len(self.results()), 20)

    def test_a_report_that_cannot_be_written_is_printed(self):
        (self.cwd / "run/report.txt.new").mkdir(parents=True)
        out, err = self.ringbench("run", "--out", "run", *self.WORDS,
                                  "--rounds", 2, code=7)
        self.assertIn("2 rounds, 1 cell\n", out)
        self.assertIn("report.txt", err)

    def test_impossible_sessions_in_run_json_are_bad_data(self):
        self.ringbench("run", "--out", "run", *self.WORDS, "--rounds", 2)
        path = self.cwd / "run/run.json"
        whole = json.loads(path.read_text("utf-8"))
        for name, value in (("rounds", 0), ("rounds", -3),
                            ("rounds", 10**18), ("seed", -7)):
            whole["sessions"][0][name], kept = value, \
                whole["sessions"][0][name]
            path.write_text(json.dumps(whole), "utf-8")
            self.refuse("run", "--resume", "run", code=3,
                        says=("run.json", "impossible session"))
            whole["sessions"][0][name] = kept

    def test_a_pipe_instead_of_a_file_is_refused(self):
        for name in ("results.csv", "threads.csv", "run.json"):
            folder = self.cwd / f"with-{name}"
            folder.mkdir()
            os.mkfifo(folder / name)
            self.refuse("run", "--out", folder, *self.WORDS, code=None,
                        says=(name, "not a regular file"))

    def test_a_small_stack_is_enough(self):
        done = subprocess.run(
            ["sh", "-c", 'ulimit -s 256 && exec "$@"', "sh",
             tree() / "bin/ringbench", "run", "--out", "run", *self.WORDS,
             "--rounds", "2"], cwd=self.cwd, capture_output=True, text=True,
            check=False, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.results()), 2)

    def test_all_readers_leave_out_a_torn_last_row_and_say_so(self):
        for folder in ("run", "other"):
            self.ringbench("run", "--out", folder, *self.WORDS, "--rounds", 3)
        path = self.cwd / "run/results.csv"
        path.write_bytes(path.read_bytes()[:-20])
        for words in (("report", "run"), ("compare", "run", "other"),
                      ("compare", "run/results.csv", "other"),
                      ("export", "--to", "go", "run"), ("plot", "run")):
            with self.subTest(words=words):
                out, err = self.ringbench(*words)
                self.assertTrue(out)
                for line in err.splitlines(keepends=True):
                    self.assert_one_line(line)
                self.assertRegex(err, "is incomplete and was skipped|"
                                      "1 incomplete at the end")


if __name__ == "__main__":
    unittest.main()
