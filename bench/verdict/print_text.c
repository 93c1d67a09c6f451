/* SPDX-License-Identifier: BSD-2-Clause */
/* A comparison as text for a terminal, and as Markdown. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metrics.h"
#include "naming.h"
#include "output.h"
#include "print.h"
#include "text.h"

void print_ratio(double ratio, char text[FIGURE_MAX])
{
	char number[TEXT_NUMBER_MAX];

	if (isnan(ratio))
		snprintf(text, FIGURE_MAX, "-");
	else if (ratio < 0.0005)
		snprintf(text, FIGURE_MAX, "<.001");
	else if (ratio < 9.9995)
		snprintf(text, FIGURE_MAX, "%.3f", ratio);
	else if (ratio > 999e12)
		snprintf(text, FIGURE_MAX, ">999T");
	else {
		text_format_short(ratio, number);
		snprintf(text, FIGURE_MAX, "%s", number);
	}
}

void print_interval(bool has, double low, double high, char text[FIGURE_MAX])
{
	char left[FIGURE_MAX], right[FIGURE_MAX];

	print_ratio(low, left);
	print_ratio(high, right);
	snprintf(text, FIGURE_MAX, has ? "%.20s..%.20s" : "-", left, right);
}

void print_share(double share, char text[FIGURE_MAX])
{
	if (isnan(share))
		snprintf(text, FIGURE_MAX, "-");
	else if (share >= 99.995)
		snprintf(text, FIGURE_MAX, ">9999%%");
	else
		snprintf(text, FIGURE_MAX, share < 0.9995 ? "%.1f%%" : "%.0f%%",
			 100 * share);
}

/* "34"; "-" for NaN. */
static void print_settles(double rounds, char text[FIGURE_MAX])
{
	if (isnan(rounds))
		snprintf(text, FIGURE_MAX, "-");
	else
		snprintf(text, FIGURE_MAX, "%.0f", rounds);
}

/* Adds the columns of the table. Markdown also has a column for p. */
static void add_heads(struct text_table *table,
		      const struct comparison *comparison, int metric,
		      bool with_p)
{
	char unit[METRIC_UNIT_MAX];
	bool judged = comparison->mode != MODE_DESCRIPTIVE;

	metric_unit(metric, unit);
	text_table_init(table);
	text_table_column(table, unit, true);
	text_table_column(table, "base", false);
	text_table_column(table, "cand.", false);
	text_table_column(table, "ratio", false);
	text_table_column(table, judged ? "interval" : "90% of them", true);
	if (with_p)
		text_table_column(table, "p", false);
	if (!judged && !with_p)
		return;
	text_table_column(table, "verdict", true);
	text_table_column(table, "detect.", false);
	text_table_column(table, "needs", false);
}

static void add_row(struct text_table *table,
		    const struct comparison *comparison,
		    const struct naming *naming, size_t i, bool with_p)
{
	const struct comparison_row *row = &comparison->rows[i];
	char text[FIGURE_MAX], name[NAME_SHORT_MAX], number[TEXT_NUMBER_MAX];
	size_t column = 0;

	text_table_row(table);
	name_short(naming, row_factors(comparison, i), name);
	text_table_set(table, column++, name, NULL);
	text_format_short(row->baseline_level, number);
	text_table_set(table, column++, number, NULL);
	text_format_short(row->candidate_level, number);
	text_table_set(table, column++, number, NULL);
	print_ratio(row->ratio, text);
	text_table_set(table, column++, text, NULL);
	print_interval(row->has_interval, row->low, row->high, text);
	text_table_set(table, column++, text, NULL);
	if (with_p) {
		snprintf(text, sizeof(text),
			 isnan(row->p_adjusted) ? "-" : "%.3g",
			 row->p_adjusted);
		text_table_set(table, column++, text, NULL);
	}
	if (column == table->columns)
		return;
	text_table_set(table, column++, outcome_names[row->verdict], NULL);
	print_share(row->detectable, text);
	text_table_set(table, column++, text, NULL);
	print_settles(row->settles, text);
	text_table_set(table, column++, text, NULL);
}

