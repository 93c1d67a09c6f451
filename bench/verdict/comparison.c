/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "names.h"
#include "rank_sum.h"
#include "registry.h"
#include "signed_rank.h"

const char *const outcome_names[OUTCOMES] = {
	"faster",     "slower",	     "same",  "inconclusive",
	"unverified", "descriptive", "drift",
};

const char *const mode_names[] = { "paired", "sessions", "unpaired",
				   "descriptive" };

bool cell_is_control(const struct record *factors)
{
	return registry_is_floor(record_text(factors, COLUMN_backend));
}

bool cell_is_foreign(const struct record *factors)
{
	struct contender contender;

	return registry_find_contender(record_text(factors, COLUMN_backend),
				       &contender) &&
	       contender.external;
}

struct comparison_row *comparison_add_row(struct comparison *comparison,
					  uint32_t base_cell, uint32_t new_cell)
{
	size_t count = comparison->count;
	struct comparison_row *row;

	if ((count & (count - 1)) == 0) {
		comparison->rows = realloc(comparison->rows,
					   (count ? 2 * count : 1) *
						   sizeof(*row));
		if (!comparison->rows)
			abort();
	}
	row = &comparison->rows[comparison->count++];
	*row = (struct comparison_row){
		.base_cell = base_cell,
		.new_cell = new_cell,
		.ratio = NAN,
		.low = NAN,
		.high = NAN,
		.p = NAN,
		.p_adjusted = NAN,
		.visible = NAN,
		.inner_low = NAN,
		.inner_high = NAN,
	};
	return row;
}

/* Cells with verified data on both sides become rows. */
static void match(struct comparison *comparison)
{
	const struct dataset *set = comparison->set;

	for (uint32_t i = 0; i < dataset_cells(set); i++) {
		const struct subject *cell = &set->cells[i];
		const struct portion *base = &cell->on[SIDE_BASE];
		const struct portion *new = &cell->on[SIDE_NEW];

		comparison->unverified += base->unverified + new->unverified;
		comparison->unmeasured += base->unmeasured + new->unmeasured;
		if (base->count && new->count)
			comparison_add_row(comparison, i, i)->control =
				cell_is_control(&cell->factors);
		comparison->only_base += base->count && !new->count;
		comparison->only_new += new->count && !base->count;
	}
}

/* The families' size decides how strict each test is. */
static void set_level(struct comparison *comparison)
{
	comparison->family = 0;
	for (size_t i = 0; i < comparison->count; i++)
		comparison->family += !comparison->rows[i].control &&
				      !comparison->rows[i].note;
	comparison->level = comparison->options->alpha;
	if (comparison->options->adjust && comparison->family)
		comparison->level /= (double)comparison->family;
}

static bool hosts_differ(const struct dataset *set)
{
	const char *host = NULL;

	for (size_t i = 0; i < set->origin_count; i++) {
		const struct origin *origin = &set->origins[i];

		if (!origin->on[SIDE_BASE] && !origin->on[SIDE_NEW])
			continue;
		if (host && strcmp(host, origin->host) != 0)
			return true;
		host = origin->host;
	}
	return false;
}

static size_t count_pairs(const struct comparison *comparison)
{
	size_t most = 0;

	for (size_t i = 0; i < comparison->count; i++) {
		struct pairs pairs;

		pairs_make(comparison->set, comparison->rows[i].base_cell,
			   SIDE_BASE, comparison->rows[i].new_cell,
			   comparison->new_side, &pairs);
		most = pairs.count > most ? pairs.count : most;
		free(pairs.logs);
	}
	return most;
}

static void choose_mode(struct comparison *comparison)
{
	const struct dataset *set = comparison->set;
	size_t bases = dataset_sessions(set, SIDE_BASE);
	size_t news = dataset_sessions(set, SIDE_NEW);
	size_t pairs = count_pairs(comparison);
	char *why = comparison->why;

	comparison->needed = samples_needed(comparison->level);
	if (hosts_differ(set)) {
		comparison->mode = MODE_DESCRIPTIVE;
		snprintf(why, WHY_MAX,
			 "the observations come from different hosts");
	} else if (pairs > 0) {
		comparison->mode = MODE_PAIRED;
		comparison->needed = pairs_needed(comparison->level);
		snprintf(why, WHY_MAX,
			 "both sides share sessions and rounds, up to %zu "
			 "pairs a cell",
			 pairs);
	} else if (rank_sum_least_p(bases, news) <=
		   comparison->level * (1 + 1e-9)) {
		comparison->mode = MODE_SESSIONS;
		snprintf(why, WHY_MAX,
			 "no session is shared, and %zu against %zu sessions "
			 "are enough for %zu rows",
			 bases, news, comparison->family);
	} else {
		comparison->mode = MODE_UNPAIRED;
		snprintf(why, WHY_MAX,
			 "no session is shared, and %zu against %zu sessions "
			 "are too few for %zu rows: %zu a side would do",
			 bases, news, comparison->family, comparison->needed);
	}
}

static void judge_rows(struct comparison *comparison)
{
	static void (*const judges[])(struct comparison *,
				      struct comparison_row *) = {
		[MODE_PAIRED] = judge_paired,
		[MODE_SESSIONS] = judge_sessions,
		[MODE_UNPAIRED] = judge_unpaired,
		[MODE_DESCRIPTIVE] = judge_described,
	};

	comparison->identical = comparison->mode == MODE_PAIRED;
	for (size_t i = 0; i < comparison->count; i++) {
		struct comparison_row *row = &comparison->rows[i];

		if (row->note)
			judge_described(comparison, row);
		else
			judges[comparison->mode](comparison, row);
	}
	judge_verdicts(comparison);
}

static int row_order(const void *a, const void *b, void *arg)
{
	const struct comparison_row *left = a, *right = b;
	const struct dataset *set = arg;
	const struct record *l = &set->cells[left->new_cell].factors;
	const struct record *r = &set->cells[right->new_cell].factors;
	int order = strcmp(record_text(l, COLUMN_scenario),
			   record_text(r, COLUMN_scenario));

	if (!order)
		order = left->control - right->control;
	return order ? order : cell_compare(l, r);
}

int comparison_make(struct comparison *comparison, struct dataset *set,
		    const struct comparison_options *options,
		    struct fault *fault)
{
	*comparison = (struct comparison){
		.options = options,
		.set = set,
		.new_side = options->factor < 0 ? SIDE_NEW : SIDE_BASE,
	};
	dataset_sort(set);
	if (options->factor < 0)
		match(comparison);
	else if (by_factor_make(comparison, fault) != 0)
		return -1;
	if (comparison->count)
		qsort_r(comparison->rows, comparison->count,
			sizeof(*comparison->rows), row_order, set);
	for (size_t i = 0; i < comparison->count; i++)
		judge_medians(comparison, &comparison->rows[i]);
	set_level(comparison);
	if (options->factor < 0) {
		choose_mode(comparison);
	} else {
		comparison->mode = MODE_PAIRED;
		comparison->needed = pairs_needed(comparison->level);
	}
	if (comparison->mode == MODE_UNPAIRED)
		history_add(set, set->sides[SIDE_NEW].name);
	judge_rows(comparison);
	return 0;
}

void comparison_free(struct comparison *comparison)
{
	free(comparison->rows);
	free(comparison->leads);
	memset(comparison, 0, sizeof(*comparison));
}
