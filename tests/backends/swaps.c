/* SPDX-License-Identifier: BSD-2-Clause */
/* A planted fault: hands out two messages of a thousand in the wrong order. */
#include "faulty.h"

static bool planted_pop(struct queue *q, uint64_t *word)
{
	if (q->kept) {
		*word = q->kept;
		q->kept = 0;
		return true;
	}
	if (q->pops % FAULT_EVERY != FAULT_EVERY - 1 || q->fifo.count < 2)
		return fifo_pop(&q->fifo, word);
	return fifo_pop(&q->fifo, &q->kept) && fifo_pop(&q->fifo, word);
}

#include "workers.h"

EXPORT_FAULTY(swaps, "planted fault: hands out two messages of a thousand in "
		     "the wrong order")
