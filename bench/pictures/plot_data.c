/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plot_data.h"
#include "plot_table.h"
#include "text.h"

/* What all tables of a scenario are made of. */
struct tables {
	const char *dir;
	const struct plot_layout *layout;
	const char **backends; /* of the whole run, sorted: their colours */
	size_t backend_count;
};

int plot_caption_write(const char *dir, const char *scenario, const char *x,
		       const char *y, const struct plot_caption *caption,
		       struct fault *fault)
{
	FILE *file = plot_table_open(
		dir, "caption.dat",
		"scenario, machine, plan, rounds, revision, "
		"date, names of the axes",
		fault);

	if (!file)
		return -1;
	plot_put_text(file, scenario);
	fputc('\t', file);
	plot_put_text(file, caption->machine);
	fputc('\t', file);
	plot_put_text(file, caption->plan);
	fprintf(file, "\t%d\t", caption->rounds);
	plot_put_text(file, caption->revision);
	fputc('\t', file);
	plot_put_text(file, caption->date);
	fputc('\t', file);
	plot_put_text(file, x);
	fputc('\t', file);
	plot_put_text(file, y);
	fputc('\n', file);
	return plot_table_close(file, dir, "caption.dat", fault);
}

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

/* The factors that make the cell, as the first lines of its tooltip. */
static void put_factors(FILE *file, const struct record *example)
{
	const char *separator = "";
	char value[RECORD_FIELD_MAX];

	for (int i = 0; i < (int)results_schema.count; i++) {
		const struct column *column = &results_schema.columns[i];

		if (column->role != ROLE_FACTOR || i == COLUMN_scenario ||
		    !record_has(example, i))
			continue;
		record_format(example, i, value);
		fprintf(file, "%s%s ", separator, column->name);
		plot_put_inside(file, value);
		separator = i == COLUMN_placement ? "\\n" : ", ";
	}
}

static void put_counts(FILE *file, const struct group *group)
{
	fprintf(file, "\\n%zu observations", group->count);
	if (group->unverified)
		fprintf(file, ", and %zu left out: not ok or not verified",
			group->unverified);
}

static void put_throughput(FILE *file, const struct group *group,
			   const struct spread *spread)
{
	char median[TEXT_NUMBER_MAX], low[TEXT_NUMBER_MAX];
	char high[TEXT_NUMBER_MAX];

	text_format_short(spread->median, median);
	text_format_short(spread->low, low);
	text_format_short(spread->high, high);
	fprintf(file, "\"%s%s\"\t\"", spread->count ? median : "none",
		group->unverified ? " !" : "");
	put_factors(file, group->example);
	if (spread->count)
		fprintf(file, "\\nmedian %s messages a second", median);
	if (spread->has_interval)
		fprintf(file, ", 95 %% interval %s to %s", low, high);
	put_counts(file, group);
	fputs("\"\n", file);
}

static size_t colour_of(const struct tables *tables,
			const struct plot_cell *cell)
{
	const char *name = record_text(cell->group->example, COLUMN_backend);
	size_t i = 0;

	while (i + 1 < tables->backend_count &&
	       strcmp(tables->backends[i], name) != 0)
		i++;
	return i;
}

static int write_cells(const struct tables *tables, struct fault *fault)
{
	const struct plot_layout *layout = tables->layout;
	FILE *file = plot_table_open(
		tables->dir, "cells.dat",
		"panel, y (rows), median, low, high "
		"(messages/s), colour, floor, label, tooltip",
		fault);

	if (!file)
		return -1;
	for (size_t i = 0; i < layout->count; i++) {
		const struct plot_cell *cell = &layout->cells[i];
		struct spread spread = group_spread(
			cell->group, COLUMN_throughput_msg_per_s);

		fprintf(file, "%zu\t%g\t%.9g\t%.9g\t%.9g\t%zu\t%d\t",
			cell->panel, layout_y(layout, cell), spread.median,
			spread.low, spread.high, colour_of(tables, cell),
			cell->floor);
		put_throughput(file, cell->group, &spread);
	}
	return plot_table_close(file, tables->dir, "cells.dat", fault);
}

static int write_dots(const struct tables *tables, struct fault *fault)
{
	const struct plot_layout *layout = tables->layout;
	FILE *file = plot_table_open(
		tables->dir, "dots.dat",
		"panel, y (rows), messages/s, colour, floor, "
		"round",
		fault);

	if (!file)
		return -1;
	for (size_t i = 0; i < layout->count; i++) {
		const struct plot_cell *cell = &layout->cells[i];

		for (size_t j = 0; j < cell->group->count; j++) {
			const struct record *row = cell->group->members[j];

			if (!record_has(row, COLUMN_throughput_msg_per_s))
				continue;
			fprintf(file, "%zu\t%g\t%.9g\t%zu\t%d\t%ld\n",
				cell->panel, layout_y(layout, cell),
				record_number(row, COLUMN_throughput_msg_per_s),
				colour_of(tables, cell), cell->floor,
				(long)record_integer(row, COLUMN_round));
		}
	}
	return plot_table_close(file, tables->dir, "dots.dat", fault);
}

/* A floor bounds what stands in its facet and panel. */
static int write_floors(const struct tables *tables, struct fault *fault)
{
	const struct plot_layout *layout = tables->layout;
	FILE *file = plot_table_open(
		tables->dir, "floors.dat",
		"panel, median (messages/s), top, bottom (rows), name", fault);

	if (!file)
		return -1;
	for (size_t i = 0; i < layout->count; i++) {
		const struct plot_cell *cell = &layout->cells[i];

		if (!cell->floor)
			continue;
		fprintf(file, "%zu\t%.9g\t%g\t%g\t", cell->panel,
			group_spread(cell->group, COLUMN_throughput_msg_per_s)
				.median,
			layout->rows.items[cell->row].top,
			layout->facets.items[cell->facet].bottom);
		plot_put_text(file, record_text(cell->group->example,
						COLUMN_backend));
		fputc('\n', file);
	}
	return plot_table_close(file, tables->dir, "floors.dat", fault);
}

