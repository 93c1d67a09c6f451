/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux's membarrier: one thread pays for a full fence in all threads of its
 * process, so that the others need none on their fast path.
 */
#ifndef RINGBENCH_MEMBARRIER_H
#define RINGBENCH_MEMBARRIER_H

#include <linux/membarrier.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __cplusplus
/* Which <unistd.h> hides from programs that ask for C11 and no more. */
long syscall(long number, ...);
#endif

/* Asks the kernel for it, once or more a process. False: there is none here. */
static inline bool ringbench_membarrier_register(void)
{
	return syscall(SYS_membarrier,
		       MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
}

/*
 * When it returns, each running thread of the process has been through a full
 * fence since the call. Of no effect, and false, unless registered.
 */
static inline bool ringbench_membarrier_all_threads(void)
{
	return syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0,
		       0) == 0;
}

#endif
