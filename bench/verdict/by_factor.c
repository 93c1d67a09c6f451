/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Comparison within one run: cells that differ only in the chosen factor form a
 * group. The cell with the baseline value is the baseline of its group; each
 * other cell is a candidate and becomes a row. In each group the best cell is
 * also compared with the second-best cell.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "metrics.h"
#include "names.h"
#include "quantiles.h"
#include "signed_rank.h"
#include "text.h"

struct grouping {
	struct comparison *comparison;
	const struct dataset *set;
	int factor;
	uint32_t *group_of; /* group of each cell; UINT32_MAX: the cell is left
			       out */
	struct lookup groups;
};

/* "1ms" matches 1000000 in a column of nanoseconds, "" matches an empty
 * column. */
static bool has_value(const struct record *factors, int factor,
		      const char *value)
{
	char text[RECORD_FIELD_MAX];
	int64_t ns;

	record_format(factors, factor, text);
	if (strcmp(text, value) == 0)
		return true;
	return strcmp(results_schema.columns[factor].unit, "ns") == 0 &&
	       record_has(factors, factor) &&
	       text_parse_duration(value, &ns) == 0 &&
	       record_integer(factors, factor) == ns;
}

/* Adds "WORD (WHY)" to the list unless the list contains it. */
static void add_word(char *list, const char *word, const char *why)
{
	char entry[96];
	size_t length = strlen(list);

	snprintf(entry, sizeof(entry), "%.40s (%.40s)", word, why);
	if (!strstr(list, entry) && length + strlen(entry) + 3 < WHY_MAX)
		snprintf(list + length, WHY_MAX - length, "%s%s",
			 length ? ", " : "", entry);
}

/* Whether the cell is left out, unless its backend is the baseline: harness
 * cost and bounds are not queues, and a queue in another language is not an
 * alternative to C queues. */
static bool is_left_out(struct grouping *grouping,
			const struct observed_cell *cell)
{
	const struct comparison_options *options =
		grouping->comparison->options;
	const struct record *factors = &cell->factors;

	if (cell->on[SIDE_BASELINE].count == 0)
		return true;
	if (grouping->factor == COLUMN_backend &&
	    has_value(factors, COLUMN_backend, options->base))
		return false;
	if (cell_is_control(factors)) {
		add_word(grouping->comparison->left_out,
			 record_text(factors, COLUMN_backend), "not a queue");
		return true;
	}
	if (grouping->factor == COLUMN_backend && cell_is_foreign(factors)) {
		add_word(grouping->comparison->left_out,
			 record_text(factors, COLUMN_backend),
			 "external program");
		return true;
	}
	return false;
}

/*
 * Cells that compare different metrics are in different groups. A plan may
 * measure some cells of a group in longer windows; it contains no cell with two
 * lengths.
 */
static uint32_t group_of(struct grouping *grouping, const struct record *cell)
{
	const int except[] = { grouping->factor, COLUMN_duration_ns };
	int metric = metric_column(grouping->set->metric, cell);
	char key[sizeof(metric) + DATASET_KEY_MAX];
	size_t length = dataset_key(cell, except, 2, key + sizeof(metric));
	bool added;

	memcpy(key, &metric, sizeof(metric));
	return lookup_add(&grouping->groups, key, sizeof(metric) + length,
			  &added);
}

static void find_groups(struct grouping *grouping)
{
	const struct dataset *set = grouping->set;

	for (uint32_t i = 0; i < dataset_cells(set); i++) {
		const struct observed_cell *cell = &set->cells[i];

		grouping->comparison->unverified +=
			cell->on[SIDE_BASELINE].unverified;
		grouping->comparison->unmeasured +=
			cell->on[SIDE_BASELINE].unmeasured;
		grouping->group_of[i] = UINT32_MAX;
		if (is_left_out(grouping, cell))
			continue;
		grouping->group_of[i] = group_of(grouping, &cell->factors);
	}
}

/*
 * The class of core distances that most observations of the group have, so that
 * the cells of a group are ranked at one distance.
 */
