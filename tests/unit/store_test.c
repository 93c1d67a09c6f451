/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of pages: their names, and verification of their contents. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "page_count.h"
#include "page.h"
#include "store.h"

enum {
	SAVERS = 4,
	PAGES_EACH = 100,
	PAGES = SAVERS * PAGES_EACH,
};

static struct store store;
static char folder[STORE_PATH_MAX], reason[WEB_REASON_MAX];

static int set_up(void **state)
{
	(void)state;
	return store_make(folder, reason) || store_open(&store, folder);
}

static int tear_down(void **state)
{
	(void)state;
	store_close(&store);
	store_remove(folder);
	return access(folder, F_OK) == 0; /* the file must have disappeared */
}

static void path_of(uint64_t file, char path[STORE_PATH_MAX + 32])
{
	snprintf(path, STORE_PATH_MAX + 32, "%s/page-%llu", folder,
		 (unsigned long long)file);
}

/* Returns the number of the file. */
static uint64_t save(uint64_t page, uint64_t place, bool look_first)
{
	static char body[PAGE_BYTES_MAX];
	size_t bytes = page_bytes(page);

	page_fill(page, body, bytes);
	assert_int_equal(store_save(&store, look_first, &place, body, bytes),
			 0);
	return place;
}

static void only_the_owner_can_read_a_folder(void **state)
{
	struct stat found;

	(void)state;
	assert_int_equal(stat(folder, &found), 0);
	assert_int_equal(found.st_mode & 07777, 0700);
}

static void a_used_name_is_skipped(void **state)
{
	(void)state;
	for (int look_first = 0; look_first <= 1; look_first++) {
		uint64_t base = look_first ? 100 : 0;

		assert_int_equal(save(1, base + 1, look_first), base + 1);
		assert_int_equal(save(2, base + 1, look_first), base + 2);
		assert_int_equal(save(3, base + 4, look_first), base + 4);
		assert_int_equal(save(4, base + 1, look_first), base + 3);
		assert_int_equal(save(5, base + 1, look_first), base + 5);
	}
}

struct saver {
	pthread_t thread;
	uint64_t first;
	bool look_first;
	int error;
};

/* Each thread starts with the first name, so that the threads compete for
 * names. */
static void *save_many(void *arg)
{
	struct saver *saver = arg;
	char *body = malloc(PAGE_BYTES_MAX);
	uint64_t place = 1;

	for (uint64_t i = 0; i < PAGES_EACH && !saver->error; i++) {
		uint64_t page = saver->first + i;

		page_fill(page, body, page_bytes(page));
		saver->error = store_save(&store, saver->look_first, &place,
					  body, page_bytes(page));
		place++;
	}
	free(body);
	return NULL;
}

static void assert_no_race(bool look_first)
{
	struct saver savers[SAVERS];
	struct page_count pages;

	for (uint64_t i = 0; i < SAVERS; i++) {
		savers[i] = (struct saver){ .first = 1 + i * PAGES_EACH,
					    .look_first = look_first };
		pthread_create(&savers[i].thread, NULL, save_many, &savers[i]);
	}
	for (int i = 0; i < SAVERS; i++) {
		pthread_join(savers[i].thread, NULL);
		assert_int_equal(savers[i].error, 0);
	}
	assert_int_equal(page_count_init(&pages, PAGES, true), 0);
	assert_int_equal(page_count_check_files(&pages, &store), 0);
	assert_int_equal(pages.lost, 0);
	assert_int_equal(pages.repeated, 0);
	/* No name was skipped. */
	for (uint64_t i = 1; i <= PAGES; i++) {
		char path[STORE_PATH_MAX + 32];

		path_of(i, path);
		assert_int_equal(access(path, F_OK), 0);
	}
	free(pages.seen);
}

static void threads_claim_without_a_race_by_excl(void **state)
{
	(void)state;
	assert_no_race(false);
}

static void threads_claim_without_a_race_by_looking_under_a_lock(void **state)
{
	(void)state;
	assert_no_race(true);
}

/* Checks files 1 to 5, after pages 1 to 5 were sent. */
static void check(struct page_count *pages, int64_t foreign, uint64_t lost,
		  uint64_t repeated)
{
	assert_int_equal(page_count_check_files(pages, &store), foreign);
	assert_int_equal(pages->lost, lost);
	assert_int_equal(pages->repeated, repeated);
	free(pages->seen);
}

static void send_five(struct page_count *pages)
{
	for (uint64_t i = 1; i <= 5; i++)
		save(i, i, false);
	assert_int_equal(page_count_init(pages, 5, true), 0);
}

static void every_saved_page_is_found(void **state)
{
	struct page_count pages;

	(void)state;
	send_five(&pages);
	check(&pages, 0, 0, 0);
}

