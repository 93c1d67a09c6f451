/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ring under a pthread mutex with two condition variables: the textbook
 * queue. Python's queue.Queue is built like this. Messages by value, also
 * between processes, go through a ring under a robust mutex (mutex_values.h).
 */
#define QUEUE_HAS_VALUE
#define QUEUE_HAS_SHARED
#include "mutex_common.h"
#include "mutex_values.h"

static RINGBENCH_INLINE bool pop_word(struct fifo *fifo, uint64_t *word)
{
	return fifo_pop(fifo, word);
}

#include "workers.h"

EXPORT_BACKEND(mutex, "ring under a pthread mutex",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
