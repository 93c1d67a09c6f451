/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux futexes within one process, with absolute deadlines; futex(2). */
#ifndef RINGBENCH_FUTEX_H
#define RINGBENCH_FUTEX_H

#include <errno.h>
#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ringbench_clock.h"

/*
 * Sleeps while *word == expected, until woken or until deadline_ns on
 * CLOCK_MONOTONIC (RINGBENCH_NEVER: no deadline).
 *
 * Returns 0 when woken (perhaps for nothing), -EAGAIN when *word had changed,
 * -EINTR on a signal, -ETIMEDOUT.
 */
static inline int ringbench_futex_wait(uint32_t *word, uint32_t expected,
				       int64_t deadline_ns)
{
	struct timespec at;
	struct timespec *until = 0;

	if (deadline_ns != RINGBENCH_NEVER) {
		at = ringbench_timespec(deadline_ns > 0 ? deadline_ns : 0);
		until = &at;
	}
	/* FUTEX_WAIT would take a relative time; the _BITSET form does not. */
	if (syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected, until,
		    0, FUTEX_BITSET_MATCH_ANY) == 0)
		return 0;
	return -errno;
}

/* Wakes every thread that sleeps on word. */
static inline void ringbench_futex_wake_all(uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT32_MAX, 0, 0, 0);
}

#endif
