/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "decision.h"
#include "rivals.h"
#include "signed_rank.h"

/* Family-wise error rate of the comparisons with the best cell. */
#define ALPHA 0.05
/* Cells that cannot be separated and whose medians differ by less than this
 * factor have equal cost; then the other cost decides. */
#define NEAR 1.1

struct ranked {
	const struct candidate *candidate;
	enum goal goal;
	double miss; /* the largest factor by which a limit is exceeded */
};

static const struct spread *costs(const struct candidate *candidate,
				  enum goal goal)
{
	return goal == GOAL_CPU ? &candidate->cpu : &candidate->latency;
}

static double cost(const struct candidate *candidate, enum goal goal)
{
	return costs(candidate, goal)->median;
}

static double miss_of(const struct candidate *candidate,
		      const struct wishes *wishes)
{
	double latency = wishes->latency_ns ? candidate->latency.median /
						      (double)wishes->latency_ns
					    : 0;
	double cpu = wishes->cpu > 0 ? candidate->cpu.median / wishes->cpu : 0;

	return fmax(latency, cpu);
}

static int compare(double a, double b)
{
	return (a > b) - (a < b);
}

/* First the cells that meet the wishes, ordered by their cost. Then the other
 * cells, with the cells first that miss a limit by the least. */
static int by_rank(const void *a, const void *b)
{
	const struct ranked *left = a, *right = b;

	if (left->candidate->fit != right->candidate->fit)
		return left->candidate->fit < right->candidate->fit ? -1 : 1;
	if (left->candidate->fit == FIT_NO && left->miss != right->miss)
		return compare(left->miss, right->miss);
	return compare(cost(left->candidate, left->goal),
		       cost(right->candidate, right->goal));
}

/* What all tests of one ranking have in common. */
struct tests {
	int column;
	double level;
	size_t rounds; /* of the best cell */
};

static struct tests tests_of(const struct ranked *ranked, size_t count,
			     int column)
{
	return (struct tests){
		.column = column,
		.level = ALPHA / (double)(count > 1 ? count - 1 : 1),
		.rounds = ranked[0].candidate->group->count,
	};
}

/*
 * Whether a cell costs less than another one (negative: the left cell does), or
 * 0. The common rounds can be too few for the level, because there are few
 * rounds or because some were disturbed. Then a cell must cost less in every
 * common round.
 */
static int separate(const struct tests *tests, const struct ranked *left,
		    const struct ranked *right)
{
	const struct group *a = left->candidate->group;
	const struct group *b = right->candidate->group;
	size_t common = groups_common_rounds(a, b, tests->column);
	double level = tests->level;

	if (common >= GROUP_ROUNDS_MIN || common == tests->rounds)
		level = fmax(level, 2 * pow(0.5, (double)common) * (1 + 1e-9));
	return groups_differ(a, b, tests->column, level);
}

/* Whether another of the cells costs less by the test. */
static bool is_beaten(const struct tests *tests, const struct ranked *cell,
		      const struct ranked *ranked, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (separate(tests, &ranked[i], cell) < 0)
			return true;
	return false;
}

/*
 * Chooses one of the cells that no test separates. A median that scatters
 * widely is small by chance, so the upper end of the interval decides: it is
 * what the cell costs at most. Of the cells NEAR the smallest upper end, the
 * cell with the smallest other cost is chosen. If the first cell has too few
 * rounds for an interval, medians decide.
 */
static size_t choose(const struct ranked *ranked, size_t count)
{
	enum goal goal = ranked[0].goal;
	bool known = costs(ranked[0].candidate, goal)->has_interval;
	double lowest = INFINITY, least = INFINITY;
	size_t chosen = 0;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < count; i++) {
			const struct candidate *cell = ranked[i].candidate;
			const struct spread *spread = costs(cell, goal);
			double most = known ? spread->high : spread->median;

			if (known && !spread->has_interval)
				continue;
			if (pass == 0) {
				lowest = fmin(lowest, most);
			} else if (most <= NEAR * lowest &&
				   cost(cell, !goal) < least) {
				least = cost(cell, !goal);
				chosen = i;
			}
		}
	return chosen;
}

/*
 * Finds the cells that no test separates from the best cell in the minimised
 * cost. Leaves out a cell if one of the found cells costs less by the test: the
 * values of the best cell may scatter too widely for a test. The best of the
 * found cells comes first; see choose().
 */
