/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts in the tables for gnuplot are made harmless. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "plot_table.h"

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
		cmocka_unit_test(texts_lose_quotes_controls_and_broken_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
