/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plans: combinations of lists, skipped cells with their reasons, and errors
 * with their lines. The test must run in the root of the repository, because it
 * reads bench/plans/.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "plan.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Two cores that share a cache, and no hardware threads. */
static struct topology *machine;
static struct plan plan;
static struct fault fault;

static int make_machine(void **state)
{
	(void)state;
	return topology_load_synthetic(
		&machine, "[numa] pack:1 l3:1 core:2 pu:1", &fault);
}

static int free_machine(void **state)
{
	(void)state;
	topology_free(machine);
	return 0;
}

static int start_plan(void **state)
{
	(void)state;
	plan_init(&plan, "test");
	memset(&fault, 0, sizeof(fault));
	return 0;
}

static int end_plan(void **state)
{
	(void)state;
	plan_free(&plan);
	return 0;
}

static void parse(const char *line)
{
	if (plan_parse_line(&plan, line, machine, &fault) != 0)
		fail_msg("%s: %s", line, fault.text);
}

static void assert_refused(const char *line, const char *hint)
{
	if (plan_parse_line(&plan, line, machine, &fault) != -1)
		fail_msg("a plan takes: %s", line);
	assert_int_equal(fault.exit_code, EXIT_USAGE);
	if (!strstr(fault.text, hint))
		fail_msg("\"%s\" does not say \"%s\"", fault.text, hint);
}

static void assert_skipped(const char *name, const char *reason)
{
	for (size_t i = 0; i < plan.skipped_count; i++)
		if (strcmp(plan.skipped[i].name, name) == 0 &&
		    strstr(plan.skipped[i].reason, reason))
			return;
	fail_msg("%s is not left out because of: %s", name, reason);
}

static void lists_give_all_combinations(void **state)
{
	(void)state;
	parse("--queues 1,2 --backend mutex,spinlock,ck_mpmc "
	      "--wait poll,block,timeout:1ms --placement llc,any");
	assert_int_equal(plan.count, 2 * 3 * 3 * 2);
	assert_int_equal(plan.skipped_count, 0);
	for (size_t i = 0; i < plan.count; i++)
		for (size_t j = 0; j < i; j++)
			assert_false(cell_same(&plan.cells[i], &plan.cells[j]));
}

static void parameters_that_are_not_given_have_their_default(void **state)
{
	const struct cell *cell;

	(void)state;
	parse("--wait poll");
	assert_int_equal(plan.count, 1);
	cell = &plan.cells[0];
	assert_string_equal(cell->scenario->id, "pingpong");
	assert_string_equal(cell->choice.id, "mutex");
	assert_int_equal(cell->queues, 2);
	assert_int_equal(cell->capacity, 1023);
	assert_int_equal(cell->placement, PLACEMENT_NEAR);
	assert_int_equal(cell->cpu_count, 2);
	assert_int_equal(plan.rounds, PLAN_ROUNDS);
	assert_int_equal(plan.seed, -1);
}

static void name_and_value_may_be_joined_by_an_equals_sign(void **state)
{
	(void)state;
	parse("--queues=1,2 --wait=sleep:1ms --backend ck_mpmc --rounds=3 "
	      "--seed=7");
	assert_int_equal(plan.count, 2);
	assert_int_equal(plan.rounds, 3);
	assert_int_equal(plan.seed, 7);
}

static void impossible_cells_are_skipped_with_name_and_reason(void **state)
{
	(void)state;
	parse("--queues 1,2 --backend mutex,ck_spsc --wait poll "
	      "--placement llc,smt");
	assert_int_equal(plan.count, 3);
	assert_int_equal(plan.skipped_count, 5);
	assert_skipped("--scenario pingpong --backend ck_spsc --wait poll "
		       "--placement llc --queues 1",
		       "is for one producer");
	assert_skipped("--scenario pingpong --backend mutex --wait poll "
		       "--placement smt",
		       "no core has two allowed hardware threads");
}

static void a_duplicate_cell_is_skipped_with_its_name(void **state)
{
	(void)state;
	parse("--wait poll,poll,spin --placement llc");
	parse("--wait spin --placement llc --duration 5ms");
	assert_int_equal(plan.count, 2);
	assert_int_equal(plan.skipped_count, 2);
	assert_skipped("--scenario pingpong --backend mutex --wait poll "
		       "--placement llc",
		       "already contains this cell");
	assert_skipped("--scenario pingpong --backend mutex --wait spin "
		       "--placement llc --duration 5ms",
		       "already contains this cell");
	assert_int_equal(plan.cells[1].duration_ns, 200000000);
}

