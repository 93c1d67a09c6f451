#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Plans have enough rounds for verdicts; a dry run warns if they have not."""
import re
import unittest

from program import REPO, ProgramTest

FLOORS = {"null", "line", "lines", "faa", "faa_bulk", "futex"}


def most_cells(lines):
    """Counts the cells of a plan on a machine that has every placement."""
    count = 0
    for line in lines:
        words = line.split()
        cells = 1
        for name, value in zip(words[::2], words[1::2]):
            values = value.split(",")
            if name == "--backend":
                values = [one for one in values if one not in FLOORS]
            cells *= len(values)
        count += cells
    return count


class Rounds(ProgramTest):
    def test_every_plan_has_enough_rounds_for_verdicts(self):
        plans = sorted((REPO / "bench/plans").glob("*.plan"))
        self.assertGreaterEqual(len(plans), 6)
        for plan in plans:
            lines = [line.split("#")[0].strip()
                     for line in plan.read_text("utf-8").splitlines()]
            rounds = [int(line.split()[1]) for line in lines
                      if line.startswith("--rounds")]
            cells = most_cells(line for line in lines if line and
                               not line.startswith("--rounds"))
            with self.subTest(plan=plan.name, cells=cells):
                self.assertEqual(len(rounds), 1)
                if plan.name == "waiting.plan":
                    # The plan shows costs in 6 minutes, and its dry run says
                    # that its rounds are too few for verdicts.
                    self.assertIn("too few for verdicts", self.ringbench(
                        "run", "--plan", plan, "--dry-run")[0])
                    continue
                # The smallest p of the signed-rank test, for all cells.
                self.assertLessEqual(2 * 0.5 ** rounds[0] * cells, 0.05)

    def dry_run(self, rounds):
        out, _ = self.ringbench(
            "run", "--backend", "mutex,ck_mpmc", "--queues", "1,2", "--wait",
            "block,spin", "--placement", "any", "--rounds", rounds,
            "--dry-run")
        return re.findall("verdicts: .*", out)

    def test_a_dry_run_warns_if_rounds_are_too_few_for_verdicts(self):
        # 8 cells: 2^-8 is below 5 % / 8, and 2^-7 above.
        self.assertEqual(self.dry_run(8), [
            "verdicts: 8 rounds are too few for verdicts about 8 cells; "
            "use --rounds 9"])
        self.assertEqual(self.dry_run(9), [])


if __name__ == "__main__":
    unittest.main()
