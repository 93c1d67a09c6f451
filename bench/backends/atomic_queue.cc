// SPDX-License-Identifier: BSD-2-Clause
/*
 * atomic_queue::AtomicQueueB for many producers and consumers, of any capacity,
 * through try_push and try_pop (atomic_queue_common.h). A thread claims an
 * index by compare-and-swap.
 *
 * NEEDS: atomic_queue/atomic_queue.h libatomic-queue-dev
 */
#define THREADS_ARE_ONE_AND_ONE false
#include "atomic_queue_common.h"
#include "workers.h"

EXPORT_BACKEND(atomic_queue, "AtomicQueueB, try forms",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_MANY_UNORDERED,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
