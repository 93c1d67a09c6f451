#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""ab builds two revisions, measures them in pairs, and gives verdicts."""
import json
import os
import re
import shutil
import signal
import subprocess
import unittest

from ab_rig import CELL, MAKEFILE, Repository
from program import REPO, processes, rows, wait_until


class Judged(Repository):
    def test_a_slower_revision_is_slower_and_fail_on_fails(self):
        self.change("slow", **{"main.c": self.main(500000)})
        out, err = self.ab("base", "slow", "--rounds", 8)
        self.assertIn("mode: paired; metric: throughput_msg_per_s", out)
        self.assertRegex(out, r"0\.500 0\.500\.\.0\.500 +slower")
        self.assertIn(f"ab: {self.git('describe', 'base', '--always')} (base) "
                      f"against {self.git('describe', 'slow', '--always')} "
                      "(new)\n", err)
        self.ab("base", "slow", "--rounds", 8, "--fail-on", "slower", code=1)
        self.assert_nothing_is_left()

    def test_unchanged_code_is_the_same(self):
        out, _ = self.ab("base", "base", "--rounds", 8)
        self.assertIn("1 same", out)
        self.ab("base", "base", "--rounds", 8, "--fail-on", "inconclusive")

    def test_the_options_of_compare_work(self):
        self.change("slow", **{"main.c": self.main(950000)})
        out, _ = self.ab("base", "slow", "--rounds", 8, "--threshold", "10%",
                         "--json")
        self.assertEqual(json.loads(out)["rows"][0]["verdict"], "same")

    def test_the_second_side_is_the_working_tree(self):
        self.write(**{"main.c": self.main(2000000)})
        out, err = self.ab("HEAD", "--rounds", 8)
        self.assertRegex(out, r"2\.000 2\.000\.\.2\.000 +faster")
        self.assertRegex(err, r"-dirty \(new, the working tree\)")
        self.assertEqual(list(self.scratch.iterdir()), [])
        self.assertFalse((self.cwd / "build").exists())

    def test_an_untracked_file_of_the_working_tree_is_built_too(self):
        self.write(**{"Makefile": MAKEFILE.replace("three", "three four"),
                      "four.c": "void four(void); void four(void) { }\n"})
        self.assertIn("1 same", self.ab("HEAD", "--rounds", 8)[0])


class OtherLanguages(Repository):
    def script(self, rate):
        """A replacement for the program of the backend `python`."""
        (self.cwd / "scripts").mkdir(exist_ok=True)
        return {"scripts/python_reference.py":
                "import sys\nsys.stdin.read()\n"
                f"print('status ok\\nverified 1\\nmessages {rate}\\n"
                "elapsed_ns 1000000\\nend')\n"}

    def test_each_side_runs_the_script_of_its_revision(self):
        cell = ("--backend", "python", "--wait", "spin", "--placement", "any",
                *CELL[6:])
        self.change("old", **self.script(1000))
        self.change("new", **self.script(1500))
        out, _ = self.ab("old", "new", "--rounds", 8, cell=cell)
        self.assertRegex(out, r"1\.500 1\.500\.\.1\.500 +faster")


