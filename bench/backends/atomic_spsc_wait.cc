// SPDX-License-Identifier: BSD-2-Clause
/*
 * atomic_queue::AtomicQueue for one producer and one consumer, with a fixed
 * capacity of 1024, through the waiting push and pop (atomic_queue_common.h).
 *
 * NEEDS: atomic_queue/atomic_queue.h libatomic-queue-dev
 */
#define THREADS_ARE_ONE_AND_ONE true
#define FIXED_CAPACITY		1024
#define QUEUE_HAS_CLAIM
#include "atomic_queue_common.h"
#include "workers.h"

EXPORT_BACKEND(atomic_spsc_wait,
	       "AtomicQueue of 1024, one and one, waiting push, pop", 0,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
