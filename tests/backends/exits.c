/* SPDX-License-Identifier: BSD-2-Clause */
/* A planted fault: exits in the thousandth pop. */
#include "faulty.h"

static bool planted_pop(struct queue *q, uint64_t *word)
{
	if (q->pops == FAULT_EVERY)
		exit(0);
	return fifo_pop(&q->fifo, word);
}

#include "workers.h"

EXPORT_FAULTY(exits, "planted fault: exits in the thousandth pop")
