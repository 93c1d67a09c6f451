/* SPDX-License-Identifier: BSD-2-Clause */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell_flags.h"

enum {
	EXACT_MAX = 50, /* largest number of values for the exact trend test */
};

/* Smallest distance of two modes, and of a slow first round from the other
 * rounds: 5 %. This limit applies even if the values vary less. */
#define CLOSE (log(1.05))
/* A mode contains at least a quarter of the rounds. */
#define HUMP_SHARE  0.25
#define TREND_ALPHA 0.01
/* An outlier is at least this many median absolute deviations away from the
 * median. */
#define FAR 8.0

/* clang-format off */
const struct flag known_flags[] = {
	{ "oversubscribed", "the cell has more threads than CPUs", false },
	{ "preempted", "other threads had the CPUs for more than 1 % of the "
		       "window while the threads of the observation were "
		       "ready", false },
	{ "stolen", "a thread that never slept was neither running nor ready for more than 1 % of the window; probably the hypervisor paused its CPU", false },
	{ "steal", "the kernel counted more than 1 % of the window as stolen by the hypervisor", false },
	{ "throttled", "a CPU quota (cgroup) stopped the threads", false },
	{ "migrated", "unpinned threads moved to another CPU", false },
	{ "page_faults", "page faults happened in the window", false },
	{ "too_short", "fewer than 100 messages, or threads that share a CPU had fewer than 25 time slices", false },
	{ "few_laps", "fewer messages than 64 times the capacity of the queues", false },
	{ "overrun", "the window was more than 5 % and more than 4 ms longer than planned", false },
	{ "disturbed", "threads did not get their CPUs, the window was too long, or the core distance changed; the cell was measured again", false },
	{ "moved", "the core distances before and after the window are of different classes", false },
	{ "capacity_rounded", "the usable capacity differs from the requested capacity", false },
	{ "not_fifo", "not FIFO here: with several threads on a side, the backend promises no order, so only completeness was verified", false },
	{ "stalled", "no message was popped at the end of the window", false },
	{ "starved", "a thread moved less than 1/8 of an equal share of the messages", false },
	{ "leaks", "the backend did not release all memory or files", false },
	{ "waits_exceed_elapsed", "the sum of waiting times exceeds the elapsed time", false },
	{ "cpu_exceeds_elapsed", "the CPU time exceeds the elapsed time", false },
	{ "superseded", "the round was interrupted, and --resume measured it again", false },
	{ "two_humps", "bimodal: most rounds are near one of two values", true },
	{ "drifting", "the values rise or fall over the rounds, p < 0.01", true },
	{ "slow_first", "the first round is much slower than all others", true },
	{ NULL, NULL, false },
};
/* clang-format on */

/* Sum of the distances of sorted values from their median. */
static double deviations(const double *sorted, size_t count)
{
	double median = gsl_stats_median_from_sorted_data(sorted, 1, count);
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += fabs(sorted[i] - median);
	return sum;
}

/*
 * Finds a bimodal distribution. Cuts the sorted logarithms at the widest gap
 * that leaves a quarter of the values on each side. Compares the gap with the
 * mean distance of the values from the median of their side. Unimodal samples
 * have wide gaps, too, and small samples have the widest. Therefore the limit
 * of gap / mean distance is 60 / count. 1 % of uniform samples exceed this
 * limit. The uniform distribution is the unimodal distribution that is hardest
 * to distinguish from a bimodal one (Hartigan and Hartigan's dip test, Annals
 * of Statistics 13, 1985; the cut is from Engelman and Hartigan, JASA 64,
 * 1969). tests/unit/cell_flags_test.c checks this share of 1 %.
 */
static bool has_two_humps(const double *sorted, size_t count)
{
	size_t least = (size_t)ceil(HUMP_SHARE * (double)count);
	double limit = fmax(60.0 / (double)count, 3);
	double gap = 0, inside;
	size_t cut = least;

	for (size_t i = least; i <= count - least; i++) {
		if (sorted[i] - sorted[i - 1] <= gap)
			continue;
		gap = sorted[i] - sorted[i - 1];
		cut = i;
	}
	inside = deviations(sorted, cut) +
		 deviations(sorted + cut, count - cut);
	return gap > CLOSE && gap > limit * inside / (double)(count - 2);
}

