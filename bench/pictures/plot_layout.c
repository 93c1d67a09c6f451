/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot_layout.h"

/* Heights of a heading, and of the gap before it, in rows. */
static const double heading_rows = 1.5;
static const double gap_rows = 0.6;

/* From the busiest to the most patient; others follow by name. */
static const char *const wait_order[] = {
	"poll", "spin", "yield", "sleep", "block", "timeout", "park", NULL,
};

/* From the nearest to the most distant, and what they mean. */
static const char *const placement_order[] = {
	"same-cpu", "smt", "llc", "near", "package", "any", NULL,
};
static const char *const placement_meaning[] = {
	"all threads on one CPU",
	"the two hardware threads of one core",
	"different cores under one last-level cache",
	"each thread on the nearest other CPU",
	"different last-level caches of one package",
	"not pinned",
};

/* Besides the placement these make a facet; other factors tell rows apart. */
static const int facet_columns[] = {
	COLUMN_placement, COLUMN_producers,	COLUMN_consumers,
	COLUMN_capacity,  COLUMN_payload_bytes, COLUMN_warmup_ns,
};

enum {
	FACET_COLUMNS = sizeof(facet_columns) / sizeof(facet_columns[0]),
	PLACEMENTS = sizeof(placement_meaning) / sizeof(placement_meaning[0]),
};

static bool is_facet_column(int column)
{
	for (size_t i = 0; i < FACET_COLUMNS; i++)
		if (facet_columns[i] == column)
			return true;
	return false;
}

/* Factors that have no place of their own in the picture. */
static bool is_row_column(int column)
{
	return results_schema.columns[column].role == ROLE_FACTOR &&
	       column != COLUMN_scenario && column != COLUMN_backend &&
	       column != COLUMN_wait && column != COLUMN_queues &&
	       column != COLUMN_duration_ns && !is_facet_column(column);
}

/* Position of the part before the colon in a list that ends with NULL. */
static int rank_of(const char *text, const char *const *order)
{
	size_t length = strcspn(text, ":");
	int rank = 0;

	while (order[rank] && (strlen(order[rank]) != length ||
			       strncmp(order[rank], text, length) != 0))
		rank++;
	return rank;
}

static int compare_texts(const char *a, const char *b, const char *const *order)
{
	int by_rank = order ? rank_of(a, order) - rank_of(b, order) : 0;

	return by_rank ? by_rank : strverscmp(a, b);
}

static int compare_values(const struct record *a, const struct record *b,
			  int column)
{
	double left, right;

	if (record_has(a, column) != record_has(b, column))
		return record_has(a, column) ? 1 : -1;
	if (!record_has(a, column))
		return 0;
	if (a->schema->columns[column].type == TYPE_TEXT)
		return compare_texts(
			record_text(a, column), record_text(b, column),
			column == COLUMN_wait	     ? wait_order
			: column == COLUMN_placement ? placement_order
						     : NULL);
	left = record_number(a, column);
	right = record_number(b, column);
	return (left > right) - (left < right);
}

static int compare_facets(const struct plot_cell *a, const struct plot_cell *b)
{
	for (size_t i = 0; i < FACET_COLUMNS; i++) {
		int column = facet_columns[i];
		int order = 0;

		/* Equal placements show the same columns. */
		if (i == 0 || (a->shown >> column & 1))
			order = compare_values(a->group->example,
					       b->group->example, column);
		if (order)
			return order;
	}
	return 0;
}

/* Floors come first, in a band of their own. */
static int compare_bands(const struct plot_cell *a, const struct plot_cell *b)
{
	if (a->floor != b->floor)
		return a->floor ? -1 : 1;
	return a->floor ? 0
			: compare_values(a->group->example, b->group->example,
					 COLUMN_wait);
}

static int compare_rows(const struct plot_cell *a, const struct plot_cell *b)
{
	const struct record *left = a->group->example;
	const struct record *right = b->group->example;
	int order = compare_values(left, right, COLUMN_backend);

	if (!order && a->floor)
		order = compare_values(left, right, COLUMN_wait);
	for (int i = 0; !order && i < (int)results_schema.count; i++)
		if (is_row_column(i))
			order = compare_values(left, right, i);
	return order;
}

static int compare_cells(const void *left, const void *right)
{
	const struct plot_cell *a = left, *b = right;
	int order = compare_facets(a, b);

	if (!order)
		order = compare_bands(a, b);
	if (!order)
		order = compare_rows(a, b);
	return order ? order
		     : compare_values(a->group->example, b->group->example,
				      COLUMN_queues);
}

