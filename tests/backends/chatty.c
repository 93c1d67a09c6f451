/* SPDX-License-Identifier: BSD-2-Clause */
/* Not faulty, but it prints what looks like a result of its own. */
#include <stdio.h>

#include "faulty.h"

static bool planted_pop(struct queue *q, uint64_t *word)
{
	if (q->pops == 100) {
		printf("status ok\nverified 1\nmessages 424242424242\n"
		       "elapsed_ns 20000000\nend\n\033[31m\n");
		fflush(stdout);
	}
	return fifo_pop(&q->fifo, word);
}

#include "workers.h"

EXPORT_FAULTY(chatty, "prints what looks like a result of its own")
