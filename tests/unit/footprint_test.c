/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes that release all memory and files, and processes that do not. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "footprint.h"

enum {
	MANY_BYTES = 4 << 20,
};

static char *touched(size_t bytes)
{
	char *memory = malloc(bytes);

	assert_non_null(memory);
	memset(memory, 1, bytes);
	__asm__ volatile("" ::"r"(memory) : "memory");
	return memory;
}

static void released_memory_is_not_a_leak(void **state)
{
	struct footprint before;

	(void)state;
	footprint_read(&before);
	for (int i = 0; i < 100; i++)
		free(touched(MANY_BYTES / 100));
	free(touched(MANY_BYTES));
	assert_false(footprint_grew(&before, 0));
}

static void memory_that_is_not_released_is_a_leak(void **state)
{
	char *kept[256];
	struct footprint before;

	(void)state;
	footprint_read(&before);
	for (int i = 0; i < 256; i++)
		kept[i] = touched(MANY_BYTES / 256);
	assert_true(footprint_grew(&before, 0));
	for (int i = 0; i < 256; i++)
		free(kept[i]);
	assert_false(footprint_grew(&before, 0));
}

static void an_open_descriptor_is_a_leak_unless_a_thread_needs_it(void **state)
{
	struct footprint before;
	int kept;

	(void)state;
	footprint_read(&before);
	kept = open("/dev/null", O_RDONLY);
	assert_true(kept >= 0);
	assert_true(footprint_grew(&before, 0));
	assert_false(footprint_grew(&before, 1));
	close(kept);
	assert_false(footprint_grew(&before, 0));
}

static void unknown_values_are_not_a_leak(void **state)
{
	struct footprint before = { -1, -1 };

	(void)state;
	assert_false(footprint_grew(&before, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(released_memory_is_not_a_leak),
		cmocka_unit_test(memory_that_is_not_released_is_a_leak),
		cmocka_unit_test(
			an_open_descriptor_is_a_leak_unless_a_thread_needs_it),
		cmocka_unit_test(unknown_values_are_not_a_leak),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
