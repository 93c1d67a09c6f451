/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "contest.h"
#include "names.h"
#include "registry.h"
#include "rivals.h"
#include "signed_rank.h"

/* Family-wise error rate of the comparisons with the best cell. */
#define ALPHA 0.05

/* Whether the cell takes part in a contest. */
static bool takes_part(const struct group *group)
{
	const struct record *row = group->example;
	struct backend_choice choice = { 0 };

	registry_find_choice(record_text(row, COLUMN_backend), &choice);
	return group->count > 0 && choice.backend &&
	       !registry_is_not_a_queue(choice.id) &&
	       objective_of(row) ==
		       usual_objective(record_text(row, COLUMN_scenario)) &&
	       group_spread(group, objective_of(row)).count > 0 &&
	       group->represents_cell;
}

/*
 * Queues without a capacity compete with queues of the usual capacity. A plan
 * may measure some cells in longer windows than their rivals; it contains no
 * cell with two lengths.
 */
static bool are_rivals(const struct group *a, const struct group *b)
{
	static const int except[] = { COLUMN_backend, COLUMN_wait,
				      COLUMN_duration_ns, COLUMN_capacity };
	bool usual = name_is_default(a->example, COLUMN_capacity) &&
		     name_is_default(b->example, COLUMN_capacity);

	return group_same_but(a, b, except, usual ? 4 : 3);
}

static int by_median(const void *a, const void *b, void *column)
{
	const struct group *const *left = a, *const *right = b;
	int objective = *(const int *)column;
	double l = group_spread(*left, objective).median;
	double r = group_spread(*right, objective).median;
	int order = (l > r) - (l < r);

	return results_schema.columns[objective].better == BETTER_LOWER
		       ? order
		       : -order;
}

/* Counts the rivals of a group that come after this group. */
static size_t rivals_of(const struct groups *groups, const bool *in,
			const struct group *group, const struct group **rivals)
{
	size_t count = 0;

	for (size_t i = 0; i < groups->count; i++) {
		const struct group *other = &groups->groups[i];

		if (!in[i] || !are_rivals(group, other))
			continue;
		if (other < group)
			return 0;
		rivals[count++] = other;
	}
	return count;
}

/* Moves the cells that cannot be separated from the best cell directly behind
 * the best cell. */
static void separate(struct contest *contest, double level)
{
	const struct group **ranked = contest->ranked;

	for (size_t i = 1; i < contest->count; i++) {
		const struct group *moved = ranked[i];
		struct estimate ratio = groups_ratio(ranked[0], moved,
						     contest->objective, level);

		if (ratio.has_interval && (ratio.low > 1 || ratio.high < 1))
			continue;
		memmove(&ranked[contest->equals + 2],
			&ranked[contest->equals + 1],
			(i - contest->equals - 1) * sizeof(*ranked));
		ranked[++contest->equals] = moved;
	}
}

/* Leaves out the cells with fewer rounds than needed. If fewer than two cells
 * remain, all of them need more rounds. */
static void keep_long(struct contest *contest, size_t needed)
{
	size_t kept = 0;

	for (size_t i = 0; i < contest->count; i++)
		kept += contest->ranked[i]->count >= needed;
	if (kept < 2) {
		contest->needed = needed;
		return;
	}
	contest->short_cells = contest->count - kept;
	kept = 0;
	for (size_t i = 0; i < contest->count; i++)
		if (contest->ranked[i]->count >= needed)
			contest->ranked[kept++] = contest->ranked[i];
	contest->count = kept;
}

static void judge(struct contest *contest)
{
	double level = ALPHA / (double)(contest->count - 1);
	size_t needed = pairs_needed(level);

	keep_long(contest, needed);
	if (contest->needed)
		return;
	separate(contest, level);
	if (contest->equals + 1 == contest->count)
		return;
	contest->lead = groups_ratio(contest->ranked[0],
				     contest->ranked[contest->equals + 1],
				     contest->objective, level);
}

void contest_find(struct contest *contest, const struct run *run)
{
	const struct groups *groups = &run->groups;
	const struct group **rivals = calloc(groups->count + 1,
					     sizeof(*rivals));
	bool *in = calloc(groups->count + 1, sizeof(*in));

	*contest = (struct contest){
		.ranked = calloc(groups->count + 1, sizeof(*contest->ranked)),
	};
	if (!rivals || !in || !contest->ranked)
		abort();
	for (size_t i = 0; i < groups->count; i++)
		in[i] = takes_part(&groups->groups[i]);
	for (size_t i = 0; i < groups->count; i++) {
		size_t count;

		if (!in[i])
			continue;
		count = rivals_of(groups, in, &groups->groups[i], rivals);
		contest->contests += count > 1;
		if (count < 2 || count <= contest->count)
			continue;
		contest->count = count;
		memcpy(contest->ranked, rivals, count * sizeof(*rivals));
	}
	free(in);
	free(rivals);
	if (!contest->count)
		return;
	contest->objective = objective_of(contest->ranked[0]->example);
	qsort_r(contest->ranked, contest->count, sizeof(*contest->ranked),
		by_median, &contest->objective);
	judge(contest);
}

void contest_free(struct contest *contest)
{
	free(contest->ranked);
	memset(contest, 0, sizeof(*contest));
}
