/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Include before a ring: its threads lose time where that is worst, and a test
 * may have something happen meanwhile.
 */
#ifndef TEST_DELAY_H
#define TEST_DELAY_H

#include <sched.h>
#include <stdint.h>

static _Thread_local uint64_t lost_times;
static _Thread_local void (*meanwhile)(void);

/* One time in 64 the processor, one in 16 a moment. */
static void test_delay(void)
{
	lost_times = lost_times * UINT64_C(6364136223846793005) +
		     (uint64_t)(uintptr_t)&lost_times / 64 * 2 + 1;
	if (meanwhile)
		meanwhile();
	if (lost_times >> 58 == 0)
		sched_yield();
	else if (lost_times >> 60 == 1)
		for (volatile int i = 0; i < 50;)
			i = i + 1;
}

#define RINGBENCH_TEST_DELAY() test_delay()

#endif
