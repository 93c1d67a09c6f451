#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""doctor lists the problems of a real or made-up machine, and run repeats the
warnings."""
import json
import os
import subprocess
import unittest

from program import QUICK, ProgramTest, tree

WIDTH = 80
CPUS = "sys/devices/system/cpu"
CLOCK = "sys/devices/system/clocksource/clocksource0/current_clocksource"
VERDICTS = ("ok", "note", "warn", "unknown")


class Doctor(ProgramTest):
    def put(self, path, content):
        """Writes a file of a made-up machine."""
        path = self.cwd / "root" / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "ascii")

    def put_quiet_machine(self):
        self.put(f"{CPUS}/online", "0-7\n")
        self.put(f"{CPUS}/cpufreq/policy0/scaling_governor", "performance\n")
        self.put("proc/self/status", "Cpus_allowed_list:\t0-7\n")
        self.put("proc/loadavg", "0.00 0.00 0.00 1/85 999\n")
        self.put(CLOCK, "tsc\n")

    def doctor(self, *words, code=0):
        return self.ringbench("doctor", "--seconds", 0, *words, code=code)

    def test_the_real_machine_is_described(self):
        out, err = self.doctor()
        self.assertEqual(err, "")
        self.assertRegex(out, r"\d+ warnings?, \d+ notes?\.")
        for line in out.splitlines():
            self.assertLessEqual(len(line), WIDTH, line)

    def test_no_file_or_process_is_left(self):
        self.doctor()
        self.assertEqual(os.listdir(self.cwd), [])

    def test_a_machine_without_files_gives_no_warning(self):
        (self.cwd / "root").mkdir()
        out, _ = self.doctor("--root", "root")
        self.assertRegex(out, r"(?m)^unknown +governor +unknown$")
        self.assertRegex(out, r"(?m)^unknown +load +unknown$")

    def test_strict_exits_with_6_if_there_is_a_warning(self):
        self.put_quiet_machine()
        out, _ = self.doctor("--root", "root", "--strict")
        self.assertIn("\n0 warnings, ", out)
        self.put(f"{CPUS}/cpufreq/policy0/scaling_governor", "powersave\n")
        out, err = self.doctor("--root", "root", "--strict", code=6)
        self.assertRegex(out, r"(?m)^warn +governor +powersave$")
        self.assertIn("frequency-set -g performance", out)
        self.assertIn("\n1 warning, ", out)
        self.assertEqual(err, "")
        self.doctor("--root", "root")

    def test_json_has_all_findings(self):
        self.put_quiet_machine()
        self.put(CLOCK, "hpet\n")
        out, _ = self.doctor("--root", "root", "--json", "--strict", code=6)
        told = json.loads(out)
        self.assertEqual(told["warnings"], 1)
        findings = {finding["topic"]: finding for finding in told["findings"]}
        self.assertEqual(len(findings), len(told["findings"]))
        self.assertEqual(findings["clock source"]["found"], "hpet")
        for finding in told["findings"]:
            self.assertIn(finding["verdict"], VERDICTS)
            if finding["verdict"] in ("warn", "note"):
                self.assertTrue(finding["reason"])
                self.assertTrue(finding["command"])
        self.assertNotIn("spinning", told)

    def test_spinning_covers_every_cpu(self):
        out, _ = self.ringbench("doctor", "--seconds", 0.001, "--json")
        spinning = json.loads(out)["spinning"]
        self.assertEqual({cpu["cpu"] for cpu in spinning["cpus"]},
                         os.sched_getaffinity(0))
        for cpu in spinning["cpus"]:
            self.assertGreaterEqual(cpu["elapsed_ns"], 1_000_000)
            self.assertLessEqual(cpu["longest_ns"], cpu["elapsed_ns"])
            self.assertTrue(0 <= cpu["lost_share"] <= 1)
        out, _ = self.ringbench("doctor", "--seconds", 0.001)
        for cpu in os.sched_getaffinity(0):
            if len(os.sched_getaffinity(0)) <= 8:
                self.assertIn(f"\nCPU {cpu}: lost ", out)
        for line in out.splitlines():
            self.assertLessEqual(len(line), WIDTH, line)

    def test_wrong_words_are_refused(self):
        for words, says in ((("--seconds", "x"), "cannot use the value \"x\""),
                            (("--seconds", "-1"), "0 to 600"),
                            (("--seconds", "nan"), "0 to 600"),
                            (("--seconds", "601"), "0 to 600"),
                            (("--strickt",), "did you mean --strict"),
                            (("now",), "unexpected argument")):
            with self.subTest(words=words):
                self.refuse("doctor", *words, code=2, says=(says,))


class Run(ProgramTest):
    def test_a_run_keeps_the_findings_of_the_doctor(self):
        done = subprocess.run(
            [tree() / "bin/ringbench", "run", *QUICK, "--backend", "mutex",
             "--placement", "any", "--rounds", "1", "--out", "run"],
            cwd=self.cwd, text=True, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        said = json.loads((self.cwd / "run/run.json").read_text("utf-8"))
        doctor = said["sessions"][0]["doctor"]
        self.assertGreater(len(doctor["findings"]), 10)
        lines = [line for line in done.stderr.splitlines()
                 if line.startswith("doctor: ")]
        self.assertEqual(len(lines), 1 if doctor["warnings"] else 0)
        for line in lines:
            self.assertIn(f"doctor: {doctor['warnings']} warning", line)
            self.assertIn("see `ringbench doctor`", line)


if __name__ == "__main__":
    unittest.main()
