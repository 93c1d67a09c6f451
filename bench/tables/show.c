/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell_match.h"
#include "cell_flags.h"
#include "distribution.h"
#include "metrics.h"
#include "names.h"
#include "show.h"
#include "table_json.h"
#include "table_values.h"
#include "text.h"

enum {
	BARS = 10, /* number of bars of the objective's histogram */
	BAR_LENGTH = 40,
	NARROW = 60, /* a terminal narrower than this gets shorter bars */
	EXTREMES = 2,
	HEADS_MAX =
		16, /* largest number of columns in the list of observations */
};

static void set_number(struct text_table *table, size_t position, int column,
		       double value)
{
	char text[TEXT_NUMBER_MAX];

	table_number(column, value, text);
	text_table_set(table, position, text, table_json_number(value));
}

static void set_count(struct text_table *table, size_t position, double count)
{
	char text[TEXT_NUMBER_MAX];

	snprintf(text, sizeof(text), "%.0f", count);
	text_table_set(table, position, text, json_integer((json_int_t)count));
}

static bool is_shown(const struct group *group, int column)
{
	const struct column *declared = &results_schema.columns[column];

	return declared->role == ROLE_METRIC && declared->type != TYPE_TEXT &&
	       group_spread(group, column).count > 0;
}

/* The smallest and the largest value. */
static void extremes(const struct group *group, int column,
		     double found[EXTREMES])
{
	found[0] = found[1] = NAN;
	for (size_t i = 0; i < group->count; i++) {
		double value = record_number(group->members[i], column);

		/* fmin() and fmax() ignore NaN. */
		if (record_has(group->members[i], column)) {
			found[0] = fmin(found[0], value);
			found[1] = fmax(found[1], value);
		}
	}
}

static void print_metrics(const struct group *group, struct output *output)
{
	static const char *const titles[] = { "median", "low", "high", "min",
					      "max" };
	struct text_table table;

	text_table_init(&table);
	text_table_column(&table, "metric", true);
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		text_table_column(&table, titles[i], false);
	text_table_column(&table, "n", false);
	for (int c = 0; c < (int)results_schema.count; c++) {
		struct spread spread = group_spread(group, c);
		double ends[EXTREMES];
		size_t i = 0;

		if (!is_shown(group, c))
			continue;
		extremes(group, c, ends);
		text_table_row(&table);
		text_table_set(&table, i++, results_schema.columns[c].name,
			       NULL);
		set_number(&table, i++, c, spread.median);
		set_number(&table, i++, c,
			   spread.has_interval ? spread.low : NAN);
		set_number(&table, i++, c,
			   spread.has_interval ? spread.high : NAN);
		set_number(&table, i++, c, ends[0]);
		set_number(&table, i++, c, ends[1]);
		set_count(&table, i++, (double)spread.count);
	}
	output_table(output, "metrics",
		     "metrics: median of the observations, its 95 % confidence "
		     "interval (low, high), smallest and largest value",
		     &table);
	text_table_free(&table);
}

static void begin_bars(struct text_table *table, const char *unit)
{
	text_table_init(table);
	text_table_column(table, unit, false);
	text_table_column(table, "count", false);
	text_table_column(table, "", true);
	table->heads[0].key = "from";
	table->heads[2].key = "bar";
}

static void add_bar(struct text_table *table, int column, double from,
		    double count, double most)
{
	char bar[BAR_LENGTH + 1];
	int full = text_width < NARROW ? BAR_LENGTH / 2 : BAR_LENGTH;
	size_t length = (size_t)ceil(full * count / most);

	memset(bar, '#', length);
	bar[length] = '\0';
	text_table_row(table);
	set_number(table, 0, column, from);
	set_count(table, 1, count);
	text_table_set(table, 2, bar, NULL);
}

