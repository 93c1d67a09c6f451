/* SPDX-License-Identifier: BSD-2-Clause */
/* A cell as lines of "column value", its name, and its factor columns. */
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

static int read_cell(struct cell *cell, const char *lines)
{
	FILE *from = fmemopen((void *)(uintptr_t)lines, strlen(lines), "r");
	int error;

	assert_non_null(from);
	memset(&fault, 0, sizeof(fault));
	error = cell_read(cell, from, &fault);
	fclose(from);
	return error;
}

static void make(struct cell *cell, const char *lines)
{
	if (read_cell(cell, lines) != 0)
		fail_msg("%s: %s", lines, fault.text);
}

/* Returns the lines of the cell. The caller frees them. */
static char *lines_of(const struct cell *cell, bool defaults)
{
	char *text;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	cell_write(cell, defaults, to);
	assert_int_equal(fclose(to), 0);
	return text;
}

static char *written(const struct cell *cell)
{
	return lines_of(cell, true);
}

/* Checks that the other process reads an equal cell, to the nanosecond. */
static void assert_arrives(const char *lines)
{
	struct cell cell, arrived;
	char *text;

	make(&cell, lines);
	text = lines_of(&cell, false);
	make(&arrived, text);
	free(text);
	assert_true(cell_same(&cell, &arrived));
	text = written(&cell);
	make(&arrived, text);
	free(text);
	assert_true(cell_same(&cell, &arrived));
	assert_int_equal(arrived.duration_ns, cell.duration_ns);
	assert_int_equal(arrived.warmup_ns, cell.warmup_ns);
	assert_int_equal(arrived.messages, cell.messages);
	assert_int_equal(arrived.cpu_count, cell.cpu_count);
	assert_memory_equal(arrived.cpus, cell.cpus,
			    (size_t)cell.cpu_count * sizeof(int));
}

