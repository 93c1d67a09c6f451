/* SPDX-License-Identifier: BSD-2-Clause */
/* A comparison as CSV and JSON. */
#include <csv.h>
#include <math.h>
#include <string.h>

#include "naming.h"
#include "facts.h"
#include "metrics.h"
#include "print.h"

static void csv_text(const char *text, FILE *to)
{
	if (strpbrk(text, "\",\r\n"))
		csv_fwrite(to, text, strlen(text));
	else
		fputs(text, to);
	fputc(',', to);
}

static void csv_number(double number, FILE *to)
{
	if (!isnan(number))
		fprintf(to, "%.9g", number);
	fputc(',', to);
}

/* The parts of a row say at which core distances it was measured. */
static bool is_factor(const struct column *column)
{
	return column->role == ROLE_FACTOR && !column->is_derived;
}

static void csv_row(const struct comparison *comparison, size_t i, FILE *to)
{
	const struct comparison_row *row = &comparison->rows[i];
	char text[RECORD_FIELD_MAX];

	for (int c = 0; c < (int)results_schema.count; c++)
		if (is_factor(&results_schema.columns[c])) {
			record_format(row_factors(comparison, i), c, text);
			csv_text(text, to);
		}
	csv_text(comparison->options->factor < 0 ? ""
						 : comparison->options->base,
		 to);
	csv_text(
		results_schema.columns[comparison_metric(comparison, row)].name,
		to);
	csv_text(mode_names[comparison->mode], to);
	fprintf(to, "%d,%zu,%zu,%zu,", row->control, row->baseline_count,
		row->candidate_count, row->n);
	csv_number(row->baseline_median, to);
	csv_number(row->candidate_median, to);
	csv_number(row->ratio, to);
	csv_number(row->has_interval ? row->low : NAN, to);
	csv_number(row->has_interval ? row->high : NAN, to);
	csv_number(row->has_interval ? row->coverage : NAN, to);
	csv_number(row->p, to);
	csv_number(row->p_adjusted, to);
	csv_number(row->detectable, to);
	csv_number(row->settles, to);
	csv_number(row->baseline_level, to);
	csv_number(row->candidate_level, to);
	fprintf(to, "%zu,%zu,%s,%s\n", comparison->needed, comparison->family,
		outcome_names[row->verdict], row->note ? row->note : "");
}

void comparison_print_csv(const struct comparison *comparison, FILE *to)
{
	for (int c = 0; c < (int)results_schema.count; c++)
		if (is_factor(&results_schema.columns[c]))
			fprintf(to, "%s,", results_schema.columns[c].name);
	fputs("base,metric,mode,control,base_count,new_count,n,base_median,"
	      "new_median,ratio,ratio_low,ratio_high,coverage,p,p_adjusted,"
	      "detectable,settles,base_level,new_level,needed,family,verdict,"
	      "note\n",
	      to);
	for (size_t i = 0; i < comparison->count; i++)
		csv_row(comparison, i, to);
}

static json_t *json_number_or_null(double number)
{
	return isfinite(number) ? json_real(number) : json_null();
}

static json_t *json_factors(const struct record *factors)
{
	json_t *json = json_object();

	for (int c = 0; c < (int)results_schema.count; c++) {
		const struct column *column = &results_schema.columns[c];
		json_t *value;

		if (column->role != ROLE_FACTOR || !record_has(factors, c))
			continue;
		value = column->type == TYPE_TEXT
				? json_string(record_text(factors, c))
				: json_integer(record_integer(factors, c));
		json_object_set_new(json, column->name, value);
	}
	return json;
}

static json_t *json_parts(const struct comparison_row *row)
{
	json_t *json = json_array();

	for (size_t i = 0; i < row->part_count; i++) {
		const struct comparison_part *part = &row->parts[i];

		json_array_append_new(
			json,
			json_pack("{so sI so so}", "distance_ns",
				  json_number_or_null(part->distance_ns), "n",
				  (json_int_t)part->n, "base_level",
				  json_number_or_null(part->baseline_level),
				  "ratio", json_number_or_null(part->ratio)));
	}
	return json;
}

/* "higher", "lower", or "neither" */
static const char *better_name(int metric)
{
	static const char *const names[] = {
		[BETTER_NEITHER] = "neither",
		[BETTER_HIGHER] = "higher",
		[BETTER_LOWER] = "lower",
	};

	return names[metric_better(metric)];
}

