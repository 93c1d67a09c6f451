#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The website downloader, and its clean-up.

Every test has its own TMPDIR. At the end of a test, no process may be left and
TMPDIR must be empty.
"""
import os
import re
import shutil
import signal
import subprocess
import unittest
from pathlib import Path

from program import (PATIENCE_S, ProgramTest, number, processes, sanitized,
                     tree, wait_until)

SHORT = ("--duration", "60ms", "--warmup", "10ms", "--retry", 0)
# Options for tests whose result must not depend on speed.
COUNTED = ("--messages", 30, "--warmup", "5ms", "--retry", 0)
# Longer than any test waits for an event.
LONG = ("--duration", "600s", "--warmup", "0s")
TIMES = ("busy_ns", "wait_empty_ns", "wait_full_ns")


def words(process):
    """Returns the command line of a process; empty if the process has ended."""
    try:
        line = Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return []
    return line.decode().split("\0")


def find(command):
    """Returns the processes of the tree that run this command."""
    return [process for process in processes()
            if words(process)[1:2] == [command]]


class PipelineTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.tmp = self.cwd / "temporary"
        self.tmp.mkdir()
        self.environment = {**os.environ, "TMPDIR": str(self.tmp)}

    def tearDown(self):
        wait_until(lambda: not processes() and not self.left())
        self.assertEqual((processes(), self.left()), ([], []))

    def left(self):
        return list(self.tmp.iterdir())

    def pipeline(self, *more, code=0, times=SHORT, **options):
        """Measures one run into self.cwd/run. Returns (stdout, stderr)."""
        return self.ringbench(
            "run", "--out", "run", "--rounds", 1, "--scenario", "pipeline",
            *times, *more, code=code,
            **{"env": self.environment, **options})

    def begin(self, *more, times=LONG, **options):
        """Starts a run, and waits until its website is in use."""
        process = self.start(
            "run", "--out", "run", "--rounds", 1, "--scenario", "pipeline",
            *times, *more, **{"env": self.environment, **options})
        # When a third file exists, the only saver has finished the first page.
        wait_until(lambda: len(self.pages()) > 2 or
                   process.poll() is not None)
        self.assertTrue(self.pages())
        return process

    def pages(self):
        return list(self.tmp.glob("ringbench-*/page-*"))

    def row(self):
        rows = self.results()
        self.assertEqual(len(rows), 1)
        return rows[0]

    def parts(self, folder):
        """Returns the messages of the threads by role."""
        parts = {}
        for thread in self.threads(folder):
            role = thread["thread"].split("-")[0]
            parts[role] = parts.get(role, 0) + number(thread, "messages")
        return parts


class Books(PipelineTest):
    """Every page is accounted for, with every kind of work."""

    def check(self, row):
        self.assertEqual((row["status"], row["verified"]), ("ok", "1"))
        self.assertEqual(number(row, "lost", "repeated", "reordered"), 0)
        self.assertGreater(number(row, "messages"), 0)

    def test_every_source_works_with_every_way_to_stop(self):
        for stop in ("sentinel", "event"):
            with self.subTest(stop=stop):
                self.pipeline("--stages", "2+1", "--stop", stop, "--source",
                              "http,synthetic,cpu", "--out", stop)
                rows = self.results(stop)
                self.assertEqual(len(rows), 3)
                for row in rows:
                    self.check(row)
                    self.assertEqual(row["stop"], stop)
                    self.assertGreater(number(row, "stop_ns"), 0)
                    if stop == "sentinel":
                        self.assertEqual(row["left_over"], "0")

    def test_each_stage_pops_all_pages_of_the_previous_stage(self):
        for stages, source, roles in (
                ("2+1", "http", ["download", "save"]),
                ("1", "synthetic", ["stage1"]),
                ("1+2+1+1+1+1+1+3", "cpu",
                 [f"stage{i + 1}" for i in range(8)])):
            with self.subTest(stages=stages):
                self.pipeline("--stages", stages, "--source", source,
                              "--service", "10us", "--out", source,
                              times=COUNTED)
                row = self.results(source)[0]
                self.check(row)
                self.assertIn(row["bottleneck"], roles)
                self.assertEqual(self.parts(source), dict.fromkeys(
                    ["source", *roles], number(row, "messages")))

    def test_time_of_every_thread_adds_up(self):
        self.pipeline("--stages", "3+2", "--source", "http,synthetic",
                      times=COUNTED)
        for thread in self.threads():
            self.assertEqual(number(thread, *TIMES),
                             number(thread, "elapsed_ns"), thread)

    def test_the_plain_loop_has_one_thread_and_no_queue(self):
        self.pipeline("--stages", "loop", "--source", "http,synthetic,cpu",
                      "--backend", "mutex,ck_mpmc", "--wait", "block,poll",
                      times=COUNTED)
        rows = self.results()
        self.assertEqual(len(rows), 3, "each source once")
        for row in rows:
            self.check(row)
            self.assertEqual(row["backend"], "loop")
            for column in ("wait", "queues", "capacity", "capacity_usable",
                           "bottleneck"):
                self.assertEqual(row[column], "", column)
            self.assertEqual(number(row, "wait_empty_ns", "wait_full_ns"), 0)
        self.assertEqual({thread["thread"] for thread in self.threads()},
                         {"loop-0"})

    def test_python_measures_equal_cells(self):
        self.pipeline("--stages", "loop,2+1", "--source", "http,cpu",
                      "--backend", "python", "--placement", "any",
                      times=COUNTED)
        self.assertEqual(len(self.results()), 4)
        for row in self.results():
            self.check(row)
            self.assertEqual(row["backend"], "python")
            self.assertEqual(row["wait"] == "", row["stages"] == "loop")

    def test_both_ways_to_claim_a_name_save_every_page(self):
        self.pipeline("--stages", "2+4", "--claim", "excl,look",
                      times=COUNTED)
        self.assertEqual({row["claim"] for row in self.results()},
                         {"excl", "look"})
        for row in self.results():
            self.check(row)

    def test_every_way_to_wait_works(self):
        self.pipeline("--stages", "2+2", "--wait", "poll,spin,yield,sleep:1ms,"
                      "block,timeout:1ms,park:20us", "--backend",
                      "mutex,ck_mpmc", "--source", "http", times=COUNTED)
        self.assertEqual(len(self.results()), 14)
        for row in self.results():
            self.check(row)

    def test_the_requested_number_of_pages_is_downloaded(self):
        self.pipeline("--stages", "2+1,loop", "--source", "http,cpu",
                      times=COUNTED)
        for row in self.results():
            self.check(row)
            self.assertEqual(row["messages"], "30")

    def test_columns_contain_the_parameters(self):
        self.pipeline("--stages", "3+2", "--service", "200us", "--claim",
                      "look", times=COUNTED)
        row = self.row()
        for column, value in (
                ("stages", "3+2"), ("source", "http"), ("claim", "look"),
                ("service_ns", "200000"), ("capacity", "15"),
                ("capacity_usable", "15"), ("stop", "sentinel"),
                ("payload_bytes", "")):
            self.assertEqual(row[column], value, column)

    def test_a_proxy_in_the_environment_is_not_used(self):
        proxies = {name: "http://127.0.0.1:9" for name in (
            "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")}
        self.pipeline(env={**self.environment, **proxies}, times=COUNTED)
        self.check(self.row())

    @unittest.skipIf(len(os.sched_getaffinity(0)) < 2, "needs two CPUs")
    def test_the_website_is_not_pinned(self):
        process = self.begin("--placement", "same-cpu")
        self.assertEqual(os.sched_getaffinity(find("serve")[0]),
                         os.sched_getaffinity(process.pid))
        self.interrupt(process, signal.SIGTERM)


class Checks(PipelineTest):
    """Planted faults are found."""

    def fail(self, *more, code, status, says):
        _, err = self.pipeline(*more, code=code)
        self.assertEqual(len(self.results()), 1)
        self.assertEqual(self.row()["status"], status)
        self.assertRegex(err, says)
        return err

    def test_a_queue_that_loses_or_repeats_is_found(self):
        for backend in ("drops", "repeats"):
            with self.subTest(backend=backend):
                _, err = self.pipeline(
                    "--backend", backend, "--source", "cpu", "--service",
                    "1us", "--stop", "event", "--stages", "1+1",
                    "--duration", "300ms", "--out", backend, code=4,
                    program="faulty")
                self.assertIn("failed: lost", err)

    def damage(self, harm, code, status, says):
        """Stops the threads, damages the folder, and continues the run."""
        process = self.begin(times=("--duration", "1s", "--warmup", "0s"))
        child = find("observe")[0]
        os.kill(child, signal.SIGSTOP)
        harm(self.pages())
        os.kill(child, signal.SIGCONT)
        _, err = self.finish(process, code)
        row = self.row()
        self.assertEqual(row["status"], status, err)
        self.assertRegex(err, says)
        return row

    def test_a_page_that_vanishes_from_disk_is_lost(self):
        row = self.damage(lambda pages: pages[0].unlink(), 4, "failed",
                          "lost 1, repeated 0")
        self.assertEqual((row["verified"], row["lost"]), ("0", "1"))

    def test_a_foreign_file_is_found(self):
        def harm(pages):
            (pages[0].parent / "stranger").write_text("no page", "ascii")
        self.damage(harm, 4, "failed", "differ from the pages that the server sent")

    def test_a_page_in_two_files_is_repeated(self):
        def harm(pages):
            whole = min(pages, key=lambda page: int(page.name[5:]))
            (whole.parent / "copy").write_bytes(whole.read_bytes())
        self.damage(harm, 4, "failed", "lost 0, repeated 1")

    def test_a_deleted_folder_is_an_error_of_one_line(self):
        def harm(pages):
            folder = pages[0].parent
            # Savers continue to write meanwhile, so one rmtree() may not be
            # enough.
            wait_until(lambda: shutil.rmtree(folder, ignore_errors=True)
                       or not folder.exists())
        row = self.damage(harm, 5, "error",
                          r"cannot save a page in .*No such file")
        self.assertEqual(row["verified"], "")

    def test_a_website_that_dies_is_an_error_of_one_line(self):
        process = self.begin(times=("--duration", "1s", "--warmup", "0s"))
        os.kill(find("serve")[0], signal.SIGKILL)
        _, err = self.finish(process, 5)
        self.assertEqual(self.row()["status"], "error")
        self.assertRegex(err, r"pipeline .*: error: cannot fetch page \d+: ")
        self.assertEqual(len(re.findall("^ringbench: ", err, re.M)), 1, err)

    def test_no_folder_to_write_to_is_an_error_of_one_line(self):
        for folder in ("/proc/none", str(self.cwd / "missing")):
            with self.subTest(folder=folder):
                _, err = self.pipeline(
                    "--out", folder.replace("/", "-"), code=5,
                    env={**os.environ, "TMPDIR": folder})
                self.assertEqual(
                    len(re.findall("^ringbench: ", err, re.M)), 1, err)
                self.assertIn(f"cannot make a folder for pages in {folder}",
                              err)
                self.assertIn("set TMPDIR", err)

    def test_a_folder_that_cannot_be_written_is_named(self):
        if os.geteuid() == 0:
            self.skipTest("root may write everywhere")
        self.tmp.chmod(0o500)
        self.addCleanup(self.tmp.chmod, 0o700)
        _, err = self.pipeline(code=5)
        self.assertIn("Permission denied; set TMPDIR", err)

    def test_malformed_stages_are_wrong_usage(self):
        for stages in ("many", "0+1", "1+", "+1", "4,x", "99+1", "-1",
                       "+".join("1" * 9)):
            with self.subTest(stages=stages):
                self.refuse("run", "--scenario", "pipeline", "--stages",
                            stages, code=2, says=["stages"])
        for more, why in ((("--stages", "4"), "two stages"),
                          (("--source", "ftp"), "source"),
                          (("--claim", "mine"), "claim"),
                          (("--service", "0s"), "service"),
                          (("--queues", "2"), "queues"),
                          (("--messages", 9, "--stop", "event"), "--stop")):
            with self.subTest(why=why):
                self.refuse("run", "--scenario", "pipeline", *more, code=2,
                            says=[why])


class WaysOut(PipelineTest):
    """No process and no file is left; tearDown() checks this."""

    def test_an_interrupted_run_leaves_no_process_and_no_file(self):
        for name, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(signal=name):
                process = self.begin("--out", name.name)
                _, err = self.interrupt(process, name)
                self.assertEqual(process.returncode, code)
                self.assertIn("interrupted", err)
                wait_until(lambda: not self.left())

    def test_the_runner_ends_after_the_clean_up(self):
        process = self.begin()
        self.interrupt(process, signal.SIGTERM)
        self.assertEqual((processes(), self.left()), ([], []))

    def test_a_killed_runner_leaves_no_process_and_no_file(self):
        process = self.begin()
        process.kill()
        process.wait(PATIENCE_S)

    def test_ctrl_c_for_the_whole_group_leaves_no_process_and_no_file(self):
        process = self.begin(start_new_session=True)
        os.killpg(process.pid, signal.SIGINT)
        self.finish(process, 130)

    def test_a_killed_observation_leaves_no_process_and_no_file(self):
        process = self.begin()
        os.kill(find("observe")[0], signal.SIGKILL)
        _, err = self.finish(process, 5)
        self.assertIn("crashed: ended by signal 9", err)
        self.assertEqual(self.row()["status"], "crashed")

    def test_a_killed_observation_with_killed_website_leaves_no_file(self):
        process = self.begin()
        # Kills the website first, which then cannot remove its folder. The
        # measurement is stopped, so it cannot remove the folder either.
        observe, serve = find("observe")[0], find("serve")[0]
        os.kill(observe, signal.SIGSTOP)
        os.kill(serve, signal.SIGKILL)
        os.kill(observe, signal.SIGKILL)
        self.finish(process, 5)
        self.assertEqual(self.left(), [])

    def test_an_observation_killed_before_its_website_starts_leaves_no_file(self):
        process = self.start(
            "run", "--out", "run", "--rounds", 1, "--scenario", "pipeline",
            *LONG, env=self.environment)
        wait_until(lambda: find("serve") or process.poll() is not None)
        os.kill(find("observe")[0], signal.SIGKILL)
        self.finish(process, 5)

    def test_ringbench_observe_leaves_no_process_and_no_file(self):
        done = subprocess.run(
            [tree() / "bin/ringbench", "observe"], text=True,
            input="scenario pipeline\nduration_ns 20000000\nend\n",
            capture_output=True, env=self.environment, timeout=PATIENCE_S,
            check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("status ok\n", done.stdout)

    def test_the_website_ends_when_its_input_is_closed(self):
        server = self.start("serve", stdin=subprocess.PIPE,
                            env=self.environment)
        line = server.stdout.readline()
        found = re.fullmatch(r"serving (\d+) (.+)\n", line)
        self.assertTrue(found, line)
        self.assertEqual(Path(found[2]).parent, self.tmp)
        self.assertTrue(Path(found[2]).is_dir())
        self.finish(server, 0)
        self.assertEqual(self.left(), [])

    def test_the_website_refuses_unknown_arguments(self):
        self.refuse("serve", "--service", "x", code=2, says=["service"])
        self.refuse("serve", "extra", code=2, says=["extra"])


class Startup(unittest.TestCase):
    def test_other_scenarios_do_not_load_the_website_s_libraries(self):
        if sanitized():
            self.skipTest("its libraries are not ours to choose")
        done = subprocess.run(["ldd", tree() / "bin/ringbench"], text=True,
                              capture_output=True, check=True)
        self.assertNotRegex(done.stdout, "curl|microhttpd|gnutls")


if __name__ == "__main__":
    unittest.main()
