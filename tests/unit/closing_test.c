/* SPDX-License-Identifier: BSD-2-Clause */
/* The last lines of a run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "closing.h"
#include "scenario.h"
#include "text.h"

enum {
	ROWS_MAX = 256,
	ROUNDS = 12,
};

static struct record memory[ROWS_MAX];
static struct run run;
static char *text;

static int start_over(void **state)
{
	(void)state;
	memset(&run, 0, sizeof(run));
	run.rows.rows = memory;
	snprintf(run.path, sizeof(run.path), "some/run");
	text_width = 120;
	return 0;
}

static int release(void **state)
{
	(void)state;
	groups_free(&run.groups);
	free(text);
	text = NULL;
	return 0;
}

static struct record *add(const char *scenario, const char *backend,
			  const char *wait, int round)
{
	struct record *row = &memory[run.rows.count++];

	assert_true(run.rows.count <= ROWS_MAX);
	record_init(row, &results_schema);
	record_set_text(row, COLUMN_session_id, "s");
	record_set_integer(row, COLUMN_round, round);
	record_set_text(row, COLUMN_scenario, scenario);
	record_set_text(row, COLUMN_backend, backend);
	record_set_text(row, COLUMN_wait, wait);
	record_set_text(row, COLUMN_placement, "llc");
	record_set_integer(row, COLUMN_producers, 1);
	record_set_integer(row, COLUMN_consumers, 1);
	record_set_text(row, COLUMN_status, "ok");
	record_set_integer(row, COLUMN_verified, 1);
	record_set_integer(row, COLUMN_messages, 100000);
	return row;
}

/* A cell at full speed. Its throughput differs from round to round by less than
 * 1 %. */
static void add_cell(const char *backend, const char *wait, double rate,
		     int rounds)
{
	for (int i = 1; i <= rounds; i++)
		record_set_real(add("stream", backend, wait, i),
				COLUMN_throughput_msg_per_s,
				rate * (1 + i % 5 * 0.002));
}

/* A cell at 50k/s. */
static void add_paced(const char *backend, const char *wait, int64_t ns,
		      double cpu, int rounds)
{
	for (int i = 1; i <= rounds; i++) {
		struct record *row = add("stream", backend, wait, i);

		record_set_integer(row, column_of("rate"), 50000);
		record_set_real(row, COLUMN_throughput_msg_per_s, 50000);
		record_set_integer(row, column_of("latency_p50_ns"), ns + i);
		record_set_integer(row, column_of("latency_p99_ns"),
				   3 * ns + i);
		record_set_real(row, column_of("cpu_pop_share"),
				cpu * (1 + i % 5 * 0.002));
	}
}

/* Returns the lines. Checks that there are at most three. */
static const char *closing(void)
{
	size_t size, lines = 0;
	FILE *file = open_memstream(&text, &size);

	assert_non_null(file);
	groups_make(&run.rows, &run.groups);
	closing_print(&run, file);
	fclose(file);
	for (const char *at = text; *at; at++)
		lines += *at == '\n';
	assert_in_range(lines, 1, 3);
	return text;
}

static void assert_says(const char *words)
{
	if (!strstr(text, words))
		fail_msg("\"%s\" is not in:\n%s", words, text);
}

static void assert_silent_about(const char *words)
{
	if (strstr(text, words))
		fail_msg("\"%s\" is in:\n%s", words, text);
}

static void the_fastest_cell_is_named_with_its_lead(void **state)
{
	(void)state;
	add_cell("mutex", "spin", 1e6, ROUNDS);
	add_cell("spsc_ring", "spin", 3e6, ROUNDS);
	add_cell("spsc_ring", "block", 2e6, ROUNDS);
	closing();
	assert_says("Fastest (stream llc): spsc_ring with spin, 1.5 times "
		    "(1.5 to 1.5) the median of spsc_ring with block\n");
	assert_silent_about("istinguishable");
	assert_says("Next: ");
	assert_says("ringbench recommend");
}

