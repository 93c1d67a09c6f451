/* SPDX-License-Identifier: BSD-2-Clause */
/* The one clock of the project: CLOCK_MONOTONIC, in nanoseconds. */
#ifndef RINGBENCH_CLOCK_H
#define RINGBENCH_CLOCK_H

#include <errno.h>
#include <stdint.h>
#include <time.h>

#define RINGBENCH_NS_PER_S  INT64_C(1000000000)
#define RINGBENCH_NS_PER_MS INT64_C(1000000)
#define RINGBENCH_NS_PER_US INT64_C(1000)

/* A deadline that never comes. */
#define RINGBENCH_NEVER INT64_MAX

static inline int64_t ringbench_clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * RINGBENCH_NS_PER_S + t.tv_nsec;
}

static inline int64_t ringbench_now_ns(void)
{
	return ringbench_clock_ns(CLOCK_MONOTONIC);
}

static inline struct timespec ringbench_timespec(int64_t ns)
{
	struct timespec t;

	t.tv_sec = (time_t)(ns / RINGBENCH_NS_PER_S);
	t.tv_nsec = (long)(ns % RINGBENCH_NS_PER_S);
	return t;
}

static inline void ringbench_sleep_until(int64_t end_ns)
{
	struct timespec end = ringbench_timespec(end_ns);

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) ==
	       EINTR)
		;
}

#endif