/* Compares the first value with the median and the median absolute deviation of
 * the other values. */
static bool is_slow_first(const double *values, size_t count)
{
	double *rest = calloc(count, sizeof(*rest));
	double median, deviation, below;
	size_t others = count - 1;

	if (!rest)
		abort();
	memcpy(rest, values + 1, others * sizeof(*rest));
	gsl_sort(rest, 1, others);
	median = gsl_stats_median_from_sorted_data(rest, 1, others);
	below = rest[0] > values[0] ? median - values[0] : 0;
	for (size_t i = 0; i < others; i++)
		rest[i] = fabs(rest[i] - median);
	gsl_sort(rest, 1, others);
	deviation = gsl_stats_median_from_sorted_data(rest, 1, others);
	free(rest);
	return below > CLOSE && below > FAR * deviation;
}

/*
 * Share of the permutations of `count` values that have at most `most`
 * inversions. A new value adds 0 to `size` inversions with equal probability
 * (Kendall 1938).
 */
static double inversions_p(size_t count, size_t most)
{
	double share[EXACT_MAX * EXACT_MAX / 2] = { 1 };
	double next[EXACT_MAX * EXACT_MAX / 2];
	size_t reach = 0;
	double sum = 0;

	for (size_t size = 1; size < count; size++) {
		double window = 0;

		reach += size;
		for (size_t i = 0; i <= reach; i++) {
			window += share[i];
			window -= i > size ? share[i - size - 1] : 0;
			next[i] = window / (double)(size + 1);
		}
		memcpy(share, next, (reach + 1) * sizeof(*share));
	}
	for (size_t i = 0; i <= most && i <= reach; i++)
		sum += share[i];
	return sum;
}

/* Ties count as neither rising nor falling. They make |S| smaller and p larger,
 * so a tie never causes a false trend. */
double trend_p(const double *values, size_t count)
{
	double n = (double)count, s, p;
	long balance = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			balance += (values[j] > values[i]) -
				   (values[j] < values[i]);
	s = labs(balance);
	if (count > EXACT_MAX)
		p = 2 * gsl_cdf_ugaussian_Q(
				(s - 1) / sqrt(n * (n - 1) * (2 * n + 5) / 18));
	else
		p = 2 *
		    inversions_p(count, (size_t)((n * (n - 1) / 2 - s) / 2));
	return p < 1 ? p : 1;
}

unsigned cell_flags_of(const double *values, size_t count)
{
	double *logs = calloc(count + 1, sizeof(*logs));
	unsigned flags = 0;

	if (!logs)
		abort();
	for (size_t i = 0; i < count; i++)
		logs[i] = log(values[i]);
	if (count >= CELL_FLAG_ROUNDS_MIN) {
		if (trend_p(logs, count) < TREND_ALPHA)
			flags |= CELL_DRIFTING;
		if (is_slow_first(logs, count))
			flags |= CELL_SLOW_FIRST;
		gsl_sort(logs, 1, count);
		if (has_two_humps(logs, count))
			flags |= CELL_TWO_HUMPS;
	}
	free(logs);
	return flags;
}

unsigned cell_flags(const struct group *group)
{
	double *values = calloc(group->count + 1, sizeof(*values));
	size_t count = 0;
	unsigned flags;

	if (!values)
		abort();
	for (size_t i = 0; i < group->count; i++) {
		double value = record_number(group->members[i],
					     COLUMN_throughput_msg_per_s);

		if (value > 0)
			values[count++] = value;
	}
	flags = cell_flags_of(values, count);
	free(values);
	return flags;
}

const char *cell_flag_name(enum cell_flag flag)
{
	if (flag == CELL_TWO_HUMPS)
		return "two_humps";
	return flag == CELL_DRIFTING ? "drifting" : "slow_first";
}

bool cell_has_flag(const struct group *group, const char *name)
{
	unsigned flags = cell_flags(group);

	for (unsigned bit = 1; bit <= CELL_SLOW_FIRST; bit <<= 1)
		if (flags & bit && strcmp(cell_flag_name(bit), name) == 0)
			return true;
	return false;
}
