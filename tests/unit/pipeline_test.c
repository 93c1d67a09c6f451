/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cells of pipeline and its verification, with messages planted into real
 * queues and popped by the real loops. The website needs the whole program; see
 * pipeline_test.py.
 */
#include <stdlib.h>

#include "ringbench_clock.h"
#include "verification_rig.h"

#define SYNTHETIC "scenario pipeline\nsource synthetic\nservice_ns 1000\n"

static const char *refusal(const char *lines)
{
	static struct fault fault;
	FILE *from = fmemopen((void *)(uintptr_t)lines, strlen(lines), "r");
	struct cell refused;

	memset(&fault, 0, sizeof(fault));
	if (cell_read(&refused, from, &fault) == 0)
		fail_msg("a cell is made of: %s", lines);
	fclose(from);
	return fault.text;
}

static void make(struct cell *made, const char *lines)
{
	FILE *from = fmemopen((void *)(uintptr_t)lines, strlen(lines), "r");
	struct fault fault;

	if (cell_read(made, from, &fault) != 0)
		fail_msg("%s: %s", lines, fault.text);
	fclose(from);
}

/* A source, and one thread for each of two stages. */
static void send(uint64_t sent)
{
	set_up(SYNTHETIC "stages 1+1\nend\n");
	assert_int_equal(rig.threads, 3);
	rig.workers[0].messages = sent;
}

static void pages_pass_verification_wherever_they_are_at_the_end(void **state)
{
	(void)state;
	for (uint64_t one = 0; one <= 10; one++)
		for (uint64_t two = 0; two <= one; two++) {
			send(10);
			for (uint64_t i = 1; i <= 10; i++)
				feed(i);
			take(1, one);
			take(2, two);
			verify();
			assert_verification(0, 0, 0);
			assert_int_equal(verification.messages, two);
			assert_int_equal(verification.left_over, 10 - two);
			assert_null(verification.failure);
			assert_null(verification.error);
		}
}

static void assert_arrivals(const char *arrived, uint64_t lost,
			    uint64_t repeated)
{
	uint64_t count = 0;
	int word, bytes;

	send(10);
	for (const char *c = arrived; sscanf(c, "%d%n", &word, &bytes) == 1;
	     c += bytes) {
		feed((uint64_t)word);
		count++;
	}
	take(1, count - 1);
	take(2, count - 2);
	verify();
	assert_verification(lost, repeated, 0);
}

static void lost_and_repeated_pages_are_found_in_any_order(void **state)
{
	(void)state;
	assert_arrivals("10 9 8 7 6 5 4 3 2 1", 0, 0);
	assert_arrivals("1 2 3 5 6 7 8 9 10", 1, 0);
	assert_arrivals("1 2 3 4 4 5 6 7 8 9 10", 0, 1);
	assert_arrivals("1 2 3 3 5 6 7 8 9 10", 1, 1);
	assert_arrivals("1 3 3 3 4 5 6 7 8 9", 1, 1);
	assert_arrivals("1 3 3 3 5 5 6 7 8 9 10", 0, 1);
}

static void a_page_that_could_not_be_pushed_is_left_over(void **state)
{
	(void)state;
	send(1);
	feed(1);
	/* The next queue is full, and the run is over. */
	for (uint64_t i = 0; i < 15; i++)
		assert_true(rig.backend->feed(&rig.channels[1], 1));
	rig.backend->close(&rig.channels[1]);
	rig.parts[1].loop(&rig.workers[1]);
	assert_int_equal(rig.workers[1].held, 1);
	verify();
	assert_int_equal(verification.left_over, 16);
	assert_verification(0, 15, 0);
}

static void the_stage_that_waited_least_is_the_bottleneck(void **state)
{
	static const char *const names[] = { "stage1", "stage2", "stage3" };
	struct record record;

	(void)state;
	for (int slow = 0; slow < 3; slow++) {
		set_up(SYNTHETIC "stages 2+1+4\nend\n");
		for (int i = 1; i < rig.threads; i++) {
			bool busy = rig.parts[i].stage == slow + 1;

			/* The average over the threads of the stage decides. */
			rig.workers[i].empty.total_ns = busy ? 10 : 15;
			rig.workers[i].full.total_ns = busy ? 8 : 5;
		}
		record_init(&record, &results_schema);
		cell.scenario->set_metrics(&rig, &record);
		assert_string_equal(
			record_text(&record, column_of("bottleneck")),
			names[slow]);
	}
}