static void cells_of_a_missing_external_program_are_skipped(void **state)
{
	char *path = strdup(getenv("PATH"));

	(void)state;
	setenv("PATH", "/no/such/folder::/proc", 1);
	parse("--backend python,mutex --placement any");
	setenv("PATH", path, 1);
	free(path);
	assert_int_equal(plan.count, 1);
	assert_skipped("--scenario pingpong --backend python --wait block "
		       "--placement any",
		       "python3 is not installed");
}

static void a_wrong_value_stops_the_plan(void **state)
{
	(void)state;
	assert_refused("--backend mutex,mutx", "did you mean mutex;");
	assert_refused("--backend mutex,", "unknown backend \"\"");
	assert_refused("--backend ,mutex", "unknown backend \"\"");
	assert_refused("--queues 1,,2", "queues \"\"");
	assert_refused("--wait sleep", "sleep:1ms");
	assert_refused("--duration 5", "duration");
	assert_refused("--rounds 0", "from 1 to 100000");
	assert_refused("--rounds 100001", "from 1 to 100000");
	assert_refused("--rounds many", "rounds \"many\"");
	assert_refused("--seed -1", "from 0 to 4294967295");
	assert_refused("--seed 4294967296", "from 0 to 4294967295");
}

static void a_value_that_is_too_long_is_refused_and_not_cut(void **state)
{
	char line[512] = "--backend mutex";

	(void)state;
	/* A truncated name would start with "mutex". */
	memset(line + strlen(line), 'x', 300);
	assert_refused(line, "unknown backend");
	strcpy(line, "--queues 1");
	memset(line + strlen(line), '0', 300);
	assert_refused(line, "queues");
	/* The first 255 digits of this number are 0...01. */
	memset(line, 0, sizeof(line));
	memset(line, '0', 263);
	memcpy(line, "--queues ", 9);
	strcpy(line + 263, "15");
	assert_refused(line, "queues");
}

static void an_unknown_key_gets_a_suggestion(void **state)
{
	(void)state;
	assert_refused("--scenaro pingpong", "did you mean --scenario");
	assert_refused("--round 3", "did you mean --rounds");
	assert_refused("--sed 3", "did you mean --seed");
	assert_refused("--bakend=mutex", "did you mean --backend");
	assert_refused("--qqqqqqqqqqqq 3", "ringbench list params");
	assert_null(strstr(fault.text, "did you mean"));
}

static void a_word_that_is_not_a_key_with_a_value_is_refused(void **state)
{
	(void)state;
	assert_refused("mutex", "expected --name VALUE");
	assert_refused("-backend mutex", "expected --name VALUE");
	assert_refused("--backend mutex spinlock", "\"spinlock\"");
	assert_refused("--backend", "has no value");
	assert_refused("--rounds", "has no value");
	assert_refused("--wait poll --seed", "write --seed VALUE");
	assert_refused("--backend= --wait poll", "unknown backend \"\"");
}

static void rounds_and_seed_alone_make_no_cell(void **state)
{
	(void)state;
	parse("--rounds 5 --seed 9");
	assert_int_equal(plan.count, 0);
	assert_int_equal(plan.line_count, 0);
	assert_int_equal(plan.rounds, 5);
}

static void a_line_is_stored_unchanged(void **state)
{
	(void)state;
	parse("--wait=poll  --queues 1");
	assert_int_equal(plan.line_count, 1);
	assert_string_equal(plan.lines[0], "--wait=poll  --queues 1");
}

/* Writes a plan file with this text and loads it into `plan`. */
static int load(const char *text, size_t length, char path[48])
{
	FILE *file;
	int error;

	strcpy(path, "/tmp/plan_test.XXXXXX");
	close(mkstemp(path));
	file = fopen(path, "w");
	assert_int_equal(fwrite(text, 1, length, file), length);
	fclose(file);
	plan_free(&plan);
	error = plan_load(&plan, path, machine, &fault);
	unlink(path);
	return error;
}

