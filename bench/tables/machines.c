/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "best.h"
#include "bound.h"
#include "machines.h"
#include "names.h"
#include "registry.h"
#include "table_json.h"
#include "table_values.h"
#include "text.h"

/* The best cell of a load on a host. */
struct winner {
	size_t host;
	const struct group *best;
};

struct winners {
	struct winner *list;
	size_t count;
};

static void print_hosts(const struct host_runs *all, struct output *output)
{
	char distance[DISTANCE_TEXT_MAX], text[TEXT_NUMBER_MAX];
	struct text_table table;

	text_table_init(&table);
	text_table_column(&table, "host", true);
	text_table_column(&table, "machine", true);
	text_table_column(&table, "rounds", false);
	text_table_column(&table, "core distance", true);
	for (size_t i = 0; i < all->count; i++) {
		const struct run *run = &all->runs[i];

		text_table_row(&table);
		text_table_set(&table, 0, run->host, NULL);
		text_table_set(&table, 1, run_fact(run, "host.caption"), NULL);
		snprintf(text, sizeof(text), "%" PRId64, run_rounds(run));
		text_table_set(&table, 2, text, json_integer(run_rounds(run)));
		distances_describe(&run->groups.set.distances, distance);
		text_table_set(&table, 3, *distance ? distance : "-", NULL);
	}
	output_table(output, "hosts", "Hosts", &table);
	text_table_free(&table);
}

/* Compares the loads of two cells: all but the queue. The core distance is a
 * property of the host. */
static int compare_loads(const struct record *a, const struct record *b)
{
	struct record left = *a, right = *b;

	record_clear(&left, COLUMN_backend);
	record_clear(&right, COLUMN_backend);
	record_clear(&left, COLUMN_distance_ns);
	record_clear(&right, COLUMN_distance_ns);
	return cell_compare(&left, &right);
}

static int in_order(const void *a, const void *b)
{
	const struct winner *left = a, *right = b;
	int order = compare_loads(left->best->example, right->best->example);

	return order ? order
		     : (left->host > right->host) - (left->host < right->host);
}

/* The winners of a scenario. If a load was measured at several core distances,
 * at the smallest one. */
static void find_winners(const struct host_runs *all, const char *scenario,
			 struct winners *winners)
{
	*winners = (struct winners){ .count = 0 };
	for (size_t h = 0; h < all->count; h++) {
		const struct groups *groups = &all->runs[h].groups;

		for (size_t i = 0; i < groups->count; i++) {
			const struct group *best = best_of_load(groups, i);

			if (!best || !best->represents_cell ||
			    !group_is_of(best, scenario))
				continue;
			winners->list = array_grow(winners->list,
						   winners->count,
						   sizeof(*winners->list));
			winners->list[winners->count++] =
				(struct winner){ h, best };
		}
	}
	if (winners->count)
		qsort(winners->list, winners->count, sizeof(*winners->list),
		      in_order);
}

/* Whether two of the loads have different values of the factor. */
static bool varies(const struct winners *winners, int column)
{
	const struct record *first = NULL;

	for (size_t i = 0; i < winners->count; i++) {
		const struct record *row = winners->list[i].best->example;

		if (!record_has(row, column))
			continue;
		if (first && factor_compare(first, row, column) != 0)
			return true;
		first = row;
	}
	return false;
}

static void name_loads(const struct winners *winners, struct naming *naming)
{
	const struct record **rows = calloc(winners->count, sizeof(*rows));
	size_t loads = 0;

	if (!rows)
		abort();
	for (size_t i = 0; i < winners->count; i++) {
		const struct record *row = winners->list[i].best->example;

		if (loads == 0 || compare_loads(rows[loads - 1], row) != 0)
			rows[loads++] = row;
	}
	naming_make(naming, rows, loads);
	free(rows);
	for (int c = 0; c < (int)results_schema.count; c++)
		naming->shown[c] &= varies(winners, c);
	naming->shown[COLUMN_backend] = false;
	naming->shown[COLUMN_distance_ns] = false;
	naming->shown[COLUMN_wait] = true;
}

/* The core distance of the cell, or "-". */
static void set_distance(struct text_table *table, size_t column,
			 const struct group *group)
{
	char text[TEXT_NUMBER_MAX] = "-";

	if (group->distance_ns > 0)
		snprintf(text, sizeof(text), "%.0fns", group->distance_ns);
	text_table_set(table, column, text,
		       table_json_number(group->distance_ns));
}

static void set_objective(struct text_table *table, size_t column,
			  const struct group *group)
{
	static const struct table_column objective = { .what = "objective" };
	char text[TEXT_TABLE_CELL_MAX];

	table_value(&objective, group, text);
	text_table_set(table, column, text, table_json(&objective, group));
}

static void add_row(struct text_table *table, const struct host_runs *all,
		    const struct naming *naming, const struct winner *winner)
{
	static const struct table_column share = { .what = "of_bound" };
	char load[NAME_SHORT_MAX], text[TEXT_TABLE_CELL_MAX];
	const struct group *best = winner->best;
	size_t i = 0;

	name_short(naming, best->example, load);
	text_table_row(table);
	text_table_set(table, i++, load, NULL);
	text_table_set(table, i++, all->runs[winner->host].host, NULL);
	set_distance(table, i++, best);
	set_objective(table, i++, best->bound);
	text_table_set(table, i++, record_text(best->example, COLUMN_backend),
		       NULL);
	set_objective(table, i++, best);
	table_value(&share, best, text);
	text_table_set(table, i, text, table_json(&share, best));
}

static void print_winners(const struct host_runs *all, const char *scenario,
			  struct output *output)
{
	static const struct {
		const char *title;
		bool left;
	} heads[] = { { "load", true },	      { "host", true },
		      { "apart", false },     { "bound", false },
		      { "best queue", true }, { "median", false },
		      { "of bound", false } };
	struct winners winners;
	struct text_table table;
	struct naming naming;
	char title[128];

	find_winners(all, scenario, &winners);
	if (winners.count) {
		name_loads(&winners, &naming);
		text_table_init(&table);
		for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
			text_table_column(&table, heads[i].title,
					  heads[i].left);
		table.heads[0].omit_same = true;
		for (size_t i = 0; i < winners.count; i++)
			add_row(&table, all, &naming, &winners.list[i]);
		table.heads[2].key = "distance_ns";
		snprintf(title, sizeof(title),
			 "%.60s: bound and best queue of each load", scenario);
		output_table(output, "best_of_hosts", title, &table);
		text_table_free(&table);
	}
	free(winners.list);
}

void machines_print(const struct host_runs *all, struct output *output)
{
	char text[320];

	snprintf(text, sizeof(text),
		 "This run is merged from %zu hosts. These tables describe "
		 "the machines and give no verdict: processor, memory, kernel "
		 "and compiler differ together with the host. Hosts are in the "
		 "order of the run. apart: core distance of the cell.",
		 all->count);
	text_wrap(text, 0, output_text(output));
	print_hosts(all, output);
	for (size_t s = 0; s < registry_scenario_count; s++)
		print_winners(all, registry_scenarios[s]->id, output);
}