static void cells_with_longer_windows_are_rivals(void **state)
{
	(void)state;
	add_cell("spsc_ring", "spin", 3e6, ROUNDS);
	add_cell("spsc_ring", "block", 2e6, ROUNDS);
	for (size_t i = 0; i < run.rows.count; i++)
		record_set_integer(&memory[i], COLUMN_duration_ns,
				   i < ROUNDS ? 80000000 : 1000000000);
	closing();
	assert_says("Fastest (stream llc): spsc_ring with spin, 1.5 times ");
}

static void cells_that_cannot_be_separated_are_named(void **state)
{
	(void)state;
	add_cell("mutex", "spin", 1e6, ROUNDS);
	for (int i = 1; i <= ROUNDS; i++) {
		double swing = i % 2 ? 1.1 : 0.9;

		record_set_real(add("stream", "vyukov", "spin", i),
				COLUMN_throughput_msg_per_s, 3e6 * swing + i);
		record_set_real(add("stream", "spsc_ring", "spin", i),
				COLUMN_throughput_msg_per_s,
				3.01e6 * (2 - swing) - i);
	}
	closing();
	assert_says("Fastest (stream llc): ");
	assert_says(" mutex with spin\nToo few rounds to tell from ");
}

static void no_cell_leads_if_no_interval_separates_the_cells(void **state)
{
	(void)state;
	add_cell("vyukov", "spin", 3e6, ROUNDS);
	add_cell("spsc_ring", "spin", 3e6, ROUNDS);
	closing();
	assert_says("2 cells, none distinguishable from the best\n");
	assert_silent_about("Fastest");
}

static void too_few_rounds_rank_nothing(void **state)
{
	(void)state;
	add_cell("mutex", "spin", 1e6, 3);
	add_cell("spsc_ring", "spin", 3e6, 3);
	closing();
	assert_says("too few rounds to rank 2 cells\n");
	assert_says("Next: measure again with --rounds 6 or more\n");
	assert_silent_about("Fastest");
}

static void a_cell_with_too_few_rounds_does_not_stop_the_others(void **state)
{
	(void)state;
	add_cell("mutex", "spin", 1e6, ROUNDS);
	add_cell("spsc_ring", "spin", 3e6, ROUNDS);
	add_cell("vyukov", "spin", 9e6, 2);
	closing();
	assert_says("Fastest (stream llc, without 1 cell with too few rounds): "
		    "spsc_ring with spin, 3 times ");
}

static void a_lower_objective_leads_where_lower_is_better(void **state)
{
	(void)state;
	for (int i = 1; i <= ROUNDS; i++) {
		record_set_integer(add("wakeup", "mutex", "spin", i),
				   column_of("wake_latency_p50_ns"), 1000 + i);
		record_set_integer(add("wakeup", "mutex", "block", i),
				   column_of("wake_latency_p50_ns"), 8000 + i);
	}
	closing();
	assert_says("Lowest wake_latency_p50_ns (wakeup llc): mutex with spin, "
		    "0.126 times (");
}

static void bounds_and_external_programs_are_not_ranked(void **state)
{
	(void)state;
	add_cell("lines", "spin", 9e6, ROUNDS);
	add_cell("python", "spin", 8e6, ROUNDS);
	add_cell("spsc_ring", "spin", 3e6, ROUNDS);
	closing();
	assert_says("Nothing to rank: no cells differ only in queue and wait "
		    "policy\n");
}

static void cells_that_differ_in_more_are_other_groups(void **state)
{
	(void)state;
	add_cell("mutex", "spin", 1e6, ROUNDS);
	add_cell("spsc_ring", "spin", 3e6, ROUNDS);
	for (int i = 1; i <= ROUNDS; i++)
		for (int q = 0; q < 2; q++) {
			struct record *row = add("stream", q ? "scq" : "vyukov",
						 "spin", i);

			record_set_integer(row, column_of("batch"), 8);
			record_set_real(row, COLUMN_throughput_msg_per_s,
					9e6 + q);
		}
	closing();
	assert_says("Fastest (stream llc, 1 of 2 groups): spsc_ring with spin");
}

