/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes into the tables for gnuplot: shares of time, harmless texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "plot_data.h"
#include "plot_table.h"

static void shares_follow_their_definition_and_make_one(void **state)
{
	struct record row;
	const struct record *members[] = { &row };
	struct group group = { .example = &row,
			       .members = members,
			       .count = 1 };
	struct plot_shares shares;

	(void)state;
	record_init(&row, &results_schema);
	record_set_integer(&row, COLUMN_busy_ns, 30);
	record_set_integer(&row, COLUMN_wait_empty_ns, 60);
	record_set_integer(&row, COLUMN_wait_full_ns, 10);
	record_set_integer(&row, COLUMN_cpu_ns, 50);
	assert_false(plot_shares(&group, &shares)); /* no runqueue_ns */
	record_set_integer(&row, COLUMN_runqueue_ns, 15);
	assert_true(plot_shares(&group, &shares));
	assert_float_equal(shares.busy, 0.30, 1e-9);
	assert_float_equal(shares.burning, 0.20, 1e-9);
	assert_float_equal(shares.preempted, 0.15, 1e-9);
	assert_float_equal(shares.asleep, 0.35, 1e-9);
	record_set_integer(&row, COLUMN_cpu_ns, 20); /* less than busy */
	assert_true(plot_shares(&group, &shares));
	assert_float_equal(shares.busy, 0.20, 1e-9);
	assert_float_equal(shares.burning, 0, 1e-9);
	record_set_integer(&row, COLUMN_cpu_ns, 86); /* clocks differ */
	assert_true(plot_shares(&group, &shares));
	assert_float_equal(shares.asleep, 0, 1e-9);
}

static void assert_put(const char *text, const char *wanted)
{
	char *written = NULL;
	size_t length;
	FILE *file = open_memstream(&written, &length);

	assert_non_null(file);
	plot_put_text(file, text);
	fclose(file);
	assert_string_equal(written, wanted);
	free(written);
}

static void texts_lose_quotes_controls_and_broken_utf8(void **state)
{
	(void)state;
	assert_put("ck_mpmc", "\"ck_mpmc\"");
	assert_put("a\tb\nc\x7f", "\"a b c \"");
	assert_put("'\"\\", "\"\u2019\u201d\u2216\"");
	assert_put("\u00e4\U0001f600", "\"\u00e4\U0001f600\"");
	assert_put("\xff\xc3", "\"??\"");
	assert_put("\xed\xa0\x80", "\"???\""); /* half a surrogate pair */
	assert_put("\xc0\xaf", "\"??\"");      /* an overlong slash */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_follow_their_definition_and_make_one),
		cmocka_unit_test(texts_lose_quotes_controls_and_broken_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
