# SPDX-License-Identifier: BSD-2-Clause
"""Parses a file in Go's benchmark format, for export_test.py."""
import re

CONFIG = re.compile(r"([a-z][^\sA-Z:]*):(?:[ \t]+(\S.*))?")
UNIT = re.compile(r"Unit (\S+) better=(higher|lower)")
NAME = re.compile(r"Benchmark[A-Z][^\s/]*(?:/[a-z_]+=[^\s/]+)+?(?:-[1-9]\d*)?")
COUNT = re.compile(r"[1-9]\d*")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
# A unit: words joined by hyphens; a rate ends with / and its divisor.
UNIT_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*(?:/[a-z]+)?")


class Go:
    """Parses a file in Go's format, and fails if a line is not legal."""

    def __init__(self, test, text):
        self.config, self.units, self.results = {}, {}, []
        self.sessions = []  # each, and the results before it
        test.assertTrue(text.endswith("\n"))
        for line in text[:-1].split("\n"):
            test.assertTrue(line.isascii() and len(line) < 65536, line)
            if line.startswith("#"):
                continue
            if match := UNIT.fullmatch(line):
                test.assertNotIn(match[1], self.units)
                self.units[match[1]] = match[2]
            elif line.startswith("Benchmark"):
                self.results.append(self.result(test, line))
            else:
                match = CONFIG.fullmatch(line)
                test.assertTrue(match, line)
                if match[1] == "session":
                    self.sessions.append((match[2], len(self.results)))
                    continue
                test.assertFalse(self.results, "describes what follows")
                self.config[match[1]] = match[2]

    @staticmethod
    def result(test, line):
        fields = line.split()
        test.assertGreaterEqual(len(fields), 4, line)
        test.assertEqual(len(fields) % 2, 0, line)
        name, iterations, *pairs = fields
        test.assertTrue(NAME.fullmatch(name), name)
        test.assertTrue(COUNT.fullmatch(iterations), line)
        test.assertLess(int(iterations), 2 ** 63)
        values = {}
        for value, unit in zip(pairs[::2], pairs[1::2]):
            test.assertTrue(NUMBER.fullmatch(value), line)
            test.assertTrue(UNIT_NAME.fullmatch(unit), line)
            test.assertNotIn(unit, values)
            values[unit] = float(value)
        return name, int(iterations), values

    def names(self):
        return {name for name, _, _ in self.results}
