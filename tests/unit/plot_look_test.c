/* SPDX-License-Identifier: BSD-2-Clause */
/* A queue looks the same in every picture, and unlike the other queues. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "look.h"

static const char *const queues[] = {
	"mutex",
	"spinlock",
	"ck_spsc",
	"ck_mpmc",
	"python",
	"mpmc_ring",
	"spsc_ring",
	"scq",
	"vyukov",
	"boost_spsc",
	"rte_ring_spsc",
	"boost_queue",
	"atomic_queue",
	"atomic_queue_spsc",
	"ck_fifo_mpmc",
	"ck_fifo_spsc",
	"eventfd_ring",
	"glib_async_queue",
	"jack_ringbuffer",
	"moodycamel",
	"pipe",
	"moodycamel_block",
	"moodycamel_spsc",
	"mqueue",
	"rte_ring",
	"moodycamel_tokens",
	"rte_ring_hts",
	"rte_ring_rts",
	"semaphores",
	"socketpair",
	"tbb_bounded_queue",
	"ck_stack",
	"xenium_ms",
	"urcu_wfcqueue",
	"xenium_vyukov",
	"mutex_lifo",
	"xenium_ramalhete",
};

enum {
	QUEUES = sizeof(queues) / sizeof(queues[0]),
	IN_TUTORIAL = 5,
};

static void no_two_queues_have_the_same_colour_and_mark(void **state)
{
	(void)state;
	for (size_t i = 0; i < QUEUES; i++) {
		for (size_t j = 0; j < i; j++) {
			struct look a = look_of(queues[i]);
			struct look b = look_of(queues[j]);

			if (a.colour == b.colour && a.mark == b.mark)
				fail_msg("%s looks like %s", queues[i],
					 queues[j]);
		}
	}
}

static void the_queues_of_the_tutorial_have_different_colours(void **state)
{
	(void)state;
	for (size_t i = 0; i < IN_TUTORIAL; i++)
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(look_of(queues[i]).colour,
					     look_of(queues[j]).colour);
}

/* People compare old pictures with new pictures, so colours must not change. */
static void the_look_of_a_queue_never_changes(void **state)
{
	struct look look = look_of("mutex");

	(void)state;
	assert_int_equal(look.colour, 0xcc79a7);
	assert_int_equal(look.mark, 13);
}

static void backends_that_are_not_queues_are_grey(void **state)
{
	(void)state;
	assert_int_equal(look_of("null").colour, 0x888888);
	assert_int_equal(look_of("lines").mark, 6);
	assert_int_not_equal(look_of("unheard_of").colour, 0x888888);
	assert_int_not_equal(look_of("").mark, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_two_queues_have_the_same_colour_and_mark),
		cmocka_unit_test(
			the_queues_of_the_tutorial_have_different_colours),
		cmocka_unit_test(the_look_of_a_queue_never_changes),
		cmocka_unit_test(backends_that_are_not_queues_are_grey),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
