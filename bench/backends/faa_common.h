/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tickets and no messages: a push draws one from the producers' line, a pop one
 * from the consumers', as every ring does whose threads claim their slots by
 * fetch-and-add. What they claim is not looked at, so that both sides run free
 * and this is the bound over such rings, as faa.c is in the benchmark of Yang
 * and Mellor-Crummey's wait-free queue (PPoPP 2016). FAA_TICKETS are drawn at
 * once: a power of two, 1 for a ring without batches.
 */
#ifndef FAA_COMMON_H
#define FAA_COMMON_H

#define QUEUE_HAS_PORT
#include <errno.h>

#include "contract.h"
#include "ringbench_memory.h"

struct queue {
	uint64_t pushes RINGBENCH_ALIGNED;
	uint64_t pops RINGBENCH_ALIGNED;
};

struct port {
	struct queue *queue;
	uint64_t next; /* ticket; a multiple of FAA_TICKETS: draw first */
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	*queue = ringbench_alloc_lines(sizeof(**queue));
	*usable = capacity;
	return *queue ? 0 : -ENOMEM;
}

static void queue_destroy(struct queue *queue)
{
	free(queue);
}

QUEUE_OPERATION void port_open(struct port *port, struct queue *queue)
{
	port->queue = queue;
	port->next = 0;
}

QUEUE_OPERATION void port_close(struct port *port)
{
	(void)port;
}

static RINGBENCH_INLINE uint64_t draw(struct port *port, uint64_t *line)
{
	if (port->next % FAA_TICKETS == 0)
		port->next = ringbench_fetch_add_relaxed(line, FAA_TICKETS);
	return ++port->next;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	uint64_t ticket = draw(port, &port->queue->pushes);

	/* The compiler must have both ready, as for a real queue. */
	__asm__ __volatile__("" ::"r"(word), "r"(ticket));
	return true;
}

/* The first producer's words: what each consumer sees of them rises. */
QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	*word = draw(port, &port->queue->pops);
	return true;
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	(void)port;
	return false;
}

#endif