static size_t find_equals(struct ranked *ranked, size_t count,
			  const struct candidates *candidates)
{
	enum goal goal = ranked[0].goal;
	struct tests tests = tests_of(ranked, count,
				      goal == GOAL_CPU
					      ? candidates->cpu_column
					      : candidates->latency_column);
	size_t equals = 1, cheapest;

	for (size_t i = 1; i < count; i++) {
		struct ranked moved = ranked[i];

		if (moved.candidate->fit != ranked[0].candidate->fit ||
		    separate(&tests, &ranked[0], &moved))
			continue;
		memmove(&ranked[equals + 1], &ranked[equals],
			(i - equals) * sizeof(*ranked));
		ranked[equals++] = moved;
	}
	for (size_t i = equals; i-- > 1;)
		if (is_beaten(&tests, &ranked[i], ranked, equals)) {
			struct ranked beaten = ranked[i];

			memmove(&ranked[i], &ranked[i + 1],
				(--equals - i) * sizeof(*ranked));
			ranked[equals] = beaten;
		}
	cheapest = choose(ranked, equals);
	if (cheapest) {
		struct ranked best = ranked[cheapest];

		memmove(&ranked[1], &ranked[0], cheapest * sizeof(*ranked));
		ranked[0] = best;
	}
	return equals;
}

static const struct candidate *find_frugal(const struct candidates *candidates,
					   const struct candidate *best)
{
	const struct candidate *frugal = NULL;

	for (size_t i = 0; i < candidates->count; i++) {
		const struct candidate *candidate = &candidates->list[i];

		if (!candidate->obstacle &&
		    candidate->cpu.median <= best->cpu.median / 2 &&
		    (!frugal || candidate->cpu.median < frugal->cpu.median))
			frugal = candidate;
	}
	return frugal;
}

static bool is_named(const struct decision *decision,
		     const struct candidate *candidate)
{
	for (size_t i = 0; i < decision->equal_count && i < DECISION_EQUALS_MAX;
	     i++)
		if (decision->equals[i] == candidate)
			return true;
	return candidate == decision->second || candidate == decision->frugal;
}

/* Finds the worst cells: first cells that do not carry the load, then cells
 * with a higher latency and a higher CPU time than the best cell. */
static void find_worst(struct decision *decision,
		       const struct candidates *candidates)
{
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < candidates->count; i++) {
			const struct candidate *candidate =
				&candidates->list[i];
			bool is_worse =
				round == 0
					? candidate->obstacle == OBSTACLE_RATE
					: !candidate->obstacle &&
						  candidate->latency.median >
							  2 * decision->best
									  ->latency
									  .median &&
						  candidate->cpu.median >
							  2 * decision->best
									  ->cpu
									  .median;

			if (is_worse && !is_named(decision, candidate) &&
			    decision->avoid_count < DECISION_AVOID_MAX)
				decision->avoid[decision->avoid_count++] =
					candidate;
		}
}

void decision_make(struct decision *decision,
		   const struct candidates *candidates,
		   const struct wishes *wishes)
{
	struct ranked *ranked = calloc(candidates->count + 1, sizeof(*ranked));
	size_t count = 0, equals;

	if (!ranked)
		abort();
	*decision = (struct decision){
		.goal = wishes->latency_ns && wishes->cpu <= 0 ? GOAL_CPU
							       : GOAL_LATENCY,
	};
	for (size_t i = 0; i < candidates->count; i++)
		if (!candidates->list[i].obstacle)
			ranked[count++] = (struct ranked){
				.candidate = &candidates->list[i],
				.goal = decision->goal,
				.miss = miss_of(&candidates->list[i], wishes),
			};
	if (count) {
		qsort(ranked, count, sizeof(*ranked), by_rank);
		equals = ranked[0].candidate->fit == FIT_NO
				 ? 1
				 : find_equals(ranked, count, candidates);
		decision->best = ranked[0].candidate;
		decision->fits = decision->best->fit != FIT_NO;
		if (decision->best->group->count <
		    pairs_needed(ALPHA / (double)count))
			decision->needed = pairs_needed(ALPHA / (double)count);
		decision->sure = decision->best->fit == FIT_YES &&
				 decision->best->group->count >=
					 GROUP_ROUNDS_MIN;
		for (size_t i = 1; i < equals && i <= DECISION_EQUALS_MAX; i++)
			decision->equals[i - 1] = ranked[i].candidate;
		decision->equal_count = equals - 1;
		if (equals < count)
			decision->second = ranked[equals].candidate;
		decision->frugal = find_frugal(candidates, decision->best);
		find_worst(decision, candidates);
	}
	free(ranked);
}
