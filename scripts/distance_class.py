# SPDX-License-Identifier: BSD-2-Clause
"""Selects observations at one core distance; docs/methodology.md explains it."""

FACTOR = 1.35  # between the distances of two classes, at least
SHARE = 0.05  # of the distances in each class, at least


def distances(row):
    """The core distances before and after the window, where known."""
    return [float(row[name]) for name in ("line_before_ns", "line_after_ns")
            if row.get(name)]


def classes(values, few):
    """Divides sorted distances into classes of at least `few` members."""
    gaps = [(after / before, i + 1) for i, (before, after)
            in enumerate(zip(values, values[1:]))
            if few <= i + 1 <= len(values) - few]
    if not gaps or max(gaps)[0] < FACTOR:
        return [values]
    cut = max(gaps)[1]
    return classes(values[:cut], few) + classes(values[cut:], few)


def _select(rows, choose):
    known = {}
    for row in rows:
        known.setdefault(row["placement"], []).extend(distances(row))
    for place, values in known.items():
        known[place] = choose(classes(sorted(values), len(values) * SHARE))
    return [row for row in rows
            if all(known[row["placement"]][0] <= distance <=
                   known[row["placement"]][-1] for distance in distances(row))]


def most_frequent(rows):
    """The rows of the most frequent class in each placement, and the rows
    without a distance."""
    return _select(rows, lambda found: max(found, key=len))


def smallest(rows):
    """The rows of the class with the smallest distances in each placement, and
    the rows without a distance."""
    return _select(rows, lambda found: found[0])
