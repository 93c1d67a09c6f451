#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Pictures of made-up runs: which are drawn, and that no text is cut."""
import os
import re
import shutil
import unittest
import xml.etree.ElementTree as ET

from made_up import floor, rounds, shape, write
from program import ProgramTest

SVG = "{http://www.w3.org/2000/svg}"
# Width of a letter as a share of the font's size: the mean of small letters in
# DejaVu Sans, which is wide.
LETTER = 0.58


def numbers(text):
    return [float(number) for number in re.findall(r"-?[\d.]+", text)]


def texts(element, x=0, y=0, turned=False, size=0, anchor="start"):
    """Returns each text with its box: left, top, right, bottom."""
    moved = re.search(r"translate\(([^)]*)\)", element.get("transform", ""))
    if moved:
        x, y = (a + b for a, b in zip((x, y), numbers(moved[1])))
    turned = turned or "rotate(-90" in element.get("transform", "")
    size = float(element.get("font-size", size))
    anchor = element.get("text-anchor", anchor)
    if element.tag == SVG + "text":
        text = "".join(element.itertext()).strip()
        width = LETTER * size * len(text)
        before = {"start": 0, "middle": width / 2, "end": width}[anchor]
        along = (-before, width - before)
        across = (-size * 0.8, size * 0.2)
        if turned:
            yield text, (x + across[0], y - along[1],
                         x + across[1], y - along[0])
        else:
            yield text, (x + along[0], y + across[0],
                         x + along[1], y + across[1])
    for child in element:
        yield from texts(child, x, y, turned, size, anchor)


def cut(path):
    """Returns the texts that cross the edge of the picture."""
    root = ET.parse(path).getroot()
    _, _, width, height = numbers(root.get("viewBox"))
    return [text for text, box in texts(root)
            if box[0] < 0 or box[1] < 0 or box[2] > width or box[3] > height]


@unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
class Texts(ProgramTest):
    """No text is cut, however long the names are."""

    LONG = "a_queue_whose_name_is_as_long_as_a_name_can_be"

    def drawn(self, *parts):
        write(self.cwd / "run", [row for part in parts for row in part])
        _, err = self.ringbench("plot", "run")
        self.assertEqual(err, "")
        return sorted((self.cwd / "run/plots").glob("*.svg"))

    def assert_whole(self, *parts):
        pictures = self.drawn(*parts)
        self.assertGreater(len(pictures), 0)
        for picture in pictures:
            self.assertEqual(cut(picture), [], picture.name)

    def test_short_names_and_one_cell(self):
        self.assert_whole(rounds([1]))

    def test_long_names_in_rows(self):
        self.assert_whole(*(
            rounds([1e6 + i for i in range(6)], scenario=scenario,
                   backend=self.LONG, wait=wait, queues=queues, capacity=8388607,
                   payload_bytes=size, placement="package")
            for scenario in ("stream", "pingpong")
            for wait in ("timeout:1000000us", "poll")
            for size in (8, 4096)
            for queues in (1, 2)))

    def test_long_names_of_curves_and_maps(self):
        self.assert_whole(*(
            rounds([1e6 + i for i in range(6)], backend=self.LONG + end,
                   wait=wait, placement=placement, capacity=capacity,
                   **shape(threads, threads))
            for end in ("", "_too")
            for wait in ("timeout:1000000us", "poll")
            for placement in ("package", "llc")
            for capacity, threads in ((1, 1), (1023, 1), (1024, 1),
                                      (1 << 26, 1), (1023, 2), (1023, 16))))

    def test_a_text_that_crosses_the_edge_is_found(self):
        path = self.cwd / "cut.svg"
        for place, found in (("translate(10,20)", False),
                             ("translate(80,20)", True),
                             ("translate(50,99)", True),
                             ("translate(10,20) rotate(-90)", True),
                             ("translate(20,70) rotate(-90)", False)):
            path.write_text(
                f'<svg xmlns="{SVG[1:-1]}" viewBox="0 0 100 100">'
                f'<g transform="{place}" font-size="10">'
                f'<text>letters</text></g></svg>', "utf-8")
            self.assertEqual(bool(cut(path)), found, place)