/* Prints a histogram of the objective's values, in bars of equal width. */
static void print_objective(const struct group *group, struct output *output)
{
	int column = objective_of(group->example);
	double ends[EXTREMES], counts[BARS] = { 0 }, most = 0, step;
	struct text_table table;
	char title[128];

	extremes(group, column, ends);
	step = (ends[1] - ends[0]) / BARS;
	if (!(step > 0))
		return;
	for (size_t i = 0; i < group->count; i++) {
		double value = record_number(group->members[i], column);
		int bar = (int)((value - ends[0]) / step);

		if (!record_has(group->members[i], column))
			continue;
		counts[bar < BARS ? bar : BARS - 1]++;
	}
	for (int i = 0; i < BARS; i++)
		most = fmax(most, counts[i]);
	begin_bars(&table, "from");
	for (int i = 0; i < BARS; i++)
		add_bar(&table, column, ends[0] + i * step, counts[i], most);
	snprintf(title, sizeof(title), "%.60s of the observations",
		 results_schema.columns[column].name);
	output_table(output, "objective", title, &table);
	text_table_free(&table);
}

/* A percentile needs 10 / (1 - p) values. */
static void print_percentiles(const struct distribution *all, int column,
			      struct output *output)
{
	static const double shares[] = { 0.5, 0.9, 0.99, 0.999, 0.9999 };
	struct text_table table;
	char text[TEXT_NUMBER_MAX];

	text_table_init(&table);
	text_table_column(&table, "percentile", true);
	text_table_column(&table, "at least", false);
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		if (all->total < 10 / (1 - shares[i]))
			continue;
		snprintf(text, sizeof(text), "%.6g %%", 100 * shares[i]);
		text_table_row(&table);
		text_table_set(&table, 0, text, json_real(shares[i]));
		set_number(&table, 1, column,
			   distribution_quantile(all, shares[i]));
	}
	if (table.rows)
		output_table(output, "percentiles", "", &table);
	text_table_free(&table);
}

/* The column with the median of the histogram, for the unit of its values. */
static int unit_column(int histogram)
{
	char name[TEXT_TABLE_CELL_MAX];
	const char *own = results_schema.columns[histogram].name;

	snprintf(name, sizeof(name), "%.*s_max_ns",
		 (int)(strrchr(own, '_') - own), own);
	return schema_find(&results_schema, name) >= 0
		       ? schema_find(&results_schema, name)
		       : COLUMN_messages;
}

static void print_histogram(const struct group *group, int column,
			    struct output *output)
{
	struct distribution all = { 0 };
	struct text_table table;
	double most = 0;
	char title[160];

	for (size_t i = 0; i < group->count; i++)
		distribution_add(&all, record_text(group->members[i], column));
	for (size_t i = 0; i < all.count; i++)
		most = fmax(most, all.buckets[i].count);
	begin_bars(&table, "from");
	for (size_t i = 0; i < all.count; i++)
		add_bar(&table, unit_column(column), all.buckets[i].low,
			all.buckets[i].count, most);
	snprintf(title, sizeof(title), "%.60s: %.0f values of all observations",
		 results_schema.columns[column].name, all.total);
	if (all.count) {
		output_table(output, results_schema.columns[column].name, title,
			     &table);
		print_percentiles(&all, unit_column(column), output);
	}
	text_table_free(&table);
	distribution_free(&all);
}

/* The columns that every list of observations has, and the times that the
 * scenario measures. Returns their number. */
static size_t choose_columns(const struct group *group, int columns[HEADS_MAX])
{
	size_t count = 0;
	bool repeated = false;

	for (size_t i = 0; i < group->count; i++)
		repeated |= record_integer(group->members[i], COLUMN_attempt) >
			    1;
	columns[count++] = COLUMN_round;
	if (repeated)
		columns[count++] = COLUMN_attempt;
	columns[count++] = COLUMN_order_in_round;
	columns[count++] = COLUMN_status;
	columns[count++] = objective_of(group->example);
	columns[count++] = COLUMN_idle_share;
	for (int c = COMMON_COLUMN_COUNT;
	     c < (int)results_schema.count && count < HEADS_MAX - 1; c++)
		if (is_shown(group, c) && c != columns[count - 2] &&
		    strcmp(results_schema.columns[c].unit, "ns") == 0)
			columns[count++] = c;
	columns[count++] = COLUMN_flags;
	return count;
}

