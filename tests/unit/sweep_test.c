/* SPDX-License-Identifier: BSD-2-Clause */
/* The sweeps that are found in a run, and the tables of their pictures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <unistd.h>

#include "plot_sweep.h"
#include "registry.h"
#include "bound.h"

enum {
	ROWS_MAX = 128,
};

static struct record table[ROWS_MAX];
static struct rows rows;
static struct groups groups;
static struct sweep sweep;
static char dir[32];

static int begin(void **state)
{
	(void)state;
	rows.rows = table;
	rows.count = 0;
	strcpy(dir, "/tmp/sweep_test.XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int end(void **state)
{
	char command[64];

	(void)state;
	sweep_free(&sweep);
	groups_free(&groups);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

static struct record *add(const char *backend, int capacity, double throughput)
{
	struct record *row = &table[rows.count++];

	assert_true(rows.count <= ROWS_MAX);
	record_init(row, &results_schema);
	record_set_integer(row, COLUMN_round, (int64_t)rows.count);
	record_set_text(row, COLUMN_scenario, "stream");
	record_set_text(row, COLUMN_backend, backend);
	record_set_text(row, COLUMN_wait, "spin");
	record_set_text(row, COLUMN_placement, "llc");
	record_set_integer(row, COLUMN_producers, 1);
	record_set_integer(row, COLUMN_consumers, 1);
	record_set_integer(row, COLUMN_capacity, capacity);
	record_set_integer(row, COLUMN_payload_bytes, 8);
	record_set_text(row, COLUMN_status, "ok");
	record_set_real(row, COLUMN_throughput_msg_per_s, throughput);
	if (!registry_is_not_a_queue(backend))
		record_set_integer(row, COLUMN_verified, 1);
	return row;
}

static void add_shape(const char *backend, int producers, int consumers,
		      double throughput)
{
	struct record *row = add(backend, 1023, throughput);

	record_set_integer(row, COLUMN_producers, producers);
	record_set_integer(row, COLUMN_consumers, consumers);
	if (producers + consumers > 2)
		record_add_name(row, COLUMN_flags, "oversubscribed");
}

static void add_capacities(const char *backend, int count, double throughput)
{
	for (int i = 1; i <= count; i++)
		add(backend, 1 << i, throughput * i);
}

#define CELL                                                         \
	"--scenario stream --backend mutex --wait spin --placement " \
	"llc --capacity "
#define OTHER                                                           \
	"--scenario stream --backend spinlock --wait spin --placement " \
	"llc --capacity "

static struct sweep_axis axes[SWEEP_AXES_MAX];

/* The axis of this name, or NULL. */
static const struct sweep_axis *axis_of(const char *scenario, const char *name)
{
	size_t count = sweep_axes(scenario, axes);

	for (size_t i = 0; i < count; i++)
		if (strcmp(axes[i].name, name) == 0)
			return &axes[i];
	return NULL;
}

/* Returns the number of series of the axis. */
static size_t find(const char *name)
{
	const struct sweep_axis *axis = axis_of("stream", name);

	assert_non_null(axis);
	sweep_free(&sweep);
	groups_free(&groups);
	groups_make(&rows, &groups);
	bounds_find(&groups);
	sweep_find(&groups, "stream", COLUMN_throughput_msg_per_s, axis,
		   &sweep);
	return sweep.count;
}

static void assert_table(const char *name, const char *wanted)
{
	char path[64], *text = NULL;
	struct fault fault = { 0 };
	struct words words;
	size_t room = 0;
	FILE *file;

	assert_int_equal(plot_sweep_write(dir, &sweep, &words, &fault), 0);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_true(getdelim(&text, &room, '\0', file) > 0);
	fclose(file);
	assert_string_equal(strchr(text, '\n') + 1, wanted);
	free(text);
}

static void three_values_are_a_sweep_and_two_are_not(void **state)
{
	(void)state;
	add_capacities("mutex", 2, 100);
	assert_int_equal(find("capacity"), 0);
	add_capacities("vyukov", 3, 100);
	assert_int_equal(find("capacity"), 2);
	assert_string_equal(sweep.series[0].name, "mutex");
	assert_int_equal(sweep.series[0].count, 2);
	assert_int_equal(sweep.series[1].count, 3);
	assert_int_equal(find("threads"), 0);
	assert_int_equal(find("payload_bytes"), 0);
}

