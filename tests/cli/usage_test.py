#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Wrong usage gives one line, before anything is measured or written."""
import unittest

from program import QUICK, ProgramTest

COUNTS = ("queues", "producers", "consumers", "capacity", "messages")
TIMES = ("duration", "warmup")


class Usage(ProgramTest):
    def wrong(self, *words, says=()):
        with self.subTest(words=words):
            self.refuse(*words, code=2, says=says)
            self.assertEqual(list(self.cwd.iterdir()), [], "made something")

    def wrong_value(self, name, *values, says=()):
        for value in values:
            self.wrong("run", f"--{name}", value, says=(name, *says))

    def test_a_missing_command_suggests_a_command(self):
        self.wrong(says=("ringbench run", "--help"))

    def test_an_unknown_command_gets_a_suggestion(self):
        self.wrong("rnu", says=('"rnu"', "did you mean run"))
        self.wrong("comparee", says=("did you mean compare",))
        self.wrong("--frobnicate", says=("unknown command",))
        self.wrong("", says=("unknown command",))

    def test_an_unknown_option_gets_a_suggestion(self):
        self.wrong("run", "--back-end", "mutex",
                   says=("--back-end", "did you mean --backend"))
        self.wrong("run", "--round=3", says=("did you mean --rounds",))
        self.wrong("list", "--markdwn", says=("did you mean --markdown",))
        self.wrong("report", "--zzzzzzzz", says=("ringbench report --help",))
        self.wrong("run", "-x", says=('"-x"', "--help"))
        self.wrong("run", "--", "--rounds", says=("--",))

    def test_an_unknown_name_gets_a_suggestion(self):
        for name, value, nearest in (
                ("backend", "mutexx", "mutex"),
                ("backend", "mutex,ck_mpcm", "ck_mpmc"),
                ("scenario", "pingpng", "pingpong"),
                ("wait", "blok", "block"),
                ("wait", "timout:1ms", "timeout"),
                ("placement", "same_cpu", "same-cpu")):
            self.wrong("run", f"--{name}", value,
                       says=(f"unknown {name}", f"did you mean {nearest};"))

    def test_an_unknown_plan_names_the_list_of_plans(self):
        self.wrong("run", "--plan", "turorial",
                   says=('"turorial"', "ringbench list plans"))
        self.wrong("run", "--plan", "/nonexistent/x.plan",
                   says=("/nonexistent/x.plan",))

    def test_an_unknown_list_gets_a_suggestion(self):
        self.wrong("list", "backnds", says=("did you mean backends",))

    def test_an_empty_name_is_unknown(self):
        for name in ("backend", "scenario", "wait", "placement"):
            self.wrong_value(name, "", "mutex,,null" if name == "backend"
                             else ",")

    def test_a_missing_value_is_reported(self):
        for name in ("plan", "rounds", "seed", "out", "resume", "backend",
                     "duration", "queues"):
            self.wrong("run", f"--{name}", says=(f"--{name} needs a value",))

    def test_a_superfluous_value_is_reported(self):
        self.wrong("run", "--dry-run=yes", says=("--dry-run takes no value",))
        self.wrong("list", "columns", "--markdown=1",
                   says=("--markdown takes no value",))

    def test_a_superfluous_argument_is_reported(self):
        for words in (("run", "quick"), ("list", "plans", "x"),
                      ("report", "a", "x"), ("plot", "a", "x"),
                      ("compare", "a", "b", "x"), ("observe", "x")):
            self.wrong(*words, says=(f'"{words[-1]}"', "unexpected argument"))

    def test_compare_needs_two_runs(self):
        self.wrong("compare", says=("two runs",))
        self.wrong("compare", "a", says=("two runs",))

    def test_a_count_must_be_a_whole_number_in_its_range(self):
        for name in COUNTS:
            self.wrong_value(name, "-1", "99999999999999999999", "x", "1.5",
                             "1e3", "0x10", "", " 1", "1 ", "+1",
                             says=("whole number from",))
        for name in COUNTS[:-1]:  # messages=0 means by time
            self.wrong_value(name, "0", says=("whole number from 1",))

    def test_a_count_that_is_too_large_names_the_limit(self):
        self.wrong_value("queues", "3", says=("to 2",))
        self.wrong_value("producers", "65", says=("to 64",))
        self.wrong_value("consumers", "1,65", says=("to 64",))
        self.wrong_value("capacity", str(2**26 + 1), says=(str(2**26),))

    def test_a_time_must_have_a_unit_and_be_in_its_range(self):
        for name in TIMES:
            self.wrong_value(name, "5", "5 ms", "ms", "-5ms", "5minutes",
                             "2h", "100000s", "1e30s", "nan", "infs", "0x5ms",
                             "", says=("must be a time from", "300ms"))
        self.wrong_value("duration", "0ms", "999us", says=("1ms to 3600s",))

    def test_wait_policies_need_their_time(self):
        for kind in ("sleep", "timeout", "park"):
            self.wrong_value("wait", kind, f"{kind}:", f"{kind}:1",
                             f"{kind}:0ms", f"{kind}:2s", f"{kind}:x",
                             f"{kind}:-1ms", says=(f"{kind}:1ms",))
        for kind in ("poll", "spin", "yield", "block"):
            self.wrong_value("wait", f"{kind}:1ms", says=("takes no time",))

    def test_rounds_and_seed_must_be_whole_numbers(self):
        for name in ("rounds", "seed"):
            for value in ("-1", "x", "1.5", "", "99999999999999999999"):
                self.wrong("run", "--backend", "mutex", f"--{name}", value,
                           says=(name, "whole number from"))
        self.wrong("run", "--backend", "mutex", "--rounds", "0",
                   says=("from 1",))
        self.wrong("run", "--backend", "mutex", "--seed", str(2**32),
                   says=(str(2**32 - 1),))

    def test_impossible_combinations_are_refused_with_the_reason(self):
        for words, reason in (
                (("--backend", "null"), "no message can come back"),
                (("--backend", "ck_spsc", "--queues", "1"),
                 "one producer and one consumer"),
                (("--scenario", "stream", "--queues", "2"), "one queue"),
                (("--scenario", "stream", "--backend", "line"),
                 "one pointer"),
                (("--scenario", "stream", "--backend", "ck_spsc",
                  "--producers", "2"), "one producer"),
                (("--scenario", "stream", "--backend", "ck_spsc",
                  "--consumers", "2"), "one consumer"),
                (("--scenario", "stream", "--consumers", "2",
                  "--messages", "10"), "only with one consumer"),
                (("--producers", "2"), "pingpong has no --producers"),
                (("--backend", "python", "--wait", "park:1us"), "park"),
                (("--backend", "python", "--placement", "same-cpu"),
                 "same-cpu")):
            self.wrong("run", *words, says=("nothing to measure", reason))

    def test_resume_takes_no_other_option(self):
        for words in (("--backend", "mutex"), ("--rounds", "3"),
                      ("--seed", "1"), ("--out", "x"), ("--plan", "quick"),
                      ("--dry-run",)):
            self.wrong("run", "--resume", "x", *words,
                       says=("--resume", "remove"))

    def test_a_plan_and_parameters_exclude_each_other(self):
        self.wrong("run", "--plan", "quick", "--backend", "mutex",
                   says=("--backend", "--plan"))

    def test_an_odd_name_cannot_make_a_second_line(self):
        self.wrong("run", "--backend", "mutex\nringbench: all is well")
        self.wrong("a\r\x1b[2Jb")

    def test_a_very_long_word_is_cut(self):
        long = "x" * 100_000
        for words in ((long,), ("run", f"--{long}"), ("run", long),
                      ("run", "--backend", long), ("run", "--wait", long),
                      ("run", "--rounds", long), ("run", "--plan", long),
                      ("run", "--duration", long), ("list", long)):
            with self.subTest(word=words[:-1]):
                err = self.refuse(*words, code=2)
                self.assertLess(len(err), 1100)


