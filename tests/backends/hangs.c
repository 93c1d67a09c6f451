/* SPDX-License-Identifier: BSD-2-Clause */
/* A planted fault: never comes back from the thousandth pop. */
#include "faulty.h"

static bool planted_pop(struct queue *q, uint64_t *word)
{
	while (q->pops == FAULT_EVERY)
		pthread_cond_wait(&(pthread_cond_t)PTHREAD_COND_INITIALIZER,
				  &q->lock);
	return fifo_pop(&q->fifo, word);
}

#include "workers.h"

EXPORT_FAULTY(hangs, "planted fault: never comes back from the thousandth pop")