static void every_cell_arrives_unchanged(void **state)
{
	static const char *const cells[] = {
		"end\n",
		"scenario stream\nbackend ck_spsc\nwait poll\nend\n",
		"scenario stream\nproducers 3\nconsumers 2\nend\n",
		"queues 1\nwait park:20us\nplacement same-cpu\ncpus 1\nend\n",
		"wait sleep:1234567ns\nduration 123456789ns\nend\n",
		"wait timeout:1s\nwarmup 0s\ncapacity 1\nend\n",
		"messages 1099511627776\ncapacity 67108864\nend\n",
		"cpus 3+1\nplacement llc\nend\n",
		"backend python\nplacement any\nqueues 1\nend\n",
		"duration 3600s\nwarmup 3600s\nend\n",
		"warmup 1ns\nend\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cells); i++)
		assert_arrives(cells[i]);
}

static void times_are_written_as_plain_nanoseconds(void **state)
{
	struct cell cell;
	char *text;

	(void)state;
	make(&cell, "duration 0.3s\nwarmup 0s\nend\n");
	text = written(&cell);
	assert_non_null(strstr(text, "\nduration_ns 300000000\n"));
	assert_non_null(strstr(text, "\nwarmup_ns 0\n"));
	assert_string_equal(text + strlen(text) - 5, "\nend\n");
	free(text);
}

static void parameters_that_were_not_given_are_not_written(void **state)
{
	struct cell cell;
	char *text;

	(void)state;
	make(&cell, "end\n");
	text = written(&cell);
	assert_null(strstr(text, "producers"));
	assert_null(strstr(text, "messages"));
	assert_null(strstr(text, "cpus"));
	free(text);
}

static void a_parameter_at_its_default_can_be_left_out(void **state)
{
	struct cell cell;
	char *text;

	(void)state;
	make(&cell, "scenario stream\nbatch 1\npayload 64\nend\n");
	text = lines_of(&cell, false);
	assert_null(strstr(text, "batch"));
	assert_non_null(strstr(text, "\npayload_bytes 64\n"));
	/* Each revision knows the parameters that all scenarios have. */
	assert_non_null(strstr(text, "\nproducers 1\n"));
	free(text);
	text = written(&cell);
	assert_non_null(strstr(text, "\nbatch 1\n"));
	free(text);
}

static void threads_beyond_the_cpus_share_them_in_turn(void **state)
{
	char cpus[RECORD_FIELD_MAX];
	struct cell cell;

	(void)state;
	make(&cell, "scenario stream\nproducers 3\nconsumers 2\ncpus 7+2\n"
		    "end\n");
	cell_format_cpus(&cell, cpus, sizeof(cpus));
	assert_string_equal(cpus, "7+2+7+2+7");
	cell.cpu_count = 0;
	cell_format_cpus(&cell, cpus, sizeof(cpus));
	assert_string_equal(cpus, "");
}

/* More threads than a cell has CPUs, and an odd number of CPUs. */
static void a_hundred_threads_reach_the_child(void **state)
{
	struct cell cell, arrived;
	char here[RECORD_FIELD_MAX], there[RECORD_FIELD_MAX];
	char *text;

	(void)state;
	make(&cell, "scenario stream\nproducers 64\nconsumers 64\ncpus 5+4+3\n"
		    "end\n");
	text = written(&cell);
	make(&arrived, text);
	free(text);
	cell_format_cpus(&cell, here, sizeof(here));
	cell_format_cpus(&arrived, there, sizeof(there));
	assert_string_equal(there, here);
}

static void a_cell_learns_only_the_cpus_of_its_threads(void **state)
{
	struct cell cell;
	char *text;

	(void)state;
	make(&cell, "cpus 9+8+7+6\nend\n");
	text = written(&cell);
	assert_non_null(strstr(text, "\ncpus 9+8\n"));
	free(text);
}

static void a_list_of_cpus_never_leaves_its_buffer(void **state)
{
	char text[8 + 1];
	struct cell cell;

	(void)state;
	make(&cell, "scenario stream\nproducers 8\ncpus 100+101\nend\n");
	text[8] = '#';
	cell_format_cpus(&cell, text, 8);
	assert_true(strlen(text) < 8);
	assert_int_equal(text[8], '#');
}

static void assert_refused(const char *lines, const char *hint)
{
	struct cell cell;

	if (read_cell(&cell, lines) != -1)
		fail_msg("a cell is made of: %s", lines);
	assert_int_equal(fault.exit_code, EXIT_USAGE);
	if (!strstr(fault.text, hint))
		fail_msg("\"%s\" does not say \"%s\"", fault.text, hint);
}

static void a_malformed_line_is_refused(void **state)
{
	(void)state;
	assert_refused("colour blue\nend\n", "\"colour\"");
	assert_refused("colour_ns 5\nend\n", "\"colour_ns\"");
	assert_refused("_ns 5\nend\n", "unknown parameter");
	assert_refused("\nend\n", "unknown parameter");
	assert_refused("backend\nend\n", "unknown backend");
	assert_refused("backend  mutex\nend\n", "unknown backend");
	assert_refused("duration_ns many\nend\n", "duration");
	assert_refused("duration_ns 5ms\nend\n", "duration");
	assert_refused("queues_ns 1\nend\n", "queues");
	assert_refused("queues 9\nend\n", "queues");
}

static void a_cpu_that_is_not_a_number_is_refused(void **state)
{
	char many[2048] = "cpus 0";

	(void)state;
	assert_refused("cpus one\nend\n", "\"one\" is not the number of a CPU");
	assert_refused("cpus 0+-1\nend\n", "\"-1\" is not the number of a CPU");
	assert_refused("cpus 0,1\nend\n", "\"0,1\" is not the number of a CPU");
	assert_refused("cpus 99999999999\nend\n", "is not the number of a CPU");
	for (int i = 1; i <= RIG_THREADS_MAX; i++)
		sprintf(many + strlen(many), "+%d", i);
	strcat(many, "\nend\n");
	assert_refused(many, "\"128\" is not the number of a CPU");
}

static void lines_after_the_end_are_not_read(void **state)
{
	struct cell cell;

	(void)state;
	make(&cell, "queues 1\nend\ncolour blue\n");
	assert_int_equal(cell.queues, 1);
}

static void a_name_contains_values_other_than_defaults(void **state)
{
	static const char *const cells[][2] = {
		{ "placement llc\nend\n",
		  "--scenario pingpong --backend mutex --wait block "
		  "--placement llc" },
		{ "wait sleep:1ms\nqueues 1\nplacement same-cpu\nend\n",
		  "--scenario pingpong --backend mutex --wait sleep:1ms "
		  "--placement same-cpu --queues 1" },
		{ "capacity 63\nend\n",
		  "--scenario pingpong --backend mutex --wait block "
		  "--placement near --capacity 63" },
		{ "scenario stream\nwait poll\nend\n",
		  "--scenario stream --backend mutex --wait poll "
		  "--placement near" },
	};
	char name[CELL_NAME_MAX];
	struct cell cell;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cells); i++) {
		make(&cell, cells[i][0]);
		cell_name(&cell, name);
		assert_string_equal(name, cells[i][1]);
	}
}

static void cells_that_differ_only_in_duration_are_equal(void **state)
{
	static const char *const others[] = {
		"scenario stream\nend\n", "backend ck_mpmc\nend\n",
		"wait poll\nend\n",	  "wait sleep:1ms\nend\n",
		"placement any\nend\n",	  "queues 1\nend\n",
		"capacity 63\nend\n",	  "warmup 5ms\nend\n",
	};
	struct cell a, b;

	(void)state;
	make(&a, "wait sleep:1ms\nend\n");
	make(&b, "wait sleep:2ms\nend\n");
	assert_false(cell_same(&a, &b));
	make(&a, "duration 5ms\nend\n");
	make(&b, "duration 6ms\nend\n");
	assert_true(cell_same(&a, &b));
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		make(&b, others[i]);
		assert_false(cell_same(&a, &b));
	}
	make(&a, "scenario stream\nend\n");
	make(&b, "scenario stream\nproducers 2\nend\n");
	assert_false(cell_same(&a, &b));
	make(&b, "scenario stream\nconsumers 2\nend\n");
	assert_false(cell_same(&a, &b));
}

