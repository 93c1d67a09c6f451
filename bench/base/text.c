/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ringbench_clock.h"
#include "text.h"

static const struct unit {
	const char *name;
	int64_t ns;
} units[] = {
	{ "s", RINGBENCH_NS_PER_S },
	{ "ms", RINGBENCH_NS_PER_MS },
	{ "us", RINGBENCH_NS_PER_US },
	{ "ns", 1 },
};

enum {
	UNITS = sizeof(units) / sizeof(units[0]),
};

int text_parse_duration(const char *text, int64_t *ns)
{
	char *end;
	double number;

	if (!isdigit((unsigned char)*text) || strpbrk(text, "xX"))
		return -EINVAL;
	errno = 0;
	number = strtod(text, &end);
	for (size_t i = 0; i < UNITS; i++) {
		double product = number * (double)units[i].ns;

		if (strcmp(end, units[i].name) != 0)
			continue;
		if (errno || !(product <= 86400.0 * RINGBENCH_NS_PER_S) ||
		    (product < 1 && product > 0))
			return -ERANGE;
		*ns = llround(product);
		return 0;
	}
	return -EINVAL;
}

void text_format_duration(int64_t ns, char text[TEXT_NUMBER_MAX])
{
	const struct unit *unit = units;

	while (ns < unit->ns && unit->ns > 1)
		unit++;
	/* A thousandth of a unit is whole in the next one: 12 digits do. */
	snprintf(text, TEXT_NUMBER_MAX, "%.12g%s",
		 (double)ns / (double)unit->ns, unit->name);
}

int text_parse_integer(const char *text, int64_t low, int64_t high,
		       int64_t *value)
{
	char *end;

	if (!isdigit((unsigned char)text[*text == '-']))
		return -EINVAL;
	errno = 0;
	*value = strtoll(text, &end, 10);
	if (*end)
		return -EINVAL;
	if (errno || *value < low || *value > high)
		return -ERANGE;
	return 0;
}

void text_format_short(double value, char text[TEXT_NUMBER_MAX])
{
	static const char prefixes[] = { '\0', 'k', 'M', 'G', 'T' };
	size_t i = 0;
	int digits;

	if (!isfinite(value)) {
		snprintf(text, TEXT_NUMBER_MAX, "-");
		return;
	}
	while (fabs(value) >= 999.5 && i + 1 < sizeof(prefixes)) {
		value /= 1000;
		i++;
	}
	digits = fabs(value) >= 99.95 ? 0 : fabs(value) >= 9.995 ? 1 : 2;
	if (i == 0 && value == floor(value))
		digits = 0;
	snprintf(text, TEXT_NUMBER_MAX, "%.*f%c", digits, value, prefixes[i]);
}

void text_format_seconds(double seconds, char text[TEXT_NUMBER_MAX])
{
	int64_t whole = (int64_t)ceil(seconds);

	if (whole < 60)
		snprintf(text, TEXT_NUMBER_MAX, "%" PRId64 " s", whole);
	else if (whole < 3600)
		snprintf(text, TEXT_NUMBER_MAX, "%" PRId64 " min %" PRId64 " s",
			 whole / 60, whole % 60);
	else
		snprintf(text, TEXT_NUMBER_MAX, "%" PRId64 " h %" PRId64 " min",
			 whole / 3600, whole / 60 % 60);
}

/* Insertions, deletions and replacements from a to b (Levenshtein 1966). */
static size_t edits(const char *a, const char *b)
{
	size_t row[64];
	size_t length = strlen(b);

	if (length >= sizeof(row) / sizeof(row[0]))
		return SIZE_MAX;
	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= length; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[length];
}

const char *text_nearest(const char *word, const char *const *names,
			 size_t count)
{
	const char *nearest = NULL;
	size_t fewest = strlen(word) / 2 + 1; /* more is another word */

	for (size_t i = 0; i < count; i++) {
		size_t needed = edits(word, names[i]);

		if (needed < fewest || (needed == fewest && !nearest)) {
			fewest = needed;
			nearest = names[i];
		}
	}
	return nearest;
}
