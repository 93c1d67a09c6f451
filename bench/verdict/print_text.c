/* SPDX-License-Identifier: BSD-2-Clause */
/* A comparison as text for a terminal. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metrics.h"
#include "naming.h"
#include "print.h"
#include "text.h"

enum {
	NAME_WIDTH = 18,
	LEAD_WIDTH = 30,
};

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

void print_settles(double rounds, char text[FIGURE_MAX])
{
	if (isnan(rounds))
		snprintf(text, FIGURE_MAX, "-");
	else
		snprintf(text, FIGURE_MAX, "%.0f", rounds);
}

static void print_row(const struct comparison *comparison,
		      const struct naming *naming, size_t i, FILE *to)
{
	const struct comparison_row *row = &comparison->rows[i];
	char name[NAME_SHORT_MAX], base[TEXT_NUMBER_MAX], new[TEXT_NUMBER_MAX];
	char ratio[FIGURE_MAX], interval[FIGURE_MAX], detectable[FIGURE_MAX];
	char settles[FIGURE_MAX];

	name_short(naming, row_factors(comparison, i), name);
	if (strlen(name) > NAME_WIDTH) {
		fprintf(to, "%.79s\n", name);
		name[0] = '\0';
	}
	text_format_short(row->baseline_level, base);
	text_format_short(row->candidate_level, new);
	print_ratio(row->ratio, ratio);
	print_interval(row->has_interval, row->low, row->high, interval);
	fprintf(to, "%-*s %6s %6s %6s %-12s", NAME_WIDTH, name, base, new,
		ratio, interval);
	if (comparison->mode != MODE_DESCRIPTIVE) {
		print_share(row->detectable, detectable);
		print_settles(row->settles, settles);
		fprintf(to, " %-12s %7s %5s", outcome_names[row->verdict],
			detectable, settles);
	}
	fputc('\n', to);
}

static void print_header(const struct comparison *comparison, FILE *to)
{
	char unit[METRIC_UNIT_MAX];
	bool judged = comparison->mode != MODE_DESCRIPTIVE;

	metric_unit(comparison->options->metric, unit);
	fprintf(to, "%-*.*s %6s %6s %6s %-12s", NAME_WIDTH, NAME_WIDTH, unit,
		"base", "cand.", "ratio", judged ? "interval" : "90% of them");
	if (judged)
		fprintf(to, " %-12s %7s %5s", "verdict", "detect.", "needs");
	fputc('\n', to);
}

/* Names the groups by the factors in which they differ. The compared factor is
 * not part of the name. */
static struct naming name_groups(const struct comparison *comparison)
{
	const struct compared_cell *cells = comparison->set->cells;
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
	const struct compared_cell *cells = comparison->set->cells;
	const struct record *best = &cells[lead->best].factors;
	char name[NAME_SHORT_MAX], ratio[FIGURE_MAX], interval[FIGURE_MAX];
	char first[RECORD_FIELD_MAX], second[RECORD_FIELD_MAX];

	name_short(naming, best, name);
	record_format(best, comparison->options->factor, first);
	record_format(&cells[lead->next].factors, comparison->options->factor,
		      second);
	print_ratio(lead->ratio, ratio);
	print_interval(lead->has_interval, lead->low, lead->high, interval);
	if (strlen(name) > LEAD_WIDTH) {
		fprintf(to, "%.79s\n", name);
		name[0] = '\0';
	}
	fprintf(to, "%-*s %.12s", LEAD_WIDTH, name, *first ? first : "(none)");
	if (lead->separated)
		fprintf(to, ": %s x %.12s (%s)\n", ratio,
			*second ? second : "(none)", interval);
	else
		fprintf(to, ", %.12s: no significant difference\n",
			*second ? second : "(none)");
}

static void print_leads(const struct comparison *comparison, FILE *to)
{
	struct naming naming;

	if (comparison->lead_count == 0)
		return;
	fprintf(to,
		"\nbest %s of each group, and its ratio to the second best\n",
		results_schema.columns[comparison->options->factor].name);
	naming = name_groups(comparison);
	for (size_t i = 0; i < comparison->lead_count; i++)
		print_lead(comparison, &naming, &comparison->leads[i], to);
}

void comparison_print_text(const struct comparison *comparison, FILE *to)
{
	print_head(comparison, to);
	for (size_t first = 0, end; first < comparison->count; first = end) {
		struct naming naming;
		char common[NAME_SHORT_MAX];

		end = scenario_end(comparison, first);
		naming_of_rows(&naming, comparison, first, end);
		name_common(&naming, common);
		fprintf(to, "\n%.79s\n", common);
		print_header(comparison, to);
		for (size_t i = first; i < end; i++)
			print_row(comparison, &naming, i, to);
	}
	if (comparison->options->factor >= 0)
		print_leads(comparison, to);
	fputc('\n', to);
	print_foot(comparison, to);
}
