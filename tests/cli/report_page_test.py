#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The page of `report --html`, read without a browser.

`make check-report` opens it in one.
"""
import os
import re
import shutil
import unittest
from html.parser import HTMLParser

from made_up import rounds, write
from program import ProgramTest

EMPTY = {"meta", "br", "link", "img", "input", "hr"}
HOSTILE = '<b onclick="x">evil</b>&"\''


class Page(HTMLParser):
    """Collects the elements of a page, and checks that elements are closed in
    the right order."""

    def __init__(self, text):
        super().__init__()
        self.open = []
        self.elements = []  # (name, attributes)
        self.faults = []
        self.words = []
        self.feed(text)
        self.close()
        self.faults += [f"<{name}> stays open" for name in self.open]

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    def named(self, tag):
        return [attributes for name, attributes in self.elements
                if name == tag]


class ReportPage(ProgramTest):
    def page(self, *parts, code=0, **more):
        if not (self.cwd / "run").exists():
            write(self.cwd / "run", [row for part in parts for row in part],
                  run_id="my run")
        out, self.err = self.ringbench("report", "run", "--html", code=code,
                                       **more)
        self.assertEqual(out, "page: run/report.html\n")
        text = (self.cwd / "run/report.html").read_text("utf-8")
        page = Page(text)
        self.assertEqual(page.faults, [])
        return text, page

    def two_queues(self):
        return (rounds([2e6 + i for i in range(6)], backend="ck_spsc"),
                rounds([1e6 + i for i in range(6)], backend="mutex"))

    def without_gnuplot(self):
        (self.cwd / "bin").mkdir()
        return {"env": {**os.environ, "PATH": str(self.cwd / "bin")}}

    def test_the_page_begins_with_the_answer(self):
        text, _ = self.page(*self.two_queues(), code=None)
        self.assertLess(text.index("ck_spsc in 1"), text.index("a machine"))
        self.assertIn("In 1 of 1 load the lead is clear", text)
        sections = re.findall(r'<section id="(\w+)"', text)
        self.assertEqual(sections, ["answer", "machine", "tables", "pictures",
                                    "cells", "help", "files"])

    def test_overlapping_intervals_are_not_a_clear_lead(self):
        text, _ = self.page(rounds([1e6, 2e6] * 4, backend="ck_spsc"),
                            rounds([1e6, 1.9e6] * 4, backend="mutex"),
                            code=None)
        self.assertIn("In 0 of 1 load the lead is clear", text)

    def test_the_best_queues_are_in_the_order_of_loads(self):
        text, _ = self.page(*(
            rounds([rate + i for i in range(6)], backend=backend,
                   placement=placement, capacity=capacity)
            for backend, placement, capacity, rate in (
                ("mutex", "any", 1, 2e6), ("ck_spsc", "any", 1, 1e6),
                ("mutex", "any", 8, 1e6), ("ck_spsc", "any", 8, 2e6),
                ("mutex", "any", 64, 2e6), ("ck_spsc", "any", 64, 1e6))),
            code=None)
        loads = re.findall(r'<th scope="row">(capacity=\d+)</th>'
                           r'<th scope="row">(\w+)</th>', text)
        self.assertEqual(loads, [("capacity=1", "mutex"),
                                 ("capacity=8", "ck_spsc"),
                                 ("capacity=64", "mutex")])

    def test_a_load_is_named_by_what_differs_in_its_scenario(self):
        text, _ = self.page(*(
            rounds([rate + i for i in range(6)], backend=backend, **more)
            for more in ({"scenario": "pingpong", "payload_bytes": 24,
                          "queues": 2, "producers": "", "consumers": ""},
                         {"wait": "poll"}, {"wait": "block"})
            for backend, rate in (("mutex", 1e6), ("ck_spsc", 2e6))),
            code=None)
        loads = re.findall(r'<tr><th scope="row">([^<]*)</th>'
                           r'<th scope="row">ck_spsc</th><td class="n">', text)
        self.assertEqual(loads, ["pingpong poll", "stream poll",
                                 "stream block"])

    def test_only_cells_on_several_cpus_have_a_core_distance(self):
        distance = {"line_before_ns": 80, "line_after_ns": 80}
        far = {"line_before_ns": 330, "line_after_ns": 330}
        text, _ = self.page(
            rounds([1e6] * 6, **distance), rounds([1e6] * 6, first=7, **far),
            rounds([1e6] * 6, placement="same-cpu", cpus="0+0"), code=None)
        names = re.findall(r"<h3>([^<]*)</h3>", text)
        self.assertEqual(len(names), 3)
        for name in names:
            self.assertEqual("core distance" in name, "same-cpu" not in name,
                             name)

    def test_a_tall_picture_has_slices_for_paper(self):
        rows = [rounds([1e6] * 6, backend=backend, wait=wait,
                       placement=placement)
                for backend in ("mutex", "ck_spsc", "spinlock", "scq")
                for wait in ("poll", "spin", "yield", "block", "sleep:1ms")
                for placement in ("same-cpu", "llc", "any")]
        _, page = self.page(*rows, code=None)
        slices = [svg for svg in page.named("svg")
                  if svg.get("class") == "slice"]
        tall = [svg for svg in page.named("svg")
                if svg.get("class") == "tall"]
        if not shutil.which("gnuplot"):
            self.skipTest("gnuplot is not installed")
        self.assertEqual(len(tall), 1)
        height = 0
        for each in slices:
            _, top, _, part = map(int, each["viewbox"].split())
            self.assertEqual(top, height)
            height += part
        self.assertEqual(height, int(tall[0]["height"]))

    def test_a_single_queue_is_not_called_the_best(self):
        text, _ = self.page(rounds([1e6] * 6), code=None)
        self.assertIn("names no best queue", text)

    def test_the_page_needs_no_network_and_no_script(self):
        text, page = self.page(*self.two_queues(), code=None)
        self.assertNotRegex(text, r"https?:")
        self.assertEqual(page.named("script"), [])
        for name, attributes in page.elements:
            self.assertNotIn("src", attributes, name)

    def test_every_cell_has_every_observation(self):
        _, page = self.page(*self.two_queues(), code=None)
        self.assertEqual(len(page.named("details")), 2)
        words = "".join(page.words)
        for name in ("--backend ck_spsc", "--backend mutex"):
            self.assertIn(name, words)
        tables = words.split("\nobservations\n")[1:]
        self.assertEqual(len(tables), 2)
        for table in tables:
            self.assertGreaterEqual(table.count("ok"), 6)

    def test_tables_and_pictures_can_be_read_aloud(self):
        text, page = self.page(*self.two_queues(), code=None)
        self.assertEqual(len(page.named("table")), len(page.named("caption")))
        for head in page.named("th"):
            self.assertIn(head.get("scope"), ("col", "row", "colgroup"))
        levels = [int(level) for level in re.findall(r"<h(\d)", text)]
        self.assertEqual(levels[0], 1)
        for before, after in zip(levels, levels[1:]):
            self.assertLessEqual(after, before + 1)
        for landmark in ("main", "nav", "header", "footer"):
            self.assertEqual(len(page.named(landmark)), 1, landmark)

    def test_texts_from_files_stay_texts(self):
        write(self.cwd / "run",
              [*rounds([1e6] * 6, backend=HOSTILE), *rounds([2e6] * 6)],
              run_id=HOSTILE, host={"caption": HOSTILE,
                                    "kernel": {"release": HOSTILE}})
        _, page = self.page(code=None)
        self.assertEqual(page.named("b"), [])
        for name, attributes in page.elements:
            self.assertNotIn("onclick", attributes, name)
        self.assertIn(HOSTILE, "".join(page.words))

    def test_links_lead_to_files_and_anchors_of_the_page(self):
        _, page = self.page(*self.two_queues(), code=None)
        ids = {attributes.get("id") for _, attributes in page.elements}
        targets = [link["href"] for link in page.named("a")]
        self.assertIn("results.csv", targets)
        for target in targets:
            if target.startswith("#"):
                self.assertIn(target[1:], ids)
            else:
                self.assertTrue((self.cwd / "run" / target).is_file(), target)

    @unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
    def test_pictures_are_in_the_page(self):
        _, page = self.page(*self.two_queues())
        self.assertEqual(self.err, "")
        labels = [svg["aria-label"] for svg in page.named("svg")
                  if "aria-label" in svg]
        self.assertTrue(any(label.startswith("run order") for label in labels))
        self.assertTrue(any(label.startswith("stream: messages per second")
                            for label in labels))
        self.assertIn("plots/run-order.pdf",
                      [link["href"] for link in page.named("a")])
        ids = [attributes["id"] for _, attributes in page.elements
               if "id" in attributes]
        self.assertEqual(len(ids), len(set(ids)))

    @unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
    def test_the_run_order_is_the_order_of_rounds(self):
        slower = [4e6, 3e6, 2e6, 1e6]
        self.page(rounds(slower, backend="mutex"),
                  rounds(slower, backend="ck_spsc", order_in_round=2))
        table = (self.cwd / "run/plots/run-order/rounds.dat").read_text(
            "utf-8").splitlines()[1:]
        medians = [float(line.split("\t")[1]) for line in table]
        self.assertEqual(len(medians), 4)
        self.assertEqual(medians, sorted(medians, reverse=True))

    def test_without_gnuplot_the_page_names_the_reason(self):
        _, page = self.page(*self.two_queues(), code=5,
                            **self.without_gnuplot())
        self.assert_one_line(self.err)
        self.assertIn("gnuplot is not installed", self.err)
        self.assertIn("Pictures are missing: no plots: gnuplot is not "
                      "installed", "".join(page.words))
        self.assertEqual(page.named("svg"), [])
        self.assertEqual(len(page.named("details")), 2)

    def test_a_folder_that_is_not_a_run_is_refused_in_one_line(self):
        write(self.cwd / "run", rounds([1e6]))
        self.refuse("report", "nothing", "--html", code=3, says=("nothing",))
        self.refuse("report", "run/results.csv", "--html", code=3,
                    says=("only a CSV file", "folder"))
        self.refuse("report", "run", "--html", "--json", code=2,
                    says=("--html", "--json"))
        self.refuse("report", "run", "--html", "--exclude-flag", "few_laps",
                    code=2, says=("--html", "--exclude-flag"))
        self.assertFalse((self.cwd / "run/report.html").exists())

    def test_a_page_that_cannot_be_written_is_an_error(self):
        write(self.cwd / "run", rounds([1e6]))
        (self.cwd / "run/report.html").mkdir()
        self.refuse("report", "run", "--html", code=7,
                    says=("report.html", "again"),
                    **self.without_gnuplot())

    def test_the_markdown_report_begins_with_the_answer(self):
        write(self.cwd / "run",
              [row for part in self.two_queues() for row in part])
        out, _ = self.ringbench("report", "run", "--markdown")
        self.assertLess(out.index("ck_spsc in 1"),
                        out.index("## stream: producers"))
        self.assertIn("| best queue |", out)
        self.assertIn("without a unit is a rate per second",
                      " ".join(out.split()))


if __name__ == "__main__":
    unittest.main()
