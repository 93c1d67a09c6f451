/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A cell: allowed and refused values of its parameters, allowed combinations,
 * and the transfer to the process that measures the cell.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cell.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static struct fault fault;

/* Reads a cell from lines `name value`, as a child process does. */
static int read_cell(struct cell *cell, const char *lines)
{
	char text[1024];
	FILE *from;
	int error;

	snprintf(text, sizeof(text), "%send\n", lines);
	memset(&fault, 0, sizeof(fault));
	from = fmemopen(text, strlen(text), "r");
	assert_non_null(from);
	error = cell_read(cell, from, &fault);
	fclose(from);
	return error;
}

static void assert_said(const char *hint)
{
	assert_int_equal(fault.exit_code, EXIT_USAGE);
	if (!strstr(fault.text, hint))
		fail_msg("\"%s\" does not say \"%s\"", fault.text, hint);
	assert_null(strchr(fault.text, '\n'));
}

static void assert_refused(const char *name, const char *value,
			   const char *hint)
{
	const struct param *param = param_find(name);
	struct cell cell = { .scenario = NULL };

	assert_non_null(param);
	memset(&fault, 0, sizeof(fault));
	if (param->set(&cell, param, value, &fault) != -1)
		fail_msg("--%s takes \"%s\"", name, value);
	assert_said(hint);
}

static void assert_taken_as(const char *name, const char *value,
			    const char *expected)
{
	const struct param *param = param_find(name);
	struct cell cell = { .scenario = NULL };
	char text[CELL_TEXT_MAX];

	assert_non_null(param);
	if (param->set(&cell, param, value, &fault) != 0)
		fail_msg("--%s: %s", name, fault.text);
	param->get(&cell, param, text);
	assert_string_equal(text, expected);
}

static void assert_taken(const char *name, const char *value)
{
	assert_taken_as(name, value, value);
}

static void every_parameter_takes_its_own_default(void **state)
{
	(void)state;
	for (size_t i = 0; i < param_count; i++) {
		assert_ptr_equal(param_find(params[i].name), &params[i]);
		if (*params[i].fallback)
			assert_taken(params[i].name, params[i].fallback);
	}
	assert_null(param_find("no-such-parameter"));
	assert_null(param_find(""));
}

static void all_names_of_parts_are_accepted(void **state)
{
	(void)state;
	for (size_t i = 0; i < registry_scenario_count; i++)
		assert_taken("scenario", registry_scenarios[i]->id);
	for (size_t i = 0; i < registry_backend_count; i++)
		assert_taken("backend", registry_backends[i]->id);
	for (int i = 0; i < PLACEMENTS; i++)
		assert_taken("placement", placement_names[i]);
	assert_taken("backend", "python");
}

static void a_misspelt_name_gets_the_nearest_one(void **state)
{
	(void)state;
	assert_refused("scenario", "pingpog", "did you mean pingpong;");
	assert_refused("scenario", "Stream", "did you mean stream;");
	assert_refused("backend", "mutx", "did you mean mutex;");
	assert_refused("backend", "pyhton", "did you mean python;");
	assert_refused("wait", "blok", "did you mean block;");
	assert_refused("wait", "sleeep:1ms", "did you mean sleep;");
	assert_refused("placement", "samecpu", "did you mean same-cpu;");
}

static void another_word_gets_no_suggestion(void **state)
{
	static const char *const names[] = { "scenario", "backend", "wait",
					     "placement" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		assert_refused(names[i], "qqqqqqqq", "unknown");
		assert_null(strstr(fault.text, "did you mean"));
		assert_said("ringbench list");
		assert_refused(names[i], "", "unknown");
	}
}

static void a_very_long_name_is_refused_in_one_short_line(void **state)
{
	char lengthy[5000];

	(void)state;
	memset(lengthy, 'x', sizeof(lengthy) - 1);
	lengthy[sizeof(lengthy) - 1] = '\0';
	assert_refused("backend", lengthy, "unknown");
	assert_true(strlen(fault.text) < 200);
	assert_refused("wait", lengthy, "unknown");
	assert_refused("queues", lengthy, "whole number");
	assert_refused("duration", lengthy, "must be a time");
	assert_true(strlen(fault.text) < 200);
}