static void title_of(int column, char title[TEXT_TABLE_CELL_MAX])
{
	char name[METRIC_UNIT_MAX];

	metric_short_name(column, name);
	snprintf(title, TEXT_TABLE_CELL_MAX, "%s",
		 column == COLUMN_order_in_round ? "order"
		 : column == COLUMN_idle_share	 ? "idle"
						 : name);
}

/* The flags, separated by blanks, so that their line can be wrapped. */
static void set_flags(struct text_table *table, size_t position,
		      const struct record *row)
{
	char text[RECORD_FIELD_MAX];

	snprintf(text, sizeof(text), "%s", record_text(row, COLUMN_flags));
	for (char *plus = text; (plus = strchr(plus, '+')) != NULL; plus++)
		*plus = ' ';
	text_table_set(table, position, text, NULL);
}

static void add_observation(struct text_table *table, const struct record *row,
			    const int *columns, size_t count)
{
	text_table_row(table);
	for (size_t i = 0; i < count; i++) {
		const struct column *declared =
			&results_schema.columns[columns[i]];

		if (columns[i] == COLUMN_flags)
			set_flags(table, i, row);
		else if (declared->type == TYPE_TEXT)
			text_table_set(table, i, record_text(row, columns[i]),
				       NULL);
		else if (!record_has(row, columns[i]))
			text_table_set(table, i, "-", json_null());
		else if (declared->role == ROLE_IDENTITY)
			set_count(table, i, record_number(row, columns[i]));
		else
			set_number(table, i, columns[i],
				   record_number(row, columns[i]));
	}
}

/* Prints all rows of the cell, including failed observations. */
static void print_observations(const struct run *run, const struct group *group,
			       struct output *output)
{
	int columns[HEADS_MAX];
	size_t count = choose_columns(group, columns);
	struct text_table table;

	text_table_init(&table);
	for (size_t i = 0; i < count; i++) {
		const struct column *declared =
			&results_schema.columns[columns[i]];
		char title[TEXT_TABLE_CELL_MAX];

		title_of(columns[i], title);
		text_table_column(&table, title, declared->type == TYPE_TEXT);
		table.heads[i].key = declared->name;
	}
	for (size_t r = 0; r < run->rows.count; r++)
		if (cell_compare(&run->rows.rows[r], group->example) == 0)
			add_observation(&table, &run->rows.rows[r], columns,
					count);
	output_table(output, "observations", "observations", &table);
	text_table_free(&table);
}

static void print_flags(const struct group *group, FILE *to)
{
	for (const struct flag *flag = known_flags; flag->name; flag++) {
		bool found = flag->of_cell && cell_has_flag(group, flag->name);

		for (size_t i = 0; i < group->count && !found; i++)
			found = record_has_name(group->members[i], COLUMN_flags,
						flag->name);
		if (found)
			text_wrap(flag->meaning,
				  (size_t)fprintf(to, "%s: ", flag->name), to);
	}
}

void show_print_short(const struct run *run, const struct group *group,
		      struct output *output)
{
	print_flags(group, output_text(output));
	print_metrics(group, output);
	print_observations(run, group, output);
}

void show_print(const struct run *run, const struct group *group,
		struct output *output)
{
	char name[CELL_MATCH_NAME_MAX];

	cell_match_name(&run->groups, group->example, name);
	output_fact(output, "cell", json_string(name));
	text_wrap(name, 0, output_text(output));
	print_flags(group, output_text(output));
	print_metrics(group, output);
	print_objective(group, output);
	for (int c = 0; c < (int)results_schema.count; c++)
		if (distribution_is_column(c))
			print_histogram(group, c, output);
	print_observations(run, group, output);
}