static void under_load_latency_and_cpu_time_are_named(void **state)
{
	(void)state;
	add_paced("mutex", "spin", 1000, 0.9, ROUNDS);
	add_paced("mutex", "block", 9000, 0.1, ROUNDS);
	add_paced("mutex", "sleep:1ms", 500000, 0.02, ROUNDS);
	closing();
	assert_says("At 50k/s, lowest p99: mutex with spin, 3.01 us");
	assert_says("\nAt 50k/s, lowest CPU: mutex with sleep:1ms, 2 %");
	assert_says("\nNext: ringbench recommend --rate 50k/s some/run\n");
	assert_silent_about("Fastest");
}

static void a_mixed_run_keeps_load_and_full_speed_apart(void **state)
{
	(void)state;
	add_paced("mutex", "spin", 1000, 0.9, ROUNDS);
	add_paced("mutex", "block", 9000, 0.1, ROUNDS);
	add_cell("mutex", "spin", 1e6, ROUNDS);
	add_cell("spsc_ring", "spin", 3e6, ROUNDS);
	closing();
	assert_says(
		"Fastest (stream llc): spsc_ring with spin, 3 times (3 to 3) "
		"the median of mutex with spin\nAt 50k/s, lowest p99: mutex "
		"with spin");
	assert_says("; lowest CPU: mutex with block");
}

static void too_few_rounds_rank_nothing_under_load(void **state)
{
	(void)state;
	add_paced("mutex", "spin", 1000, 0.9, 3);
	add_paced("mutex", "block", 9000, 0.1, 3);
	closing();
	assert_says("At 50k/s: too few rounds to rank 2 cells\n");
	assert_says("Next: measure again with --rounds ");
	assert_silent_about("lowest");
}

static void a_load_that_no_cell_carries_has_no_winner(void **state)
{
	(void)state;
	add_paced("mutex", "spin", 1000, 0.9, ROUNDS);
	for (size_t i = 0; i < run.rows.count; i++)
		record_set_real(&memory[i], COLUMN_throughput_msg_per_s, 30000);
	closing();
	assert_says("At 50k/s: no cell carries the load\n");
}

static void the_load_that_most_cells_carry_is_shown(void **state)
{
	size_t paced;

	(void)state;
	add_paced("mutex", "spin", 1000, 0.9, ROUNDS);
	add_paced("mutex", "block", 9000, 0.1, ROUNDS);
	paced = run.rows.count;
	add_paced("mutex", "spin", 1000, 0.9, ROUNDS);
	add_paced("mutex", "block", 9000, 0.1, ROUNDS);
	/* At 20k/s, mutex with block carries only half of the load. */
	for (size_t i = paced; i < run.rows.count; i++) {
		record_set_integer(&memory[i], column_of("rate"), 20000);
		record_set_real(&memory[i], COLUMN_throughput_msg_per_s,
				i < paced + ROUNDS ? 20000 : 10000);
	}
	closing();
	assert_says("At 50k/s, lowest p99: mutex with spin");
	assert_says("recommend --rate 50k/s ");
}

#define CLOSING_TEST(test) \
	cmocka_unit_test_setup_teardown(test, start_over, release)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CLOSING_TEST(the_fastest_cell_is_named_with_its_lead),
		CLOSING_TEST(cells_with_longer_windows_are_rivals),
		CLOSING_TEST(cells_that_cannot_be_separated_are_named),
		CLOSING_TEST(no_cell_leads_if_no_interval_separates_the_cells),
		CLOSING_TEST(too_few_rounds_rank_nothing),
		CLOSING_TEST(
			a_cell_with_too_few_rounds_does_not_stop_the_others),
		CLOSING_TEST(a_lower_objective_leads_where_lower_is_better),
		CLOSING_TEST(bounds_and_external_programs_are_not_ranked),
		CLOSING_TEST(cells_that_differ_in_more_are_other_groups),
		CLOSING_TEST(under_load_latency_and_cpu_time_are_named),
		CLOSING_TEST(a_mixed_run_keeps_load_and_full_speed_apart),
		CLOSING_TEST(too_few_rounds_rank_nothing_under_load),
		CLOSING_TEST(the_load_that_most_cells_carry_is_shown),
		CLOSING_TEST(a_load_that_no_cell_carries_has_no_winner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