static uint32_t main_class(const struct grouping *grouping, uint32_t group)
{
	const struct dataset *set = grouping->set;
	size_t *counts = calloc((size_t)set->distances.class_count + 1,
				sizeof(*counts));
	uint32_t most = CLASS_UNKNOWN;

	if (!counts)
		abort();
	for (uint32_t i = 0; i < dataset_cells(set); i++) {
		size_t count;
		const struct datum *data = dataset_data(set, i, SIDE_BASELINE,
							&count);

		for (size_t j = 0; grouping->group_of[i] == group && j < count;
		     j++)
			counts[data[j].class] += data[j].is_used;
	}
	for (uint32_t c = 1; c < set->distances.class_count; c++)
		if (counts[c] > (most ? counts[most] : 0))
			most = c;
	free(counts);
	return most;
}

static bool is_higher_better(const struct dataset *set, uint32_t cell)
{
	int metric = metric_column(set->metric, &set->cells[cell].factors);

	return metric_better(metric) == BETTER_HIGHER;
}

/* A figure of merit of the cell in this class of core distances; larger is
 * better. NaN: the cell has no observation in the class. */
static double merit(const struct grouping *grouping, uint32_t cell,
		    uint32_t class)
{
	const struct observed_cell *observed = &grouping->set->cells[cell];
	struct sample sample;
	size_t kept = 0;
	double median;

	if (observed->on[SIDE_BASELINE].not_positive ||
	    !record_has(&observed->factors, COLUMN_duration_ns))
		return NAN;
	sample_make(&sample, grouping->set, cell, SIDE_BASELINE);
	for (size_t i = 0; i < sample.count; i++)
		if (sample.classes[i] == class)
			sample.logs[kept++] = sample.logs[i];
	median = median_of(sample.logs, kept ? kept : sample.count);
	sample_free(&sample);
	return is_higher_better(grouping->set, cell) ? median : -median;
}

/* Finds the best two cells of each group. */
static void find_leads(const struct grouping *grouping)
{
	struct comparison *comparison = grouping->comparison;
	size_t cells = dataset_cells(grouping->set);
	uint32_t groups = grouping->groups.count;
	uint32_t *best = calloc(2 * (size_t)groups + 1, sizeof(*best));
	double *merits = calloc(cells + 1, sizeof(*merits));
	uint32_t *classes = calloc(groups + 1, sizeof(*classes));

	comparison->leads = calloc(groups + 1, sizeof(*comparison->leads));
	if (!best || !merits || !classes || !comparison->leads)
		abort();
	for (uint32_t g = 0; g < groups; g++)
		classes[g] = main_class(grouping, g);
	memset(best, 0xff, 2 * (size_t)groups * sizeof(*best));
	for (uint32_t i = 0; i < cells; i++) {
		uint32_t *two = best + 2 * (size_t)grouping->group_of[i];

		if (grouping->group_of[i] == UINT32_MAX ||
		    cell_is_control(&grouping->set->cells[i].factors))
			continue;
		merits[i] = merit(grouping, i, classes[grouping->group_of[i]]);
		if (isnan(merits[i]))
			continue;
		if (two[0] == UINT32_MAX || merits[i] > merits[two[0]]) {
			two[1] = two[0];
			two[0] = i;
		} else if (two[1] == UINT32_MAX || merits[i] > merits[two[1]]) {
			two[1] = i;
		}
	}
	for (size_t g = 0; g < groups; g++)
		if (best[2 * g + 1] != UINT32_MAX)
			comparison->leads[comparison->lead_count++] =
				(struct comparison_lead){
					.best = best[2 * g],
					.next = best[2 * g + 1],
				};
	free(classes);
	free(merits);
	free(best);
}

static int lead_order(const void *a, const void *b, void *arg)
{
	const struct comparison_lead *left = a, *right = b;
	const struct dataset *set = arg;

	return cell_compare(&set->cells[left->best].factors,
			    &set->cells[right->best].factors);
}

static void measure_lead(const struct comparison *comparison,
			 struct comparison_lead *lead)
{
	const struct comparison_options *options = comparison->options;
	bool higher = is_higher_better(comparison->set, lead->best);
	double level = options->alpha;
	struct estimate estimate;
	struct pairs pairs;

	if (options->adjust)
		level /= (double)comparison->lead_count;
	/* If the metric is a time, the smaller value is better. */
	pairs_make(comparison->set, higher ? lead->next : lead->best,
		   SIDE_BASELINE, higher ? lead->best : lead->next,
		   SIDE_BASELINE, &pairs);
	estimate = signed_rank_estimate(pairs.logs, pairs.count, 1 - level);
	lead->n = pairs.count;
	lead->ratio = exp(estimate.value);
	lead->has_interval = estimate.has_interval;
	lead->low = exp(estimate.low);
	lead->high = exp(estimate.high);
	lead->p_adjusted = signed_rank_test(pairs.logs, pairs.count).p;
	pairs_free(&pairs);
}

