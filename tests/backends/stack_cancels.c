/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A planted fault in a stack that number and sum of its messages do not show:
 * of three messages n - 1, n, n + 1 in a row it drops the outer ones and hands
 * out n three times.
 */
#include "faulty.h"

static bool planted_pop(struct queue *q, uint64_t *word)
{
	uint64_t middle, oldest;

	if (!fifo_pop_newest(&q->fifo, word))
		return false;
	if (q->pops < FAULT_EVERY || q->fifo.count < 2)
		return true;
	fifo_pop_newest(&q->fifo, &middle);
	fifo_pop_newest(&q->fifo, &oldest);
	if (*word == middle + 1 && middle == oldest + 1) {
		q->pops = 0;
		*word = oldest = middle;
	}
	fifo_push(&q->fifo, oldest);
	fifo_push(&q->fifo, middle);
	return true;
}

#include "workers.h"

EXPORT_FAULTY_STACK(stack_cancels,
		    "planted fault: hands out n, n, n for n - 1, n, n + 1")
