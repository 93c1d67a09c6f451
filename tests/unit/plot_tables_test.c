/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables for gnuplot, and the words of the pictures. */
#include "plot_run.h"
#include "scenario.h"

static void cells_have_median_interval_and_tooltip(void **state)
{
	const struct run *run = *state;

	for (int i = 1; i <= 6; i++)
		add(run, "mutex", "poll", 2, 100 * i);
	write_tables(run);
	/* The smallest and the largest of 6 values enclose the median with 96.9
	 * %. */
	assert_content(run, "pingpong/cells.dat",
		       "\n0\t2\t350\t100\t600\t13400487\t13\t\"350\"\t\""
		       "--scenario pingpong --backend mutex --wait poll ");
	assert_content(
		run, "pingpong/cells.dat",
		"--placement same-cpu\\n350 messages per second, median");
	assert_content(run, "pingpong/cells.dat",
		       "95 % interval 100 to 600\\n6 observations\"");
	assert_content(run, "pingpong/dots.dat", "\n0\t2\t600\t13400487\t");
	assert_content(run, "pingpong/facets.dat",
		       "\"same-cpu (all threads on one CPU)\"");
	assert_content(
		run, "pingpong/caption.dat",
		"\"a machine\"\t\"plan a plan, 6 rounds, revision abc123, "
		"2025-11-21\"");
}

static void failed_observations_are_left_out_and_marked(void **state)
{
	const struct run *run = *state;
	struct record row = observation("mutex", "poll", 2, 9e9);

	add(run, "mutex", "poll", 2, 100);
	record_set_integer(&row, COLUMN_verified, 0);
	append(run, &row);
	write_tables(run);
	assert_content(run, "pingpong/cells.dat", "\t100\tnan\tnan\t");
	assert_content(run, "pingpong/cells.dat", "\"100 !\"");
	assert_content(run, "pingpong/cells.dat",
		       "1 left out (failed or not verified)");
}

static void rows_are_ordered_by_wait_and_panels_by_queues(void **state)
{
	const struct run *run = *state;

	add(run, "mutex", "timeout:1ms", 2, 1);
	add(run, "mutex", "block", 10, 1);
	add(run, "mutex", "poll", 2, 1);
	add(run, "ck_spsc", "poll", 2, 1);
	write_tables(run);
	assert_content(run, "pingpong/bands.dat",
		       "0\t1.5\t3.5\t\"poll\"\n1\t3.5\t4.5\t\"block\"\n"
		       "2\t4.5\t5.5\t\"timeout:1ms\"\n");
	assert_content(run, "pingpong/rows.dat",
		       "\"ck_spsc\"\n1\t2.5\t3.5\t\"mutex\"");
	assert_content(run, "pingpong/panels.dat", "\"2 queues\"\n1\t");
	assert_content(run, "pingpong/panels.dat", "\"10 queues\"");
	assert_content(run, "pingpong/absent.dat",
		       "\n0\t4\n1\t2\n1\t3\n1\t5\n");
}

static void differing_factors_without_a_position_are_in_the_names(void **state)
{
	const struct run *run = *state;
	struct record row = observation("mutex", "poll", 2, 1);

	record_set_integer(&row, COLUMN_payload_bytes, 8);
	record_set_integer(&row, COLUMN_capacity, 1023);
	append(run, &row);
	record_set_integer(&row, COLUMN_payload_bytes, 64);
	append(run, &row);
	write_tables(run);
	assert_content(run, "pingpong/facets.dat", "\"same-cpu payload=8 (all");
	assert_content(run, "pingpong/facets.dat",
		       "\"same-cpu payload=64 (all");
}

static void bounds_come_first_and_draw_a_line(void **state)
{
	const struct run *run = *state;
	struct record row = observation("line", "poll", 2, 500);

	add(run, "ck_spsc", "poll", 2, 1);
	record_clear(&row, COLUMN_verified);
	append(run, &row);
	write_tables(run);
	assert_content(run, "pingpong/bands.dat", "0\t1.5\t2.5\t\"no queue\"");
	assert_content(run, "pingpong/rows.dat", "\"bound: line\"");
	assert_content(run, "pingpong/bounds.dat", "500\t1.5\t3.5\n");
	assert_content(run, "pingpong/legend.dat", "\"bound: ");
}

