/* SPDX-License-Identifier: BSD-2-Clause */
/* The ranking that a run shows while it measures, and its plain lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cell.h"
#include "progress.h"
#include "leaders.h"
#include "results.h"
#include "scenario.h"

static struct record row_of(const char *backend, const char *wait, double rate)
{
	struct record row;

	record_init(&row, &results_schema);
	record_set_text(&row, COLUMN_scenario, "stream");
	record_set_text(&row, COLUMN_backend, backend);
	record_set_text(&row, COLUMN_wait, wait);
	record_set_text(&row, COLUMN_placement, "any");
	record_set_text(&row, COLUMN_status, "ok");
	record_set_integer(&row, COLUMN_verified, 1);
	record_set_real(&row, COLUMN_throughput_msg_per_s, rate);
	return row;
}

static void add(struct leaders *leaders, const char *backend, const char *wait,
		double rate)
{
	struct record row = row_of(backend, wait, rate);

	leaders_add(leaders, &row);
}

static void assert_text(struct leaders *leaders, const char *wait,
			const char *expected)
{
	struct record row = row_of("mutex", wait, 0);
	char text[LEADERS_TEXT_MAX];

	leaders_text(leaders, &row, text);
	assert_string_equal(text, expected);
}

static void the_best_median_comes_first(void **state)
{
	struct leaders leaders = { .count = 0 };

	(void)state;
	add(&leaders, "mutex", "poll", 100);
	add(&leaders, "ck_spsc", "poll", 90);
	add(&leaders, "ck_spsc", "poll", 300);
	add(&leaders, "ck_spsc", "poll", 310);
	assert_text(&leaders, "poll", "msg/s ck_spsc 300, mutex 100");
	leaders_free(&leaders);
}

static void cells_of_other_groups_are_not_in_the_ranking(void **state)
{
	struct leaders leaders = { .count = 0 };

	(void)state;
	add(&leaders, "mutex", "poll", 100);
	add(&leaders, "ck_spsc", "block", 300);
	assert_text(&leaders, "poll", "");
	assert_text(&leaders, "spin", "");
	leaders_free(&leaders);
}

static void add_paced(struct leaders *leaders, const char *backend, double ns)
{
	struct record row = row_of(backend, "poll", 50e3);

	record_set_integer(&row, column_of("rate"), 50000);
	record_set_integer(&row, column_of("latency_p50_ns"), (int64_t)ns);
	leaders_add(leaders, &row);
}

static void at_a_rate_the_lowest_latency_comes_first(void **state)
{
	struct leaders leaders = { .count = 0 };
	struct record paced = row_of("mutex", "poll", 0);
	char text[LEADERS_TEXT_MAX];

	(void)state;
	add(&leaders, "mutex", "poll", 300);
	add(&leaders, "ck_spsc", "poll", 100);
	add_paced(&leaders, "mutex", 1210);
	add_paced(&leaders, "ck_spsc", 200);
	record_set_integer(&paced, column_of("rate"), 50000);
	leaders_text(&leaders, &paced, text);
	assert_string_equal(text, "latency_p50 ck_spsc 200ns, mutex 1.2us");
	assert_text(&leaders, "poll", "msg/s mutex 300, ck_spsc 100");
	leaders_free(&leaders);
}

static void failed_observations_and_bounds_do_not_count(void **state)
{
	struct leaders leaders = { .count = 0 };
	struct record failed = row_of("ck_spsc", "poll", 300);

	(void)state;
	add(&leaders, "mutex", "poll", 100);
	add(&leaders, "vyukov", "poll", 50);
	add(&leaders, "lines", "poll", 1000);
	record_set_text(&failed, COLUMN_status, "failed");
	leaders_add(&leaders, &failed);
	assert_text(&leaders, "poll", "msg/s mutex 100, vyukov 50");
	leaders_free(&leaders);
}

/* Returns the text that progress_show() writes to standard error. */
static void written(struct progress *progress, char *text, size_t size)
{
	int saved = dup(STDERR_FILENO), ends[2];
	ssize_t length;

	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	progress_show(progress, 2, 12, "a cell", "mutex 100, vyukov 50");
	dup2(saved, STDERR_FILENO);
	close(saved);
	length = read(ends[0], text, size - 1);
	close(ends[0]);
	text[length > 0 ? length : 0] = '\0';
}

static void a_dumb_terminal_gets_plain_lines(void **state)
{
	struct progress progress;
	char text[512];

	(void)state;
	setenv("TERM", "dumb", 1);
	progress_start(&progress, 100);
	progress_advance(&progress, 25);
	assert_int_equal(progress.width, 0);
	progress.interval_ns = 0;
	written(&progress, text, sizeof(text));
	assert_non_null(strstr(text, "25%  "));
	assert_non_null(strstr(text, "round 2/12  a cell; so far: mutex 100, "
				     "vyukov 50\n"));
	assert_null(strpbrk(text, "\r\033"));
}

static void plain_lines_are_rare(void **state)
{
	struct progress progress;
	char text[512];

	(void)state;
	progress_start(&progress, 100);
	progress.width = 0;
	progress.interval_ns = INT64_MAX;
	written(&progress, text, sizeof(text));
	assert_string_equal(text, "");
}

static void a_terminal_gets_a_bar_of_its_width(void **state)
{
	struct progress progress;
	char text[512];

	(void)state;
	progress_start(&progress, 100);
	progress.width = 39;
	written(&progress, text, sizeof(text));
	/* Two lines, the cursor movement, and the carriage returns. */
	assert_int_equal(strlen(text), 2 * 39 + strlen("\r\n\033[A\r"));
	assert_non_null(strstr(text, "so far: mutex 100, vyukov 50 "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_median_comes_first),
		cmocka_unit_test(cells_of_other_groups_are_not_in_the_ranking),
		cmocka_unit_test(at_a_rate_the_lowest_latency_comes_first),
		cmocka_unit_test(failed_observations_and_bounds_do_not_count),
		cmocka_unit_test(a_dumb_terminal_gets_plain_lines),
		cmocka_unit_test(plain_lines_are_rare),
		cmocka_unit_test(a_terminal_gets_a_bar_of_its_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