static void assert_bad_file(const char *text, size_t length, int line,
			    const char *hint)
{
	char path[48], where[64];

	assert_int_equal(load(text, length, path), -1);
	assert_int_equal(fault.exit_code, EXIT_USAGE);
	snprintf(where, sizeof(where), "%s:%d: ", path, line);
	if (strncmp(fault.text, where, strlen(where)) != 0 ||
	    !strstr(fault.text, hint))
		fail_msg("\"%s\" does not say \"%s%s\"", fault.text, where,
			 hint);
}

#define ASSERT_BAD_FILE(text, line, hint) \
	assert_bad_file(text, sizeof(text) - 1, line, hint)

static void a_fault_in_a_file_names_file_and_line(void **state)
{
	(void)state;
	ASSERT_BAD_FILE("--backend mutx\n", 1, "did you mean mutex;");
	ASSERT_BAD_FILE("# a plan\n\n--wait poll\n--sed 3\n", 4, "--seed");
	ASSERT_BAD_FILE("--wait poll\n  --wait", 2, "no value");
	ASSERT_BAD_FILE("--wait poll\nhello\n--wait spin\n", 2, "\"hello\"");
	ASSERT_BAD_FILE("--wait poll\n--wait po\0ll\n", 2, "NUL");
}

static void comments_and_blank_lines_are_ignored(void **state)
{
	static const char text[] = "# a plan\n"
				   "\n"
				   " \t \r\n"
				   "--rounds 2 # and not 12\n"
				   "  --wait poll,spin # --wait block\r\n"
				   "--wait yield";
	char path[48];

	(void)state;
	assert_int_equal(load(text, sizeof(text) - 1, path), 0);
	assert_int_equal(plan.count, 3);
	assert_int_equal(plan.line_count, 2);
	assert_int_equal(plan.rounds, 2);
}

static void a_byte_order_mark_and_cr_lf_are_removed(void **state)
{
	static const char text[] = "\xef\xbb\xbf--rounds 2\r\n"
				   "--wait poll,spin\t\r\n"
				   "--wait yield # and\rmore\r\n";
	static const char mac[] = "--rounds 2\r--wait poll\r";
	char path[48];

	(void)state;
	assert_int_equal(load(text, sizeof(text) - 1, path), 0);
	assert_int_equal(plan.rounds, 2);
	assert_int_equal(plan.count, 3);
	assert_string_equal(plan.lines[0], "--wait poll,spin");
	assert_string_equal(plan.lines[1], "--wait yield");
	/* The file has no line end, so a part of the line must not be read as
	 * the whole line. */
	assert_int_equal(load(mac, sizeof(mac) - 1, path), -1);
	assert_non_null(strstr(fault.text, "rounds"));
}

static void
thousands_of_values_are_cells_and_a_product_has_a_limit(void **state)
{
	enum {
		VALUES = 12000,
		EACH = sizeof("12345,")
	};
	char *line = calloc(VALUES, 2 * EACH), *at = line;

	(void)state;
	assert_non_null(line);
	at += sprintf(at, "--wait poll,spin,spin --capacity ");
	for (int i = 1; i <= VALUES; i++)
		at += sprintf(at, "%s%d", i > 1 ? "," : "", i);
	parse(line);
	assert_int_equal(plan.count, 2 * VALUES);
	assert_int_equal(plan.skipped_count, VALUES);
	strcpy(at, " --duration 1ms,2ms,3ms");
	assert_refused(line, "more than 100000 cells");
	free(line);
}

static void a_name_that_cannot_be_stored_is_refused(void **state)
{
	static const char *const names[] = { "a\nb.plan", "\xff.plan",
					     "\xc2\x9b.plan", ".plan" };
	char path[PLAN_NAME_MAX + 64];

	(void)state;
	for (size_t i = 0; i <= COUNT_OF(names); i++) {
		FILE *file;

		snprintf(path, sizeof(path), "/tmp/%0*d", PLAN_NAME_MAX, 7);
		if (i < COUNT_OF(names))
			snprintf(path, sizeof(path), "/tmp/%s", names[i]);
		file = fopen(path, "w");
		assert_non_null(file);
		fputs("--wait poll\n", file);
		fclose(file);
		assert_int_equal(plan_load(&plan, path, machine, &fault), -1);
		unlink(path);
		assert_non_null(strstr(fault.text, "the name of the file"));
	}
}

static void a_plan_without_lines_is_refused(void **state)
{
	static const char *const texts[] = { "", "\n\n", "# nothing\n",
					     "--rounds 3\n" };
	char path[48];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		assert_int_equal(load(texts[i], strlen(texts[i]), path), -1);
		assert_int_equal(fault.exit_code, EXIT_USAGE);
		assert_non_null(strstr(fault.text, "no line with parameters"));
	}
}

