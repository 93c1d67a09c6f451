/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the rows of a comparison and the kind of test that the data allow. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "metrics.h"
#include "names.h"
#include "rank_sum.h"
#include "signed_rank.h"

const char *const outcome_names[OUTCOMES] = {
	"faster", "slower",	  "higher",	"lower",
	"same",	  "inconclusive", "no verdict", "drift",
};

const char *const mode_names[] = { "paired", "sessions", "descriptive" };

static bool has_known_window(const struct observed_cell *cell)
{
	return record_has(&cell->factors, COLUMN_duration_ns);
}

/* A candidate cell that equals the baseline cell, except that the planned
 * length of the window is known for only one of the two. */
static uint32_t find_similar(const struct dataset *set, uint32_t base)
{
	static const int except[] = { COLUMN_duration_ns };

	for (uint32_t i = 0; i < dataset_cells(set); i++) {
		const struct observed_cell *cell = &set->cells[i];

		if (cell->on[SIDE_CANDIDATE].count &&
		    !cell->on[SIDE_BASELINE].count &&
		    has_known_window(cell) !=
			    has_known_window(&set->cells[base]) &&
		    record_same_cell(&cell->factors, &set->cells[base].factors,
				     except, 1))
			return i;
	}
	return UINT32_MAX;
}

static void keep_unmatched(struct comparison_unmatched *unmatched,
			   uint32_t cell, size_t cells)
{
	if (!unmatched->cells)
		unmatched->cells = calloc(cells, sizeof(*unmatched->cells));
	if (!unmatched->cells)
		abort();
	unmatched->cells[unmatched->count++] = cell;
}

static void add_match(struct comparison *comparison, uint32_t base,
		      uint32_t new)
{
	comparison_add_row(comparison, base, new)->control = cell_is_control(
		&comparison->set->cells[new].factors);
}

/* Cells with verified data on both sides become rows. */
static void match(struct comparison *comparison)
{
	const struct dataset *set = comparison->set;
	uint32_t cells = (uint32_t)dataset_cells(set);
	bool *taken = calloc(cells + 1, sizeof(*taken));

	if (!taken)
		abort();
	for (uint32_t i = 0; i < cells; i++) {
		const struct cell_side *base = &set->cells[i].on[SIDE_BASELINE];
		const struct cell_side *new = &set->cells[i].on[SIDE_CANDIDATE];
		uint32_t similar = UINT32_MAX;

		comparison->unverified += base->unverified + new->unverified;
		comparison->unmeasured += base->unmeasured + new->unmeasured;
		if (base->count && new->count) {
			add_match(comparison, i, i);
		} else if (base->count) {
			similar = find_similar(set, i);
			if (similar != UINT32_MAX && !taken[similar]) {
				taken[similar] = true;
				add_match(comparison, i, similar);
			} else {
				keep_unmatched(
					&comparison->unmatched[SIDE_BASELINE],
					i, cells);
			}
		}
	}
	for (uint32_t i = 0; i < cells; i++)
		if (set->cells[i].on[SIDE_CANDIDATE].count &&
		    !set->cells[i].on[SIDE_BASELINE].count && !taken[i])
			keep_unmatched(&comparison->unmatched[SIDE_CANDIDATE],
				       i, cells);
	free(taken);
}

/* Divides the family-wise error rate by the number of tests (Bonferroni). */
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

/* Whether an observation of the cell is from another host than the others.
 * NULL: no observation yet. */
static bool is_of_another(const struct dataset *set, uint32_t cell,
			  enum side_name side, const char **host)
{
	size_t count;
	const struct datum *data = dataset_data(set, cell, side, &count);

	for (size_t i = 0; i < count; i++) {
		const struct moment *moment = &set->moments[data[i].when];
		const char *own = set->origins[moment->origin].host;

		if (*host && strcmp(*host, own) != 0)
			return true;
		*host = own;
	}
	return false;
}

/* Whether a row compares observations of several hosts. */
static bool hosts_differ(const struct comparison *comparison)
{
	const struct dataset *set = comparison->set;

	if (comparison->options->factor >= 0)
		return comparison->options->factor == COLUMN_host;
	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_row *row = &comparison->rows[i];
		const char *host = NULL;

		if (is_of_another(set, row->baseline_cell, SIDE_BASELINE,
				  &host) ||
		    is_of_another(set, row->candidate_cell,
				  comparison->candidate_side, &host))
			return true;
	}
	return false;
}

static bool has_pairs(const struct comparison *comparison)
{
	bool found = false;

	for (size_t i = 0; i < comparison->count && !found; i++) {
		struct pairs pairs;

		pairs_make(comparison->set, comparison->rows[i].baseline_cell,
			   SIDE_BASELINE, comparison->rows[i].candidate_cell,
			   comparison->candidate_side, &pairs);
		found = pairs.count + pairs.apart > 0;
		pairs_free(&pairs);
	}
	return found;
}