/* Places in the picture for which the run has no cell. */
static int write_absent(const struct tables *tables, struct fault *fault)
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
			if (!found)
				fprintf(file, "%zu\t%g\n", panel,
					(stretch->top + stretch->bottom) / 2);
		}
	}
	return plot_table_close(file, tables->dir, "absent.dat", fault);
}

bool plot_shares(const struct group *group, struct plot_shares *shares)
{
	static const int needed[] = {
		COLUMN_busy_ns, COLUMN_wait_empty_ns, COLUMN_wait_full_ns,
		COLUMN_cpu_ns,	COLUMN_runqueue_ns,
	};
	double busy = 0, cpu = 0, preempted = 0, total = 0;

	for (size_t i = 0; i < group->count; i++) {
		const struct record *row = group->members[i];
		double times[5];
		bool whole = true;

		for (int j = 0; j < 5; j++) {
			times[j] = record_number(row, needed[j]);
			whole &= record_has(row, needed[j]);
		}
		if (!whole)
			continue;
		busy += fmin(times[0], times[3]);
		cpu += times[3];
		preempted += times[4];
		/* The clocks differ by up to 1 %: no share may be negative. */
		total += fmax(times[0] + times[1] + times[2],
			      times[3] + times[4]);
	}
	if (!(total > 0))
		return false;
	shares->busy = busy / total;
	shares->burning = (cpu - busy) / total;
	shares->preempted = preempted / total;
	shares->asleep = 1 - (cpu + preempted) / total;
	return true;
}

static void put_idle(FILE *file, const struct group *group)
{
	struct plot_shares shares = { NAN, NAN, NAN, NAN };
	bool measured = plot_shares(group, &shares);
	double idle = group_spread(group, COLUMN_idle_share).median;

	fprintf(file, "%.6g\t%.6g\t%.6g\t%.6g\t", shares.busy, shares.burning,
		shares.preempted, shares.asleep);
	if (!measured || isnan(idle))
		fprintf(file, "\"%s\"\t\"",
			group->count ? "not measured" : "none !");
	else
		fprintf(file, "\"%.3g %%%s\"\t\"", 100 * idle,
			group->unverified ? " !" : "");
	put_factors(file, group->example);
	if (measured)
		fprintf(file,
			"\\nbusy %.3g %%, burning %.3g %%, preempted %.3g %%, "
			"asleep %.3g %%",
			100 * shares.busy, 100 * shares.burning,
			100 * shares.preempted, 100 * shares.asleep);
	if (!isnan(idle))
		fprintf(file, "\\nwaiting %.3g %% of the time (median)",
			100 * idle);
	put_counts(file, group);
	fputs("\"\n", file);
}

static int write_idle(const struct tables *tables, struct fault *fault)
{
	const struct plot_layout *layout = tables->layout;
	FILE *file = plot_table_open(
		tables->dir, "idle.dat",
		"panel, y (rows), busy, burning, preempted, "
		"asleep (shares), label, tooltip",
		fault);

	if (!file)
		return -1;
	for (size_t i = 0; i < layout->count; i++) {
		const struct plot_cell *cell = &layout->cells[i];

		fprintf(file, "%zu\t%g\t", cell->panel, layout_y(layout, cell));
		put_idle(file, cell->group);
	}
	return plot_table_close(file, tables->dir, "idle.dat", fault);
}

/* A backend has the same colour in every picture of a run; floors are grey. */
static void find_backends(const struct groups *groups, struct tables *tables)
{
	tables->backends = calloc(groups->count + 1, sizeof(char *));
	if (!tables->backends)
		abort();
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->groups[i];
		const char *name = record_text(group->example, COLUMN_backend);
		size_t at = 0;

		while (at < tables->backend_count &&
		       strcmp(tables->backends[at], name) < 0)
			at++;
		if (layout_is_floor(group) ||
		    (at < tables->backend_count &&
		     strcmp(tables->backends[at], name) == 0))
			continue;
		memmove(tables->backends + at + 1, tables->backends + at,
			(tables->backend_count++ - at) * sizeof(char *));
		tables->backends[at] = name;
	}
}

static int write_tables(const struct tables *tables, struct fault *fault)
{
	const struct plot_layout *layout = tables->layout;
	const char *dir = tables->dir;

	if (write_stretches(dir, "panels.dat", &layout->panels, fault) ||
	    write_stretches(dir, "facets.dat", &layout->facets, fault) ||
	    write_stretches(dir, "bands.dat", &layout->bands, fault) ||
	    write_stretches(dir, "rows.dat", &layout->rows, fault) ||
	    write_cells(tables, fault) || write_dots(tables, fault) ||
	    write_floors(tables, fault) || write_absent(tables, fault) ||
	    write_idle(tables, fault))
		return -1;
	return 0;
}

int plot_data_write(const char *dir, const struct groups *groups,
		    const char *scenario, const struct plot_caption *caption,
		    struct fault *fault)
{
	struct plot_layout layout;
	struct tables tables = { .dir = dir, .layout = &layout };
	int result;

	layout_make(groups, scenario, &layout);
	find_backends(groups, &tables);
	result = plot_caption_write(dir, scenario, "", "", caption, fault);
	if (!result)
		result = write_tables(&tables, fault);
	free(tables.backends);
	layout_free(&layout);
	return result;
}
