#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""merge puts the runs of several hosts together; nobody has measured these."""
import csv
import io
import json
import re
import shutil
import unittest

import made_up
from format_rig import FormatTest, noisy

CELLS = (("mutex", 1e7), ("ck_spsc", 2e7), ("lines", 4e7))


class Merge(FormatTest):
    """Folders of runs, and the folder "all" that is merged from them."""

    def write(self, name, host="h1", hostname="", speed=1.0, session="s1",
              count=6, more=(), results=None, **facts):
        apart = f"{60 / speed:g}"
        given = {"run_id": name, "host_id": host, "session_id": session,
                 "line_before_ns": apart, "line_after_ns": apart}
        rows = []
        for backend, value in CELLS:
            control = {"verified": ""} if backend == "lines" else {}
            rows += made_up.rounds(
                [speed * one for one in noisy(value)[:count]],
                backend=backend, **control, **given, **dict(more))
        system = {"system": {"hostname": hostname}} if hostname else {}
        made_up.write(self.cwd / name, rows if results is None else results, **{
            "run_id": name, "host_id": host,
            "host": {"caption": f"machine {host}",
                     "kernel": {"release": "6.1"}, **system},
            "sessions": [{"session_id": session, "rounds": count,
                          "started_at": "2026-01-01T00:00:00Z"}],
            "plan": {"name": "made-up", "lines": ["--scenario stream"],
                     "cells": [backend for backend, _ in CELLS]},
            **facts})

    def merge(self, *runs, says=""):
        out, err = self.ringbench("merge", *runs, "--out", "all")
        self.assertIn(says, err)
        if not says:
            self.assertEqual(err, "")
        return out

    def refuse_merge(self, *runs, code=2, says=(), out="all"):
        self.refuse("merge", *runs, "--out", out, code=code, says=says)
        self.assertFalse((self.cwd / "all").exists())

    def two_hosts(self):
        self.write("a", host="h1", hostname="node1.example.org")
        self.write("b", host="h2", hostname="node2", speed=2.0, session="s2")
        self.merge("a", "b")

    def run_json(self):
        return json.loads((self.cwd / "all/run.json").read_text("utf-8"))


class Rows(Merge):
    def test_every_row_stays_and_gets_the_name_of_its_host(self):
        self.two_hosts()
        merged = self.results("all")
        single = self.results("a") + self.results("b")
        self.assertEqual([row["host"] for row in merged],
                         ["node1"] * 18 + ["node2"] * 18)
        for new, old in zip(merged, single, strict=True):
            differ = {name for name in new if new[name] != old[name]}
            self.assertEqual(differ, {"host", "checksum"})

    def test_threads_get_the_name_of_their_host(self):
        columns = made_up.columns_of("threads.csv")
        self.write("a", hostname="node1")
        self.write("b", host="h2", hostname="node2")
        values = {"session_id": "s1", "round": 1, "scenario": "stream",
                  "backend": "mutex", "wait": "poll", "placement": "llc",
                  "thread": "producer-0"}
        header = ",".join(columns).encode() + b"\n"
        row = made_up.line([values.get(name, "") for name in columns[:-1]],
                           header)
        for name in ("a", "b"):
            (self.cwd / name / "threads.csv").write_bytes(header + row)
        self.merge("a", "b")
        self.assertEqual([(row["host"], row["thread"])
                          for row in self.threads("all")],
                         [("node1", "producer-0"), ("node2", "producer-0")])

    def test_a_second_run_of_a_host_adds_rounds(self):
        self.write("a", hostname="node1")
        self.write("b", hostname="node1", session="s2", count=4)
        out = self.merge("a", "b")
        self.assertIn("node1: 4 rounds", out)
        self.assertEqual(
            sorted({(row["session_id"], int(row["round"]))
                    for row in self.results("all")}),
            [("s1", r) for r in range(1, 7)] +
            [("s2", r) for r in range(7, 11)])
        report, _ = self.ringbench("report", "all")
        self.assertIn("10 rounds", report)
        self.assertNotIn("merged from", report)

    def test_the_facts_of_each_host_and_session_stay(self):
        self.write("a", hostname="node1")
        self.write("b", host="h2", hostname="node2", session="s2")
        self.write("c", hostname="node1", session="s3")
        self.ringbench("merge", "a", "b", "c", "--out", "all//")
        hosts = self.run_json()["hosts"]
        self.assertEqual([host["name"] for host in hosts], ["node1", "node2"])
        self.assertEqual([(s["session_id"], s["run_id"], s["first_round"])
                          for s in hosts[0]["sessions"]],
                         [("s1", "a", 1), ("s3", "c", 7)])
        self.assertEqual(hosts[1]["host"]["caption"], "machine h2")
        self.assertEqual(self.run_json()["run_id"], "all")

    def test_an_option_names_hosts(self):
        self.write("a", hostname="localhost")
        self.write("b", host="h2", hostname="localhost")
        self.refuse_merge("a", "b", says=('"localhost"', "NAME=RUN"))
        self.merge("big=a", "small=b")
        self.assertEqual({row["host"] for row in self.results("all")},
                         {"big", "small"})

    def test_a_run_of_an_older_version_is_named_by_its_id(self):
        self.write("a")
        self.write("b", host="h2")
        self.merge("a", "b")
        self.assertEqual({row["host"] for row in self.results("all")},
                         {"h1", "h2"})

    def test_two_hosts_can_have_a_session_of_the_same_id(self):
        self.write("a", hostname="node1")
        self.write("b", host="h2", hostname="node2", speed=2.0)
        self.merge("a", "b")
        self.assertEqual(len(self.results("all")), 36)
        self.ringbench("report", "all")


