/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot_layout.h"
#include "registry.h"
#include "topology.h"
#include "words.h"

/* Height of a heading and of the gap before the heading, in rows. */
static const double heading_rows = 1.5;
static const double gap_rows = 0.6;

/* Cells that differ in the placement or in one of these factors are in
 * different facets. Other factors become part of the names of rows. */
static const int facet_columns[] = {
	COLUMN_placement,   COLUMN_producers, COLUMN_consumers,
	COLUMN_distance_ns, COLUMN_capacity,  COLUMN_payload_bytes,
	COLUMN_warmup_ns,
};

enum {
	FACET_COLUMNS = sizeof(facet_columns) / sizeof(facet_columns[0]),
};

static bool is_facet_column(int column)
{
	for (size_t i = 0; i < FACET_COLUMNS; i++)
		if (facet_columns[i] == column)
			return true;
	return false;
}

/* Factors without a fixed place in the picture. */
static bool is_row_column(int column)
{
	return results_schema.columns[column].role == ROLE_FACTOR &&
	       column != COLUMN_scenario && column != COLUMN_backend &&
	       column != COLUMN_wait && column != COLUMN_queues &&
	       column != COLUMN_duration_ns && !is_facet_column(column);
}

static int compare_by(const struct plot_cell *a, const struct plot_cell *b,
		      int column)
{
	return factor_compare(a->group->example, b->group->example, column);
}

static int compare_facets(const struct plot_layout *layout,
			  const struct plot_cell *a, const struct plot_cell *b)
{
	int order = 0;

	for (size_t i = 0; i < FACET_COLUMNS && !order; i++)
		if (i == 0 || layout->naming.shown[facet_columns[i]])
			order = compare_by(a, b, facet_columns[i]);
	return order;
}

/* Backends that are not queues come first, in a separate band. */
static int compare_bands(const struct plot_cell *a, const struct plot_cell *b)
{
	if (a->floor != b->floor)
		return a->floor ? -1 : 1;
	return a->floor ? 0 : compare_by(a, b, COLUMN_wait);
}

static int compare_rows(const struct plot_cell *a, const struct plot_cell *b)
{
	int order = compare_by(a, b, COLUMN_backend);

	if (!order && a->floor)
		order = compare_by(a, b, COLUMN_wait);
	for (int i = 0; !order && i < (int)results_schema.count; i++)
		if (is_row_column(i))
			order = compare_by(a, b, i);
	return order;
}

static int compare_cells(const void *left, const void *right, void *layout)
{
	const struct plot_cell *a = left, *b = right;
	int order = compare_facets(layout, a, b);

	if (!order)
		order = compare_bands(a, b);
	if (!order)
		order = compare_rows(a, b);
	return order ? order : compare_by(a, b, COLUMN_queues);
}

static void make_naming(struct plot_layout *layout)
{
	const struct record **rows = calloc(layout->count + 1, sizeof(*rows));
	size_t count = 0;

	if (!rows)
		abort();
	for (size_t i = 0; i < layout->count; i++) {
		const struct group *group = layout->cells[i].group;

		if (group && !layout->cells[i].floor)
			rows[count++] = group->example;
	}
	naming_make(&layout->naming, rows, count);
	for (size_t i = 0; i < FACET_COLUMNS; i++)
		words_factor(rows, count, facet_columns[i],
			     &layout->naming.shown[facet_columns[i]]);
	layout->queues = rows;
	layout->queue_count = count;
}

static void take_cells(const struct groups *groups, const char *scenario,
		       const bool *elsewhere, struct plot_layout *layout)
{
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->groups[i];
		const char *name = record_text(group->example, COLUMN_scenario);

		if (strcmp(name, scenario) == 0 && !(elsewhere && elsewhere[i]))
			layout->cells[layout->count++] = (struct plot_cell){
				.group = group,
				.floor = registry_is_not_a_queue(record_text(
					group->example, COLUMN_backend)),
			};
	}
	make_naming(layout);
	qsort_r(layout->cells, layout->count, sizeof(*layout->cells),
		compare_cells, layout);
}

/* The heading of a facet: the placement, its meaning, and other factors that
 * all rows of the facet share. */
static void name_facet(const struct plot_layout *layout,
		       const struct plot_cell *cell, char text[PLOT_TEXT_MAX])
{
	const struct record *example = cell->group->example;
	const char *meaning = placement_meaning(
		record_text(example, COLUMN_placement));
	struct naming naming = { .first = example };
	char name[NAME_SHORT_MAX], apart[48] = "";

	for (size_t i = 0; i < FACET_COLUMNS; i++)
		naming.shown[facet_columns[i]] =
			i == 0 || layout->naming.shown[facet_columns[i]];
	name_short(&naming, example, name);
	if (!record_has(example, COLUMN_distance_ns) &&
	    !isnan(cell->group->distance_ns))
		snprintf(apart, sizeof(apart), " %.0fns apart",
			 cell->group->distance_ns);
	snprintf(text, PLOT_TEXT_MAX, "%s%s%s%s%s", name, apart,
		 *meaning ? " (" : "", meaning, *meaning ? ")" : "");
}

static void name_band(const struct plot_cell *cell, char text[PLOT_TEXT_MAX])
{
	snprintf(text, PLOT_TEXT_MAX, "%s",
		 cell->floor ? "no queue"
			     : record_text(cell->group->example, COLUMN_wait));
}