class WrongPlans(ProgramTest):
    def wrong(self, text, *says):
        plan = self.cwd / "my.plan"
        plan.write_bytes(text)
        with self.subTest(text=text):
            self.refuse("run", "--plan", "./my.plan", code=2, says=says)
            self.assertEqual(list(self.cwd.iterdir()), [plan])

    def test_an_error_in_a_plan_names_file_and_line(self):
        for line, why in ((b"--backend mutx", "mutex"),
                          (b"--backnd mutex", "did you mean --backend"),
                          (b"--rounds", "has no value"),
                          (b"--rounds 0", "whole number"),
                          (b"--duration 5", "must be a time"),
                          (b"backend mutex", "expected --name VALUE"),
                          (b"--backend mutex --queues", "has no value"),
                          (b"--out x", "unknown key"),
                          (b"--backend mut\0ex", "NUL")):
            self.wrong(b"# fine\n--rounds 3\n" + line + b"\n", "my.plan:3: ",
                       why)

    def test_a_plan_without_cells_is_refused(self):
        for text in (b"", b"\n\n", b"# only this\n", b"--rounds 3\n"):
            self.wrong(text, "no line with parameters")

    def test_a_plan_with_only_impossible_cells_names_the_reason(self):
        self.wrong(b"--backend null\n", "nothing to measure", "null")

    def test_a_folder_is_not_accepted_as_a_plan(self):
        (self.cwd / "folder").mkdir()
        self.refuse("run", "--plan", "./folder", code=2)


