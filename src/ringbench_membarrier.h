/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux's membarrier(2): one thread pays for a full fence in all threads of its
 * process, so that the other threads need no fence on their fast path.
 */
#ifndef RINGBENCH_MEMBARRIER_H
#define RINGBENCH_MEMBARRIER_H

#include <errno.h>

#include "ringbench_syscall.h"

/* From <linux/membarrier.h>, which not every C library has. */
enum {
	RINGBENCH_MEMBARRIER_PRIVATE_EXPEDITED = 1 << 3,
	RINGBENCH_MEMBARRIER_REGISTER = 1 << 4,
};

/*
 * Announces to the kernel that this process will use membarrier. May be called
 * more than once. Returns 0, or -errno if the kernel or a sandbox refuses the
 * system call.
 */
static inline int ringbench_membarrier_register(void)
{
	return ringbench_syscall(SYS_membarrier, RINGBENCH_MEMBARRIER_REGISTER,
				 0, 0) == 0
		       ? 0
		       : -errno;
}

/*
 * Makes every running thread of the process execute a full fence, then returns
 * 0. Returns -errno without any fence if the process is not registered, or if a
 * sandbox forbids the system call.
 */
static inline int ringbench_membarrier_all_threads(void)
{
	return ringbench_syscall(SYS_membarrier,
				 RINGBENCH_MEMBARRIER_PRIVATE_EXPEDITED, 0,
				 0) == 0
		       ? 0
		       : -errno;
}

#endif
