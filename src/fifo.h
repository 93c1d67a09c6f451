/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bounded first-in first-out ring for one thread, or for use under a lock.
 * Taken from at its other end, it is a stack.
 */
#ifndef FIFO_H
#define FIFO_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "ringbench_memory.h"

struct fifo {
	size_t head; /* slot to take from next */
	size_t tail; /* slot to put into next */
	size_t count;
	size_t capacity;
	uint64_t *slots;
};

/* Returns 0, -EINVAL for no capacity, or -ENOMEM. */
static inline int fifo_init(struct fifo *fifo, size_t capacity)
{
	if (capacity == 0 || capacity > SIZE_MAX / sizeof(*fifo->slots))
		return -EINVAL;
	fifo->head = fifo->tail = fifo->count = 0;
	fifo->capacity = capacity;
	fifo->slots = (uint64_t *)ringbench_alloc_lines(capacity *
							sizeof(*fifo->slots));
	return fifo->slots ? 0 : -ENOMEM;
}

static inline void fifo_free(struct fifo *fifo)
{
	free(fifo->slots);
}

/* False when full. */
static RINGBENCH_INLINE bool fifo_push(struct fifo *fifo, uint64_t word)
{
	if (fifo->count == fifo->capacity)
		return false;
	fifo->slots[fifo->tail] = word;
	fifo->tail = fifo->tail + 1 == fifo->capacity ? 0 : fifo->tail + 1;
	fifo->count++;
	return true;
}

/* False when empty. */
static RINGBENCH_INLINE bool fifo_pop(struct fifo *fifo, uint64_t *word)
{
	if (fifo->count == 0)
		return false;
	*word = fifo->slots[fifo->head];
	fifo->head = fifo->head + 1 == fifo->capacity ? 0 : fifo->head + 1;
	fifo->count--;
	return true;
}

/* Last in, first out. False when empty. */
static RINGBENCH_INLINE bool fifo_pop_newest(struct fifo *fifo, uint64_t *word)
{
	if (fifo->count == 0)
		return false;
	fifo->tail = (fifo->tail == 0 ? fifo->capacity : fifo->tail) - 1;
	*word = fifo->slots[fifo->tail];
	fifo->count--;
	return true;
}

#endif
