# SPDX-License-Identifier: BSD-2-Clause
"""Cells with a rate are compared by their latency, because the rate fixes the
throughput. The rows are made up."""
import json
import unittest

from compare_rig import Compare, noisy
from made_up import row, rounds

PACED = {"rate": 50000, "arrivals": "constant"}
NS = 1000.0


def paced(values, **changed):
    """Returns one row for each median latency. The throughput equals the rate."""
    return [row(round=i + 1, throughput_msg_per_s="50000",
                latency_p50_ns=round(value), latency_p99_ns=round(9 * value),
                cpu_pop_share="0.25", **{**PACED, **changed})
            for i, value in enumerate(values)]


class Objective(Compare):
    def latencies(self, ratio=1.0, **changed):
        return paced(noisy(self.dice, 12, NS * ratio, 0.02), **changed)

    def full_speed(self, ratio=1.0, **changed):
        return rounds(noisy(self.dice, 12, 1e7 * ratio), **changed)

    def report(self, *lists):
        """Writes a run and returns its tables."""
        self.write("run", *lists)
        out, err = self.ringbench("report", "run", "--json")
        self.assertEqual(err, "")
        return json.loads(out)["tables"]


class Tables(Objective):
    def test_cells_with_and_without_a_rate_are_in_different_tables(self):
        tables = self.report(self.latencies(), self.full_speed())
        self.assertEqual([[line["objective"]["column"]
                           for line in table["rows"]] for table in tables],
                         [["throughput_msg_per_s"], ["latency_p50_ns"]])

    def test_a_cell_with_a_rate_is_in_no_other_table(self):
        tables = self.report(self.latencies(stop="sentinel"),
                             self.latencies(stop="event"))
        self.assertEqual(len(tables), 1)
        self.assertEqual(sorted(line["stop"] for line in tables[0]["rows"]),
                         ["event", "sentinel"])

    def test_the_table_fits_the_terminal(self):
        self.write("run", self.latencies(backend="moodycamel_block",
                                         wait="timeout:50us"))
        out, _ = self.ringbench("report", "run")
        self.assertLessEqual(max(map(len, out.splitlines())), 80)

    def test_a_factor_with_one_value_is_in_the_title_of_a_wide_table(self):
        self.write("run", *(self.latencies(backend=backend, cpu_push_share=1,
                                           wait="timeout:50us")
                            for backend in ("moodycamel_block", "ck_spsc")))
        out, _ = self.ringbench("report", "run")
        self.assertIn("at a rate, wait timeout:50us, ", " ".join(out.split()))
        heads, = (line.split() for line in out.splitlines()
                  if " p50 " in line)
        self.assertEqual(heads[0], "backend")

    def test_show_has_the_distribution_of_the_latency(self):
        self.write("run", self.latencies())
        out, _ = self.ringbench("show", "mutex", "run")
        self.assertIn("latency_p50_ns of the observations", out)


class Verdicts(Objective):
    def sides(self, ratio, **changed):
        self.write("base", self.latencies())
        self.write("new", self.latencies(ratio, build_id="b2", **changed))

    def test_a_higher_latency_is_slower(self):
        self.sides(2)
        found = self.row("base", "new")
        self.assertEqual((found["metric"], found["verdict"]),
                         ("latency_p50_ns", "slower"))
        self.assertIn("latency_p50_ns, lower is better",
                      self.text("base", "new"))
        self.text("base", "new", "--fail-on", "slower", code=1)

    def test_a_metric_of_the_command_line_is_used_for_all_cells(self):
        self.sides(2)
        found = self.row("base", "new", "--metric", "throughput_msg_per_s")
        self.assertEqual((found["metric"], found["verdict"]),
                         ("throughput_msg_per_s", "same"))

    def test_each_cell_of_a_mixed_run_has_its_own_metric(self):
        self.write("base", self.latencies(), self.full_speed())
        self.write("new", self.latencies(2, build_id="b2"),
                   self.full_speed(2, build_id="b2"))
        self.assertEqual({(found["metric"], found["verdict"])
                          for found in self.rows("base", "new")},
                         {("latency_p50_ns", "slower"),
                          ("throughput_msg_per_s", "faster")})
        text = self.text("base", "new")
        for words in ("throughput_msg_per_s, higher is better",
                      "latency_p50_ns, lower is better"):
            self.assertIn(words, text)
        self.assertNotIn("geometric mean", text)
        told = json.loads(self.ringbench("compare", "base", "new",
                                         "--json")[0])
        self.assertEqual((told["metric"], told["geometric_mean"]),
                         ("objective", None))
        self.assertEqual({line["better"] for line in told["rows"]},
                         {"higher", "lower"})

    def test_the_best_cell_of_a_group_has_the_lowest_latency(self):
        self.write("run", self.latencies(wait="block"),
                   self.latencies(0.1, wait="spin"))
        told = json.loads(self.ringbench(
            "compare", "run", "--by", "wait", "--base", "block",
            "--json")[0])
        self.assertEqual([lead["best"]["wait"] for lead in told["leads"]],
                         ["spin"])

    def test_cells_with_and_without_a_rate_are_not_compared(self):
        self.write("run", self.latencies(), self.latencies(rate=9000),
                   self.full_speed(rate=0, arrivals="constant"))
        found = self.rows("run", "--by", "rate", "--base", "50000")
        self.assertEqual([line["rate"] for line in found], ["9000"])
        found = self.rows("run", "--by", "rate", "--base", "50000",
                          "--metric", "throughput_msg_per_s")
        self.assertEqual([line["rate"] for line in found], ["0", "9000"])


class Pictures(Objective):
    def draw(self, *lists):
        self.write("run", *lists)
        self.ringbench("plot", "run", "--out", "pictures", code=None)
        return sorted(path.name for path in
                      (self.cwd / "pictures").glob("*/"))

    def test_two_rates_make_a_picture_of_the_latency_by_rate(self):
        drawn = self.draw(self.latencies(), self.latencies(3, rate=500000))
        self.assertIn("stream-latency_p50_ns-by-rate", drawn)
        self.assertNotIn("stream", drawn)
        points = self.numbers("stream-latency_p50_ns-by-rate/curves.dat")
        self.assertEqual(len(points), 2)
        self.assertLess(points[0][1], points[1][1])
        ticks = self.cwd / "pictures/stream-latency_p50_ns-by-rate/ticks.dat"
        for rate in ("50k/s", "500k/s"):
            self.assertIn(rate, ticks.read_text())

    def test_a_picture_shows_either_rates_or_latencies(self):
        self.draw(self.latencies(), self.full_speed())
        for name, low, high in (("stream", 9e6, 1.1e7),
                                ("stream-latency_p50_ns", 900, 1100)):
            cells = self.numbers(f"{name}/cells.dat")
            self.assertEqual(len(cells), 1)
            self.assertTrue(low < cells[0][2] < high, cells)

    def numbers(self, name):
        """Returns the first three numbers of each line of a table."""
        text = (self.cwd / "pictures" / name).read_text()
        return [[float(word) for word in line.split("\t")[:3]]
                for line in text.splitlines()
                if line.strip() and not line.startswith("#")]


if __name__ == "__main__":
    unittest.main()
