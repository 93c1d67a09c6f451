/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "look.h"
#include "plot_data.h"
#include "plot_table.h"
#include "text.h"

/* The input of all tables of a scenario. */
struct tables {
	const char *dir;
	const char *scenario;
	const struct plot_layout *layout;
	int objective; /* column */
	char unit[WORDS_MAX];
	/* The marks that the pictures contain; the legend explains only these.
	 */
	bool has_interval;
	bool has_bound;
	bool has_absent;
	bool has_unverified;
	bool has_disturbed;
};

static int write_stretches(const char *dir, const char *name,
			   const struct plot_stretches *stretches,
			   struct fault *fault)
{
	FILE *file = plot_table_open(dir, name,
				     "number, top, bottom (rows), name", fault);

	if (!file)
		return -1;
	for (size_t i = 0; i < stretches->count; i++) {
		const struct plot_stretch *stretch = &stretches->items[i];

		fprintf(file, "%zu\t%g\t%g\t", i, stretch->top,
			stretch->bottom);
		plot_put_text(file, stretch->text);
		fputc('\n', file);
	}
	return plot_table_close(file, dir, name, fault);
}

void plot_put_name(FILE *file, const struct group *group)
{
	char name[NAME_LONG_MAX];

	name_long(group->example, name);
	plot_put_inside(file, name);
}

void plot_put_counts(FILE *file, const struct group *group)
{
	fprintf(file, "\\n%zu observations", group->count);
	if (group->undisturbed < group->rounds)
		fprintf(file, ", %zu of %zu undisturbed", group->undisturbed,
			group->rounds);
	if (!isnan(group->distance_ns))
		fprintf(file, ", CPUs %.0f ns apart", group->distance_ns);
	if (group->unverified)
		fprintf(file, ", %zu left out (failed or not verified)",
			group->unverified);
}

static void put_cell(FILE *file, const struct tables *tables,
		     const struct group *group, const struct spread *spread)
{
	char median[TEXT_NUMBER_MAX], low[TEXT_NUMBER_MAX];
	char high[TEXT_NUMBER_MAX];

	text_format_short(spread->median, median);
	text_format_short(spread->low, low);
	text_format_short(spread->high, high);
	fprintf(file, "\"%s%s\"\t\"", spread->count ? median : "none",
		group->unverified ? " !" : "");
	plot_put_name(file, group);
	if (spread->count)
		fprintf(file, "\\n%s %s, median", median, tables->unit);
	if (spread->has_interval)
		fprintf(file, ", 95 %% interval %s to %s", low, high);
	plot_put_counts(file, group);
	fputs("\"\n", file);
}

static struct look look_of_cell(const struct plot_cell *cell)
{
	return look_of(record_text(cell->group->example, COLUMN_backend));
}

static int write_cells(struct tables *tables, struct fault *fault)
{
	const struct plot_layout *layout = tables->layout;
	FILE *file = plot_table_open(tables->dir, "cells.dat",
				     "panel, y (rows), median, low, high, "
				     "colour, mark, label, tooltip",
				     fault);

	if (!file)
		return -1;
	for (size_t i = 0; i < layout->count; i++) {
		const struct plot_cell *cell = &layout->cells[i];
		struct look look = look_of_cell(cell);
		struct spread spread = group_spread(cell->group,
						    tables->objective);

		fprintf(file, "%zu\t%g\t%.9g\t%.9g\t%.9g\t%u\t%d\t",
			cell->panel, layout_y(layout, cell), spread.median,
			spread.low, spread.high, look.colour, look.mark);
		put_cell(file, tables, cell->group, &spread);
		tables->has_interval |= spread.has_interval;
		tables->has_unverified |= cell->group->unverified > 0;
		tables->has_disturbed |= cell->group->undisturbed <
					 cell->group->rounds;
	}
	return plot_table_close(file, tables->dir, "cells.dat", fault);
}

static int write_dots(const struct tables *tables, struct fault *fault)
{
	const struct plot_layout *layout = tables->layout;
	int objective = tables->objective;
	FILE *file = plot_table_open(tables->dir, "dots.dat",
				     "panel, y (rows), value, colour, round",
				     fault);

	if (!file)
		return -1;
	for (size_t i = 0; i < layout->count; i++) {
		const struct plot_cell *cell = &layout->cells[i];

		for (size_t j = 0; j < cell->group->count; j++) {
			const struct record *row = cell->group->members[j];

			if (!record_has(row, objective))
				continue;
			fprintf(file, "%zu\t%g\t%.9g\t%u\t%ld\n", cell->panel,
				layout_y(layout, cell),
				record_number(row, objective),
				look_of_cell(cell).colour,
				(long)record_integer(row, COLUMN_round));
		}
	}
	return plot_table_close(file, tables->dir, "dots.dat", fault);
}

