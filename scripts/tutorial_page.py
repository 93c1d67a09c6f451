#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes a page of docs/ from a template, with tables made from a run.

A line of the template that begins with {{table ...}} becomes a table. The
table has a row for each combination of the factors in `rows`, a column for
each combination of the factors in `columns`, and the median of `value` over
the rounds in each cell. A value can be a sum of columns with weights:
latency_p50_ns+0.1*cpu_ns. With `over`, a list of row names, each value is
divided by the smallest value of its column in these rows, and the table shows
only the other rows. The other words are filters, NAME=VALUE or
NAME=VALUE,VALUE; NAME= is an empty field. A table uses only verified
observations, and observations that have nothing to verify. Each round counts
with its first undisturbed attempt. If the run has several core distances, a
table uses only the observations at the most frequent distance.
"""
import argparse
import csv
import json
import re
import statistics
import sys
from pathlib import Path

import distance_class

UNITS = ((1e9, "G"), (1e6, "M"), (1e3, "k"), (1, ""))
COLUMNS = Path(__file__).resolve().parent.parent / "docs/columns.md"
TIMES = ((1e9, " s"), (1e6, " ms"), (1e3, " us"), (1, " ns"))
EMPTY = {"produce_every_ns": "full speed", "consume_every_ns": "no rest",
         "capacity": "default", "pause_ns": "none"}


class Bad(Exception):
    """An error in the template or the run, in one line."""


def short(value, units=UNITS):
    """Formats a number with three digits and a unit: 1.21M."""
    for size, unit in units:
        if abs(value) >= size:
            digits = value / size
            places = 0 if digits >= 99.95 else 1 if digits >= 9.995 else 2
            return f"{digits:.{places}f}{unit}"
    return f"{value:.3g}" + (units[-1][1] if value else "")


def show(name, value):
    if name.endswith("_share"):
        return f"{100 * value:.{0 if value >= 0.1 else 2}f} %"
    if name.endswith(("_ns", "_ns_per_msg")):
        return short(value, TIMES)
    return f"{value:.3g}" if value < 100 else short(value)


def title(name):
    """Returns the name of a factor on the command line."""
    return name.removesuffix("_ns").replace("_", "-")


def level(row, name):
    """Returns the value of a factor in a row, as text."""
    if name.endswith("_ns") and row[name]:
        value = float(row[name])
        size, unit = next((time for time in TIMES if value >= time[0]),
                          TIMES[-1])
        return f"{value / size:g}{unit}"
    return row[name] or EMPTY.get(name, "")


def label(row, names):
    """Returns the title of a column; a plain number gets the name of its
    factor."""
    words = [level(row, name) for name in names]
    return " ".join(f"{title(name)} {word}" if word.isdigit() else word
                    for name, word in zip(names, words) if word)


def natural(text):
    """Sort key: times and numbers by size, Python last."""
    text = re.sub(r"(\d+)( [mun]?s)\b", lambda time: str(
        round(float(time[1]) * dict((unit, size) for size, unit in TIMES)[
            time[2]])), text)
    parts = re.split(r"(\d+)", text)
    return ("python" in text,
            [(part.isdigit(), int(part) if part.isdigit() else 0, part)
             for part in parts if part])


def sum_of(text):
    """[(weight, column)] of a value such as latency_p50_ns+0.1*cpu_ns."""
    terms = [term.rpartition("*") for term in text.split("+")]
    return [(float(weight or 1), column) for weight, _, column in terms]


def attempts(row):
    """Sort key of the attempts of one cell in one round: the attempt to use
    comes first."""
    return ("disturbed" in row["flags"].split("+"),
            int(row.get("attempt") or 1))


def matches(row, filters):
    return all(row[name] in values for name, values in filters.items())


def ratios(medians, best, spec):
    """The rows that are not among the best, divided by the best ones."""
    try:
        divisors = [medians[name,] for name in best]
    except KeyError as heads:
        raise Bad(f"{{{{table {spec}}}}}: no row {heads}") from heads
    return {heads: {column: value / min(row[column] for row in divisors)
                    for column, value in row.items()
                    if all(column in row for row in divisors)}
            for heads, row in medians.items() if heads[0] not in best}


def pivot(rows, spec):
    """Returns the lines of one table."""
    words = dict(word.split("=", 1) for word in spec.split())
    try:
        over, across = (words.pop(name).split(",")
                        for name in ("rows", "columns"))
        value = words.pop("value")
        best = [name for name in words.pop("over", "").split(",") if name]
        filters = {name: text.split(",") for name, text in words.items()}
        terms = sum_of(value)
        used = [column for _, column in terms]
        unknown = {*over, *across, *used, *filters} - rows[0].keys()
    except KeyError as name:
        raise Bad(f"{{{{table {spec}}}}}: no {name}; add it") from name
    if unknown:
        raise Bad(f"{{{{table {spec}}}}}: no column {unknown.pop()}")
    cells, columns, lines = {}, [], []
    for row in rows:
        if not matches(row, filters) or not all(row[name] for name in used):
            continue
        column = label(row, across)
        if column not in columns:
            columns.append(column)
        heads = tuple(level(row, name) for name in over)
        cells.setdefault(heads, {}).setdefault(column, []).append(
            sum(weight * float(row[name]) for weight, name in terms))
    if not cells:
        raise Bad(f"{{{{table {spec}}}}}: the run has no such row; measure "
                  "the plan of the page")
    medians = {heads: {column: statistics.median(values)
                       for column, values in row.items()}
               for heads, row in cells.items()}
    if best:
        medians = ratios(medians, best, spec)
    columns.sort(key=natural)
    lines.append("| " + " | ".join([title(name) for name in over] + columns) +
                 " |")
    lines.append("|---" * len(over) + "|---:" * len(columns) + "|")
    for heads in sorted(medians,
                        key=lambda heads: [natural(h) for h in heads]):
        row = medians[heads]
        shown = ["" if column not in row else f"{row[column]:.2f}" if best
                 else show(used[0], row[column]) for column in columns]
        lines.append("| " + " | ".join([*heads, *shown]) + " |")
    return lines


def factors_of(row):
    """Returns the factors in the row, from the list in docs/columns.md."""
    factors = re.findall(r"^\| `(\w+)` \| \w+ \| [^|]*\| factor \|",
                         COLUMNS.read_text("utf-8"), re.M)
    return [name for name in dict.fromkeys(factors) if name in row]


def read_run(folder):
    with open(folder / "results.csv", newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file)
                if row["status"] == "ok" and row["verified"] != "0"
                and "superseded" not in row["flags"].split("+")]
    if not rows:
        raise Bad(f"{folder}/results.csv: has no row; measure its plan")
    rows = sorted(rows, key=attempts)
    names = ["session_id", "round", *factors_of(rows[0])]
    first = {tuple(row[name] for name in names): row for row in reversed(rows)}
    rows = distance_class.most_frequent(list(first.values()))
    return rows, json.loads((folder / "run.json").read_text("utf-8"))


def fill(template, rows, facts):
    """Returns the lines of the page."""
    for line in template.splitlines():
        if table := re.fullmatch(r"\{\{table (.*)\}\}", line):
            yield from pivot(rows, table[1])
        else:
            yield re.sub(r"\{\{(\w+)\}\}", lambda m: facts[m[1]], line)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("run", type=Path)
    options.add_argument("template", type=Path)
    given = options.parse_args()
    try:
        rows, run = read_run(given.run)
        facts = {"machine": run["host"]["caption"],
                 "revision": run["program"]["revision"],
                 "rounds": str(len({(r["session_id"], r["round"])
                                    for r in rows})),
                 "date": min(row["started_at"] for row in rows)[:10]}
        page = list(fill(given.template.read_text("utf-8"), rows, facts))
    except (Bad, OSError, KeyError, ValueError) as reason:
        sys.exit(f"tutorial_page: {reason}")
    print("\n".join(page))


if __name__ == "__main__":
    main()