/* The tests of the leads are one family, the tests of the rows are another
 * family. */
static void judge_leads(struct comparison *comparison)
{
	double *p = calloc(comparison->lead_count + 1, sizeof(*p));

	if (!p)
		abort();
	if (comparison->lead_count)
		qsort_r(comparison->leads, comparison->lead_count,
			sizeof(*comparison->leads), lead_order,
			(void *)(uintptr_t)comparison->set);
	for (size_t i = 0; i < comparison->lead_count; i++) {
		measure_lead(comparison, &comparison->leads[i]);
		p[i] = comparison->leads[i].p_adjusted;
	}
	if (comparison->options->adjust)
		holm_adjust(p, comparison->lead_count);
	for (size_t i = 0; i < comparison->lead_count; i++) {
		struct comparison_lead *lead = &comparison->leads[i];
		bool rejected = p[i] <= comparison->options->alpha;

		lead->p_adjusted = p[i];
		lead->separated = rejected && lead->ratio > 1;
		if (lead->has_interval)
			judge_align(rejected, lead->ratio, &lead->low,
				    &lead->high);
	}
	free(p);
}

static int base_value_unknown(const struct grouping *grouping,
			      struct fault *fault)
{
	const struct comparison_options *options =
		grouping->comparison->options;
	char known[200] = "", text[RECORD_FIELD_MAX];

	for (uint32_t i = 0; i < dataset_cells(grouping->set); i++) {
		const struct observed_cell *cell = &grouping->set->cells[i];
		size_t length = strlen(known);

		if (!cell->on[SIDE_BASELINE].count)
			continue;
		record_format(&cell->factors, grouping->factor, text);
		if (*text && !strstr(known, text) &&
		    length + strlen(text) + 3 < sizeof(known))
			snprintf(known + length, sizeof(known) - length, "%s%s",
				 length ? ", " : "", text);
	}
	return fault_set(
		fault, EXIT_USAGE,
		"no cell with %s %.60s was measured; use one of these with "
		"--base: %s",
		results_schema.columns[grouping->factor].name, options->base,
		*known ? known : "(this run has no value)");
}

static int add_rows(struct grouping *grouping, struct fault *fault)
{
	const struct comparison_options *options =
		grouping->comparison->options;
	uint32_t *base_of = calloc((size_t)grouping->groups.count + 1,
				   sizeof(*base_of));
	bool found = false;

	if (!base_of)
		abort();
	memset(base_of, 0xff, grouping->groups.count * sizeof(*base_of));
	for (uint32_t i = 0; i < dataset_cells(grouping->set); i++)
		if (grouping->group_of[i] != UINT32_MAX &&
		    has_value(&grouping->set->cells[i].factors,
			      grouping->factor, options->base)) {
			base_of[grouping->group_of[i]] = i;
			found = true;
		}
	for (uint32_t i = 0; found && i < dataset_cells(grouping->set); i++) {
		uint32_t group = grouping->group_of[i];

		if (group == UINT32_MAX)
			continue;
		if (base_of[group] == UINT32_MAX)
			grouping->comparison->without_base++;
		else if (base_of[group] != i)
			comparison_add_row(grouping->comparison, base_of[group],
					   i);
	}
	free(base_of);
	return found ? 0 : base_value_unknown(grouping, fault);
}

static bool has_direction(const struct comparison *comparison)
{
	int metric = comparison->options->metric;

	return metric == METRIC_OBJECTIVE ||
	       metric_better(metric) != BETTER_NEITHER;
}

/* Hosts are not ranked: a machine is no alternative to another one. */
int by_factor_make(struct comparison *comparison, struct fault *fault)
{
	size_t cells = dataset_cells(comparison->set);
	struct grouping grouping = {
		.comparison = comparison,
		.set = comparison->set,
		.factor = comparison->options->factor,
		.group_of = calloc(cells + 1, sizeof(uint32_t)),
	};
	int error;

	if (!grouping.group_of)
		abort();
	find_groups(&grouping);
	error = add_rows(&grouping, fault);
	if (!error) {
		if (grouping.factor != COLUMN_host && has_direction(comparison))
			find_leads(&grouping);
		judge_leads(comparison);
	}
	lookup_free(&grouping.groups);
	free(grouping.group_of);
	return error;
}
