/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux's futexes within one process, with absolute deadlines; see futex(2). */
#ifndef RINGBENCH_FUTEX_H
#define RINGBENCH_FUTEX_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include "ringbench_clock.h"
#include "ringbench_syscall.h"

/* From <linux/futex.h>, which not every C library has. */
enum {
	RINGBENCH_FUTEX_PRIVATE = 128,
	RINGBENCH_FUTEX_WAKE = 1 | RINGBENCH_FUTEX_PRIVATE,
	/* FUTEX_WAIT takes a relative time, FUTEX_WAIT_BITSET an absolute one.
	 */
	RINGBENCH_FUTEX_WAIT_BITSET = 9 | RINGBENCH_FUTEX_PRIVATE,
};

/*
 * The system call, with the kernel's own struct for the time: two numbers of 64
 * bits. The C library's timespec must not be used: a 32-bit program may choose
 * the width of its time_t, and the kernel does not know which one it chose.
 * 32-bit machines have a second system call that takes 64 bits (Linux 5.1).
 */
static inline long ringbench_futex_until(uint32_t *word, uint32_t expected,
					 const int64_t *until)
{
#if defined(SYS_futex_time64) && !defined(__LP64__) && !defined(__x86_64__)
	long result = ringbench_syscall(SYS_futex_time64, word,
					RINGBENCH_FUTEX_WAIT_BITSET, expected,
					until, NULL, UINT32_MAX);
#if defined(SYS_futex)
	if (result != 0 && errno == ENOSYS) {
		long narrow[2] = { 0, 0 };

		if (until) {
			/* A time after 2038 means no deadline. */
			narrow[0] = until[0] > INT32_MAX
					    ? INT32_MAX
					    : RINGBENCH_CAST(long, until[0]);
			narrow[1] = RINGBENCH_CAST(long, until[1]);
		}
		result = ringbench_syscall(
			SYS_futex, word, RINGBENCH_FUTEX_WAIT_BITSET, expected,
			until ? narrow : NULL, NULL, UINT32_MAX);
	}
#endif
	return result;
#else
	return ringbench_syscall(SYS_futex, word, RINGBENCH_FUTEX_WAIT_BITSET,
				 expected, until, NULL, UINT32_MAX);
#endif
}

/*
 * Sleeps while *word == expected, until woken or until deadline_ns on
 * CLOCK_MONOTONIC (RINGBENCH_NEVER: no deadline).
 *
 * Returns 0 when woken, possibly without a wake-up (spurious); -EAGAIN when
 * *word had another value, -EINTR after a signal, -ETIMEDOUT at the deadline.
 */
static inline int ringbench_futex_wait(uint32_t *word, uint32_t expected,
				       int64_t deadline_ns)
{
	int64_t until[2]; /* seconds and nanoseconds */

	if (deadline_ns < 0)
		deadline_ns = 0;
	until[0] = deadline_ns / RINGBENCH_NS_PER_S;
	until[1] = deadline_ns % RINGBENCH_NS_PER_S;
	if (ringbench_futex_until(word, expected,
				  deadline_ns == RINGBENCH_NEVER ? NULL
								 : until) == 0)
		return 0;
	return -errno;
}

/* Wakes every thread that sleeps on word. */
static inline void ringbench_futex_wake_all(uint32_t *word)
{
#if defined(SYS_futex)
	const long number = SYS_futex;
#else
	const long number = SYS_futex_time64;
#endif

	ringbench_syscall(number, word, RINGBENCH_FUTEX_WAKE, INT32_MAX, NULL,
			  NULL, 0);
}

#endif
