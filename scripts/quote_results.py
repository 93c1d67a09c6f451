#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Updates the quotations in pages, mainly from files in results/.

Usage: quote_results.py [--check] PAGE... --check: change nothing; exit with 1
if a page is not up to date.

A page marks a quotation by one of these comments:

  <!-- verbatim from FILE; WHY --> The code block after this comment gets the
      whole file. <!-- verbatim from FILE; "START", "START"; N lines; WHY -->
      The code block after this comment gets the paragraphs of FILE that begin
      with START; with "N lines", only the first N lines of each paragraph.
      <!-- decision table --> ... <!-- end of the decision table --> The text
      between these comments is the output of scripts/decision_table.py.
"""
import re
import sys
from pathlib import Path

import decision_table

REPO = Path(__file__).resolve().parent.parent
QUOTATION = re.compile(
    r'(<!-- verbatim from (\S+?);((?: "[^"]*"[,;]?)*)(?: (\d+) lines)?[^>]*-->'
    r"\n```\w*\n)(.*?)(\n```\n)", re.S)
TABLE = re.compile(r"(<!-- decision table[^>]*-->\n).*?"
                   r"(<!-- end of the decision table -->)", re.S)


def paragraph(file, start, count):
    lines = (REPO / file).read_text("utf-8").splitlines()
    for first, line in enumerate(lines):
        if line.startswith(start):
            break
    else:
        sys.exit(f'quote_results.py: {file}: no line begins with "{start}"; '
                 "change the comment above the quotation")
    last = first
    while last < len(lines) and lines[last].strip():
        last += 1
    return "\n".join(lines[first:last][:count])


def filled(text):
    def quote(match):
        head, file, starts, count, _, tail = match.groups()
        if not starts:
            return head + (REPO / file).read_text("utf-8").rstrip("\n") + tail
        return head + "\n\n".join(
            paragraph(file, start, int(count) if count else None)
            for start in re.findall(r'"([^"]*)"', starts)) + tail

    def decide(match):
        rows = decision_table.table(REPO / "results")
        return match[1] + "\n".join(rows) + "\n" + match[2]

    return TABLE.sub(decide, QUOTATION.sub(quote, text))


def main(words):
    check = words[:1] == ["--check"]
    stale = 0
    for page in map(Path, words[check:]):
        old = page.read_text("utf-8")
        new = filled(old)
        if new == old:
            continue
        if check:
            print(f"{page} is not up to date with the files that it quotes; run make docs")
            stale = 1
        else:
            page.write_text(new, "utf-8")
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
