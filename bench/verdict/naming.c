/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "naming.h"

const struct record *row_factors(const struct comparison *comparison,
				 size_t row)
{
	return &comparison->set->cells[comparison->rows[row].candidate_cell]
			.factors;
}

size_t section_end(const struct comparison *comparison, size_t first)
{
	const char *scenario = record_text(row_factors(comparison, first),
					   COLUMN_scenario);
	int metric = comparison_metric(comparison, &comparison->rows[first]);

	while (++first < comparison->count)
		if (strcmp(record_text(row_factors(comparison, first),
				       COLUMN_scenario),
			   scenario) != 0 ||
		    comparison_metric(comparison, &comparison->rows[first]) !=
			    metric)
			break;
	return first;
}

void naming_of_rows(struct naming *naming, const struct comparison *comparison,
		    size_t first, size_t end)
{
	const struct record **rows = calloc(end - first, sizeof(*rows));

	if (!rows)
		abort();
	for (size_t i = first; i < end; i++)
		rows[i - first] = row_factors(comparison, i);
	naming_make(naming, rows, end - first);
	free(rows);
	if (comparison->options->factor >= 0)
		naming->shown[comparison->options->factor] = true;
}
