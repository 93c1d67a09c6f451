/* SPDX-License-Identifier: BSD-2-Clause */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell_flags.h"

enum {
	EXACT_MAX = 50, /* values of an exact trend test */
};

/* Differences below 5 % are neither two modes nor a slow first round, even if
 * the noise is much smaller. */
#define CLOSE (log(1.05))
/* Each mode must contain at least a quarter of the rounds. */
#define HUMP_SHARE  0.25
#define TREND_ALPHA 0.01
/* An outlier is more than this number of median deviations from the median. */
#define FAR 8.0

/* clang-format off */
const struct flag known_flags[] = {
	{ "oversubscribed", "more threads than CPUs, as planned", false },
	{ "preempted", "ready threads waited for a CPU, > 1 %", false },
	{ "stolen", "time lost to nobody: the hypervisor", false },
	{ "steal", "the hypervisor's ticks, > 1 %", false },
	{ "throttled", "stopped by a CPU quota", false },
	{ "migrated", "unpinned threads changed CPU", false },
	{ "page_faults", "memory faulted in in the window", false },
	{ "too_short", "< 100 messages, or < 25 turns", false },
	{ "few_laps", "messages < 64 times the capacity", false },
	{ "overrun", "window longer than planned, > 5 % and 4 ms", false },
	{ "capacity_rounded", "not the capacity that was asked", false },
	{ "stalled", "no message passed at the end of the window", false },
	{ "starved", "a thread got < 1/8 of its fair share", false },
	{ "leaks", "memory or files that were not given back", false },
	{ "waits_exceed_elapsed", "waits too long", false },
	{ "cpu_exceeds_elapsed", "CPU time too long", false },
	{ "superseded", "cut off, and measured again", false },
	{ "two_humps", "rounds fall into two groups", true },
	{ "drifting", "rounds rise or fall, p < 0.01", true },
	{ "slow_first", "the first round is by far the slowest", true },
	{ NULL, NULL, false },
};
/* clang-format on */

/* Sum of the distances to the median of sorted values. */
static double deviations(const double *sorted, size_t count)
{
	double median = gsl_stats_median_from_sorted_data(sorted, 1, count);
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += fabs(sorted[i] - median);
	return sum;
}

/*
 * Whether the values are bimodal. Cuts the sorted logarithms at the widest gap
 * that leaves a quarter of the values on each side (Engelman and Hartigan, JASA
 * 64, 1969), and compares the gap with the mean distance of the values from the
 * median of their side. A sample with one mode has gaps, too; they are wider if
 * the sample is small. Therefore the limit is 60 / count, which 1 % of uniform
 * samples exceed. The uniform distribution is the unimodal distribution that is
 * hardest to distinguish from a bimodal one (Hartigan and Hartigan's dip test,
 * Annals of Statistics 13, 1985). tests/unit/cell_flags_test.c checks the 1 %.
 */
static bool is_bimodal(const double *sorted, size_t count)
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

/* Whether the first value is far below the median of the other values, measured
 * in median deviations. */
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
 * The share of permutations of `count` values that have at most `most`
 * inversions. Adding a value to `size` values adds 0 to `size` inversions with
 * equal probability (Kendall 1938).
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

/* A tie counts as neither rise nor fall, so |S| is smaller and p is larger:
 * ties cause no false trend. */
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
		if (is_bimodal(logs, count))
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