static void every_column_of_numbers_can_be_an_axis(void **state)
{
	(void)state;
	for (int bytes = 8; bytes <= 4096; bytes *= 8)
		record_set_integer(add("mutex", 1023, 100),
				   COLUMN_payload_bytes, bytes);
	assert_int_equal(find("payload_bytes"), 1);
	assert_int_equal(sweep.series[0].count, 4);
	assert_table("ticks.dat", "8\t\"8\"\n64\t\"64\"\n512\t\"512\"\n"
				  "4096\t\"4Ki\"\n");
}

static void
batches_are_an_axis_though_they_have_a_table_of_their_own(void **state)
{
	(void)state;
	for (int batch = 1; batch <= 64; batch *= 8)
		record_set_integer(add("mutex", 1023, 100), column_of("batch"),
				   batch);
	assert_int_equal(find("batch"), 1);
	assert_int_equal(sweep.series[0].count, 3);
}

static void the_axes_follow_from_the_declarations(void **state)
{
	(void)state;
	assert_string_equal(axis_of("stream", "capacity")->title,
			    "capacity, messages");
	assert_string_equal(axis_of("stream", "payload_bytes")->title,
			    "payload, bytes");
	assert_string_equal(axis_of("stream", "produce_every_ns")->title,
			    "produce-every");
	assert_non_null(axis_of("counter", "pause_ns"));
	assert_null(axis_of("counter", "payload_bytes"));
	assert_null(axis_of("counter", "sync")); /* no number */
	assert_non_null(axis_of("unheard_of", "threads"));
}

static void durations_are_an_axis_with_units_on_the_ticks(void **state)
{
	(void)state;
	for (int us = 1; us <= 1000000; us *= 1000)
		record_set_integer(add("mutex", 1023, 100),
				   column_of("produce_every_ns"), 1000 * us);
	assert_int_equal(find("produce_every_ns"), 1);
	assert_table("ticks.dat", "1000\t\"1us\"\n1000000\t\"1ms\"\n"
				  "1e+09\t\"1s\"\n");
}

static void threads_of_one_kind_are_an_axis_too(void **state)
{
	(void)state;
	for (int threads = 1; threads <= 4; threads *= 2) {
		struct record *row = add("mutex", 1023, 100);

		record_set_integer(row, COLUMN_producers, threads);
		record_clear(row, COLUMN_consumers);
	}
	assert_int_equal(find("threads"), 1);
	assert_table("ticks.dat", "1\t\"1\"\n2\t\"2\"\n4\t\"4\"\n");
	assert_int_equal(find("shape"), 0);
}

static void names_of_ticks_do_not_overlap(void **state)
{
	(void)state;
	add("mutex", 2, 100);
	add("mutex", 1023, 100);
	add("mutex", 1024, 100);
	add("mutex", 1 << 20, 100);
	assert_int_equal(find("capacity"), 1);
	assert_table("ticks.dat", "2\t\"2\"\n1023\t\"1023\"\n1024\t\"\"\n"
				  "1048576\t\"1Mi\"\n");
}

static void bars_of_two_series_do_not_overlap(void **state)
{
	(void)state;
	add_capacities("mutex", 3, 100);
	add_capacities("spinlock", 3, 200);
	assert_int_equal(find("capacity"), 2);
	assert_table("curves.dat", "1.91852824\t100\t100\t100\t0\t\"" CELL
				   "2\\n100 messages per second, median\"\n"
				   "3.83705648\t200\t200\t200\t0\t\"" CELL
				   "4\\n200 messages per second, median\"\n"
				   "7.67411295\t300\t300\t300\t0\t\"" CELL
				   "8\\n300 messages per second, median\"\n"
				   "\n\n"
				   "2.08493152\t200\t200\t200\t0\t\"" OTHER
				   "2\\n200 messages per second, median\"\n"
				   "4.16986304\t400\t400\t400\t0\t\"" OTHER
				   "4\\n400 messages per second, median\"\n"
				   "8.33972609\t600\t600\t600\t0\t\"" OTHER
				   "8\\n600 messages per second, median\"\n"
				   "\n\n");
	assert_table("series.dat", "0\t\"mutex\"\t13400487\t13\t1\n"
				   "1\t\"spinlock\"\t0\t12\t1\n");
}

