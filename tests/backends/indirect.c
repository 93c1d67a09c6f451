/* SPDX-License-Identifier: BSD-2-Clause */
/* A correct queue whose pop is a call through a pointer; check-asm must refuse
 * it. */
#include "faulty.h"

static bool planted_pop(struct queue *q, uint64_t *word)
{
	static bool (*volatile take)(struct fifo *, uint64_t *) = fifo_pop;

	return take(&q->fifo, word);
}

#include "workers.h"

EXPORT_FAULTY(indirect, "pops through a function pointer")