static void every_factor_gets_its_column(void **state)
{
	struct record record;
	struct cell cell;

	(void)state;
	make(&cell, "scenario stream\nproducers 2\nwait park:20us\n"
		    "placement llc\ncpus 1+0\nwarmup 5ms\nend\n");
	record_init(&record, &results_schema);
	cell_to_record(&cell, &record);
	assert_string_equal(record_text(&record, COLUMN_scenario), "stream");
	assert_string_equal(record_text(&record, COLUMN_backend), "mutex");
	assert_string_equal(record_text(&record, COLUMN_wait), "park:20us");
	assert_string_equal(record_text(&record, COLUMN_placement), "llc");
	assert_string_equal(record_text(&record, COLUMN_cpus), "1+0+1");
	assert_int_equal(record_integer(&record, COLUMN_producers), 2);
	assert_int_equal(record_integer(&record, COLUMN_consumers), 1);
	assert_int_equal(record_integer(&record, COLUMN_capacity), 1023);
	assert_int_equal(record_integer(&record, COLUMN_payload_bytes), 8);
	assert_int_equal(record_integer(&record, COLUMN_warmup_ns), 5000000);
	assert_int_equal(record_integer(&record, COLUMN_duration_ns),
			 200000000);
	assert_string_equal(record_text(&record, COLUMN_stop), "event");
	assert_string_equal(record_text(&record, column_of("until")), "stop");
}

static void a_window_of_messages_has_a_duration_of_zero(void **state)
{
	struct record record;
	struct cell cell;

	(void)state;
	make(&cell, "messages 1000\nend\n");
	record_init(&record, &results_schema);
	cell_to_record(&cell, &record);
	assert_true(record_has(&record, COLUMN_duration_ns));
	assert_int_equal(record_integer(&record, COLUMN_duration_ns), 0);
}

static void only_factors_of_the_scenario_get_a_value(void **state)
{
	struct record record;
	struct cell cell;

	(void)state;
	make(&cell, "scenario counter\nsync atomic\npause_ns 5000\nend\n");
	record_init(&record, &results_schema);
	cell_to_record(&cell, &record);
	assert_string_equal(record_text(&record, COLUMN_backend), "atomic");
	assert_string_equal(record_text(&record, column_of("sync")), "atomic");
	assert_int_equal(record_integer(&record, column_of("pause_ns")), 5000);
	assert_false(record_has(&record, COLUMN_wait));
	assert_false(record_has(&record, COLUMN_capacity));
	assert_false(record_has(&record, COLUMN_stop));
	assert_false(record_has(&record, column_of("stages")));
}

static void a_count_that_does_not_apply_has_an_empty_column(void **state)
{
	struct record record;
	struct cell cell;

	(void)state;
	make(&cell, "warmup 0s\nend\n");
	record_init(&record, &results_schema);
	cell_to_record(&cell, &record);
	assert_int_equal(record_integer(&record, COLUMN_queues), 2);
	assert_false(record_has(&record, COLUMN_producers));
	assert_false(record_has(&record, COLUMN_consumers));
	assert_false(record_has(&record, COLUMN_cpus));
	/* This parameter applies, and its value is 0. */
	assert_true(record_has(&record, COLUMN_warmup_ns));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell_arrives_unchanged),
		cmocka_unit_test(times_are_written_as_plain_nanoseconds),
		cmocka_unit_test(
			parameters_that_were_not_given_are_not_written),
		cmocka_unit_test(a_parameter_at_its_default_can_be_left_out),
		cmocka_unit_test(threads_beyond_the_cpus_share_them_in_turn),
		cmocka_unit_test(a_hundred_threads_reach_the_child),
		cmocka_unit_test(a_cell_learns_only_the_cpus_of_its_threads),
		cmocka_unit_test(a_list_of_cpus_never_leaves_its_buffer),
		cmocka_unit_test(a_malformed_line_is_refused),
		cmocka_unit_test(a_cpu_that_is_not_a_number_is_refused),
		cmocka_unit_test(lines_after_the_end_are_not_read),
		cmocka_unit_test(a_name_contains_values_other_than_defaults),
		cmocka_unit_test(cells_that_differ_only_in_duration_are_equal),
		cmocka_unit_test(every_factor_gets_its_column),
		cmocka_unit_test(a_window_of_messages_has_a_duration_of_zero),
		cmocka_unit_test(only_factors_of_the_scenario_get_a_value),
		cmocka_unit_test(
			a_count_that_does_not_apply_has_an_empty_column),
	};

	return cmocka_run_group_tests_name("cell protocol", tests, NULL, NULL);
}
