/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "result.h"

/* The lines of the cell; see cell_write(). Free them. */
static char *lines_of(const struct cell *cell, bool defaults)
{
	char *text = NULL;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	if (!to)
		abort();
	cell_write(cell, defaults, to);
	if (fclose(to) != 0 || !text)
		abort();
	return text;
}

char *result_ask(const struct cell *cell)
{
	/* An external program does not have to know the defaults. */
	return lines_of(cell, cell->choice.external != NULL);
}

/* Whether the lines contain this line. */
static bool has_line(const char *lines, const char *line, size_t length)
{
	for (; lines; lines = strchr(lines, '\n')) {
		lines += *lines == '\n';
		if (strncmp(lines, line, length) == 0 &&
		    (lines[length] == '\n' || lines[length] == '\0'))
			return true;
	}
	return false;
}

/* Whether the lines contain a line with this parameter. */
static bool has_name(const char *lines, const char *line)
{
	size_t length = strcspn(line, " ") + 1;

	for (; lines; lines = strchr(lines, '\n')) {
		lines += *lines == '\n';
		if (strncmp(lines, line, length) == 0)
			return true;
	}
	return false;
}

/*
 * Whether the measured cell is the requested one. Another revision may have
 * additional parameters. A parameter that was not sent, because it has its
 * default value, may be missing in the measured cell, but cannot have another
 * value.
 */
static bool has_cell(const struct cell *cell, const char *said,
		     struct observation *observation)
{
	char *asked = result_ask(cell);
	char *all = lines_of(cell, true);
	char *rest = NULL;
	bool found = true;

	for (char *line = strtok_r(all, "\n", &rest);
	     line && found && strcmp(line, "end") != 0;
	     line = strtok_r(NULL, "\n", &rest)) {
		found = has_line(said, line, strlen(line)) ||
			(!has_name(asked, line) && !has_name(said, line));
		if (!found)
			observation_fail(observation, "crashed",
					 "measured a different cell: its "
					 "lines do not contain \"%.80s\"",
					 line);
	}
	free(all);
	free(asked);
	return found;
}

void result_read(const struct cell *cell, char *channel, char *output,
		 struct observation *observation)
{
	static const char mark[] = "\nend\n";
	char *end;

	if (!*channel) {
		observation_read(observation, output);
		return;
	}
	end = strstr(channel, mark);
	if (!end) {
		observation_fail(observation, "crashed",
				 "did not print the cell that it measured");
		return;
	}
	*end = '\0';
	if (has_cell(cell, channel, observation))
		observation_read(observation, end + sizeof(mark) - 1);
}