class Rows(Repository):
    def sides(self):
        return [rows(self.cwd / f"out-{side}/results.csv")
                for side in ("base", "new")]

    def test_both_sides_share_session_and_rounds_and_alternate(self):
        cell = ("--backend", "mutex,ck_mpmc", *CELL[2:])
        self.change("next", **{"main.c": self.main(1100000)})
        self.ab("base", "next", "--rounds", 7, "--out", "out/", cell=cell)
        base, new = self.sides()
        self.assertEqual(len(base), 14)
        self.assertEqual(len({row["session_id"] for row in base + new}), 1)
        where = {(row["round"], row["backend"]): int(row["order_in_round"])
                 for row in base}
        apart = {int(row["order_in_round"]) -
                 where.pop((row["round"], row["backend"])) for row in new}
        self.assertEqual(where, {})
        self.assertEqual(apart, {-1, 1})

    def test_each_run_json_describes_its_build(self):
        self.change("next", **{"main.c": self.main(1100000)})
        self.ab("base", "next", "--rounds", 1, "--out", "out")
        for side, tag in (("base", "base"), ("new", "next")):
            facts = json.loads((self.cwd / f"out-{side}/run.json")
                               .read_text("utf-8"))
            self.assertEqual(facts["program"]["link_order"],
                             "a new order before every round")
            self.assertIn("compiler", facts["program"], tag)
            self.assertEqual(facts["sessions"][0]["exit_code"], 0)

    def test_without_out_both_runs_are_in_results(self):
        self.ab("base", "base", "--rounds", 1)
        found = sorted(path.name.rsplit("-", 1)[1] for path in
                       (self.cwd / "results").iterdir())
        self.assertEqual(found, ["base", "new"])

    def test_every_round_and_side_has_a_new_link_order(self):
        self.ab("base", "base", "--rounds", 12, "--seed", 5)
        # The first two lines are from the check of the cell before the rounds.
        notes = self.notes.read_text("ascii").splitlines()[2:]
        self.assertEqual(len(notes), 24)
        orders = {}
        for note in notes:
            program, order = note.split()
            orders.setdefault(program, []).append(order)
        first, second = orders.values()
        self.assertGreater(len(set(first)), 3)
        self.assertGreater(len(set(second)), 3)
        self.assertNotEqual(first, second)
        # The path is on the stack of the program, so both paths must have equal
        # lengths.
        self.assertEqual(len({len(program) for program in orders}), 1)

    def test_a_dry_run_builds_nothing_and_shows_both_sides(self):
        out, _ = self.ab("base", "--rounds", 1, "--dry-run")
        self.assertIn("1 cell x 1 round x 2 sides", out)
        self.assertRegex(out, r" \(base\)\n.* \(new\)|"
                              r" \(new\)\n.* \(base\)")
        self.assertFalse(self.notes.exists())