bool layout_is_bound(const struct plot_layout *layout,
		     const struct plot_cell *cell)
{
	for (size_t i = 0; i < layout->count; i++)
		if (layout->cells[i].group->bound == cell->group)
			return true;
	return false;
}

static void name_row(const struct plot_layout *layout,
		     const struct plot_cell *cell, char text[PLOT_TEXT_MAX])
{
	struct naming naming = { .first = cell->group->example };
	char name[NAME_SHORT_MAX];

	naming.shown[COLUMN_backend] = has_queues(
		record_text(cell->group->example, COLUMN_scenario));
	naming.shown[COLUMN_wait] = cell->floor &&
				    layout->naming.shown[COLUMN_wait];
	for (int i = 0; i < (int)results_schema.count; i++)
		if (is_row_column(i))
			naming.shown[i] = layout->naming.shown[i];
	name_short(&naming, cell->group->example, name);
	snprintf(text, PLOT_TEXT_MAX, "%s%s",
		 layout_is_bound(layout, cell) ? "bound: " : "", name);
}

static void name_panel(const struct plot_cell *cell, char text[PLOT_TEXT_MAX])
{
	const struct record *example = cell->group->example;
	long queues = (long)record_integer(example, COLUMN_queues);

	text[0] = '\0';
	if (record_has(example, COLUMN_queues))
		snprintf(text, PLOT_TEXT_MAX, "%ld queue%s", queues,
			 queues == 1 ? "" : "s");
}

/* The index of the panel with the cell's number of queues, or the index at
 * which to insert this panel. */
static size_t seek_panel(const struct plot_cell *const *panels, size_t count,
			 const struct plot_cell *cell)
{
	size_t i = 0;

	while (i < count && compare_by(panels[i], cell, COLUMN_queues) < 0)
		i++;
	return i;
}

static void find_panels(struct plot_layout *layout)
{
	const struct plot_cell **panels = calloc(layout->count + 1,
						 sizeof(*panels));
	size_t count = 0;

	if (!panels)
		abort();
	for (size_t i = 0; i < layout->count; i++) {
		const struct plot_cell *cell = &layout->cells[i];
		size_t at = seek_panel(panels, count, cell);

		if (at < count && !compare_by(panels[at], cell, COLUMN_queues))
			continue;
		memmove(panels + at + 1, panels + at,
			(count++ - at) * sizeof(*panels));
		panels[at] = cell;
	}
	for (size_t i = 0; i < layout->count; i++)
		layout->cells[i].panel = seek_panel(panels, count,
						    &layout->cells[i]);
	for (size_t i = 0; i < count; i++)
		name_panel(panels[i], layout->panels.items[i].text);
	layout->panels.count = count;
	free(panels);
}

static struct plot_stretch *begin(struct plot_stretches *stretches, double top)
{
	struct plot_stretch *stretch = &stretches->items[stretches->count++];

	stretch->top = stretch->bottom = top;
	return stretch;
}

/* Goes through the sorted cells and starts facets, bands and rows. */
static void find_rows(struct plot_layout *layout)
{
	const struct plot_cell *last = NULL;
	double y = 0;

	for (size_t i = 0; i < layout->count; i++) {
		struct plot_cell *cell = &layout->cells[i];
		bool facet = !last || compare_facets(layout, last, cell);
		bool band = facet || compare_bands(last, cell);
		bool row = band || compare_rows(last, cell);

		if (facet) {
			y += last ? gap_rows : 0;
			name_facet(layout, cell,
				   begin(&layout->facets, y)->text);
			y += heading_rows;
		}
		if (band)
			name_band(cell, begin(&layout->bands, y)->text);
		if (row)
			name_row(layout, cell, begin(&layout->rows, y++)->text);
		cell->facet = layout->facets.count - 1;
		cell->band = layout->bands.count - 1;
		cell->row = layout->rows.count - 1;
		layout->facets.items[cell->facet].bottom = y;
		layout->bands.items[cell->band].bottom = y;
		layout->rows.items[cell->row].bottom = y;
		last = cell;
	}
}

void layout_make(const struct groups *groups, const char *scenario,
		 const bool *elsewhere, struct plot_layout *layout)
{
	struct plot_stretches *stretches[] = {
		&layout->facets,
		&layout->bands,
		&layout->rows,
		&layout->panels,
	};

	memset(layout, 0, sizeof(*layout));
	layout->cells = calloc(groups->count + 1, sizeof(*layout->cells));
	if (!layout->cells)
		abort();
	take_cells(groups, scenario, elsewhere, layout);
	for (size_t i = 0; i < 4; i++) {
		stretches[i]->items = calloc(layout->count + 1,
					     sizeof(*stretches[i]->items));
		if (!stretches[i]->items)
			abort();
	}
	find_panels(layout);
	find_rows(layout);
}

void layout_free(struct plot_layout *layout)
{
	free(layout->cells);
	free(layout->queues);
	free(layout->facets.items);
	free(layout->bands.items);
	free(layout->rows.items);
	free(layout->panels.items);
	memset(layout, 0, sizeof(*layout));
}

double layout_y(const struct plot_layout *layout, const struct plot_cell *cell)
{
	const struct plot_stretch *row = &layout->rows.items[cell->row];

	return (row->top + row->bottom) / 2;
}
