/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

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
	/* The parser also accepts the following units. Durations are printed in
	 * the units above. */
	{ "min", 60 * RINGBENCH_NS_PER_S },
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
	/* 1/1000 of a unit is a whole number of the next smaller unit, so 12
	 * digits are enough. */
	snprintf(text, TEXT_NUMBER_MAX, "%.12g%s",
		 (double)ns / (double)unit->ns, unit->name);
}

int text_parse_rate(const char *text, int64_t *per_second)
{
	static const char prefixes[] = "kMG";
	double value, scale = 1;
	const char *prefix;
	char *end;

	value = strtod(text, &end);
	/* strtod() also accepts blanks, signs, exponents, 0x10 and inf. */
	if (end == text || end != text + strspn(text, "0123456789."))
		return -EINVAL;
	prefix = *end ? strchr(prefixes, *end) : NULL;
	if (prefix) {
		scale = pow(1000, (double)(prefix - prefixes + 1));
		end++;
	}
	value = round(value * scale * 1000) / 1000;
	if ((*end && strcmp(end, "/s") != 0) || value > 1e12 ||
	    value != floor(value))
		return -EINVAL;
	*per_second = (int64_t)value;
	return 0;
}

void text_format_rate(int64_t per_second, char text[TEXT_NUMBER_MAX])
{
	static const char *const prefixes[] = { "", "k", "M", "G" };
	double value = (double)per_second;
	int prefix = 0;

	/* Uses a larger prefix only if two decimals represent the number
	 * exactly. */
	while (prefix < 3 && value >= 1000 &&
	       fmod((double)per_second, pow(1000, prefix + 1) / 100) == 0) {
		value /= 1000;
		prefix++;
	}
	snprintf(text, TEXT_NUMBER_MAX, "%.12g%s%s", value, prefixes[prefix],
		 per_second ? "/s" : "");
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

enum {
	WIDTH_MIN = 39,
};

size_t text_width = TEXT_WIDTH_USUAL;

size_t text_terminal_width(int fd)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size = { .ws_col = 0 };
	int64_t width;

	if (!isatty(fd))
		return 0;
	if (!columns || text_parse_integer(columns, 1, INT16_MAX, &width) != 0)
		width = ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
	if (width <= 0 || width > TEXT_WIDTH_USUAL)
		return TEXT_WIDTH_USUAL;
	return width - 1 < WIDTH_MIN ? WIDTH_MIN : (size_t)width - 1;
}

void text_measure_terminal(void)
{
	size_t width = text_terminal_width(STDOUT_FILENO);

	if (width)
		text_width = width;
}

void text_wrap(const char *text, size_t indent, FILE *to)
{
	size_t column = indent;

	while (*text) {
		size_t word = strcspn(text, " \n");

		if (column > indent && column + 1 + word > text_width) {
			fprintf(to, "\n%*s", (int)indent, "");
			column = indent;
		}
		fprintf(to, "%s%.*s", column > indent ? " " : "", (int)word,
			text);
		column += word + (column > indent);
		text += word + (text[word] != '\0');
	}
	fputc('\n', to);
}

void text_say(size_t indent, const char *format, ...)
{
	char *text;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	if (indent < strlen(text) && text_terminal_width(STDOUT_FILENO)) {
		printf("%.*s", (int)indent, text);
		text_wrap(text + indent, indent, stdout);
	} else {
		puts(text);
	}
	free(text);
}

/* Decodes the character at the beginning of a text. Returns its length in
 * bytes; 0: not UTF-8. */
static size_t decode(const unsigned char *text, uint32_t *character)
{
	static const uint32_t lowest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = *text < 0x80   ? 1
			: *text < 0xc0 ? 0
			: *text < 0xe0 ? 2
			: *text < 0xf0 ? 3
			: *text < 0xf8 ? 4
				       : 0;

	*character = length > 1 ? *text & (0x7fu >> length) : *text;
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*character = *character << 6 | (text[i] & 0x3f);
	}
	if (length && *character < lowest[length])
		return 0;
	if (*character > 0x10ffff || (*character & ~0x7ffu) == 0xd800)
		return 0;
	return length;
}

static bool is_printed(uint32_t c)
{
	return c >= 0x20 && (c < 0x7f || c > 0x9f) &&	   /* C0, DEL, C1 */
	       c != 0x61c && c != 0x200e && c != 0x200f && /* direction.. */
	       (c < 0x2028 || c > 0x202e) &&		   /* ..and lines */
	       (c < 0x2066 || c > 0x2069) && c != 0xfeff;
}

/* The length of the first character if it is printable. Otherwise returns 0,
 * and *bad is the number of bytes to replace. */
static size_t good_bytes(const char *text, size_t *bad)
{
	uint32_t character;
	size_t length = decode((const unsigned char *)text, &character);

	*bad = length ? length : 1;
	return length && is_printed(character) ? length : 0;
}

void text_clean(char *text)
{
	char *to = text;

	while (*text) {
		size_t bad, good = good_bytes(text, &bad);

		if (good)
			memmove(to, text, good);
		else
			*to = strchr("\t\n\r", *text) ? ' ' : '?';
		to += good ? good : 1;
		text += bad;
	}
	*to = '\0';
}

bool text_is_clean(const char *text)
{
	size_t bad;

	while (*text && good_bytes(text, &bad))
		text += bad;
	return !*text;
}

/* Number of insertions, deletions and replacements that turn a into b
 * (Levenshtein 1966). */
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
	size_t fewest = strlen(word) / 2 +
			1; /* more edits mean a different word */

	for (size_t i = 0; i < count; i++) {
		size_t needed = edits(word, names[i]);

		if (needed < fewest || (needed == fewest && !nearest)) {
			fewest = needed;
			nearest = names[i];
		}
	}
	return nearest;
}
