/* SPDX-License-Identifier: BSD-2-Clause */
/* A planted fault: changes one message of a thousand. */
#include "faulty.h"

static bool planted_pop(struct queue *q, uint64_t *word)
{
	if (!fifo_pop(&q->fifo, word))
		return false;
	if (q->pops % FAULT_EVERY == FAULT_EVERY - 1)
		*word ^= UINT64_C(1) << 60;
	return true;
}

#include "workers.h"

EXPORT_FAULTY(corrupts, "planted fault: changes one message of a thousand")