static void the_legend_explains_only_marks_of_the_picture(void **state)
{
	const struct run *run = *state;

	add(run, "mutex", "poll", 2, 100);
	write_tables(run);
	assert_no_content(run, "pingpong/legend.dat", "bound");
	assert_no_content(run, "pingpong/legend.dat", "not measured");
	assert_no_content(run, "pingpong/legend.dat", "left out");
	assert_no_content(run, "pingpong/legend.dat", "95 %");
}

/* `--sync none` is not verified, but it is not a bound. */
static void an_unverified_cell_is_not_drawn_as_a_bound(void **state)
{
	const struct run *run = *state;
	struct record row = observation("none", "", 2, 500);

	record_set_text(&row, COLUMN_scenario, "counter");
	record_clear(&row, COLUMN_verified);
	record_clear(&row, COLUMN_queues);
	record_clear(&row, COLUMN_wait);
	record_set_text(&row, column_of("sync"), "none");
	append(run, &row);
	record_set_text(&row, COLUMN_backend, "mutex");
	record_set_text(&row, column_of("sync"), "mutex");
	append(run, &row);
	write_tables(run);
	assert_no_content(run, "counter/bands.dat", "no queue");
	assert_no_content(run, "counter/legend.dat", "bound");
	assert_content(run, "counter/rows.dat", "\"sync=none\"");
	assert_content(run, "counter/caption.dat",
		       "\"counter: operations per second by sync\"");
	assert_content(
		run, "counter/caption.dat",
		"\"operations per second; factor 10 from one grid line to "
		"the next; higher is better\"");
}

static void titles_name_differing_and_equal_factors(void **state)
{
	const struct run *run = *state;

	add(run, "mutex", "poll", 2, 1);
	add(run, "mutex", "block", 2, 1);
	add(run, "ck_spsc", "block", 1, 1);
	write_tables(run);
	assert_content(
		run, "pingpong/caption.dat",
		"\"pingpong: messages per second by backend, wait and "
		"queues\"\t\"The same in all cells: placement same-cpu\"");
}

static void a_picture_has_its_title_and_a_text_file(void **state)
{
	const struct run *run = *state;
	struct plot_pictures pictures;
	struct fault fault;

	if (!have_gnuplot())
		skip();
	add(run, "mutex", "poll", 2, 250);
	add(run, "mutex", "block", 2, 2.5e6);
	if (draw(run, &plain, &pictures, &fault))
		fail_msg("%s", fault.text);
	assert_content(run, "pingpong-throughput.svg",
		       "<title>pingpong: messages per second by wait</title>");
	assert_content(run, "pingpong-throughput.svg",
		       "<g><title>--scenario pingpong --backend mutex "
		       "--wait block ");
	assert_no_content(run, "pingpong-throughput.svg", "GNUPLOT");
	assert_no_content(run, "pingpong-throughput.svg", "<script");
	assert_content(run, "pingpong-throughput.txt",
		       "pingpong: messages per second by wait. The same in all "
		       "cells: backend mutex, queues 2, placement same-cpu. "
		       "Large mark: median of the rounds.");
	assert_content(run, "pingpong-idle.txt",
		       "pingpong: where the threads' time goes by wait.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RUN_TEST(cells_have_median_interval_and_tooltip),
		RUN_TEST(failed_observations_are_left_out_and_marked),
		RUN_TEST(rows_are_ordered_by_wait_and_panels_by_queues),
		RUN_TEST(differing_factors_without_a_position_are_in_the_names),
		RUN_TEST(bounds_come_first_and_draw_a_line),
		RUN_TEST(the_legend_explains_only_marks_of_the_picture),
		RUN_TEST(an_unverified_cell_is_not_drawn_as_a_bound),
		RUN_TEST(titles_name_differing_and_equal_factors),
		RUN_TEST(a_picture_has_its_title_and_a_text_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
