# SPDX-License-Identifier: BSD-2-Clause
"""Computes golden values with ties by scipy's permutation tests.

For tests/unit/stats_golden_test.c. Debian 12: python3-scipy 1.10.1-2. Run it
with: /usr/bin/python3 tests/golden/statistics.py
"""
import numpy as np
from scipy import stats

tied = np.array([3, -1, 2, 2, 5, -2, 4, 1, 1, 3, -3, 2])
ranks = stats.rankdata(abs(tied))
print("signed rank of tied:", ranks[tied > 0].sum(), stats.permutation_test(
    (ranks * np.sign(tied),), lambda x, axis: np.sum(x, axis=axis),
    permutation_type="samples", n_resamples=np.inf, vectorized=True,
    alternative="two-sided").pvalue)
ta, tb = [1, 2, 2, 3, 3, 4], [2, 3, 4, 4, 5, 6, 6]
print("rank sum of ties:", stats.permutation_test(
    (ta, tb), lambda a, b: stats.rankdata(np.concatenate([a, b]))[6:].sum()
    - 28, n_resamples=np.inf, alternative="two-sided").pvalue,
    stats.mannwhitneyu(tb, ta).statistic)