class Refused(Repository):
    def test_an_unknown_revision_is_refused(self):
        self.refuse_ab("nowhere", code=2, says=("nowhere", "git log"))
        self.refuse_ab("base", "nowhere", code=2, says=("nowhere",))

    def test_a_missing_revision_is_refused(self):
        self.refuse_ab(code=2, says=("ab needs a revision",))

    def test_a_folder_without_repository_is_refused(self):
        self.refuse("ab", "HEAD", code=2, says=("not in a git repository",),
                    cwd=self.scratch)

    def test_missing_git_or_make_is_reported(self):
        for tool, others in (("git", ()), ("make", ("git", "tar", "env"))):
            with self.subTest(tool=tool):
                path = self.scratch / tool
                path.mkdir()
                for other in others:
                    (path / other).symlink_to(shutil.which(other))
                self.refuse("ab", "base", *CELL, code=2 if tool == "git"
                            else 5, says=(f"{tool} is not installed",),
                            env={**self.environment, "PATH": str(path)})

    def test_an_unusable_tmpdir_is_reported(self):
        self.refuse("ab", "base", *CELL, code=7, says=("TMPDIR", "nowhere"),
                    env={**self.environment, "TMPDIR": "/nowhere"})

    def test_an_impossible_cell_is_refused(self):
        self.refuse_ab("base", code=2, says=("nothing to measure",),
                       cell=("--backend", "ck_spsc", "--queues", "1",
                             "--placement", "any"))

    def test_a_failed_build_is_reported_with_error_and_log(self):
        self.change("broken", **{"two.c": "int broken = ;\n"})
        self.refuse_ab("base", "broken", "--out", "out", code=5,
                       says=("new (", "does not build", "two.c:1:",
                             "see out-new.log"))
        self.assertIn("two.c:1:", (self.cwd / "out-new.log")
                      .read_text("utf-8"))
        self.assertFalse((self.cwd / "out-base.log").exists())

    def test_the_makefile_of_this_project_links_in_one_command(self):
        said = subprocess.run(
            ["make", "-n", "V=1", "BUILD=/nowhere", "all"], cwd=REPO,
            env={**os.environ, "MAKEFLAGS": ""}, check=True, text=True,
            capture_output=True, timeout=60).stdout
        links = [line.split() for line in said.splitlines()
                 if not set(line) & set("'\"`$;&|<>()\\*?[]#~")
                 and re.search(r"-o /nowhere/ringbench(\.new)? ", line)]
        self.assertEqual(len(links), 1)
        self.assertGreater(sum(word.endswith(".o") for word in links[0]), 100)

    def test_a_makefile_without_the_program_is_refused(self):
        self.change("older", Makefile="all:\n\ttrue\n")
        self.refuse_ab("older", "base", code=5,
                       says=("base (", "links a program called ringbench"))

    def test_a_revision_without_run_is_too_old(self):
        self.change("older", **{"main.c": "int main(void) { return 2; }\n"})
        self.refuse_ab("older", "base", code=5, says=("too old for ab",))

    def test_an_unknown_cell_of_a_revision_is_named(self):
        self.change("older", **{"main.c": self.main(old="""
            fputs("ringbench: unknown parameter \\"stop\\"\\n", stderr);
            return 2;""")})
        self.refuse_ab("older", "base", code=5,
                       says=("base (", "cannot measure --scenario pingpong",
                             'unknown parameter "stop"', "remove this cell"))

    def test_a_revision_need_not_know_a_parameter_at_its_default(self):
        self.change("older", **{"main.c": self.main(old="""
            int c, at = 0;
            while (at < 4000 && (c = getchar()) != EOF)
                line[at++] = (char)c;
            line[at] = 0;
            if (strstr(line, "batch")) {
                fputs("ringbench: unknown parameter \\"batch\\"\\n", stderr);
                return 2;
            }
            notes = tmpfile();
            fputs(line, notes);
            fflush(notes);
            lseek(fileno(notes), 0, SEEK_SET);
            dup2(fileno(notes), 0);""")})
        stream = ("--scenario", "stream", "--messages", 100, *CELL)
        self.ab("older", "base", "--rounds", 6, cell=stream)
        self.refuse_ab("older", "base", "--batch", 2, cell=stream, code=5,
                       says=('unknown parameter "batch"', "remove this cell"))

    def test_a_revision_with_unknown_columns_is_refused(self):
        self.change("later", **{"main.c": self.main(old="""
            puts("novelty 1"); return 0;""")})
        self.refuse_ab("base", "later", code=5,
                       says=("new (", "cannot measure", "novelty"))


class Interrupted(Repository):
    def start_ab(self, *words):
        return self.start("ab", *words, *CELL, env=self.environment)

    def test_ctrl_c_keeps_the_rows_and_removes_the_builds(self):
        process = self.start_ab("base", "base", "--rounds", 1000, "--out",
                                "out")
        path = self.cwd / "out-new/results.csv"
        wait_until(lambda: path.exists() and
                   path.read_bytes().count(b"\n") > 3)
        _, err = self.interrupt(process, signal.SIGINT)
        self.assertIn("interrupted; the finished observations are kept; "
                      "compare them with: "
                      "ringbench compare out-base out-new\n", err)
        self.assertGreaterEqual(len(rows(path)), 3)
        self.assertIn("paired", self.ringbench("compare", "out-base",
                                               "out-new")[0])
        self.assertEqual(list(self.scratch.iterdir()), [])

    def test_a_signal_during_a_build_ends_the_compilers(self):
        marker = self.scratch.with_suffix(".building")
        self.addCleanup(lambda: marker.unlink(missing_ok=True))
        self.change("endless", Makefile=MAKEFILE.replace(
            "@echo LINK", f"@touch {marker}; sleep 1000 & echo $$! >{marker}; "
                          "wait"))
        process = self.start_ab("endless")
        self.assertTrue(wait_until(lambda: marker.exists() and
                                   marker.read_text("ascii")))
        _, err = self.interrupt(process, signal.SIGTERM)
        self.assertIn("before the first observation", err)
        pid = int(marker.read_text("ascii"))
        self.assertTrue(wait_until(lambda: not self.is_alive(pid)))
        self.assert_nothing_is_left()
        self.assertTrue(wait_until(lambda: not processes()))

    @staticmethod
    def is_alive(pid):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True


if __name__ == "__main__":
    unittest.main()