/* Writes a line from each bound down to the end of its facet and panel. */
static int write_bounds(struct tables *tables, struct fault *fault)
{
	const struct plot_layout *layout = tables->layout;
	FILE *file = plot_table_open(tables->dir, "bounds.dat",
				     "panel, median, top, bottom (rows)",
				     fault);

	if (!file)
		return -1;
	for (size_t i = 0; i < layout->count; i++) {
		const struct plot_cell *cell = &layout->cells[i];

		if (!layout_is_bound(layout, cell))
			continue;
		tables->has_bound = true;
		fprintf(file, "%zu\t%.9g\t%g\t%g\n", cell->panel,
			group_spread(cell->group, tables->objective).median,
			layout->rows.items[cell->row].top,
			layout->facets.items[cell->facet].bottom);
	}
	return plot_table_close(file, tables->dir, "bounds.dat", fault);
}

/* Writes the places in the picture that have no measured cell. */
static int write_absent(struct tables *tables, struct fault *fault)
{
	const struct plot_layout *layout = tables->layout;
	FILE *file = plot_table_open(tables->dir, "absent.dat",
				     "panel, y (rows)", fault);

	if (!file)
		return -1;
	for (size_t panel = 0; panel < layout->panels.count; panel++) {
		for (size_t row = 0; row < layout->rows.count; row++) {
			const struct plot_stretch *stretch =
				&layout->rows.items[row];
			bool found = false;

			for (size_t i = 0; i < layout->count; i++)
				found |= layout->cells[i].row == row &&
					 layout->cells[i].panel == panel;
			tables->has_absent |= !found;
			if (!found)
				fprintf(file, "%zu\t%g\n", panel,
					(stretch->top + stretch->bottom) / 2);
		}
	}
	return plot_table_close(file, tables->dir, "absent.dat", fault);
}

static int write_tables(struct tables *tables, struct fault *fault)
{
	const struct plot_layout *layout = tables->layout;
	const char *dir = tables->dir;

	if (write_stretches(dir, "panels.dat", &layout->panels, fault) ||
	    write_stretches(dir, "facets.dat", &layout->facets, fault) ||
	    write_stretches(dir, "bands.dat", &layout->bands, fault) ||
	    write_stretches(dir, "rows.dat", &layout->rows, fault) ||
	    write_cells(tables, fault) || write_dots(tables, fault) ||
	    write_bounds(tables, fault) || write_absent(tables, fault))
		return -1;
	return 0;
}

static void note_marks(struct words *words, const struct tables *tables)
{
	if (tables->has_absent)
		words_note(
			words, NOTE_PLAIN,
			"\u2013  not measured: the plan does not contain this "
			"cell, or the cell is impossible");
	if (tables->has_unverified)
		words_note(words, NOTE_PLAIN,
			   "!  observations left out: failed or not verified");
	if (tables->has_disturbed)
		words_note(words, NOTE_PLAIN,
			   "Disturbed rounds are left out if at least %d "
			   "others remain",
			   UNDISTURBED_MIN);
}

static void find_words(const struct tables *tables, struct words *words)
{
	const char *better = words_better(tables->objective);

	memset(words, 0, sizeof(*words));
	words_title(words, tables->scenario, tables->unit,
		    &(struct words_axis){ 0 }, tables->layout->queues,
		    tables->layout->queue_count);
	snprintf(words->x, WORDS_MAX,
		 "%.200s; factor 10 from one grid line to the next%s%s",
		 tables->unit, *better ? "; " : "", better);
	snprintf(words->value, WORDS_MAX, "median");
	words_note(words, NOTE_MEDIAN, "median of the rounds");
	if (tables->has_interval)
		words_note(words, NOTE_INTERVAL,
			   "95 %% confidence interval of the median");
	words_note(words, NOTE_OBSERVATION,
		   "one observation; the height within the row has no meaning");
	if (tables->has_bound)
		words_note(
			words, NOTE_BOUND,
			"bound: rate that the machine reaches without a queue");
	note_marks(words, tables);
}

int plot_data_write(const char *dir, const char *scenario, int objective,
		    const struct plot_layout *layout, struct words *words,
		    struct fault *fault)
{
	struct tables tables = {
		.dir = dir,
		.scenario = scenario,
		.layout = layout,
		.objective = objective,
	};

	words_objective(scenario, objective, tables.unit);
	if (write_tables(&tables, fault))
		return -1;
	find_words(&tables, words);
	return 0;
}