/* The sessions of a side. The caller frees them. */
static uint32_t *sessions_on(const struct dataset *set, enum side_name side,
			     size_t *count)
{
	uint32_t *sessions = calloc(set->session_count + 1, sizeof(*sessions));

	if (!sessions)
		abort();
	*count = 0;
	for (uint32_t s = 0; s < set->session_count; s++)
		for (size_t i = 0; i < set->origin_count; i++)
			if (set->origins[i].on[side] &&
			    set->origins[i].session == s) {
				sessions[(*count)++] = s;
				break;
			}
	return sessions;
}

static enum obstacle session_obstacle(const struct comparison *comparison)
{
	const struct dataset *set = comparison->set;
	size_t bases, news;
	uint32_t *base = sessions_on(set, SIDE_BASELINE, &bases);
	uint32_t *new = sessions_on(set, SIDE_CANDIDATE, &news);
	enum obstacle obstacle = OBSTACLE_NONE;

	for (size_t i = 0; i < bases; i++)
		for (size_t j = 0; j < news; j++)
			if (base[i] == new[j])
				obstacle = OBSTACLE_SAME;
	/* One session on each side cannot alternate. */
	if (obstacle == OBSTACLE_NONE &&
	    (bases + news <= 2 ||
	     !sessions_alternate(set, base, bases, new, news)))
		obstacle = OBSTACLE_ORDER;
	if (obstacle == OBSTACLE_NONE &&
	    rank_sum_least_p(bases, news) > comparison->level * (1 + 1e-9))
		obstacle = OBSTACLE_SESSIONS;
	free(base);
	free(new);
	return obstacle;
}

/*
 * Between two sessions the machine can drift as much as the differences that a
 * comparison looks for. Drift affects both sides equally only if they share
 * rounds or if their sessions alternate.
 */
static void choose_mode(struct comparison *comparison)
{
	comparison->mode = MODE_PAIRED;
	comparison->needed = pairs_needed(comparison->level);
	if (hosts_differ(comparison)) {
		comparison->obstacle = OBSTACLE_HOSTS;
	} else if (comparison->options->factor >= 0 || has_pairs(comparison)) {
		return;
	} else {
		comparison->needed = samples_needed(comparison->level);
		comparison->obstacle = session_obstacle(comparison);
	}
	comparison->mode = comparison->obstacle ? MODE_DESCRIPTIVE
						: MODE_SESSIONS;
}

static int row_order(const void *a, const void *b, void *arg)
{
	const struct comparison_row *left = a, *right = b;
	const struct comparison *comparison = arg;
	const struct dataset *set = comparison->set;
	const struct record *l = &set->cells[left->candidate_cell].factors;
	const struct record *r = &set->cells[right->candidate_cell].factors;
	int order = strcmp(record_text(l, COLUMN_scenario),
			   record_text(r, COLUMN_scenario));

	if (!order)
		order = comparison_metric(comparison, left) -
			comparison_metric(comparison, right);
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
		.candidate_side = options->factor < 0 ? SIDE_CANDIDATE
						      : SIDE_BASELINE,
	};
	dataset_sort(set);
	if (options->factor < 0)
		match(comparison);
	else if (by_factor_make(comparison, fault) != 0)
		return -1;
	if (comparison->count)
		qsort_r(comparison->rows, comparison->count,
			sizeof(*comparison->rows), row_order, comparison);
	for (size_t i = 0; i < comparison->count; i++)
		judge_medians(comparison, &comparison->rows[i]);
	set_level(comparison);
	choose_mode(comparison);
	judge_rows(comparison);
	return 0;
}

int comparison_metric(const struct comparison *comparison,
		      const struct comparison_row *row)
{
	return metric_column(
		comparison->options->metric,
		&comparison->set->cells[row->candidate_cell].factors);
}

int comparison_common_metric(const struct comparison *comparison)
{
	int metric = comparison->options->metric;

	for (size_t i = 0; i < comparison->count; i++) {
		int own = comparison_metric(comparison, &comparison->rows[i]);

		if (i && own != metric)
			return METRIC_OBJECTIVE;
		metric = own;
	}
	return metric;
}

bool comparison_can_judge(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->count; i++)
		if (!isnan(comparison->rows[i].p_adjusted) &&
		    !isnan(comparison->rows[i].detectable))
			return true;
	return false;
}

void comparison_free(struct comparison *comparison)
{
	free(comparison->rows);
	free(comparison->leads);
	for (int s = 0; s < SIDES; s++)
		free(comparison->unmatched[s].cells);
	memset(comparison, 0, sizeof(*comparison));
}
