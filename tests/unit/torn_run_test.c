/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs with a torn last row, and runs whose files cannot be repaired. */
#include "resume_run.h"

/* Cuts this number of bytes from a file with a complete round and one further
 * row. */
static void assert_torn_is_kept(const char *path, const char *name, long bytes)
{
	char torn_path[96];
	char *before, *after, *torn;
	size_t good;

	tear(path, bytes);
	before = get(path);
	good = (size_t)(strrchr(before, '\n') + 1 - before);
	assert_int_equal(clean("s1"), 2);
	snprintf(torn_path, sizeof(torn_path), "%s/%s.torn", dir, name);
	torn = get(torn_path);
	assert_string_equal(torn, before + good);
	after = get(path);
	assert_int_equal(after[strlen(after) - 1], '\n');
	assert_null(strstr(after, before + good));
	unlink(torn_path);
	free(before);
	free(after);
	free(torn);
}

static void a_torn_row_is_moved_aside_byte_for_byte(void **state)
{
	static const long cuts[] = { 1, 2, 9, 10, 40 };

	(void)state;
	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		remove_dir(NULL);
		make_dir(NULL);
		rounds("s1", 1, 1);
		observe("s1", 2);
		assert_torn_is_kept(results_csv, "results.csv", cuts[i]);
		assert_no_file("threads.csv.torn");
	}
}

static void a_torn_row_of_a_thread_is_moved_aside_too(void **state)
{
	(void)state;
	rounds("s1", 1, 1);
	observe("s1", 2);
	assert_torn_is_kept(threads_csv, "threads.csv", 5);
	assert_no_file("results.csv.torn");
}

static void torn_rows_are_collected_in_one_file(void **state)
{
	char path[96];
	char *torn, *first;

	(void)state;
	snprintf(path, sizeof(path), "%s/results.csv.torn", dir);
	observe("s1", 1);
	tear(results_csv, 10);
	clean("s1");
	first = get(path);
	close(results);
	results = results_open(dir, &results_schema, &fault);
	observe("s1", 1);
	tear(results_csv, 20);
	clean("s1");
	torn = get(path);
	assert_true(strlen(torn) > strlen(first));
	assert_memory_equal(torn, first, strlen(first));
	free(first);
	free(torn);
}

static void a_torn_last_row_makes_its_round_incomplete(void **state)
{
	(void)state;
	rounds("s1", 1, 2);
	tear(results_csv, 1);
	assert_int_equal(clean("s1"), 2);
}

static void the_files_can_be_appended_to_afterwards(void **state)
{
	struct rows rows;

	(void)state;
	rounds("s1", 1, 1);
	observe("s1", 2);
	tear(results_csv, 3);
	tear(threads_csv, 3);
	assert_int_equal(clean("s1"), 2);
	close(results);
	close(threads);
	results = results_open(dir, &results_schema, &fault);
	threads = results_open(dir, &threads_schema, &fault);
	rounds("s1", 2, 2);
	assert_int_equal(rows_read(results_csv, &results_schema, &rows, &fault),
			 0);
	assert_int_equal(rows.count, 2 * CELLS);
	assert_int_equal(rows.end.torn_bytes, 0);
	rows_free(&rows);
}

static void assert_cannot_clean(enum exit_code code, const char *hint)
{
	char *before = get(results_csv), *after;
	int64_t round;

	assert_int_equal(resume_clean(dir, "s1", CELLS, &round, &fault), -1);
	assert_int_equal(fault.exit_code, code);
	if (!strstr(fault.text, hint))
		fail_msg("\"%s\" does not say \"%s\"", fault.text, hint);
	after = get(results_csv);
	assert_string_equal(after, before);
	free(before);
	free(after);
}

static void a_failed_write_changes_no_file(void **state)
{
	char path[96];
	FILE *file;

	(void)state;
	observe("s1", 1);
	tear(results_csv, 4);
	/* A folder or a file with the name of the new file; both also stop
	 * root. */
	snprintf(path, sizeof(path), "%s/results.csv.torn", dir);
	assert_int_equal(mkdir(path, 0777), 0);
	assert_cannot_clean(EXIT_OUTPUT, "cannot write the incomplete row");
	rmdir(path);
	snprintf(path, sizeof(path), "%s/results.csv.new", dir);
	file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
	assert_cannot_clean(EXIT_OUTPUT, "results.csv");
}

static void a_folder_without_permission_changes_nothing(void **state)
{
	uid_t user = geteuid();

	(void)state;
	observe("s1", 1);
	assert_int_equal(chmod(dir, 0555), 0);
	/* root may write everywhere, so the test becomes the user nobody for a
	 * moment. */
	if (user == 0)
		assert_int_equal(seteuid(65534), 0);
	assert_cannot_clean(EXIT_OUTPUT, "results.csv");
	assert_int_equal(seteuid(user), 0);
	assert_int_equal(chmod(dir, 0700), 0);
}

static void files_of_an_interrupted_cleaning_are_replaced(void **state)
{
	char path[96];
	char *before;
	FILE *file;

	(void)state;
	observe("s1", 1);
	before = get(results_csv);
	snprintf(path, sizeof(path), "%s/results.csv.new", dir);
	assert_int_equal(mkdir(path, 0777), 0);
	strcat(path, "/results.csv");
	file = fopen(path, "w");
	fputs("half a file", file);
	fclose(file);
	assert_int_equal(clean("s1"), 1);
	assert_superseded(results_csv, before, 1);
	assert_no_file("results.csv.new");
	free(before);
}

static void a_damaged_or_missing_file_is_bad_data(void **state)
{
	int64_t round;

	(void)state;
	rounds("s1", 1, 1);
	assert_int_equal(truncate(results_csv, 5), 0);
	assert_cannot_clean(EXIT_DATA, "results.csv");
	remove_dir(NULL);
	make_dir(NULL);
	rounds("s1", 1, 1);
	assert_int_equal(unlink(threads_csv), 0);
	assert_int_equal(resume_clean(dir, "s1", CELLS, &round, &fault), -1);
	assert_int_equal(fault.exit_code, EXIT_DATA);
	assert_non_null(strstr(fault.text, "threads.csv"));
}

/* The run was killed before the files existed, inside a header, or after both
 * headers. */
static void
a_run_that_was_cut_off_before_its_first_row_begins_anew(void **state)
{
	(void)state;
	assert_int_equal(clean("s1"), 1);
	assert_int_equal(unlink(threads_csv), 0);
	assert_int_equal(clean("s1"), 1);
	assert_int_equal(truncate(results_csv, 5), 0);
	assert_int_equal(clean("s1"), 1);
	assert_int_equal(unlink(results_csv), 0);
	assert_int_equal(clean("s1"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_torn_row_is_moved_aside_byte_for_byte),
		TEST(a_torn_row_of_a_thread_is_moved_aside_too),
		TEST(torn_rows_are_collected_in_one_file),
		TEST(a_torn_last_row_makes_its_round_incomplete),
		TEST(the_files_can_be_appended_to_afterwards),
		TEST(a_failed_write_changes_no_file),
		TEST(a_folder_without_permission_changes_nothing),
		TEST(files_of_an_interrupted_cleaning_are_replaced),
		TEST(a_damaged_or_missing_file_is_bad_data),
		TEST(a_run_that_was_cut_off_before_its_first_row_begins_anew),
	};

	return cmocka_run_group_tests_name("torn run", tests, NULL, NULL);
}