class Refused(Merge):
    def setUp(self):
        super().setUp()
        self.write("a", hostname="node1")

    def test_a_run_that_is_given_twice_is_refused(self):
        self.refuse_merge("a", "a/../a", says=("the same run",))
        self.refuse_merge("x=a", "y=a", says=("the same run",))

    def test_a_copy_of_a_run_is_refused(self):
        shutil.copytree(self.cwd / "a", self.cwd / "copy")
        self.refuse_merge("a", "copy", says=("both contain session s1",))
        self.refuse_merge("a", "other=copy", says=("both contain session",))

    def test_runs_of_different_plans_are_refused(self):
        self.write("b", host="h2", hostname="node2", plan={
            "name": "made-up", "lines": ["--scenario pingpong"]})
        self.refuse_merge("a", "b", says=("a and b", "different plans"))

    def test_two_builds_on_one_host_are_refused(self):
        self.write("b", hostname="node1", session="s2", build_id="b2")
        self.refuse_merge("a", "b", says=("builds", "node1", "compare"))

    def test_a_merged_run_is_not_merged_again(self):
        self.write("b", host="h2", hostname="node2")
        self.ringbench("merge", "a", "b", "--out", "first")
        self.refuse_merge("first", "a", says=("it is a merged run",))

    def test_a_column_that_this_version_does_not_know_is_refused(self):
        self.write("b", host="h2", hostname="node2", results=[])
        header = made_up.header().replace(b",messages,", b",news,messages,")
        (self.cwd / "b/results.csv").write_bytes(header)
        self.refuse_merge("a", "b", code=3, says=('"news"', "b/results.csv"))

    def test_a_damaged_file_leaves_no_folder(self):
        self.write("b", host="h2", hostname="node2")
        path = self.cwd / "b/results.csv"
        path.write_bytes(path.read_bytes().replace(b"ck_spsc", b"ck_spsx", 1))
        self.refuse_merge("a", "b", code=3, says=("b/results.csv",
                                                  "checksum"))

    def test_a_path_that_is_not_a_run_is_refused(self):
        (self.cwd / "empty").mkdir()
        self.refuse_merge("a", "nothing", code=3, says=("nothing",))
        self.refuse_merge("a", "empty", code=3, says=("empty/run.json",))
        self.refuse_merge("a", "a/results.csv", code=3,
                          says=("a/results.csv", "folder of a run"))

    def test_a_run_json_without_a_host_is_refused(self):
        self.write("b", host="h2", host_id=None)
        self.refuse_merge("a", "b", code=3, says=("b/run.json", "host_id"))

    def test_a_host_name_with_other_characters_is_refused(self):
        for name in ("", "a b", "../x", ".x", "n" * 64):
            self.refuse_merge("a", f"{name}=a", says=("name of a host",))

    def test_missing_arguments_are_named(self):
        self.refuse_merge("a", says=("two or more runs",))
        self.refuse("merge", "a", "b", code=2, says=("--out DIR",))

    def test_a_folder_that_is_not_empty_is_refused(self):
        self.write("b", host="h2", hostname="node2")
        before = (self.cwd / "b/run.json").read_bytes()
        self.refuse_merge("a", "b", out="b", says=("b", "not empty"))
        self.assertEqual((self.cwd / "b/run.json").read_bytes(), before)

    def test_a_folder_that_cannot_be_made_is_an_output_error(self):
        self.write("b", host="h2", hostname="node2")
        self.refuse_merge("a", "b", out="a/run.json/x", code=7,
                          says=("a/run.json/x", "--out"))

    def test_a_merged_run_is_not_continued(self):
        self.write("b", host="h2", hostname="node2")
        self.merge("a", "b")
        self.refuse("run", "--resume", "all", code=2, says=("merged",))
        self.refuse("run", "--out", "all", "--rounds", 1, "--backend", "mutex",
                    "--placement", "any", code=2, says=("merged",))