class Sweeps(ProgramTest):
    """Two queues with four capacities, and one queue with three numbers of
    threads."""

    def setUp(self):
        super().setUp()
        rows = [floor("lines", 9e8), floor("faa", 8e7, **shape(2, 2)),
                floor("faa", 7e7, **shape(4, 4))]
        for power in (1, 10, 15, 20):
            for name in ("mutex", "ck_spsc"):
                rows.append(rounds([power * 1e6 + i for i in range(6)],
                                   backend=name, capacity=1 << power))
        for threads in (1, 2, 4):
            rows.append(rounds([4e6 / threads] * 6,
                               **shape(threads, threads)))
        rows.append(rounds([3e6] * 6, **shape(1, 2)))
        write(self.cwd / "run", [row for part in rows for row in part])

    def table(self, name):
        path = self.cwd / "run/plots" / name
        return path.read_text("utf-8").splitlines()[1:]

    def pictures(self):
        return {path.stem for path in (self.cwd / "run/plots").glob("*.svg")}

    def text(self, name):
        return (self.cwd / "run/plots" / name).read_text("utf-8")

    @unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
    def test_cells_of_a_sweep_are_drawn_once_and_in_every_format(self):
        _, err = self.ringbench("plot", "run")
        self.assertEqual(err, "")
        plots = self.cwd / "run/plots"
        wanted = {f"stream-by-{name}" for name in (
            "capacity-sweep", "threads-sweep", "shape-map")} | {"run-order"}
        self.assertEqual(self.pictures(), wanted)
        for name in wanted:
            for extension, begin in (("png", b"\x89PNG"), ("pdf", b"%PDF")):
                data = (plots / f"{name}.{extension}").read_bytes()
                self.assertTrue(data.startswith(begin), name)
        self.assertEqual(
            self.table("stream-by-capacity/ticks.dat"),
            ['2\t"2"', '1023\t"1023"', '1024\t""', '32768\t"32Ki"',
             '1048576\t"1Mi"'])
        svg = self.text("stream-by-capacity-sweep.svg")
        for text in ("1Mi", "bound: lines", "ck_spsc", "capacity, messages",
                     "stream: messages per second by capacity and backend"):
            self.assertIn(f">{text}<", svg)
        svg = self.text("stream-by-shape-map.svg")
        for text in ("4.00M", "1.00M", "oversubscribed", "0.44 %"):
            self.assertIn(text, svg)
        self.assertIn("Ring: more threads than CPUs.",
                      self.text("stream-by-threads-sweep.txt"))
        self.assertNotIn("Ring", self.text("stream-by-capacity-sweep.txt"))

    @unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
    def test_titles_of_a_run_differ(self):
        self.ringbench("plot", "run")
        titles = [re.search("<title>(.*?)</title>", self.text(f"{name}.svg"))[1]
                  for name in self.pictures()]
        self.assertEqual(len(set(titles)), len(titles), titles)
        for title in titles:
            self.assertRegex(title, "^(stream|run order): ")

    @unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
    def test_a_run_without_a_sweep_has_none_of_these_pictures(self):
        shutil.rmtree(self.cwd / "run")
        write(self.cwd / "run", rounds([1e6] * 6) + rounds(
            [1e6] * 6, capacity=15) + floor("lines", 9e8))
        self.ringbench("plot", "run")
        self.assertEqual(self.pictures(),
                         {"stream-throughput", "run-order"})

    def test_a_csv_file_is_not_the_folder_of_a_run(self):
        self.refuse("plot", "run/results.csv", code=3,
                    says=("it is only a CSV file; name the folder of a run",))

    def test_without_gnuplot_the_tables_stay(self):
        os.mkdir(self.cwd / "empty")
        self.ringbench("plot", "run", code=5,
                       env={"PATH": str(self.cwd / "empty")})
        self.assertEqual(
            [line.split("\t")[2] for line in
             self.table("stream-by-capacity/bound_names.dat")],
            ['"bound: lines"'])


if __name__ == "__main__":
    unittest.main()
