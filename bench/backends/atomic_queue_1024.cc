// SPDX-License-Identifier: BSD-2-Clause
/*
 * atomic_queue::AtomicQueue for many producers and consumers, with a fixed
 * capacity of 1024, through try_push and try_pop (atomic_queue_common.h).
 *
 * NEEDS: atomic_queue/atomic_queue.h libatomic-queue-dev
 */
#define THREADS_ARE_ONE_AND_ONE false
#define FIXED_CAPACITY		1024
#include "atomic_queue_common.h"
#include "workers.h"

EXPORT_BACKEND(atomic_queue_1024, "AtomicQueue of 1024, try forms",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_MANY_UNORDERED,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
