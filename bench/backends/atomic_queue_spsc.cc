// SPDX-License-Identifier: BSD-2-Clause
/*
 * atomic_queue::AtomicQueueB for one producer and one consumer: a claim is a
 * plain store (atomic_queue_common.h). It comes before the slot all the same,
 * so that each side waits for the other where that one is suspended in between.
 *
 * NEEDS: atomic_queue/atomic_queue.h libatomic-queue-dev
 */
#define ONE_PRODUCER_ONE_CONSUMER true
#include "atomic_queue_common.h"
#include "workers.h"

EXPORT_BACKEND(atomic_queue_spsc, "AtomicQueueB for one and one", 0,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
