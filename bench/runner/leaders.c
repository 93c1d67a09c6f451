/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "groups.h"
#include "leaders.h"
#include "metrics.h"
#include "registry.h"

enum {
	SHOWN_MAX = 5, /* largest number of backends in the text */
};

void leaders_free(struct leaders *leaders)
{
	for (size_t i = 0; i < leaders->count; i++)
		free(leaders->cells[i].values);
	free(leaders->cells);
	lookup_free(&leaders->groups);
	memset(leaders, 0, sizeof(*leaders));
}

static uint32_t group_of(struct leaders *leaders, const struct record *row)
{
	static const int except[] = { COLUMN_backend };
	char key[RECORD_KEY_MAX];
	size_t length = record_key(row, except, 1, key);
	bool added;

	return lookup_add(&leaders->groups, key, length, &added);
}

static struct ranked *find(struct leaders *leaders, uint32_t group,
			   const char *backend)
{
	struct ranked *cell;

	for (size_t i = 0; i < leaders->count; i++)
		if (leaders->cells[i].group == group &&
		    strcmp(leaders->cells[i].backend, backend) == 0)
			return &leaders->cells[i];
	leaders->cells = array_grow(leaders->cells, leaders->count,
				    sizeof(*leaders->cells));
	cell = &leaders->cells[leaders->count++];
	*cell = (struct ranked){ .group = group };
	snprintf(cell->backend, sizeof(cell->backend), "%.63s", backend);
	return cell;
}

void leaders_add(struct leaders *leaders, const struct record *row)
{
	const char *backend = record_text(row, COLUMN_backend);
	int objective = objective_of(row);
	struct ranked *cell;

	if (!row_may_be_compared(row) || !record_has(row, objective) ||
	    registry_is_not_a_queue(backend))
		return;
	cell = find(leaders, group_of(leaders, row), backend);
	cell->values = array_grow(cell->values, cell->count,
				  sizeof(*cell->values));
	cell->values[cell->count++] = record_number(row, objective);
	cell->median = spread_of(cell->values, cell->count).median;
}

static int higher_first(const void *a, const void *b)
{
	const struct ranked *const *left = a, *const *right = b;

	return ((*left)->median < (*right)->median) -
	       ((*left)->median > (*right)->median);
}

static int lower_first(const void *a, const void *b)
{
	return higher_first(b, a);
}

void leaders_text(struct leaders *leaders, const struct record *cell,
		  char text[LEADERS_TEXT_MAX])
{
	uint32_t group = group_of(leaders, cell);
	int objective = objective_of(cell);
	const struct ranked **found = calloc(leaders->count + 1,
					     sizeof(*found));
	size_t count = 0, length = 0;
	char name[METRIC_UNIT_MAX];

	if (!found)
		abort();
	for (size_t i = 0; i < leaders->count; i++)
		if (leaders->cells[i].group == group)
			found[count++] = &leaders->cells[i];
	qsort(found, count, sizeof(*found),
	      results_schema.columns[objective].better == BETTER_LOWER
		      ? lower_first
		      : higher_first);
	text[0] = '\0';
	if (count > 1) {
		metric_short_name(objective, name);
		length = (size_t)snprintf(text, LEADERS_TEXT_MAX, "%.40s ",
					  name);
	}
	for (size_t i = 0; i < count && i < SHOWN_MAX && count > 1; i++) {
		char number[TEXT_NUMBER_MAX];

		metric_format(objective, found[i]->median, number);
		length += (size_t)snprintf(
			text + length, LEADERS_TEXT_MAX - length, "%s%.24s %s",
			i ? ", " : "", found[i]->backend, number);
	}
	free(found);
}
