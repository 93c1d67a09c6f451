/* SPDX-License-Identifier: BSD-2-Clause */
/* A planted fault: hands out one message of a thousand twice. */
#include "faulty.h"

static bool planted_pop(struct queue *q, uint64_t *word)
{
	if (q->kept) {
		*word = q->kept;
		q->kept = 0;
		return true;
	}
	if (!fifo_pop(&q->fifo, word))
		return false;
	if (q->pops % FAULT_EVERY == FAULT_EVERY - 1)
		q->kept = *word;
	return true;
}

#include "workers.h"

EXPORT_FAULTY(repeats,
	      "planted fault: hands out one message of a thousand twice")
