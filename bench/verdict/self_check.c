/* SPDX-License-Identifier: BSD-2-Clause */
#include <gsl/gsl_statistics_double.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "print.h"
#include "quantiles.h"
#include "self_check.h"

/* Finds or adds the kind of a cell. */
static struct self_check_kind *find_kind(struct self_check *check,
					 const struct record *factors)
{
	char name[KIND_NAME_MAX];

	snprintf(name, sizeof(name), "%.30s %.30s %.30s",
		 record_text(factors, COLUMN_scenario),
		 record_text(factors, COLUMN_wait),
		 record_text(factors, COLUMN_placement));
	for (size_t i = 0; i < check->count; i++)
		if (strcmp(check->kinds[i].name, name) == 0)
			return &check->kinds[i];
	check->kinds = realloc(check->kinds,
			       (check->count + 1) * sizeof(*check->kinds));
	if (!check->kinds)
		abort();
	check->kinds[check->count] = (struct self_check_kind){
		.noise_median = NAN,
		.noise_most = NAN,
	};
	memcpy(check->kinds[check->count].name, name, sizeof(name));
	return &check->kinds[check->count++];
}

static void count_row(const struct comparison *comparison,
		      const struct comparison_row *row,
		      struct false_positives *found)
{
	found->tests++;
	found->raw += row->p <= comparison->options->alpha;
	found->adjusted += row->p_adjusted <= comparison->options->alpha;
	found->verdicts += row->verdict == OUTCOME_FASTER ||
			   row->verdict == OUTCOME_SLOWER;
}

/* Compares the two labels in one session and counts the false positives. */
static int judge_session(struct self_check *check, const char *a, const char *b,
			 const char *session,
			 const struct comparison_options *options,
			 struct fault *fault)
{
	struct comparison comparison = { .rows = NULL };
	size_t before = check->all.adjusted;
	struct dataset set;
	int error;

	dataset_init(&set, options->metric, options->exclude_flag);
	set.only_session = session;
	error = dataset_add(&set, SIDE_BASELINE, a, fault);
	if (!error)
		error = dataset_add(&set, SIDE_CANDIDATE, b, fault);
	if (!error)
		error = comparison_make(&comparison, &set, options, fault);
	for (size_t i = 0; i < comparison.count && !error; i++) {
		const struct comparison_row *row = &comparison.rows[i];

		if (row->control || row->note || isnan(row->p))
			continue;
		count_row(&comparison, row, &check->all);
		count_row(&comparison, row,
			  &find_kind(check,
				     &set.cells[row->baseline_cell].factors)
				   ->found);
	}
	check->sessions_judged += check->all.adjusted > before;
	comparison_free(&comparison);
	dataset_free(&set);
	return error;
}

/* Whether the cell has a test. */
static bool is_judged(const struct dataset *set, uint32_t cell)
{
	return set->cells[cell].on[SIDE_BASELINE].count > 0 &&
	       !set->cells[cell].on[SIDE_BASELINE].not_positive &&
	       !cell_is_control(&set->cells[cell].factors);
}

/* The difference that two sessions of the cell exceed with a probability of
 * `level`. NaN: unknown. */
static double noise_level(const struct dataset *set, uint32_t cell,
			  double level)
{
	struct session_medians medians;
	struct sample sample;
	double noise = NAN;

	sample_make(&sample, set, cell, SIDE_BASELINE);
	samples_align(set, &sample, &sample);
	session_medians_make(&sample, &medians);
	if (medians.count > 1)
		noise = expm1(
			t_quantile(1 - level / 2, (double)medians.count - 1) *
			M_SQRT2 * gsl_stats_sd(medians.logs, 1, medians.count));
	session_medians_free(&medians);
	sample_free(&sample);
	return noise;
}

/* The noise levels of a kind's cells, from the sessions of the first label. */
static void find_noise(struct self_check *check, const struct dataset *set,
		       struct self_check_kind *kind, double level)
{
	size_t cells = dataset_cells(set);
	double *levels = calloc(cells + 1, sizeof(*levels));

	if (!levels)
		abort();
	for (uint32_t i = 0; i < cells; i++) {
		if (!is_judged(set, i) ||
		    find_kind(check, &set->cells[i].factors) != kind)
			continue;
		levels[kind->cells] = noise_level(set, i, level);
		/* fmax() ignores NaN. */
		kind->noise_most = fmax(kind->noise_most,
					levels[kind->cells++]);
	}
	kind->noise_median = median_of(levels, kind->cells);
	free(levels);
}

static void find_all_noise(struct self_check *check, const struct dataset *set)
{
	size_t family = 0;

	for (uint32_t i = 0; i < dataset_cells(set); i++)
		if (is_judged(set, i)) {
			find_kind(check, &set->cells[i].factors);
			family++;
		}
	/* From here on no kind is added, so pointers to kinds stay valid. */
	for (size_t k = 0; k < check->count; k++)
		find_noise(check, set, &check->kinds[k],
			   check->alpha / (double)family);
	check->cells = family;
}

int self_check_make(struct self_check *check, const char *a, const char *b,
		    const struct comparison_options *options,
		    struct fault *fault)
{
	struct dataset set;
	int error;

