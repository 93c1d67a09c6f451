#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""export writes the documented formats of benchstat and compare.py.

The tests check these formats line by line and key by key, so that neither tool
is needed: https://go.dev/design/14313-benchmark-format, and the JSON of
google-benchmark with the keys that its compare.py reads.
"""
import json
import re
import shutil
import subprocess
import unittest
import zlib

from go_format import Go
from program import PATIENCE_S, ProgramTest, measure_once, rows, tree

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")

CONTEXT = {"date": str, "host_name": str, "executable": str, "num_cpus": int,
           "cpu_scaling_enabled": bool, "caches": list, "load_avg": list,
           "library_build_type": str}
CACHE = {"type": str, "level": int, "size": int, "num_sharing": int}
BENCHMARK = {"name": str, "family_index": int,
             "per_family_instance_index": int, "run_name": str,
             "run_type": str, "repetitions": int, "repetition_index": int,
             "threads": int, "iterations": int, "real_time": float,
             "cpu_time": float, "time_unit": str, "items_per_second": float}


def no_constant(name):
    raise ValueError(f"{name} is not JSON")


def once(pairs):
    """Makes an object; fails if a key appears twice."""
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        raise ValueError(f"a key twice in {keys}")
    return dict(pairs)


class Exporting(ProgramTest):
    cells = ("--queues", "1,2", "--backend", "mutex,ck_mpmc", "--wait",
             "block,timeout:1ms", "--placement", "any,same-cpu")

    @classmethod
    def setUpClass(cls):
        cls.first, _, _ = measure_once(*cls.cells, "--rounds", 3)
        cls.second, _, _ = measure_once(*cls.cells, "--rounds", 2)

    def setUp(self):
        super().setUp()
        shutil.copytree(self.first, self.cwd / "base")
        shutil.copytree(self.second, self.cwd / "new")

    def export(self, form, run="base", *more, left_out=None, **options):
        out, err = self.ringbench("export", run, "--to", form, *more,
                                  **options)
        warning, rest = err.split("\n", 1)
        self.assertIn("does not compare in pairs", warning)
        self.assertIn({"go": "benchstat", "google": "compare.py"}[form],
                      warning)
        if left_out is None:
            self.assertEqual(rest, "")
        else:
            self.assert_one_line(rest)
            self.assertIn(left_out, rest)
        return out

    def go(self, *words, **more):
        return Go(self, self.export("go", *words, **more))

    def has(self, json_object, keys):
        for key, kind in keys.items():
            self.assertIn(key, json_object)
            self.assertIs(type(json_object[key]), kind, key)

    def google(self, *words, known=True, **more):
        """Returns the JSON after checking it against the documentation."""
        whole = json.loads(self.export("google", *words, **more),
                           parse_constant=no_constant,
                           object_pairs_hook=once)
        self.assertEqual(list(whole), ["context", "benchmarks"])
        if known:
            self.check_context(whole["context"])
        for benchmark in whole["benchmarks"]:
            self.check_benchmark(benchmark)
        self.check_repetitions(whole["benchmarks"])
        return whole

    def check_context(self, context):
        self.has(context, CONTEXT)
        self.assertRegex(context["date"], MOMENT)
        self.assertGreater(context["num_cpus"], 0)
        self.assertIn(context["library_build_type"], ("release", "debug"))
        self.assertEqual(len(context["load_avg"]), 3)
        for cache in context["caches"]:
            self.has(cache, CACHE)
            self.assertIn(cache["type"], ("Data", "Unified"))

    def check_benchmark(self, benchmark):
        self.has(benchmark, BENCHMARK)
        self.assertEqual(benchmark["name"], benchmark["run_name"])
        self.assertRegex(benchmark["name"], r"^[!-~]+$")
        self.assertEqual(benchmark["run_type"], "iteration")
        self.assertEqual(benchmark["time_unit"], "ns")
        self.assertGreater(benchmark["iterations"], 0)
        self.assertGreater(benchmark["real_time"], 0)
        self.assertGreaterEqual(benchmark["cpu_time"], 0)
        self.assertGreater(benchmark["threads"], 0)
        for key in benchmark.keys() - BENCHMARK.keys():
            if key != "label":  # of google-benchmark: any text
                self.assertIn(type(benchmark[key]), (int, float), key)

    def check_repetitions(self, benchmarks):
        found, places = {}, {}
        for benchmark in benchmarks:
            name = benchmark["name"]
            found.setdefault(name, []).append(benchmark)
            place = (benchmark["family_index"],
                     benchmark["per_family_instance_index"])
            self.assertEqual(places.setdefault(place, name), name)
        self.assertEqual(len(places), len(found))
        for name, all_of_it in found.items():
            self.assertEqual([one["repetition_index"] for one in all_of_it],
                             list(range(len(all_of_it))))
            self.assertEqual({one["repetitions"] for one in all_of_it},
                             {len(all_of_it)})

    def change(self, change, run="base"):
        """Calls change() with each row as a dictionary, and writes new
        checksums."""
        path = self.cwd / run / "results.csv"
        measured = rows(path)
        lines = [",".join(measured[0])]
        for row in measured:
            change(row)
            text = ",".join(list(row.values())[:-1])
            lines.append(f"{text},{zlib.crc32(text.encode()):08x}")
        path.write_text("\n".join(lines) + "\n", "utf-8")


class ForGo(Exporting):
    def test_every_observation_is_a_line_with_its_own_values(self):
        go, measured = self.go(), self.results("base")
        self.assertEqual(len(go.results), len(measured))
        for (_, iterations, values), row in zip(go.results, measured):
            self.assertEqual(iterations, int(row["messages"]))
            self.assertAlmostEqual(
                values["ns/op"] * iterations / int(row["elapsed_ns"]), 1, 6)
            self.assertAlmostEqual(
                values["cpu-ns/op"] * iterations, int(row["cpu_ns"]), -3)
            self.assertEqual(values["msg/s"],
                             float(row["throughput_msg_per_s"]))
            self.assertEqual(values["idle-share"], float(row["idle_share"]))

    def test_each_cell_has_its_own_name(self):
        names = [name for name, _, _ in self.go().results]
        cells = {tuple(row[key] for key in (
            "backend", "wait", "queues", "placement")): None
            for row in self.results("base")}
        self.assertEqual(len(set(names)), len(cells))
        for name in names:
            self.assertEqual(names.count(name), 3)

    def test_two_runs_of_the_same_cells_have_the_same_names(self):
        base, new = self.go("base"), self.go("new")
        self.assertEqual(base.names(), new.names())
        # benchstat makes a separate table for samples that differ in one of
        # these values.
        self.assertEqual(base.config, new.config)
        self.assertEqual(base.units, new.units)

    def test_a_session_is_a_configuration_of_its_own(self):
        self.assertNotEqual(self.go("base").sessions, self.go("new").sessions)
        half = len(self.results("base")) // 2

        def divide(row):
            row["session_id"] = "early" if int(row["round"]) < 3 else "late"
        self.change(divide)
        sessions = self.go("base").sessions
        self.assertEqual([name for name, _ in sessions], ["early", "late"])
        self.assertEqual(sessions[0][1], 0)
        self.assertGreater(sessions[1][1], half)
        self.assertEqual({one["label"] for one in
                          self.google("base")["benchmarks"]},
                         {"early", "late"})

    def test_names_contain_only_values_other_than_defaults(self):
        self.assertIn("BenchmarkPingpong/backend=mutex/wait=timeout:1ms/"
                      "placement=same-cpu/warmup=1ms/duration=20ms-1",
                      self.go().names())

        def usual(row):
            row["warmup_ns"] = "20000000"
            row["duration_ns"] = "200000000"
            row["capacity"] = "7" if row["round"] == "1" else row["capacity"]
        self.change(usual)
        names = self.go().names()
        self.assertIn("BenchmarkPingpong/backend=mutex/wait=block/"
                      "placement=any", names)
        self.assertIn("BenchmarkPingpong/backend=mutex/wait=block/"
                      "placement=any/capacity=7", names)

    def test_the_suffix_of_a_name_is_the_number_of_cpus(self):
        lists = {"1": "0+1+0", "2": "10+1+0", "3": ""}
        self.change(lambda row: row.update(cpus=lists[row["round"]]))
        ends = {"1": "=20ms-2", "2": "=20ms-3", "3": "=20ms"}
        for (name, _, _), row in zip(self.go().results, self.results("base")):
            self.assertTrue(name.endswith(ends[row["round"]]), name)

    def test_the_machine_is_a_configuration_line_and_the_run_a_comment(self):
        text = self.export("go")
        go = Go(self, text)
        self.assertLessEqual(set(go.config), {"goos", "goarch", "pkg", "cpu"})
        self.assertEqual(go.config["goos"], "linux")
        self.assertEqual(go.config["pkg"], "ringbench")
        facts = json.loads((self.cwd / "base/run.json").read_text("utf-8"))
        for key, value in (("run", facts["run_id"]),
                           ("revision", facts["program"]["revision"]),
                           ("plan", facts["plan"]["name"])):
            self.assertIn(f"\n# {key}: {value}\n", text)

    def test_higher_rates_and_lower_times_are_better(self):
        units = self.go().units
        self.assertEqual(units["msg/s"], "higher")
        self.assertEqual({units["ns/op"], units["cpu-ns/op"]}, {"lower"})

    def test_a_chosen_metric_is_written_unchanged(self):
        for metric, unit in (("elapsed_ns", "elapsed-ns"),
                             ("cpu_ns", "cpu-ns"),
                             ("throughput_msg_per_s", "msg/s")):
            go = self.go("base", "--metric", metric)
            self.assertEqual(list(go.units), [unit])
            for (_, _, values), row in zip(go.results, self.results("base")):
                self.assertEqual(list(values), [unit])
                self.assertEqual(f"{values[unit]:.6g}",
                                 f"{float(row[metric]):.6g}")

    def test_hostile_names_cannot_break_a_line(self):
        self.change(lambda row: row.update(backend=row["backend"] +
                                           " queue/2=\u00e9"))
        for name in self.go().names():
            self.assertRegex(name,
                             "/backend=(mutex|ck_mpmc)_queue_2=__/wait=")
        self.google()

    def test_a_csv_file_alone_is_enough(self):
        (self.cwd / "base/results.csv").rename(self.cwd / "mine.csv")
        alone = self.go("mine.csv")
        self.assertEqual(alone.names(), self.go("new").names())
        self.assertEqual(alone.config, {"pkg": "ringbench"})


class ForGoogle(Exporting):
    def test_every_observation_is_a_repetition_with_its_own_values(self):
        benchmarks = self.google()["benchmarks"]
        measured = self.results("base")
        self.assertEqual(len(benchmarks), len(measured))
        for one, row in zip(benchmarks, measured):
            messages = int(row["messages"])
            self.assertEqual(one["iterations"], messages)
            self.assertAlmostEqual(
                one["real_time"] * messages / int(row["elapsed_ns"]), 1, 6)
            self.assertAlmostEqual(one["cpu_time"] * messages,
                                   int(row["cpu_ns"]), -3)
            self.assertAlmostEqual(
                one["items_per_second"] / float(row["throughput_msg_per_s"]),
                1, 6)
            self.assertEqual(one["idle_share"], float(row["idle_share"]))
            self.assertEqual(one["threads"], 2)
            self.assertEqual(one["repetitions"], 3)

    def test_two_runs_of_the_same_cells_have_the_same_names(self):
        names = [{one["name"] for one in self.google(run)["benchmarks"]}
                 for run in ("base", "new")]
        self.assertEqual(*names)
        self.assertIn("pingpong/backend=mutex/wait=block/"
                      "placement=any/warmup=1ms/duration=20ms", names[0])

    def test_a_scenario_is_a_family(self):
        def rename(row):
            if row["queues"] == "1":
                row["scenario"] = "pong"
        self.change(rename)
        families = {}
        for one in self.google()["benchmarks"]:
            families.setdefault(one["name"].split("/")[0], set()).add(
                (one["family_index"], one["per_family_instance_index"]))
        self.assertEqual(set(families), {"pingpong", "pong"})
        self.assertEqual({place[0] for place in families["pong"]} |
                         {place[0] for place in families["pingpong"]}, {0, 1})
        for places in families.values():
            self.assertEqual(len({place[0] for place in places}), 1)
            self.assertEqual({place[1] for place in places},
                             set(range(len(places))))

    def test_the_context_describes_the_run(self):
        context = self.google()["context"]
        facts = json.loads((self.cwd / "base/run.json").read_text("utf-8"))
        self.assertEqual(context["run_id"], facts["run_id"])
        self.assertEqual(context["host_name"], facts["host_id"])
        self.assertEqual(context["num_cpus"], facts["host"]["cpu"]["count"])
        self.assertEqual(context["date"][:19],
                         facts["sessions"][0]["started_at"][:19])

    def test_one_metric_takes_the_place_of_the_time(self):
        for one in self.google("base", "--metric",
                               "runqueue_ns")["benchmarks"]:
            self.assertEqual(one["real_time"], one["runqueue_ns"])

    def check_benchmark(self, benchmark):
        if benchmark["real_time"] == benchmark.get("runqueue_ns"):
            benchmark = {**benchmark, "real_time": 1.0}
        super().check_benchmark(benchmark)

    def test_facts_that_a_csv_file_lacks_are_left_out(self):
        (self.cwd / "base/results.csv").rename(self.cwd / "mine.csv")
        context = self.google("mine.csv", known=False)["context"]
        self.assertRegex(context["date"], MOMENT)
        self.assertEqual(context["executable"], "ringbench")
        self.assertEqual((context["caches"], context["load_avg"]), ([], []))
        for key in ("num_cpus", "host_name", "library_build_type"):
            self.assertNotIn(key, context)


class LeftOut(Exporting):
    def some(self, row):
        """Of the 48 rows, 16 of round 1 are bad in four ways."""
        if row["round"] != "1":
            return
        place = (row["wait"] == "block", row["placement"] == "any")
        if place == (True, True):
            row["status"] = "failed"
            row["verified"] = "0"
        elif place == (True, False):
            row["flags"] = "superseded"
        elif place == (False, True):
            row["cpu_ns"] = ""

    def test_rows_that_are_not_verified_are_counted(self):
        count = len(self.results("base"))
        self.change(self.some)
        measured = self.results("base")
        bad = [row["status"] == "failed" for row in measured]
        old = [row["flags"] == "superseded" for row in measured]
        self.assertTrue(sum(bad) and sum(old))
        go = self.go(left_out=f"skipped, of {count} rows: {sum(bad)} not "
                     f"verified, {sum(old)} superseded\n")
        self.assertEqual(len(go.results), count - sum(bad) - sum(old))

    def test_rows_without_a_needed_value_are_counted(self):
        self.change(self.some)
        empty = sum(not row["cpu_ns"] for row in self.results("base"))
        google = self.google(left_out=f", {empty} without a value\n")
        self.assertTrue(all("cpu_ns" in one for one in google["benchmarks"]))

    def test_rows_of_a_bound_are_exported(self):
        self.change(lambda row: row.update(verified=""))
        self.assertEqual(len(self.go().results), len(self.results("base")))

    def test_half_a_row_at_the_end_is_counted(self):
        path = self.cwd / "base/results.csv"
        path.write_bytes(path.read_bytes()[:-20])
        count = len(self.results("new")) // 2 * 3
        go = self.go(left_out=f"skipped, of {count} rows: 1 incomplete "
                     "at the end")
        self.assertEqual(len(go.results), count - 1)

    def test_a_run_without_verified_rows_is_bad_data(self):
        self.change(lambda row: row.update(status="failed", verified="0"))
        count = len(self.results("base"))
        for form in ("go", "google"):
            self.refuse("export", "base", "--to", form, code=3,
                        says=(f"none of {count} rows can be exported",
                              f"{count} not verified"))

    def test_a_run_without_rows_is_bad_data(self):
        path = self.cwd / "base/results.csv"
        path.write_bytes(path.read_bytes().splitlines(True)[0])
        self.refuse("export", "base", "--to", "go", code=3,
                    says=("none of 0 rows can be exported;",))

    def test_a_metric_that_was_not_measured_is_bad_data(self):
        for form in ("go", "google"):
            self.refuse("export", "base", "--to", form, "--metric",
                        "wake_p99_ns", code=3, says=("without a value",))


class Refused(Exporting):
    def test_an_unknown_format_is_refused_with_the_nearest(self):
        self.refuse("export", "base", "--to", "gogle", code=2,
                    says=("unknown format \"gogle\", did you mean google",))
        self.refuse("export", "base", "--to=goo", code=2,
                    says=("did you mean go;",))
        self.refuse("export", "base", "--to", "", code=2,
                    says=("unknown format \"\"; write --to go",))
        self.refuse("export", "base", code=2, says=("needs a format",))

    def test_an_unknown_metric_is_refused_with_the_nearest(self):
        self.refuse("export", "base", "--to", "go", "--metric", "cpu_n",
                    code=2, says=("did you mean cpu_ns",))
        for column in ("backend", "checksum"):
            self.refuse("export", "base", "--to", "go", "--metric", column,
                        code=2, says=(f"\"{column}\" is not a numeric metric",))
        self.refuse("export", "base", "--to", "go", "--metric",
                    "wake_histogram", code=2, says=("write --to hdr",))

    def test_compare_py_gets_only_times(self):
        self.refuse("export", "base", "--to", "google", "--metric",
                    "idle_share", code=2, says=("is not a time", "--to go"))

    def test_unknown_words_are_refused(self):
        self.refuse("export", "base", "new", "--to", "go", code=2,
                    says=("unexpected argument",))
        self.refuse("export", "base", "--too", "go", code=2,
                    says=("did you mean --to;",))

    def test_a_missing_run_is_bad_data(self):
        self.refuse("export", "nothing", "--to", "go", code=3,
                    says=("nothing: No such file",))
        self.refuse("export", "--to", "go", code=3, says=("results/latest",))
        (self.cwd / "base/results.csv").unlink()
        self.refuse("export", "base", "--to", "go", code=3,
                    says=("base/results.csv",))
        (self.cwd / "new/run.json").unlink()
        self.refuse("export", "new", "--to", "go", code=3,
                    says=("new/run.json",))

    def test_a_damaged_file_is_not_exported(self):
        path = self.cwd / "base/results.csv"
        lines = path.read_text("utf-8").splitlines(True)
        lines[-2] = lines[-2].replace(",ok,", ",fine,")
        path.write_text("".join(lines), "utf-8")
        for form in ("go", "google"):
            self.refuse("export", "base", "--to", form, code=3,
                        says=(f"base/results.csv:{len(lines) - 1}: ",))

    def test_a_full_disk_gives_exit_code_7(self):
        for form in ("go", "google"):
            with open("/dev/full", "w", encoding="ascii") as full:
                _, err = self.ringbench("export", "base", "--to", form,
                                        code=7, stdout=full)
            self.assert_one_line(err)


class Pipes(Exporting):
    def test_a_pipe_is_read_like_a_file(self):
        path = self.cwd / "base/results.csv"
        for form in ("go", "google"):
            done = subprocess.run(
                [tree() / "bin/ringbench", "export", "-", "--to", form],
                input=path.read_bytes(), capture_output=True, check=True,
                timeout=PATIENCE_S)
            self.assertEqual(done.stdout.decode(), self.export(
                form, "base/results.csv"))

    def test_the_newest_run_is_exported_by_default(self):
        (self.cwd / "results").mkdir()
        shutil.copytree(self.cwd / "base", self.cwd / "results/base")
        (self.cwd / "results/latest").symlink_to("base")
        out, _ = self.ringbench("export", "--to", "go")
        self.assertEqual(out, self.export("go"))


if __name__ == "__main__":
    unittest.main()