static void a_page_that_is_not_on_disk_is_lost_unless_left_over(void **state)
{
	char path[STORE_PATH_MAX + 32];
	struct page_count pages;

	(void)state;
	send_five(&pages);
	path_of(3, path);
	assert_int_equal(unlink(path), 0);
	page_count_add(&pages, 3);
	check(&pages, 0, 0, 0);
	assert_int_equal(page_count_init(&pages, 5, true), 0);
	check(&pages, 0, 1, 0);
}

static void a_page_in_two_files_is_repeated(void **state)
{
	struct page_count pages;

	(void)state;
	send_five(&pages);
	save(2, 1, false);
	save(2, 1, false);
	page_count_add(&pages, 4);
	check(&pages, 0, 0, 3);
}

static void a_page_that_was_not_sent_is_foreign(void **state)
{
	struct page_count pages;

	(void)state;
	send_five(&pages);
	save(6, 1, false);
	save(0, 1, false);
	check(&pages, 2, 0, 0);
}

static void a_changed_page_is_lost_and_foreign(void **state)
{
	char path[STORE_PATH_MAX + 32];
	struct page_count pages;
	FILE *file;

	(void)state;
	send_five(&pages);
	path_of(4, path);
	file = fopen(path, "r+");
	assert_non_null(file);
	fseek(file, 60, SEEK_SET);
	fputc('?', file);
	fclose(file);
	path_of(5, path);
	assert_int_equal(truncate(path, 0), 0);
	check(&pages, 2, 2, 0);
}

/* The content of another page with a matching first line. */
static void a_page_of_another_size_is_foreign(void **state)
{
	static char body[PAGE_BYTES_MAX];
	uint64_t place = 1;
	struct page_count pages;

	(void)state;
	page_fill(1, body, PAGE_BYTES_MIN);
	assert_int_equal(
		store_save(&store, false, &place, body, PAGE_BYTES_MIN), 0);
	assert_int_equal(page_count_init(&pages, 1, true), 0);
	check(&pages, 1, 1, 0);
}

static void count_and_sums_show_lost_and_repeated_pages(void **state)
{
	static const struct {
		uint64_t count, sum, squares, lost, repeated;
	} cases[] = {
		{ 5, 15, 55, 0, 0 },	      /* 1 2 3 4 5 */
		{ 4, 10, 30, 1, 0 },	      /* 1 2 3 4 */
		{ 7, 15 + 6, 55 + 18, 0, 2 }, /* page 3 appears three times */
		{ 5, 16, 59, 1, 1 },	      /* 1 2 3 5 5 */
		{ 5, 15, 53, 1, 1 },	      /* 1 2 4 4 4: the sum fits */
	};
	struct page_count pages;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(page_count_init(&pages, 5, false), 0);
		/* Some pages are left over, which must not change the
		 * result. */
		page_count_add(&pages, 2);
		page_count_compare(&pages, cases[i].count - 1, cases[i].sum - 2,
				   cases[i].squares - 4);
		assert_int_equal(pages.lost, cases[i].lost);
		assert_int_equal(pages.repeated, cases[i].repeated);
	}
}

static void a_folder_that_cannot_be_made_is_named_with_its_reason(void **state)
{
	char before[STORE_PATH_MAX];
	const char *old = getenv("TMPDIR");
	char nowhere[STORE_PATH_MAX];

	(void)state;
	snprintf(before, sizeof(before), "%s", old ? old : "");
	setenv("TMPDIR", "/proc/no such folder", 1);
	assert_int_equal(store_make(nowhere, reason), -1);
	assert_non_null(strstr(reason, "/proc/no such folder"));
	assert_non_null(strstr(reason, "TMPDIR"));
	assert_string_equal(nowhere, "");
	store_remove(nowhere);
	if (old)
		setenv("TMPDIR", before, 1);
	else
		unsetenv("TMPDIR");
}

static void a_deleted_folder_is_an_error(void **state)
{
	uint64_t place = 1;

	(void)state;
	store_remove(folder);
	assert_int_equal(store_save(&store, false, &place, "x", 1), -ENOENT);
	assert_int_equal(store_save(&store, true, &place, "x", 1), -ENOENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_the_owner_can_read_a_folder),
		TEST(a_used_name_is_skipped),
		TEST(threads_claim_without_a_race_by_excl),
		TEST(threads_claim_without_a_race_by_looking_under_a_lock),
		TEST(every_saved_page_is_found),
		TEST(a_page_that_is_not_on_disk_is_lost_unless_left_over),
		TEST(a_page_in_two_files_is_repeated),
		TEST(a_page_that_was_not_sent_is_foreign),
		TEST(a_changed_page_is_lost_and_foreign),
		TEST(a_page_of_another_size_is_foreign),
		TEST(count_and_sums_show_lost_and_repeated_pages),
		TEST(a_folder_that_cannot_be_made_is_named_with_its_reason),
		TEST(a_deleted_folder_is_an_error),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