	*check = (struct self_check){ .alpha = options->alpha };
	dataset_init(&set, options->metric, options->exclude_flag);
	error = dataset_add(&set, SIDE_BASELINE, a, fault);
	if (!error) {
		dataset_sort(&set);
		check->sessions = dataset_sessions(&set, SIDE_BASELINE);
		check->rounds = dataset_rounds(&set, SIDE_BASELINE);
	}
	for (size_t i = 0; i < check->sessions && !error; i++)
		error = judge_session(check, a, b, set.sessions[i].id, options,
				      fault);
	if (!error)
		find_all_noise(check, &set);
	dataset_free(&set);
	if (!error && check->all.tests)
		return 0;
	self_check_free(check);
	if (error)
		return error;
	return fault_set(fault, EXIT_DATA,
			 "%.400s and %.400s have no common cell with "
			 "verified observations; measure both again",
			 a, b);
}

void self_check_free(struct self_check *check)
{
	free(check->kinds);
	memset(check, 0, sizeof(*check));
}

static void set_count(struct text_table *table, size_t column, size_t count)
{
	char text[FIGURE_MAX];

	snprintf(text, sizeof(text), "%zu", count);
	text_table_set(table, column, text, json_integer((json_int_t)count));
}

static void set_share(struct text_table *table, size_t column, double share)
{
	char text[FIGURE_MAX];

	print_share(share, text);
	text_table_set(table, column, text,
		       isfinite(share) ? json_real(share) : json_null());
}

static void print_kinds(const struct self_check *check, struct output *output)
{
	struct text_table table;

	text_table_init(&table);
	text_table_column(&table, "kind of cell", true);
	text_table_column(&table, "cells", false);
	text_table_column(&table, "tests", false);
	text_table_column(&table, "p small", false);
	text_table_column(&table, "Holm", false);
	text_table_column(&table, "noise", false);
	text_table_column(&table, "most", false);
	for (size_t i = 0; i < check->count; i++) {
		const struct self_check_kind *kind = &check->kinds[i];

		text_table_row(&table);
		text_table_set(&table, 0, kind->name, NULL);
		set_count(&table, 1, kind->cells);
		set_count(&table, 2, kind->found.tests);
		set_count(&table, 3, kind->found.raw);
		set_count(&table, 4, kind->found.adjusted);
		set_share(&table, 5, kind->noise_median);
		set_share(&table, 6, kind->noise_most);
	}
	output_table(output, "kinds", "", &table);
	text_table_free(&table);
}

static void add_rate(struct text_table *table, const char *what, size_t hits,
		     size_t tries)
{
	struct estimate chance = binomial_interval(hits, tries, 0.95);
	char text[FIGURE_MAX];

	text_table_row(table);
	text_table_set(table, 0, what, NULL);
	set_count(table, 1, hits);
	snprintf(text, sizeof(text), "of %zu", tries);
	text_table_set(table, 2, text, json_integer((json_int_t)tries));
	snprintf(text, sizeof(text), "%.1f %%", 100 * chance.value);
	text_table_set(table, 3, text, json_real(chance.value));
	snprintf(text, sizeof(text), "%.1f to %.1f %%", 100 * chance.low,
		 100 * chance.high);
	text_table_set(table, 4, text,
		       json_pack("[f, f]", chance.low, chance.high));
}

static void print_rates(const struct self_check *check, struct output *output)
{
	struct text_table table;
	char text[FIGURE_MAX];

	text_table_init(&table);
	text_table_column(&table, "false positives", true);
	text_table_column(&table, "found", false);
	text_table_column(&table, "tests", true);
	text_table_column(&table, "share", false);
	text_table_column(&table, "95 % interval", true);
	snprintf(text, sizeof(text), "p at most %.3g %%", 100 * check->alpha);
	add_rate(&table, text, check->all.raw, check->all.tests);
	add_rate(&table, "the same after Holm's correction",
		 check->all.adjusted, check->all.tests);
	add_rate(&table, "faster or slower", check->all.verdicts,
		 check->all.tests);
	add_rate(&table, "sessions with any after Holm", check->sessions_judged,
		 check->sessions);
	output_table(output, "rates", "", &table);
	text_table_free(&table);
}

void self_check_print(const struct self_check *check, struct output *output)
{
	fprintf(output_text(output),
		"%zu cells, %zu session%s of %" PRId64 " round%s\n",
		check->cells, check->sessions, check->sessions == 1 ? "" : "s",
		check->rounds, check->rounds == 1 ? "" : "s");
	print_kinds(check, output);
	print_rates(check, output);
	if (output->format == OUTPUT_TEXT)
		fputc('\n', output->to);
	print_wrapped("p small: tests with p at most alpha, without a "
		      "correction for multiple comparisons. Holm: the same "
		      "with Holm's correction. noise, most: median and "
		      "maximum of the cells' noise levels, the smallest "
		      "difference between two sessions of equal builds that "
		      "chance does not explain. Intervals: Clopper and "
		      "Pearson.",
		      output_text(output));
}
