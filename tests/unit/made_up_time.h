/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A clock that tests set. The test program defines its own clock_gettime(), so
 * that results do not depend on the load of the machine. The function also
 * counts its calls.
 */
#ifndef MADE_UP_TIME_H
#define MADE_UP_TIME_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "waitclock.h"

static bool real; /* use the clock of the kernel instead */
static int64_t time_ns = RINGBENCH_NS_PER_S;
static int64_t read_ns; /* time that one read of the clock takes */
static uint64_t reads;

int clock_gettime(clockid_t id, struct timespec *t)
{
	if (real)
		return (int)syscall(SYS_clock_gettime, id, t);
	time_ns += read_ns;
	reads++;
	*t = ringbench_timespec(time_ns);
	return 0;
}

static inline int reset(void **state)
{
	(void)state;
	real = false;
	read_ns = 0;
	return 0;
}

/* Returns a clock after its first waits, which are all timed. */
static inline struct waitclock settled(unsigned thread)
{
	struct waitclock clock;

	memset(&clock, 0, sizeof(clock));
	waitclock_init(&clock, thread);
	clock.exact = 0;
	return clock;
}

/* Decides whether the next wait is timed. */
static inline void choose_next(struct waitclock *clock, bool timed)
{
	clock->weyl = (timed ? 0 : UINT64_MAX / 2) -
		      UINT64_C(0x9E3779B97F4A7C15);
}

/* Makes one wait of this length that ends in its head (the first 64
 * attempts). */
static inline void wait_short(struct waitclock *clock, int64_t ns)
{
	waitclock_start(clock);
	time_ns += ns;
	waitclock_stop(clock, 1);
}

/* Makes one wait with a head and a tail. */
static inline void wait_long(struct waitclock *clock, int64_t head_ns,
			     int64_t tail_ns)
{
	waitclock_start(clock);
	time_ns += head_ns;
	waitclock_tail(clock);
	time_ns += tail_ns;
	waitclock_stop(clock, 1000);
}

static inline void assert_near(int64_t found, int64_t expected, int percent)
{
	int64_t slack = expected * percent / 100;

	if (found < expected - slack || found > expected + slack)
		fail_msg("%lld is not within %d %% of %lld", (long long)found,
			 percent, (long long)expected);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

#endif