static void wait_policies_with_a_time_need_a_time(void **state)
{
	static const char *const timed[] = { "sleep", "timeout", "park" };
	static const char *const bad[] = { "",	    ":",     ":5",    ":0s",
					   ":-1ms", ":1.1s", ":2s",   ":1h",
					   ":1ms ", ":x",    ":1ms:", "::1ms" };
	char text[CELL_TEXT_MAX], example[CELL_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(timed); i++) {
		snprintf(text, sizeof(text), "%s:1ms", timed[i]);
		assert_taken("wait", text);
		snprintf(text, sizeof(text), "%s:1s", timed[i]);
		assert_taken("wait", text);
		snprintf(text, sizeof(text), "%s:1ns", timed[i]);
		assert_taken("wait", text);
		snprintf(example, sizeof(example), "%s:1ms", timed[i]);
		for (size_t j = 0; j < COUNT_OF(bad); j++) {
			snprintf(text, sizeof(text), "%s%s", timed[i], bad[j]);
			assert_refused("wait", text, example);
		}
	}
	assert_taken_as("wait", "sleep:1000us", "sleep:1ms");
	assert_taken_as("wait", "park:0.02ms", "park:20us");
}

static void wait_policies_without_a_time_refuse_a_time(void **state)
{
	static const char *const plain[] = { "poll", "spin", "yield", "block" };
	char text[CELL_TEXT_MAX], say[CELL_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(plain); i++) {
		assert_taken("wait", plain[i]);
		snprintf(text, sizeof(text), "%s:1ms", plain[i]);
		snprintf(say, sizeof(say), "takes no time; write %s", plain[i]);
		assert_refused("wait", text, say);
		snprintf(text, sizeof(text), "%s:", plain[i]);
		assert_refused("wait", text, say);
	}
}

static void counts_outside_their_range_are_refused(void **state)
{
	(void)state;
	assert_taken("queues", "1");
	assert_taken("queues", "2");
	assert_refused("queues", "0", "from 1 to 2");
	assert_refused("queues", "3", "from 1 to 2");
	assert_taken("producers", "64");
	assert_refused("producers", "65", "from 1 to 64");
	assert_refused("consumers", "0", "from 1 to 64");
	assert_taken("capacity", "67108864");
	assert_refused("capacity", "67108865", "from 1 to 67108864");
	assert_refused("capacity", "0", "from 1");
	assert_taken("messages", "0");
	assert_refused("messages", "-1", "from 0");
	assert_refused("messages", "1099511627777", "from 0");
}

