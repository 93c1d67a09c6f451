/* SPDX-License-Identifier: BSD-2-Clause */
/* Two threads with made-up counts, for tests of the tally. */
#ifndef TALLY_RIG_H
#define TALLY_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cell.h"
#include "ringbench_clock.h"
#include "rig.h"
#include "pingpong.h"
#include "tally.h"

enum {
	THREADS = 2,
};

/* The window of each thread: 100 ms, so that 1 % is 1 ms. */
#define ELAPSED_NS (100 * RINGBENCH_NS_PER_MS)

static const uint32_t stop;
static struct cell cell;
static struct rig rig;
static struct account accounts[THREADS];
static struct observation observation;
static struct record *result = &observation.result;

static inline int tear_down(void **state)
{
	(void)state;
	rig_destroy(&rig);
	observation_free(&observation);
	return 0;
}

/* Sets up threads that ran all the time and transferred a million messages. */
static inline void set_up(const char *lines)
{
	FILE *from = fmemopen((void *)(uintptr_t)lines, strlen(lines), "r");
	struct fault fault;

	assert_int_equal(cell_read(&cell, from, &fault), 0);
	fclose(from);
	assert_int_equal(rig_create(&rig, &cell, UINT64_MAX, &stop), 0);
	assert_int_equal(rig.threads, THREADS);
	observation_init(&observation);
	for (int i = 0; i < THREADS; i++) {
		accounts[i] = (struct account){
			.start_ns = RINGBENCH_NS_PER_S,
			.elapsed_ns = ELAPSED_NS,
			.cpu_ns = ELAPSED_NS,
			.user_ns = 3 * RINGBENCH_NS_PER_MS,
			.sys_ns = RINGBENCH_NS_PER_MS,
		};
		rig.workers[i].messages = 500000;
	}
	if (rig.state) {
		struct pingpong_message *message = rig.state;

		for (uint64_t i = 0; i < 3; i++)
			message->number[i] = 1000001 + i;
	}
}

static inline void pingpong(void)
{
	set_up("wait poll\nplacement any\nend\n");
}

static inline void tally(void)
{
	tally_observation(&rig, accounts, &observation);
}

static inline const char *flags(void)
{
	return record_text(result, COLUMN_flags);
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

#endif
