// SPDX-License-Identifier: BSD-2-Clause
/*
 * atomic_queue::AtomicQueueB for one producer and one consumer. A claim is a
 * plain store (atomic_queue_common.h). The claim still comes before the access
 * to the slot, so each side waits if the other side is suspended between the
 * two.
 *
 * NEEDS: atomic_queue/atomic_queue.h libatomic-queue-dev
 */
#define ONE_PRODUCER_ONE_CONSUMER true
#include "atomic_queue_common.h"
#include "workers.h"

EXPORT_BACKEND(atomic_queue_spsc, "AtomicQueueB for one and one", 0,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
