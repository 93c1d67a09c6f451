/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "phrases.h"

void phrase_cell(const struct group *group, char text[PHRASE_CELL_MAX])
{
	const char *wait = record_text(group->example, COLUMN_wait);

	snprintf(text, PHRASE_CELL_MAX, "%.60s%s%.30s",
		 record_text(group->example, COLUMN_backend),
		 *wait ? " with " : "", wait);
}

void phrase_time(double ns, char text[TEXT_NUMBER_MAX])
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	int unit = 0;

	while (ns >= 999.5 && unit < 3) {
		ns /= 1000;
		unit++;
	}
	snprintf(text, TEXT_NUMBER_MAX, "%.3g %s", ns, units[unit]);
}

void phrase_percent(double cpus, char text[TEXT_NUMBER_MAX])
{
	snprintf(text, TEXT_NUMBER_MAX, cpus < 0.0995 ? "%.2g %%" : "%.0f %%",
		 100 * cpus);
}

void phrase_spread(const struct spread *spread,
		   void (*format)(double, char[TEXT_NUMBER_MAX]), char *text,
		   size_t size)
{
	char median[TEXT_NUMBER_MAX], low[TEXT_NUMBER_MAX],
		high[TEXT_NUMBER_MAX];
	char *unit;

	format(spread->median, median);
	format(spread->low, low);
	format(spread->high, high);
	unit = strchr(low, ' ');
	if (unit && strcmp(unit, high + strcspn(high, " ")) == 0)
		*unit = '\0';
	if (spread->has_interval)
		snprintf(text, size, "%s (%s to %s)", median, low, high);
	else
		snprintf(text, size, "%s", median);
}