/* Adds a line for the pairs of the row at one core distance. */
static void add_part(struct text_table *table,
		     const struct comparison_part *part)
{
	char text[FIGURE_MAX] = "  distance unknown", number[TEXT_NUMBER_MAX];

	if (!isnan(part->distance_ns))
		snprintf(text, sizeof(text), "  %.0f ns apart",
			 part->distance_ns);
	text_table_row(table);
	text_table_set(table, 0, text, NULL);
	text_format_short(part->baseline_level, number);
	text_table_set(table, 1, number, NULL);
	text_format_short(part->baseline_level * part->ratio, number);
	text_table_set(table, 2, number, NULL);
	print_ratio(part->ratio, text);
	text_table_set(table, 3, text, NULL);
	snprintf(text, sizeof(text), "%zu round%s", part->n,
		 part->n == 1 ? "" : "s");
	text_table_set(table, 4, text, NULL);
}

/* Names the groups by the factors in which they differ. The compared factor is
 * not part of the name. */
static struct naming name_groups(const struct comparison *comparison)
{
	const struct observed_cell *cells = comparison->set->cells;
	const struct record **rows = calloc(comparison->lead_count,
					    sizeof(*rows));
	struct naming naming;

	if (!rows)
		abort();
	for (size_t i = 0; i < comparison->lead_count; i++)
		rows[i] = &cells[comparison->leads[i].best].factors;
	naming_make(&naming, rows, comparison->lead_count);
	free(rows);
	naming.shown[COLUMN_scenario] = true;
	naming.shown[COLUMN_wait] = true;
	naming.shown[COLUMN_placement] = true;
	naming.shown[comparison->options->factor] = false;
	return naming;
}

static void print_lead(const struct comparison *comparison,
		       const struct naming *naming,
		       const struct comparison_lead *lead, FILE *to)
{
	const struct observed_cell *cells = comparison->set->cells;
	const struct record *best = &cells[lead->best].factors;
	char name[NAME_SHORT_MAX], ratio[FIGURE_MAX], interval[FIGURE_MAX];
	char first[RECORD_FIELD_MAX], second[RECORD_FIELD_MAX];
	char text[NAME_SHORT_MAX + 256];

	name_short(naming, best, name);
	record_format(best, comparison->options->factor, first);
	record_format(&cells[lead->next].factors, comparison->options->factor,
		      second);
	print_ratio(lead->ratio, ratio);
	print_interval(lead->has_interval, lead->low, lead->high, interval);
	if (lead->separated)
		snprintf(text, sizeof(text), "%s %.60s: %s x %.60s (%s)", name,
			 *first ? first : "(none)", ratio,
			 *second ? second : "(none)", interval);
	else
		snprintf(text, sizeof(text),
			 "%s %.60s, %.60s: no significant difference", name,
			 *first ? first : "(none)",
			 *second ? second : "(none)");
	text_wrap(text, 0, to);
}

static void print_leads(const struct comparison *comparison, FILE *to)
{
	struct naming naming;
	char text[128];

	if (comparison->lead_count == 0)
		return;
	snprintf(text, sizeof(text),
		 "best %s of each group, and its ratio to the second best",
		 results_schema.columns[comparison->options->factor].name);
	fputc('\n', to);
	text_wrap(text, 0, to);
	naming = name_groups(comparison);
	for (size_t i = 0; i < comparison->lead_count; i++)
		print_lead(comparison, &naming, &comparison->leads[i], to);
}

static void print(const struct comparison *comparison,
		  enum output_format format, FILE *to)
{
	bool with_p = format != OUTPUT_TEXT;
	struct text_table table;
	struct output output;

	output_begin(&output, format, to);
	print_head(comparison, output_text(&output));
	for (size_t first = 0, end; first < comparison->count; first = end) {
		struct naming naming;
		char common[NAME_SHORT_MAX];

		end = section_end(comparison, first);
		naming_of_rows(&naming, comparison, first, end);
		name_common(&naming, common);
		add_heads(
			&table, comparison,
			comparison_metric(comparison, &comparison->rows[first]),
			with_p);
		for (size_t i = first; i < end; i++) {
			const struct comparison_row *row = &comparison->rows[i];

			add_row(&table, comparison, &naming, i, with_p);
			for (size_t p = 0; p < row->part_count; p++)
				add_part(&table, &row->parts[p]);
		}
		output_table(&output, "comparison", common, &table);
		text_table_free(&table);
	}
	if (comparison->options->factor >= 0)
		print_leads(comparison, output_text(&output));
	if (format == OUTPUT_TEXT)
		fputc('\n', to);
	print_foot(comparison, output_text(&output));
	print_close(comparison, output_text(&output));
	output_end(&output);
}

void comparison_print_text(const struct comparison *comparison, FILE *to)
{
	print(comparison, OUTPUT_TEXT, to);
}

void comparison_print_markdown(const struct comparison *comparison, FILE *to)
{
	print(comparison, OUTPUT_MARKDOWN, to);
}