class Warned(Merge):
    def test_an_incomplete_run_is_merged(self):
        self.write("a", hostname="node1")
        self.write("b", host="h2", hostname="node2", count=4, sessions=[
            {"session_id": "s1", "rounds": 6}])
        self.merge("a", "b", says="b is incomplete: it has 12 of 18 "
                                  "observations")
        self.assertEqual(len(self.results("all")), 30)

    def test_an_incomplete_row_stays_out(self):
        self.write("a", hostname="node1")
        self.write("b", host="h2", hostname="node2")
        path = self.cwd / "b/results.csv"
        path.write_bytes(path.read_bytes()[:-5])
        self.merge("a", "b", says="the last row is incomplete")
        self.assertEqual(len(self.results("all")), 35)

    def test_two_revisions_give_a_warning(self):
        self.write("a", hostname="node1")
        self.write("b", host="h2", hostname="node2", build_id="b2",
                   program={"revision": "def5678"})
        self.merge("a", "b", says="revision abc1234 measured on host node1 "
                                  "and revision def5678 on host node2")

    def test_two_names_of_one_machine_give_a_warning(self):
        self.write("a", hostname="node1")
        self.write("b", hostname="node2", session="s2")
        self.merge("a", "b", says="may be one machine")

    def test_a_missing_threads_csv_gives_a_warning(self):
        self.write("a", hostname="node1")
        self.write("b", host="h2", hostname="node2")
        made_up_threads = ",".join(made_up.columns_of("threads.csv")) + "\n"
        (self.cwd / "a/threads.csv").write_text(made_up_threads, "utf-8")
        self.merge("a", "b", says="b/threads.csv is missing")


