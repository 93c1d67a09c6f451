/* SPDX-License-Identifier: BSD-2-Clause */
/* A planted fault in a stack: drops one message of a thousand. */
#include "faulty.h"

static bool planted_pop(struct queue *q, uint64_t *word)
{
	if (!fifo_pop_newest(&q->fifo, word))
		return false;
	if (q->pops % FAULT_EVERY != FAULT_EVERY - 1)
		return true;
	q->pops++;
	return fifo_pop_newest(&q->fifo, word);
}

#include "workers.h"

EXPORT_FAULTY_STACK(stack_drops,
		    "planted fault: drops one message of a thousand")