static void the_plain_loop_has_one_thread_and_no_queue(void **state)
{
	struct record record;

	(void)state;
	set_up(SYNTHETIC "stages loop\nbackend ck_mpmc\nwait poll\nend\n");
	assert_int_equal(rig.threads, 1);
	assert_int_equal(rig.queues, 0);
	assert_null(rig.backend);
	rig.workers[0].limit = 5;
	rig.parts[0].loop(&rig.workers[0]);
	verify();
	assert_verification(0, 0, 0);
	assert_int_equal(verification.messages, 5);
	record_init(&record, &results_schema);
	cell.scenario->set_metrics(&rig, &record);
	assert_false(record_has(&record, column_of("bottleneck")));
	cell_to_record(&cell, &record);
	assert_string_equal(record_text(&record, COLUMN_backend), "loop");
	assert_string_equal(record_text(&record, column_of("stages")), "loop");
	assert_false(record_has(&record, COLUMN_wait));
	assert_false(record_has(&record, COLUMN_capacity));
	assert_false(record_has(&record, column_of("claim")));
}

/* A parameter without effect on the plain loop does not make another cell. */
static void parameters_without_effect_do_not_change_the_plain_loop(void **state)
{
	struct cell one, two;

	(void)state;
	make(&one, "scenario pipeline\nstages loop\nend\n");
	make(&two, "scenario pipeline\nstages loop\nbackend ck_spsc\n"
		   "wait poll\ncapacity 7\nstop event\nend\n");
	assert_true(cell_same(&one, &two));
	make(&two, "scenario pipeline\nstages loop\nsource cpu\nend\n");
	assert_false(cell_same(&one, &two));
}

static void a_cell_reaches_the_other_process_unchanged(void **state)
{
	static const char *const cells[] = {
		"scenario pipeline\nend\n",
		"scenario pipeline\nstages loop\nend\n",
		"scenario pipeline\nstages loop\nclaim look\nend\n",
		SYNTHETIC "stages 1+2+3+4+5+6+7+8\nstop event\nend\n",
		SYNTHETIC "claim look\nbackend ck_mpmc\ncapacity 63\nend\n",
	};
	struct cell one, two;
	size_t length;
	char *text;

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		FILE *to = open_memstream(&text, &length);

		make(&one, cells[i]);
		cell_write(&one, true, to);
		fclose(to);
		make(&two, text);
		free(text);
		assert_true(cell_same(&one, &two));
		assert_int_equal(cell_threads(&one), cell_threads(&two));
	}
}

static void defaults_are_small_queues_and_sentinels(void **state)
{
	char name[CELL_NAME_MAX];
	struct cell made;

	(void)state;
	make(&made, "scenario pipeline\nend\n");
	assert_int_equal(made.capacity, 15);
	assert_int_equal(made.stop, STOP_SENTINEL);
	assert_int_equal(cell_value(&made, "service"), RINGBENCH_NS_PER_MS);
	assert_int_equal(cell_threads(&made), 6);
	cell_name(&made, name);
	assert_string_equal(name,
			    "--scenario pipeline --backend mutex --wait block "
			    "--placement near");
}

static void impossible_cells_are_refused_with_a_reason(void **state)
{
	static const char *const cells[][2] = {
		{ "stages 4\n", "two stages" },
		{ "stages 4+2+1\n", "two stages" },
		{ "stages 0+1\n", "must be the numbers of threads" },
		{ "stages 16+1\n", "must be the numbers of threads" },
		{ "stages 1+\n", "must be the numbers of threads" },
		{ "stages 1+1+1+1+1+1+1+1+1\n",
		  "must be the numbers of threads" },
		{ "stages many\n", "must be the numbers of threads" },
		{ "messages 5\nstop event\n", "sentinels" },
		{ "queues 2\n", "no --queues" },
		{ "producers 2\n", "no --producers" },
		{ "backend null\n", "not a queue" },
		{ "backend line\n", "not a queue" },
		{ "backend ck_spsc\n", "one producer" },
		{ "backend ck_spsc\nstages 1+2\n", "one consumer" },
		{ "backend ck_spsc\nstages 2+1\n", "one producer" },
		{ "service_ns 0\n", "service" },
	};
	char lines[256];

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		const char *said;

		snprintf(lines, sizeof(lines), "scenario pipeline\n%send\n",
			 cells[i][0]);
		said = refusal(lines);
		if (!strstr(said, cells[i][1]))
			fail_msg("%s: \"%s\"", lines, said);
	}
	make(&cell, "scenario pipeline\nbackend ck_spsc\nstages 1+1\nend\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pages_pass_verification_wherever_they_are_at_the_end),
		TEST(lost_and_repeated_pages_are_found_in_any_order),
		TEST(a_page_that_could_not_be_pushed_is_left_over),
		TEST(the_stage_that_waited_least_is_the_bottleneck),
		TEST(the_plain_loop_has_one_thread_and_no_queue),
		cmocka_unit_test(
			parameters_without_effect_do_not_change_the_plain_loop),
		cmocka_unit_test(a_cell_reaches_the_other_process_unchanged),
		cmocka_unit_test(defaults_are_small_queues_and_sentinels),
		cmocka_unit_test(impossible_cells_are_refused_with_a_reason),
	};

	return cmocka_run_group_tests_name("pipeline", tests, NULL, NULL);
}