class Read(Merge):
    """What the other commands make of a merged run."""

    def setUp(self):
        super().setUp()
        self.two_hosts()

    def test_the_report_compares_the_machines(self):
        out, _ = self.ringbench("report", "all")
        self.assert_width(out, 79)
        text = " ".join(out.split())
        self.assertIn("merged from 2 hosts", text)
        self.assertIn("give no verdict", text)
        self.assertIn("node1 machine h1 6 llc 60 ns", text)
        self.assertIn("node2 machine h2 6 llc 30 ns", text)
        self.assertRegex(text, r"node1 60ns 40.\dM \S+ ck_spsc 20.\dM \S+ 50%")
        self.assertRegex(text, r"node2 30ns 80.\dM \S+ ck_spsc 40.\dM \S+ 50%")
        self.assertEqual((self.cwd / "all/report.txt").read_text("utf-8"), out)

    def test_a_host_is_reported_as_its_own_run_is(self):
        single, _ = self.ringbench("report", "b")
        merged, _ = self.ringbench("report", "all", "--host", "node2")
        self.assertEqual(merged, single)
        whole, _ = self.ringbench("report", "all")
        self.assertIn(single, whole)

    def test_the_report_as_json_says_which_host_a_table_is_about(self):
        told = self.json("report", "report", "all")
        self.assertEqual([(table["name"], table.get("host"))
                          for table in told["tables"]],
                         [("hosts", None), ("best_of_hosts", None),
                          ("stream", "node1"), ("stream", "node2")])
        self.assertEqual(told["machine"], "machine h1 | machine h2")

    def test_the_report_as_markdown_has_a_part_for_each_host(self):
        out, _ = self.ringbench("report", "all", "--markdown")
        self.assertIn("\n# Host node1\n", out)
        self.assertIn("\n# Host node2\n", out)

    def test_the_page_has_the_hosts_and_a_part_for_each(self):
        self.ringbench("report", "all", "--html", code=None)
        page = (self.cwd / "all/report.html").read_text("utf-8")
        ids = re.findall(r'\bid="([^"]*)"', page)
        self.assertEqual(len(ids), len(set(ids)))
        for link in re.findall(r'href="#([^"]*)"', page):
            self.assertIn(link, ids)
        self.assertLess(page.index('id="hosts"'), page.index('id="h1-answer"'))
        self.assertLess(page.index('id="h1-cells"'),
                        page.index('id="h2-answer"'))
        self.assertIn("node2: Every cell", page)
        self.assertIn("<h1>ringbench: run all</h1>", page)

    @unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
    def test_each_host_has_pictures_of_its_own(self):
        out, _ = self.ringbench("plot", "all")
        for host in ("node1", "node2"):
            self.assertIn(f"all/plots/{host}/stream-throughput.svg", out)
            text = (self.cwd / f"all/plots/{host}/stream-throughput.txt"
                    ).read_text("utf-8")
            self.assertIn(f"machine h{host[-1]}", text)
        out, _ = self.ringbench("plot", "all", "--host", "node1")
        self.assertNotIn("node2", out)

    def test_a_lone_csv_file_is_enough(self):
        out, _ = self.ringbench("report", "all/results.csv")
        self.assertIn("merged from 2 hosts", " ".join(out.split()))

    def test_commands_about_one_host_demand_its_name(self):
        for words in (("show", "mutex"), ("export", "--to", "go"),
                      ("recommend", "--rate", "50k/s")):
            first, *more = words
            line = self.refuse(first, *more, "all", code=2, says=("--host",))
            self.assertIn("node1, node2", line)

    def test_commands_about_one_host_read_only_this_host(self):
        shown, _ = self.ringbench("show", "mutex", "all", "--host", "node2")
        self.assertEqual(shown, self.ringbench("show", "mutex", "b")[0])
        out, _ = self.ringbench("export", "--to", "go", "all", "--host",
                                "node2")
        alone, _ = self.ringbench("export", "--to", "go", "b")
        self.assertEqual(out, alone)

    def test_an_unknown_host_is_refused_with_the_names(self):
        for command in (("report", "all"), ("show", "mutex", "all"),
                        ("export", "--to", "go", "all"), ("plot", "all")):
            self.refuse(*command, "--host", "nod", code=2,
                        says=('"nod"', "node1, node2"))
        self.refuse("report", "a", "--host", "node1", code=2,
                    says=("one host",))
        self.refuse("recommend", "--rate", "50k/s", "--host", "node1", code=2,
                    says=("recommend RUN",))

    def test_hosts_are_compared_without_a_verdict(self):
        out, _ = self.ringbench("compare", "all", "--by", "host", "--base",
                                "node1")
        self.assertTrue(out.startswith("No verdict: the hosts are different"))
        self.assertNotIn("second best", out)
        out, _ = self.ringbench("compare", "all", "--by", "host", "--base",
                                "node1", "--csv")
        found = list(csv.DictReader(io.StringIO(out)))
        self.assertEqual({row["verdict"] for row in found}, {"no verdict"})
        self.assertEqual({round(float(row["ratio"]), 3) for row in found},
                         {2.0})
        self.ringbench("compare", "all", "--by", "host", "--base", "node1",
                       "--fail-on", "slower", code=3)

    def test_queues_are_compared_within_each_host(self):
        out, _ = self.ringbench("compare", "all", "--by", "backend", "--base",
                                "mutex", "--csv")
        found = list(csv.DictReader(io.StringIO(out)))
        self.assertEqual(len(found), 2)
        self.assertNotIn("no verdict", {row["verdict"] for row in found})

    def test_a_merged_run_has_no_counterpart_in_a_single_run(self):
        self.refuse("compare", "all", "a", code=2, says=("merged run",))

    def test_two_merged_runs_are_compared_host_by_host(self):
        self.write("c", host="h1", hostname="node1", session="s3")
        self.write("d", host="h2", hostname="node2", session="s4", speed=2.0)
        self.ringbench("merge", "c", "d", "--out", "later")
        out, _ = self.ringbench("compare", "all", "later")
        self.assertNotIn("different machines", " ".join(out.split()))
        self.assertIn("host=node2", out)


if __name__ == "__main__":
    unittest.main()
