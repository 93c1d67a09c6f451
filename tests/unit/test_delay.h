/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Include this header before the header of a ring. The ring's threads are then
 * delayed at critical points, and a test can run a function there. Misuse of
 * the ring ends the test.
 */
#ifndef TEST_DELAY_H
#define TEST_DELAY_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

static _Thread_local uint64_t delays;
static _Thread_local void (*meanwhile)(void);
static _Thread_local bool
	has_rivals; /* other threads use the ring at the same time */

/*
 * Yields the CPU to rivals in 1 of 64 calls, and spins a little in 1 of 16.
 * With a single thread, yielding would only wait for other programs.
 */
static void test_delay(void)
{
	delays = delays * UINT64_C(6364136223846793005) +
		 (uint64_t)(uintptr_t)&delays / 64 * 2 + 1;
	if (meanwhile)
		meanwhile();
	if (has_rivals && delays >> 58 == 0)
		sched_yield();
	else if (delays >> 60 == 1)
		for (volatile int i = 0; i < 50;)
			i = i + 1;
}

#define RINGBENCH_TEST_DELAY() test_delay()
#define RINGBENCH_CHECK

#endif