static json_t *json_row(const struct comparison *comparison, size_t i)
{
	const struct comparison_row *row = &comparison->rows[i];
	int metric = comparison_metric(comparison, row);
	json_t *json = json_pack(
		"{so ss ss sb sI sI sI ss}", "cell",
		json_factors(row_factors(comparison, i)), "metric",
		results_schema.columns[metric].name, "better",
		better_name(metric), "control", row->control, "base_count",
		(json_int_t)row->baseline_count, "new_count",
		(json_int_t)row->candidate_count, "n", (json_int_t)row->n,
		"verdict", outcome_names[row->verdict]);
	const struct {
		const char *name;
		double number;
	} numbers[] = {
		{ "base_median", row->baseline_median },
		{ "new_median", row->candidate_median },
		{ "ratio", row->ratio },
		{ "ratio_low", row->has_interval ? row->low : NAN },
		{ "ratio_high", row->has_interval ? row->high : NAN },
		{ "coverage", row->has_interval ? row->coverage : NAN },
		{ "p", row->p },
		{ "p_adjusted", row->p_adjusted },
		{ "detectable", row->detectable },
		{ "settles", row->settles },
		{ "base_level", row->baseline_level },
		{ "new_level", row->candidate_level },
	};

	for (size_t n = 0; n < sizeof(numbers) / sizeof(numbers[0]); n++)
		json_object_set_new(json, numbers[n].name,
				    json_number_or_null(numbers[n].number));
	if (row->part_count)
		json_object_set_new(json, "by_distance", json_parts(row));
	if (row->note)
		json_object_set_new(json, "note", json_string(row->note));
	return json;
}

static json_t *json_differences(const struct comparison *comparison)
{
	static struct fact facts[FACTS_MAX];
	json_t *json = json_array();
	size_t count = 0;

	if (comparison->options->factor < 0)
		count = facts_that_differ(comparison->set, facts);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(json, json_pack("{ss ss ss}", "what",
						      facts[i].name, "base",
						      facts[i].base, "new",
						      facts[i].new));
	return json;
}

static json_t *json_leads(const struct comparison *comparison)
{
	json_t *json = json_array();

	for (size_t i = 0; i < comparison->lead_count; i++) {
		const struct comparison_lead *lead = &comparison->leads[i];
		const struct observed_cell *cells = comparison->set->cells;

		json_array_append_new(
			json,
			json_pack("{so so sI so so so so sb}", "best",
				  json_factors(&cells[lead->best].factors),
				  "runner_up",
				  json_factors(&cells[lead->next].factors), "n",
				  (json_int_t)lead->n, "ratio",
				  json_number_or_null(lead->ratio), "ratio_low",
				  json_number_or_null(
					  lead->has_interval ? lead->low : NAN),
				  "ratio_high",
				  json_number_or_null(lead->has_interval
							      ? lead->high
							      : NAN),
				  "p_adjusted",
				  json_number_or_null(lead->p_adjusted),
				  "separated", lead->separated));
	}
	return json;
}

static json_t *json_unmatched(const struct comparison *comparison,
			      enum side_name side)
{
	const struct comparison_unmatched *unmatched =
		&comparison->unmatched[side];
	json_t *json = json_array();

	for (size_t i = 0; i < unmatched->count; i++)
		json_array_append_new(
			json, json_factors(&comparison->set
						    ->cells[unmatched->cells[i]]
						    .factors));
	return json;
}

static json_t *json_counts(const struct comparison *comparison)
{
	json_t *json = json_object();

	for (int i = 0; i < OUTCOMES; i++)
		json_object_set_new(
			json, outcome_names[i],
			json_integer((json_int_t)comparison->verdicts[i]));
	return json;
}

void comparison_print_json(const struct comparison *comparison, FILE *to)
{
	const struct comparison_options *options = comparison->options;
	const struct side *sides = comparison->set->sides;
	json_t *rows = json_array(), *json;
	int metric = comparison_common_metric(comparison);
	bool is_common = metric != METRIC_OBJECTIVE;

	for (size_t i = 0; i < comparison->count; i++)
		json_array_append_new(rows, json_row(comparison, i));
	json = json_pack(
		"{ss so ss ss ss ss ss sf sf ss so so so so}", "mode",
		mode_names[comparison->mode], "differences",
		json_differences(comparison), "base", sides[SIDE_BASELINE].name,
		"new", options->factor < 0 ? sides[SIDE_CANDIDATE].name : "",
		"test", comparison_test_name(comparison), "metric",
		is_common ? results_schema.columns[metric].name : "objective",
		"better", is_common ? better_name(metric) : "neither", "alpha",
		options->alpha, "threshold", options->threshold, "adjust",
		options->adjust ? "holm" : "none", "geometric_mean",
		json_number_or_null(comparison->geometric_mean), "drift",
		json_number_or_null(comparison->drift), "verdicts",
		json_counts(comparison), "rows", rows);
	if (options->factor >= 0) {
		json_object_set_new(
			json, "by",
			json_string(
				results_schema.columns[options->factor].name));
		json_object_set_new(json, "base_value",
				    json_string(options->base));
		json_object_set_new(json, "leads", json_leads(comparison));
	}
	json_object_set_new(json, "family",
			    json_integer((json_int_t)comparison->family));
	json_object_set_new(json, "needed",
			    json_integer((json_int_t)comparison->needed));
	json_object_set_new(json, "disturbed_rows",
			    json_integer((json_int_t)comparison->disturbed));
	json_object_set_new(json, "unverified_rows",
			    json_integer((json_int_t)comparison->unverified));
	json_object_set_new(json, "only_base",
			    json_unmatched(comparison, SIDE_BASELINE));
	json_object_set_new(json, "only_new",
			    json_unmatched(comparison, SIDE_CANDIDATE));
	json_dumpf(json, to, JSON_INDENT(2));
	fputc('\n', to);
	json_decref(json);
}
