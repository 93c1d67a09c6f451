/* SPDX-License-Identifier: BSD-2-Clause */
/* A real queue with planted messages, and the result of verification, for
 * tests. */
#ifndef VERIFICATION_RIG_H
#define VERIFICATION_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cell.h"
#include "rig.h"
#include "pingpong.h"

#define WORD(producer, number) (((uint64_t)(producer) << 48) + (number))

static const uint32_t stop;
static struct cell cell;
static struct rig rig;
static struct verification verification;

static inline int tear_down(void **state)
{
	(void)state;
	rig_destroy(&rig);
	return 0;
}

static inline void set_up(const char *lines)
{
	FILE *from = fmemopen((void *)(uintptr_t)lines, strlen(lines), "r");
	struct fault fault;

	assert_int_equal(cell_read(&cell, from, &fault), 0);
	fclose(from);
	if (rig.channels)
		rig_destroy(&rig);
	assert_int_equal(rig_create(&rig, &cell, UINT64_MAX, &stop), 0);
	memset(&verification, 0, sizeof(verification));
}

static inline void feed(uint64_t word)
{
	assert_true(rig.backend->feed(&rig.channels[0], word));
}

/* Thread `number`, a consumer, pops `count` messages from the queue. */
static inline void take(int number, uint64_t count)
{
	rig.workers[number].limit = count;
	rig.parts[number].loop(&rig.workers[number]);
	assert_int_equal(rig.workers[number].messages, count);
}

static inline void verify(void)
{
	cell.scenario->verify(&rig, &verification);
}

static inline void assert_verification(uint64_t lost, uint64_t repeated,
				       uint64_t reordered)
{
	if (verification.lost != lost || verification.repeated != repeated ||
	    verification.reordered != reordered)
		fail_msg("lost %lld, repeated %lld, reordered %lld",
			 (long long)verification.lost,
			 (long long)verification.repeated,
			 (long long)verification.reordered);
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

#endif