static void a_missing_plan_is_a_usage_error(void **state)
{
	static const char *const names[] = { "no-such-plan", "/no/such.plan",
					     "../../etc/passwd.plan" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		assert_int_equal(plan_load(&plan, names[i], machine, &fault),
				 -1);
		assert_int_equal(fault.exit_code, EXIT_USAGE);
		assert_non_null(strstr(fault.text, names[i]));
		assert_non_null(strstr(fault.text, "ringbench list plans"));
	}
}

static void assert_shipped(const char *path, const char *name, size_t cells,
			   double seconds)
{
	plan_free(&plan);
	if (plan_load(&plan, path, machine, &fault) != 0)
		fail_msg("%s", fault.text);
	assert_string_equal(plan.name, name);
	assert_int_equal(plan.count, cells);
	assert_int_equal(plan.rounds, 12);
	assert_true(plan_seconds(&plan, plan.rounds) < seconds);
}

static void the_tutorial_plan_has_83_cells_in_5_minutes(void **state)
{
	(void)state;
	assert_shipped("bench/plans/tutorial.plan", "tutorial", 83, 300);
	/* An SPSC ring cannot be the only queue of two threads that both push
	 * and pop. */
	assert_int_equal(plan.skipped_count, 4);
	assert_skipped("--scenario pingpong --backend ck_spsc --wait poll "
		       "--placement same-cpu --queues 1",
		       "two producers");
}

static void the_quick_plan_has_22_cells_in_45_seconds(void **state)
{
	(void)state;
	assert_shipped("bench/plans/quick.plan", "quick", 22, 45);
	assert_int_equal(plan.skipped_count, 0);
}

static void the_full_plan_has_all_cells(void **state)
{
	int found = 0;

	(void)state;
	plan_free(&plan);
	assert_int_equal(
		plan_load(&plan, "bench/plans/full.plan", machine, &fault), 0);
	for (size_t i = 0; i < plan.count; i++)
		found += plan.cells[i].producers == 2 &&
			 plan.cells[i].consumers == 2 &&
			 plan.cells[i].wait.kind == WAIT_PARK;
	assert_true(found > 0);
}

static void the_expected_time_includes_all_cells_and_rounds(void **state)
{
	double once;

	(void)state;
	parse("--wait poll,spin --duration 300ms --warmup 100ms");
	once = plan_seconds(&plan, 1);
	assert_true(once >= 0.8 && once <= 0.8 + 2 * 0.020);
	assert_true(plan_seconds(&plan, 10) > 9.99 * once);
	assert_true(plan_seconds(&plan, 0) == 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start_plan, end_plan)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lists_give_all_combinations),
		TEST(parameters_that_are_not_given_have_their_default),
		TEST(name_and_value_may_be_joined_by_an_equals_sign),
		TEST(impossible_cells_are_skipped_with_name_and_reason),
		TEST(a_duplicate_cell_is_skipped_with_its_name),
		TEST(cells_of_a_missing_external_program_are_skipped),
		TEST(a_wrong_value_stops_the_plan),
		TEST(a_value_that_is_too_long_is_refused_and_not_cut),
		TEST(an_unknown_key_gets_a_suggestion),
		TEST(a_word_that_is_not_a_key_with_a_value_is_refused),
		TEST(rounds_and_seed_alone_make_no_cell),
		TEST(a_line_is_stored_unchanged),
		TEST(a_fault_in_a_file_names_file_and_line),
		TEST(comments_and_blank_lines_are_ignored),
		TEST(a_byte_order_mark_and_cr_lf_are_removed),
		TEST(thousands_of_values_are_cells_and_a_product_has_a_limit),
		TEST(a_name_that_cannot_be_stored_is_refused),
		TEST(a_plan_without_lines_is_refused),
		TEST(a_missing_plan_is_a_usage_error),
		TEST(the_tutorial_plan_has_83_cells_in_5_minutes),
		TEST(the_quick_plan_has_22_cells_in_45_seconds),
		TEST(the_full_plan_has_all_cells),
		TEST(the_expected_time_includes_all_cells_and_rounds),
	};

	return cmocka_run_group_tests_name("plan", tests, make_machine,
					   free_machine);
}
