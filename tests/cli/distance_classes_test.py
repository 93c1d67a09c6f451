# SPDX-License-Identifier: BSD-2-Clause
"""Core distances that alternate, and disturbed observations, in tables,
comparisons and exports. The rows are made up."""
import csv
import io
import json
import re
import subprocess
import unittest

import made_up
from compare_rig import RATE, Compare, noisy
from made_up import row
from program import BUILD, REPO

NEAR, FAR = 62.0, 301.0
# The factor by which the larger distance lowers a rate.
SLOWER = 4.0


def at(distance, before=None, **changed):
    """The columns of an observation at this core distance."""
    return {"line_before_ns": f"{before or distance:.6g}",
            "line_after_ns": f"{distance:.6g}", **changed}


def slowed(rate, distance):
    return f"{rate / (SLOWER if distance == FAR else 1):.9g}"


def alternate(count, period=3):
    """Returns distances that are near for `period` rounds, then far for
    `period` rounds, and so on."""
    return [FAR if i // period % 2 else NEAR for i in range(count)]


class Distance(Compare):
    def cell(self, distances, ratio=1.0, spread=0.005, **changed):
        """Returns one row for each distance, for the rounds 1, 2, 3 ..."""
        rates = noisy(self.dice, len(distances), RATE * ratio, spread)
        return [row(round=i + 1, throughput_msg_per_s=slowed(rate, d),
                    **at(d * self.dice.lognormvariate(0, 0.02)), **changed)
                for i, (rate, d) in enumerate(zip(rates, distances))]

    def report(self, rows, *words):
        made_up.write(self.cwd / "run", rows)
        out, err = self.ringbench("report", "run", *words)
        self.assertEqual(err, "")
        for line in out.splitlines():
            self.assertLessEqual(len(line), 80, line)
        return out


class Tables(Distance):
    def test_a_cell_is_shown_once_for_each_distance(self):
        out = self.report(self.cell(alternate(24)))
        found = re.findall(r"(?m)^.*llc +1x1 +(\d+)ns +\S+ \+-(\d+)%", out)
        found += re.findall(r"(?m)^.*llc +1x1 +(\d+)ns +\S+ -\d+\+(\d+)%",
                            out)
        self.assertEqual(len(found), 2, out)
        for distance, half in found:
            self.assertTrue(55 < int(distance) < 70 or
                            280 < int(distance) < 320, distance)
            self.assertLess(int(half), 3)
        self.assertRegex(" ".join(out.split()),
                         r"Core distance: llc 6\d or 30\d ns\. The")
        self.assertIn("1 cell\n", out)

    def test_one_class_adds_one_line(self):
        rates = noisy(self.dice, 12)
        before = self.report(made_up.rounds(rates))
        self.setUp()
        after = self.report([
            row(round=i + 1, throughput_msg_per_s=f"{rate:.9g}", **at(64))
            for i, rate in enumerate(rates)])
        lines = before.splitlines()
        self.assertEqual([line for line in after.splitlines()
                          if line not in lines],
                         ["Core distance: llc 64 ns."])

    def test_distances_that_drift_slowly_are_one_class(self):
        out = self.report([
            row(round=i + 1, throughput_msg_per_s=1e7, **at(60 * 1.2 ** i))
            for i in range(12)])
        self.assertNotIn(" or ", out.split("Core distance")[1].split("\n")[0])

    def test_a_few_outliers_are_not_a_class(self):
        distances = [NEAR] * 40
        distances[7] = FAR
        self.assertNotIn("301", self.report(self.cell(distances)))

    def test_an_unknown_distance_is_not_pooled(self):
        rows = self.cell([NEAR] * 6)
        rows += made_up.rounds([RATE / 10] * 6, first=7)
        out = self.report(rows)
        self.assertRegex(out, r"(?m)llc +1x1 +62ns +(9\.\d+M|10\.\d+M)")
        self.assertRegex(out, r"(?m)llc +1x1 +- +1\.00M")

    def test_a_bound_is_compared_within_its_class(self):
        rows = self.cell(alternate(24))
        rows += self.cell(alternate(24), ratio=2, backend="lines",
                          verified="")
        out = self.report(rows)
        self.assertEqual(len(re.findall(r"(?m)^.*mutex.* 50%", out)) +
                         len(re.findall(r"(?m)^.*mutex.* (49|51)%", out)), 2,
                         out)

    def test_cells_of_other_places_do_not_change(self):
        rows = self.cell(alternate(24))
        rows += made_up.rounds([1e6] * 12, placement="same-cpu", cpus="1+1")
        self.assertRegex(self.report(rows), r"(?m)same-cpu +1x1 +- +1\.00M")


class Disturbed(Distance):
    def value(self, out):
        return re.search(r"(?m)llc +1x1 +(\S+)", out).group(1)

    def test_the_second_attempt_replaces_a_disturbed_one(self):
        rows = [row(round=i, throughput_msg_per_s=1e6, flags="disturbed")
                for i in range(1, 9)]
        rows += [row(round=i, attempt=2, throughput_msg_per_s=1e7)
                 for i in range(1, 9)]
        out = self.report(rows)
        self.assertEqual(self.value(out), "10.0M")
        self.assertNotIn("undisturbed", out)
        self.assertIn("disturbed               8 of 16 rows", out)

    def test_undisturbed_rounds_are_used_if_they_are_enough(self):
        rows = made_up.rounds([1e7] * 9)
        rows += made_up.rounds([1e6] * 3, first=10, flags="disturbed")
        out = self.report(rows)
        self.assertIn("9 of 12", out)
        self.assertIn("9 of 12 rounds were undisturbed", out)
        # If the disturbed rounds were used, the interval would be wider than 0
        # %.
        self.assertRegex(out, r"10\.0M \+-0%")

    def test_json_counts_undisturbed_rounds(self):
        self.report(made_up.rounds([1e7] * 9) + made_up.rounds(
            [1e6] * 3, first=10, flags="disturbed"))
        found = json.loads(self.report_again("--json"))
        self.assertIn('{"undisturbed": 9, "rounds": 12}', json.dumps(found))

    def test_all_rounds_are_used_if_too_few_are_undisturbed(self):
        rows = made_up.rounds([1e7] * 5)
        rows += made_up.rounds([1e6] * 7, first=6, flags="disturbed")
        out = self.report(rows)
        self.assertIn("5 of 12", out)
        self.assertEqual(self.value(out), "1.00M")

    def test_observations_that_moved_are_flagged_and_not_used(self):
        rows = self.cell(alternate(24))
        rows += [row(round=25 + i, throughput_msg_per_s=1,
                     **at(NEAR, before=FAR)) for i in range(4)]
        out = self.report(rows)
        self.assertIn("moved                   4 of 28 rows", out)
        self.assertRegex(out, r"30\dns .* 12 of 16")
        out = self.report_again("--exclude-flag", "moved")
        self.assertIn("left out by --exclude-flag: 4 of 28 rows", out)

    def report_again(self, *words):
        out, _ = self.ringbench("report", "run", *words)
        return out


class Verdicts(Distance):
    def sides(self, base, new, ratio=1.0, known=True):
        """Writes both sides, in the same rounds, at these distances."""
        shown = {} if known else {"line_before_ns": "", "line_after_ns": ""}
        for name, distances, rate in (("base", base, RATE),
                                      ("new", new, RATE * ratio)):
            rates = noisy(self.dice, len(distances), rate)
            self.write(name, [
                row(**{**at(d), "round": i + 1, **shown,
                       "throughput_msg_per_s": slowed(rates[i], d)})
                for i, d in enumerate(distances)])

    # Three of four rounds have both sides at the same distance.
    BASE = [NEAR, NEAR, FAR, FAR] * 8
    NEW = [NEAR, NEAR, FAR, NEAR] * 8

    def test_a_difference_within_the_classes_is_found(self):
        self.sides(self.BASE, self.NEW, ratio=0.93)
        found = self.row("base", "new")
        self.assertEqual(found["verdict"], "slower")
        self.assertAlmostEqual(float(found["ratio"]), 0.93, 2)
        self.assertEqual(found["n"], "24")

    def test_without_distances_the_difference_is_not_found(self):
        self.sides(self.BASE, self.NEW, ratio=0.93, known=False)
        self.assertNotEqual(self.row("base", "new")["verdict"], "slower")

    def test_the_table_shows_the_parts_of_a_row(self):
        self.sides(self.BASE, self.NEW, ratio=0.93)
        text = self.text("base", "new")
        self.assertIn("core distance: llc 62 or 301 ns. Only", text)
        self.assertRegex(text, r" 62 ns apart \S+M \S+M 0\.93\d 16 rounds")
        self.assertRegex(text, r" 301 ns apart \S+M \S+M 0\.9[23]\d 8 rounds")
        self.assertIn("16 observations left out: core distance differs "
                      "between the sides", text)
        out, _ = self.ringbench("compare", "base", "new", "--json")
        parts = json.loads(out)["rows"][0]["by_distance"]
        self.assertEqual([part["n"] for part in parts], [16, 8])

    def test_the_family_counts_cells_and_not_classes(self):
        self.sides(self.BASE, self.NEW)
        out, _ = self.ringbench("compare", "base", "new", "--json")
        self.assertEqual(json.loads(out)["family"], 1)

    def test_one_class_adds_one_line(self):
        self.sides([64] * 12, [64] * 12)
        after, _ = self.ringbench("compare", "base", "new")
        for name in "base", "new":
            path = self.cwd / name / "results.csv"
            lines = list(csv.DictReader(io.StringIO(path.read_text())))
            path.write_bytes(made_up.header() + b"".join(
                row(**{**{k: v for k, v in line.items() if k != "checksum"},
                       "line_before_ns": "", "line_after_ns": ""})
                for line in lines))
        before, _ = self.ringbench("compare", "base", "new")
        self.assertEqual([line for line in after.splitlines()
                          if line not in before.splitlines()],
                         ["core distance: llc 64 ns"])

    def test_sides_at_different_distances_have_no_verdict(self):
        self.sides([NEAR] * 12, [FAR] * 12)
        text = self.text("base", "new")
        self.assertIn("the sides share no round at the same core distance",
                      text)
        self.assertEqual(self.row("base", "new")["verdict"], "no verdict")

    def test_an_old_side_without_distances_is_compared_as_before(self):
        self.sides([NEAR] * 12, [NEAR] * 12, ratio=0.9)
        self.replace("base", made_up.rounds(noisy(self.dice, 12)))
        self.assertEqual(self.row("base", "new")["verdict"], "slower")

    def replace(self, name, rows):
        (self.cwd / name / "results.csv").write_bytes(
            made_up.header() + b"".join(rows))

    def test_unknown_pairs_are_not_pooled_with_others(self):
        self.sides([NEAR] * 24, [NEAR] * 24)
        for name, rate in ("base", 1e3), ("new", 1e7):
            rows = (self.cwd / name / "results.csv").read_bytes()
            self.replace(name, [rows[len(made_up.header()):]] +
                         made_up.rounds([rate] * 6, first=25))
        self.assertEqual(self.row("base", "new")["n"], "24")
        self.assertIn("12 observations left out: core distance is unknown",
                      self.text("base", "new"))

    def test_a_pair_uses_the_first_undisturbed_attempt_of_each_side(self):
        for name, rate in ("base", 1e7), ("new", 0.9e7):
            rows = made_up.rounds([1e3] * 12, flags="disturbed")
            rows += made_up.rounds(noisy(self.dice, 12, rate), attempt=2)
            rows += made_up.rounds([1e5] * 12, attempt=3)
            self.write(name, rows)
        found = self.row("base", "new")
        self.assertAlmostEqual(float(found["ratio"]), 0.9, 2)
        self.assertEqual(found["n"], "12")

    def test_disturbed_pairs_are_left_out_if_enough_remain(self):
        for name, rate in ("base", 1e7), ("new", 0.9e7):
            rows = made_up.rounds(noisy(self.dice, 12, rate))
            rows += made_up.rounds([1e3] * 5, first=13, flags="disturbed")
            self.write(name, rows)
        self.assertEqual(self.row("base", "new")["n"], "12")
        self.assertIn("10 observations left out: disturbed",
                      self.text("base", "new"))

    def test_disturbed_pairs_are_used_if_too_few_remain(self):
        for name in "base", "new":
            self.write(name, made_up.rounds(noisy(self.dice, 5)) +
                       made_up.rounds(noisy(self.dice, 7), first=6,
                                      flags="disturbed"))
        self.assertEqual(self.row("base", "new")["n"], "12")

    def test_backends_are_compared_within_a_class(self):
        rows = []
        for backend, distances, ratio in (("mutex", self.BASE, 1),
                                          ("spinlock", self.NEW, 1.2)):
            rows += self.cell(distances, ratio, backend=backend)
        self.write("run", rows)
        found = self.row("run", "--by", "backend", "--base", "mutex")
        self.assertAlmostEqual(float(found["ratio"]), 1.2, 1)
        self.assertEqual((found["verdict"], found["n"]), ("faster", "24"))

    def test_placements_are_compared_although_their_distances_differ(self):
        rows = self.cell([NEAR] * 12)
        rows += self.cell([400.0] * 12, 0.5, placement="package", cpus="2+0")
        self.write("run", rows)
        found = self.row("run", "--by", "placement", "--base", "llc")
        self.assertEqual((found["verdict"], found["n"]), ("slower", "12"))

    def test_sessions_are_aligned_by_class(self):
        """The baseline was measured at the small distance more often, but is
        not faster."""
        for name, share in ("base", 4), ("new", 1):
            rows = []
            for session in range(6):
                minute = 2 * session + (name == "new")
                for i in range(5):
                    d = NEAR if i < share else FAR
                    rate = RATE * self.dice.lognormvariate(0, 0.002)
                    rows.append(row(
                        session_id=f"{name}{session}", round=i + 1,
                        started_at=f"2026-01-01T00:{minute:02}:00Z",
                        throughput_msg_per_s=slowed(rate, d), **at(d)))
            self.write(name, rows)
        found = self.row("base", "new")
        self.assertEqual(found["mode"], "sessions")
        self.assertEqual(found["verdict"], "same")


class Pictures(Distance):
    def draw(self, rows):
        made_up.write(self.cwd / "run", rows)
        self.ringbench("plot", "run")
        folder = self.cwd / "run" / "plots"
        return ((folder / "stream" / "facets.dat").read_text(),
                (folder / "stream-throughput.txt").read_text())

    def test_each_class_has_its_own_part_of_the_picture(self):
        facets, words = self.draw(self.cell(alternate(24)))
        self.assertRegex(facets, r"llc 6\dns apart \(")
        self.assertRegex(facets, r"llc 30\dns apart \(")
        self.assertNotIn("Disturbed", words)

    def test_one_class_only_states_the_distance(self):
        facets, words = self.draw(self.cell([NEAR] * 12))
        self.assertEqual(len(re.findall("llc 6.ns apart", facets)), 1)
        self.assertNotIn("distance", words)

    def test_disturbed_rounds_are_mentioned(self):
        _, words = self.draw(made_up.rounds([1e7] * 9) + made_up.rounds(
            [1e6] * 3, first=10, flags="disturbed"))
        self.assertIn("Disturbed rounds are left out", words)


class Proof(Distance):
    def prove(self, rows):
        made_up.write(self.cwd / "run", rows)
        return subprocess.run(
            [REPO / "scripts/prove_distance.py", BUILD, "out", "24", "run"],
            cwd=self.cwd, capture_output=True, text=True)

    def test_prove_distance_shows_a_cell_mixed_and_by_class(self):
        done = self.prove(self.cell(alternate(24), scenario="pingpong",
                                    queues=2, producers="", consumers=""))
        self.assertEqual(done.returncode, 0, done.stderr)
        mixed, classes = done.stdout.split("class by class")
        self.assertEqual(mixed.count("mutex"), 1)
        self.assertEqual(classes.count("mutex"), 2)
        self.assertRegex(mixed, r"mutex.* -\d\d\+\d\d")
        self.assertEqual(sorted(path.name for path in
                                (self.cwd / "out").iterdir()),
                         ["distance-classes.svg", "distance-mixed.svg",
                          "distance.txt"])

    def test_prove_distance_fails_if_the_run_has_one_distance(self):
        done = self.prove(self.cell([NEAR] * 12, scenario="pingpong",
                                    queues=2, producers="", consumers=""))
        self.assertEqual(done.returncode, 1)
        self.assertIn("all rounds were at one core distance", done.stderr)


class Exports(Distance):
    def test_names_contain_the_distance_if_there_are_several(self):
        self.write("run", self.cell(alternate(24), cpu_ns=90000000))
        out, _ = self.export("go")
        self.assertEqual(len(re.findall(r"/distance=6\dns", out)), 12)
        self.assertEqual(len(re.findall(r"/distance=30\dns", out)), 12)
        out, _ = self.export("google")
        names = {one["name"] for one in json.loads(out)["benchmarks"]}
        self.assertEqual(len(names), 2)

    def test_one_class_keeps_its_name(self):
        self.write("run", self.cell([NEAR] * 6))
        out, _ = self.export("go")
        self.assertNotIn("distance", out)

    def test_disturbed_rows_are_skipped_as_in_tables(self):
        self.write("run", made_up.rounds([1e7] * 9) +
                   made_up.rounds([1e6] * 3, first=10, flags="disturbed"))
        out, err = self.export("go")
        self.assertEqual(out.count("\nBenchmark"), 9)
        self.assertIn("3 disturbed or measured again", err)

    def export(self, form):
        return self.ringbench("export", "run", "--to", form)


if __name__ == "__main__":
    unittest.main()