static void curves_of_one_queue_differ_in_the_dash(void **state)
{
	(void)state;
	add_capacities("mutex", 3, 100);
	add_capacities("vyukov", 3, 200);
	for (int i = 1; i <= 3; i++)
		record_set_text(add("mutex", 1 << i, 100), COLUMN_wait,
				"block");
	assert_int_equal(find("capacity"), 3);
	assert_table("series.dat", "0\t\"mutex spin\"\t13400487\t13\t1\n"
				   "1\t\"vyukov spin\"\t0\t10\t1\n"
				   "2\t\"mutex block\"\t13400487\t13\t2\n");
}

static void cells_that_differ_in_more_are_other_series(void **state)
{
	(void)state;
	add_capacities("mutex", 3, 100);
	for (int i = 1; i <= 3; i++) {
		struct record *row = add("mutex", 1 << i, 100);

		record_set_text(row, COLUMN_wait, "block");
		record_set_integer(row, COLUMN_payload_bytes, 64);
	}
	assert_int_equal(find("capacity"), 2);
	assert_string_equal(sweep.series[0].name, "spin payload=8");
	assert_string_equal(sweep.series[1].name, "block payload=64");
}

static void bounds_failed_cells_and_other_scenarios_have_no_series(void **state)
{
	(void)state;
	add_capacities("lines", 3, 100);
	for (int i = 1; i <= 3; i++) {
		record_set_text(add("mutex", 1 << i, 100), COLUMN_scenario,
				"pingpong");
		record_set_integer(add("mutex", 1 << i, 100), COLUMN_verified,
				   0);
	}
	assert_int_equal(find("capacity"), 0);
}

static void curves_have_intervals_that_fit_into_the_axes(void **state)
{
	(void)state;
	for (int i = 0; i < 6; i++)
		add("mutex", 1 << 20, 995 + i);
	add("mutex", 1000, 50);
	add("mutex", 2, 20);
	assert_int_equal(find("capacity"), 1);
	assert_table("curves.dat",
		     "2\t20\t20\t20\t0\t\"" CELL
		     "2\\n20 messages per second, median\"\n"
		     "1000\t50\t50\t50\t0\t\"" CELL
		     "1000\\n50 messages per second, median\"\n"
		     "1048576\t997.5\t995\t1000\t0\t\"" CELL
		     "1048576\\n998 messages per second, median\"\n"
		     "\n\n");
	/* An axis that ends at the largest median, 1000, would cut the
	 * interval's bar. */
	assert_table("range.dat", "1.53846154\t10\n1363148.8\t10000\n");
}

static void a_bound_without_a_capacity_applies_to_all_capacities(void **state)
{
	(void)state;
	add_capacities("mutex", 3, 100);
	add_capacities("vyukov", 3, 200);
	add("lines", 1023, 5000);
	assert_int_equal(find("capacity"), 2);
	assert_table("bounds.dat", "2\t5000\t2\t0\n4\t5000\t4\t0\n");
	assert_table("bound_names.dat", "2\t5000\t\"bound: lines\"\n");
	assert_table("range.dat", "1.53846154\t10\n10.4\t10000\n");
}

static void a_bound_that_was_measured_once_is_one_dash(void **state)
{
	(void)state;
	for (int bytes = 8; bytes <= 4096; bytes *= 8)
		record_set_integer(add("mutex", 1023, 100),
				   COLUMN_payload_bytes, bytes);
	add("lines", 1023, 5000);
	assert_int_equal(find("payload_bytes"), 1);
	assert_table("bounds.dat", "7.2\t5000\t1.6\t0\n");
	assert_table("bound_names.dat", "8\t5000\t\"bound: lines\"\n");
}

static void without_a_bound_there_is_no_line(void **state)
{
	(void)state;
	add_capacities("mutex", 3, 100);
	record_set_text(add("lines", 1023, 5000), COLUMN_wait, "block");
	assert_int_equal(find("capacity"), 1);
	assert_table("bounds.dat", "");
	assert_table("bound_names.dat", "");
}

