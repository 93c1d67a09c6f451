/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bounded stack under a pthread mutex with two condition variables: what
 * Python's queue.LifoQueue is built like. mutex with the other end taken from.
 *
 * Of a stack no order can be expected. While producers keep up, the oldest
 * messages stay where they are, and are left over at the end of the run.
 */
#include "mutex_common.h"

static RINGBENCH_INLINE bool pop_word(struct fifo *fifo, uint64_t *word)
{
	return fifo_pop_newest(fifo, word);
}

#include "workers.h"

EXPORT_BACKEND(mutex_lifo, "under a pthread mutex",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER | BACKEND_LIFO,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
