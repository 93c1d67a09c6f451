/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bounded stack under a pthread mutex with two condition variables. Python's
 * queue.LifoQueue is built like this. It differs from mutex.c only in the end
 * from which it pops.
 *
 * A stack promises no order. While producers keep pushing, the oldest messages
 * stay at the bottom and are left over at the end of the run.
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