bool layout_is_floor(const struct group *group)
{
	return group->count > 0 &&
	       !record_has(group->members[0], COLUMN_verified);
}

/* The factors that differ among the cells of the same placement. */
static uint64_t find_shown(const struct plot_layout *layout,
			   const struct plot_cell *cell)
{
	/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): it is set */
	const struct record *own = cell->group->example;
	const struct record *first = NULL;
	uint64_t shown = 0;

	for (size_t i = 0; i < layout->count; i++) {
		const struct plot_cell *other = &layout->cells[i];
		const struct record *example = other->group->example;

		if (other->floor ||
		    compare_values(example, own, COLUMN_placement))
			continue;
		if (!first)
			first = example;
		for (int c = 0; c < (int)results_schema.count; c++)
			if (compare_values(example, first, c))
				shown |= UINT64_C(1) << c;
	}
	return shown;
}

static void take_cells(const struct groups *groups, const char *scenario,
		       struct plot_layout *layout)
{
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->groups[i];
		const char *name = record_text(group->example, COLUMN_scenario);

		if (strcmp(name, scenario) == 0)
			layout->cells[layout->count++] = (struct plot_cell){
				.group = group,
				.floor = layout_is_floor(group),
			};
	}
	for (size_t i = 0; i < layout->count; i++)
		layout->cells[i].shown = find_shown(layout, &layout->cells[i]);
	qsort(layout->cells, layout->count, sizeof(*layout->cells),
	      compare_cells);
}

static void append(char text[PLOT_TEXT_MAX], const struct record *record,
		   int column, const char *separator)
{
	char value[RECORD_FIELD_MAX];
	size_t length = strlen(text);

	record_format(record, column, value);
	snprintf(text + length, PLOT_TEXT_MAX - length, "%s%s %s", separator,
		 results_schema.columns[column].name, *value ? value : "none");
}

static void name_facet(const struct plot_cell *cell, char text[PLOT_TEXT_MAX])
{
	const struct record *example = cell->group->example;
	const char *placement = record_text(example, COLUMN_placement);
	int rank = rank_of(placement, placement_order);

	snprintf(text, PLOT_TEXT_MAX, "%s%s%s",
		 *placement ? placement : "no placement",
		 rank < PLACEMENTS ? ": " : "",
		 rank < PLACEMENTS ? placement_meaning[rank] : "");
	for (size_t i = 1; i < FACET_COLUMNS; i++)
		if (cell->shown >> facet_columns[i] & 1)
			append(text, example, facet_columns[i], ", ");
}

static void name_band(const struct plot_cell *cell, char text[PLOT_TEXT_MAX])
{
	snprintf(text, PLOT_TEXT_MAX, "%s",
		 cell->floor ? "floor"
			     : record_text(cell->group->example, COLUMN_wait));
}

static void name_row(const struct plot_cell *cell, char text[PLOT_TEXT_MAX])
{
	const struct record *example = cell->group->example;

	snprintf(text, PLOT_TEXT_MAX, "%s",
		 record_text(example, COLUMN_backend));
	for (int i = 0; i < (int)results_schema.count; i++)
		if (is_row_column(i) && (cell->shown >> i & 1))
			append(text, example, i, *text ? ", " : "");
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

/* The panel with the cell's number of queues, or where it has to go. */
static size_t seek_panel(const struct plot_cell *const *panels, size_t count,
			 const struct plot_cell *cell)
{
	size_t i = 0;

	while (i < count &&
	       compare_values(panels[i]->group->example, cell->group->example,
			      COLUMN_queues) < 0)
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

		if (at < count &&
		    !compare_values(panels[at]->group->example,
				    cell->group->example, COLUMN_queues))
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

/* Walks down the sorted cells and opens what the next one needs. */
static void find_rows(struct plot_layout *layout)
{
	const struct plot_cell *last = NULL;
	double y = 0;

	for (size_t i = 0; i < layout->count; i++) {
		struct plot_cell *cell = &layout->cells[i];
		bool facet = !last || compare_facets(last, cell);
		bool band = facet || compare_bands(last, cell);
		bool row = band || compare_rows(last, cell);

		if (facet) {
			y += last ? gap_rows : 0;
			name_facet(cell, begin(&layout->facets, y)->text);
			y += heading_rows;
		}
		if (band)
			name_band(cell, begin(&layout->bands, y)->text);
		if (row)
			name_row(cell, begin(&layout->rows, y++)->text);
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
		 struct plot_layout *layout)
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
	take_cells(groups, scenario, layout);
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