static void add_shapes(void)
{
	add_shape("mutex", 1, 1, 100);
	add_shape("mutex", 1, 2, 80);
	add_shape("mutex", 2, 2, 60);
	add_shape("mutex", 4, 4, 40);
	add_shape("lines", 1, 1, 1000);
	add_shape("faa", 2, 2, 600);
	add_shape("faa", 4, 4, 400);
}

static void sweeps_of_threads_have_equal_numbers_on_both_sides(void **state)
{
	(void)state;
	add_shapes();
	assert_int_equal(find("threads"), 1);
	assert_table("ticks.dat", "2\t\"1x1\"\n4\t\"2x2\"\n"
				  "8\t\"4x4\"\n");
	assert_table("bounds.dat", "2\t1000\t2\t-400\n4\t600\t4\t-200\n");
	assert_table("bound_names.dat",
		     "2\t1000\t\"bound: lines\"\n4\t600\t\"bound: faa\"\n");
}

static void a_map_of_shapes_has_a_panel_for_each_backend(void **state)
{
	(void)state;
	add_shapes();
	add_shape("vyukov", 1, 1, 50);
	add_shape("vyukov", 1, 2, 70);
	assert_int_equal(find("shape"), 2);
	assert_table("panels.dat", "0\t\"mutex\"\n1\t\"vyukov\"\n");
	assert_table("columns.dat", "0\t\"1\"\n1\t\"2\"\n2\t\"4\"\n");
	assert_table("rows.dat", "0\t\"1\"\n1\t\"2\"\n2\t\"4\"\n");
	assert_table("map.dat",
		     "0\t0\t0\t100\t\"100\"\t\"10 %\"\t\"\"\n"
		     "0\t1\t0\t80\t\"80\"\t\"\"\t\"oversubscribed\"\n"
		     "0\t1\t1\t60\t\"60\"\t\"10 %\"\t\"oversubscribed\"\n"
		     "0\t2\t2\t40\t\"40\"\t\"10 %\"\t\"oversubscribed\"\n"
		     "1\t0\t0\t50\t\"50\"\t\"5 %\"\t\"\"\n"
		     "1\t1\t0\t70\t\"70\"\t\"\"\t\"oversubscribed\"\n");
}

static void a_table_that_cannot_be_written_is_an_error(void **state)
{
	struct fault fault = { 0 };
	struct words words;

	(void)state;
	add_capacities("mutex", 3, 100);
	assert_int_equal(find("capacity"), 1);
	assert_int_equal(
		plot_sweep_write("/nonexistent", &sweep, &words, &fault), -1);
	assert_int_equal(fault.exit_code, EXIT_OUTPUT);
	assert_non_null(strstr(fault.text, "/nonexistent/series.dat"));
}

#define SWEEP_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SWEEP_TEST(three_values_are_a_sweep_and_two_are_not),
		SWEEP_TEST(every_column_of_numbers_can_be_an_axis),
		SWEEP_TEST(
			batches_are_an_axis_though_they_have_a_table_of_their_own),
		SWEEP_TEST(the_axes_follow_from_the_declarations),
		SWEEP_TEST(durations_are_an_axis_with_units_on_the_ticks),
		SWEEP_TEST(threads_of_one_kind_are_an_axis_too),
		SWEEP_TEST(names_of_ticks_do_not_overlap),
		SWEEP_TEST(bars_of_two_series_do_not_overlap),
		SWEEP_TEST(curves_of_one_queue_differ_in_the_dash),
		SWEEP_TEST(cells_that_differ_in_more_are_other_series),
		SWEEP_TEST(
			bounds_failed_cells_and_other_scenarios_have_no_series),
		SWEEP_TEST(curves_have_intervals_that_fit_into_the_axes),
		SWEEP_TEST(
			a_bound_without_a_capacity_applies_to_all_capacities),
		SWEEP_TEST(a_bound_that_was_measured_once_is_one_dash),
		SWEEP_TEST(without_a_bound_there_is_no_line),
		SWEEP_TEST(sweeps_of_threads_have_equal_numbers_on_both_sides),
		SWEEP_TEST(a_map_of_shapes_has_a_panel_for_each_backend),
		SWEEP_TEST(a_table_that_cannot_be_written_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
