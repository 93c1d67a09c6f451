/* SPDX-License-Identifier: BSD-2-Clause */
/* The result of a measuring process: did it measure the requested cell? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "result.h"

static struct observation observation;

/* The cell that is requested: stream, with default values but for payload. */
static void request(struct cell *cell)
{
	static const char lines[] = "scenario stream\npayload 64\nend\n";
	FILE *from = fmemopen((void *)(uintptr_t)lines, strlen(lines), "r");
	struct fault fault;

	assert_non_null(from);
	assert_int_equal(cell_read(cell, from, &fault), 0);
	fclose(from);
}

/* Removes the line that starts with `name`, and adds `line`. */
static void edit(char *text, const char *name, const char *line)
{
	char *at = strstr(text, name);
	char *end = strstr(text, "end\n");

	memmove(end + strlen(line), end, strlen(end) + 1);
	memcpy(end, line, strlen(line));
	if (!at)
		return;
	end = strchr(at, '\n') + 1;
	memmove(at, end, strlen(end) + 1);
}

/* The answer of a process that measured the cell, but without the line that
 * starts with `name`, and with `line` in addition. */
static void answer(const char *name, const char *line)
{
	static const char result[] = "status failed\nend\n";
	char channel[4096] = "", output[] = "";
	struct cell cell;
	FILE *to = fmemopen(channel, sizeof(channel), "w");

	request(&cell);
	cell_write(&cell, true, to);
	fclose(to);
	edit(channel, name, line);
	strcat(channel, result);
	observation_init(&observation);
	result_read(&cell, channel, output, &observation);
}

static bool is_the_cell(void)
{
	bool found = !strstr(observation.reason, "different cell");

	observation_free(&observation);
	return found;
}

static void the_requested_cell_is_accepted(void **state)
{
	(void)state;
	answer("no such line", "");
	assert_true(is_the_cell());
}

static void another_revision_may_have_more_parameters(void **state)
{
	(void)state;
	answer("no such line", "colour blue\n");
	assert_true(is_the_cell());
}

static void
another_revision_may_lack_a_parameter_that_was_not_sent(void **state)
{
	(void)state;
	answer("batch ", "");
	assert_true(is_the_cell());
}

static void a_parameter_that_was_sent_cannot_be_missing(void **state)
{
	(void)state;
	answer("payload_bytes ", "");
	assert_false(is_the_cell());
	answer("producers ", "");
	assert_false(is_the_cell());
}

static void another_revision_cannot_have_another_default(void **state)
{
	(void)state;
	answer("batch ", "batch 2\n");
	assert_false(is_the_cell());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_requested_cell_is_accepted),
		cmocka_unit_test(another_revision_may_have_more_parameters),
		cmocka_unit_test(
			another_revision_may_lack_a_parameter_that_was_not_sent),
		cmocka_unit_test(a_parameter_that_was_sent_cannot_be_missing),
		cmocka_unit_test(another_revision_cannot_have_another_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