class Help(ProgramTest):
    def test_help_and_version_exit_with_0(self):
        for words in (("--help",), ("--version",), ("run", "--help"),
                      ("list", "--help"), ("report", "--help"),
                      ("plot", "--help"), ("compare", "--help"),
                      ("run", "--usage")):
            with self.subTest(words=words):
                out, err = self.ringbench(*words)
                self.assertTrue(out)
                self.assertEqual(err, "")

    def test_help_shows_every_parameter_that_list_shows(self):
        out, _ = self.ringbench("run", "--help")
        names = [row["parameter"] for row in self.listed("params")]
        self.assertIn("--backend", names)
        for name in names:
            self.assertIn(name, out)

    def test_list_shows_backends_scenarios_parameters_and_plans(self):
        out, _ = self.ringbench("list")
        for name in ("mutex", "ck_spsc", "python", "pingpong", "stream",
                     "--duration", "tutorial", "quick"):
            self.assertIn(name, out)
        for line in out.splitlines():
            self.assertLessEqual(len(line), 100, line)

    def test_every_plan_of_the_project_is_valid(self):
        names = [row["plan"] for row in self.listed("plans")]
        self.assertIn("quick", names)
        for name in names:
            with self.subTest(plan=name):
                said, err = self.ringbench("run", "--plan", name, "--dry-run",
                                           code=None)
                if "no two allowed cores share" in err:
                    self.skipTest("the machine lacks the plan's placement")
                self.assertIn(f"plan {name}: ", said)
                self.assertEqual(err, "")

    def test_a_queue_missing_in_this_build_names_its_package(self):
        out, _ = self.ringbench("list", "backends")
        if "boost_spsc" in out:
            self.skipTest("it is there")
        _, err = self.ringbench("run", "--backend", "boost_spsc", code=2)
        self.assertIn("boost_spsc is not in this build, because the "
                      "package libboost-dev is missing; `make "
                      "deps-peers`", err)
        self.assertEqual(len(err.splitlines()), 1)

    def test_a_dry_run_writes_no_file(self):
        self.ringbench("run", "--backend", "mutex", *QUICK, "--dry-run",
                       "--out", "x")
        self.assertEqual(list(self.cwd.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
