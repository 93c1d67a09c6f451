// SPDX-License-Identifier: BSD-2-Clause
/*
 * atomic_queue::AtomicQueueB for one producer and one consumer, of any
 * capacity, through try_push and try_pop (atomic_queue_common.h).
 *
 * NEEDS: atomic_queue/atomic_queue.h libatomic-queue-dev
 */
#define THREADS_ARE_ONE_AND_ONE true
#include "atomic_queue_common.h"
#include "workers.h"

EXPORT_BACKEND(atomic_queue_spsc, "AtomicQueueB for one and one, try forms", 0,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
