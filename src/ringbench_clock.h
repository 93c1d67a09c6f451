/* SPDX-License-Identifier: BSD-2-Clause */
/* Time as signed nanoseconds of CLOCK_MONOTONIC, the clock of all deadlines of
 * this folder. */
#ifndef RINGBENCH_CLOCK_H
#define RINGBENCH_CLOCK_H

#include <errno.h>
#include <stdint.h>
#include <time.h>

#include "ringbench_atomics.h"

#define RINGBENCH_NS_PER_S  INT64_C(1000000000)
#define RINGBENCH_NS_PER_MS INT64_C(1000000)
#define RINGBENCH_NS_PER_US INT64_C(1000)

/* A deadline that is never reached. */
#define RINGBENCH_NEVER INT64_MAX

/*
 * With -std=c11 the system's headers declare nothing that is not ISO C. These
 * are the library's functions under names of our own. If a 32-bit program has
 * chosen a time_t of 64 bits, they are the library's functions for this time_t.
 */
#if defined(__USE_TIME_BITS64) && defined(__TIMESIZE)
#if __TIMESIZE == 32 /* glibc */
#define RINGBENCH_TIME_SYMBOL(plain, wide) __asm__(wide)
#endif
#elif defined(_REDIR_TIME64) /* musl */
#define RINGBENCH_TIME_SYMBOL(plain, wide) __asm__(wide)
#endif
#ifndef RINGBENCH_TIME_SYMBOL
#define RINGBENCH_TIME_SYMBOL(plain, wide) __asm__(plain)
#endif
#ifdef __cplusplus
extern "C" {
#endif
int ringbench_clock_gettime(int clock, struct timespec *now)
	RINGBENCH_TIME_SYMBOL("clock_gettime", "__clock_gettime64");
int ringbench_clock_nanosleep(int clock, int flags, const struct timespec *end,
			      struct timespec *left)
	RINGBENCH_TIME_SYMBOL("clock_nanosleep", "__clock_nanosleep_time64");
#ifdef __cplusplus
}
#endif

/* Linux's numbers for the arguments of these functions. */
enum {
	RINGBENCH_CLOCK_MONOTONIC = 1,
	RINGBENCH_TIMER_ABSTIME = 1,
};

/* The time of a clock, for example CLOCK_THREAD_CPUTIME_ID. */
static inline int64_t ringbench_clock_ns(int clock)
{
	struct timespec now;

	ringbench_clock_gettime(clock, &now);
	return RINGBENCH_CAST(int64_t, now.tv_sec) * RINGBENCH_NS_PER_S +
	       now.tv_nsec;
}

static inline int64_t ringbench_now_ns(void)
{
	return ringbench_clock_ns(RINGBENCH_CLOCK_MONOTONIC);
}

static inline struct timespec ringbench_timespec(int64_t ns)
{
	struct timespec time;

	time.tv_sec = RINGBENCH_CAST(time_t, ns / RINGBENCH_NS_PER_S);
	time.tv_nsec = RINGBENCH_CAST(long, ns % RINGBENCH_NS_PER_S);
	return time;
}

static inline void ringbench_sleep_until(int64_t end_ns)
{
	struct timespec end = ringbench_timespec(end_ns);

	while (ringbench_clock_nanosleep(RINGBENCH_CLOCK_MONOTONIC,
					 RINGBENCH_TIMER_ABSTIME, &end,
					 NULL) == EINTR)
		;
}

#endif
