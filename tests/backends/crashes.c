/* SPDX-License-Identifier: BSD-2-Clause */
/* A planted fault: ends the process in the thousandth pop. */
#include "faulty.h"

static bool planted_pop(struct queue *q, uint64_t *word)
{
	if (q->pops == FAULT_EVERY)
		__builtin_trap();
	return fifo_pop(&q->fifo, word);
}

#include "workers.h"

EXPORT_FAULTY(crashes, "planted fault: ends the process in the thousandth pop")