static void a_count_that_is_not_a_number_is_refused(void **state)
{
	static const char *const bad[] = { "",	  "two", "1.5", " 1", "1 ",
					   "0x1", "+1",	 "1e3", "nan" };
	static const char *const names[] = { "queues", "producers", "consumers",
					     "capacity", "messages" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		for (size_t j = 0; j < COUNT_OF(bad); j++)
			assert_refused(names[i], bad[j], names[i]);
}

static void times_outside_their_range_are_refused(void **state)
{
	(void)state;
	assert_taken("duration", "1ms");
	assert_taken("duration", "3600s");
	assert_taken_as("duration", "0.3s", "300ms");
	assert_refused("duration", "999us", "from 1ms to 3600s");
	assert_refused("duration", "3601s", "from 1ms to 3600s");
	assert_refused("duration", "200", "for example 300ms");
	assert_refused("duration", "-1s", "must be a time");
	assert_refused("duration", "", "must be a time");
	assert_taken_as("warmup", "0s", "0ns");
	assert_refused("warmup", "3601s", "from 0ns to 3600s");
}

/* Completes a cell from lines. Returns "" or the reason why the cell is
 * refused. */
static const char *reason_of(const char *lines)
{
	struct cell cell;

	return read_cell(&cell, lines) == 0 ? "" : fault.text;
}

static void assert_cannot(const char *lines, const char *hint)
{
	const char *reason = reason_of(lines);

	if (!strstr(reason, hint))
		fail_msg("%s: \"%s\" does not say \"%s\"", lines, reason, hint);
	assert_int_equal(fault.exit_code, EXIT_USAGE);
}

static void impossible_cells_are_refused_with_the_reason(void **state)
{
	(void)state;
	assert_cannot("backend ck_spsc\nqueues 1\n", "ck_spsc is for one");
	assert_cannot("backend line\nqueues 1\n", "line is for one");
	assert_cannot("backend null\n", "null keeps no messages");
	assert_cannot("scenario stream\nbackend line\n", "line: carries one");
	assert_cannot("scenario stream\nbackend ck_spsc\nproducers 2\n",
		      "ck_spsc: is for one producer");
	assert_cannot("scenario stream\nbackend ck_spsc\nconsumers 2\n",
		      "ck_spsc: is for one consumer");
	assert_cannot("backend lines\n", "lines transfers only whole blocks");
	assert_cannot("backend faa\n", "faa keeps no messages");
	assert_cannot("scenario stream\nbackend lines\nproducers 2\n",
		      "lines: is for one producer");
	assert_cannot("scenario stream\nbackend lines\nmessages 100\n",
		      "lines: transfers only whole blocks");
	assert_cannot("scenario stream\nbackend faa\nstop sentinel\n",
		      "faa: is not a queue");
	assert_cannot("scenario stream\nbackend null\nproduce-every 1ms\n",
		      "null: is not a queue");
	assert_cannot("scenario stream\nqueues 2\n", "one queue");
	assert_cannot("scenario stream\nmessages 100\nconsumers 2\n",
		      "only with one consumer");
}

static void a_parameter_of_another_scenario_is_refused(void **state)
{
	(void)state;
	assert_cannot("producers 2\n", "pingpong has no --producers");
	assert_cannot("consumers 1\n", "pingpong has no --consumers");
}

static void python_refuses_unsupported_values(void **state)
{
	(void)state;
	assert_string_equal(reason_of("backend python\nplacement any\n"), "");
	assert_string_equal(
		reason_of("backend python\nplacement any\nqueues 1\n"), "");
	assert_cannot("backend python\nplacement any\nwait park:20us\n",
		      "python does not support park");
	assert_cannot("backend python\nplacement same-cpu\n",
		      "python does not support same-cpu");
	assert_cannot("backend python\n", "python does not support near");
}

static void possible_cells_are_accepted(void **state)
{
	(void)state;
	assert_string_equal(reason_of(""), "");
	assert_string_equal(reason_of("backend mutex\nqueues 1\n"), "");
	assert_string_equal(reason_of("backend ck_spsc\n"), "");
	assert_string_equal(reason_of("backend line\n"), "");
	assert_string_equal(reason_of("scenario stream\nbackend null\n"), "");
	assert_string_equal(reason_of("scenario stream\nbackend lines\n"), "");
	assert_string_equal(reason_of("scenario stream\nbackend faa_bulk\n"
				      "producers 2\nconsumers 4\n"),
			    "");
	assert_string_equal(reason_of("scenario stream\nproducers 64\n"
				      "consumers 64\nqueues 1\n"),
			    "");
	assert_string_equal(reason_of("scenario stream\nmessages 100\n"
				      "producers 2\n"),
			    "");
}

static void the_scenario_sets_the_defaults(void **state)
{
	struct cell cell;

	(void)state;
	assert_int_equal(read_cell(&cell, ""), 0);
	assert_string_equal(cell.scenario->id, "pingpong");
	assert_int_equal(cell.queues, 2);
	assert_int_equal(cell.producers, 0);
	assert_int_equal(cell.capacity, 1023);
	assert_int_equal(cell_threads(&cell), 2);
	assert_int_equal(read_cell(&cell, "scenario stream\nproducers 3\n"), 0);
	assert_int_equal(cell.queues, 1);
	assert_int_equal(cell.producers, 3);
	assert_int_equal(cell.consumers, 1);
	assert_int_equal(cell_threads(&cell), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_parameter_takes_its_own_default),
		cmocka_unit_test(all_names_of_parts_are_accepted),
		cmocka_unit_test(a_misspelt_name_gets_the_nearest_one),
		cmocka_unit_test(another_word_gets_no_suggestion),
		cmocka_unit_test(a_very_long_name_is_refused_in_one_short_line),
		cmocka_unit_test(wait_policies_with_a_time_need_a_time),
		cmocka_unit_test(wait_policies_without_a_time_refuse_a_time),
		cmocka_unit_test(counts_outside_their_range_are_refused),
		cmocka_unit_test(a_count_that_is_not_a_number_is_refused),
		cmocka_unit_test(times_outside_their_range_are_refused),
		cmocka_unit_test(impossible_cells_are_refused_with_the_reason),
		cmocka_unit_test(a_parameter_of_another_scenario_is_refused),
		cmocka_unit_test(python_refuses_unsupported_values),
		cmocka_unit_test(possible_cells_are_accepted),
		cmocka_unit_test(the_scenario_sets_the_defaults),
	};

	return cmocka_run_group_tests_name("cell", tests, NULL, NULL);
}
