// SPDX-License-Identifier: BSD-2-Clause
/*
 * atomic_queue::AtomicQueueB for many producers and consumers. A thread claims
 * an index by compare-and-swap (atomic_queue_common.h).
 *
 * NEEDS: atomic_queue/atomic_queue.h libatomic-queue-dev
 */
#define ONE_PRODUCER_ONE_CONSUMER false
#include "atomic_queue_common.h"
#include "workers.h"

EXPORT_BACKEND(atomic_queue, "AtomicQueueB, try forms",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
