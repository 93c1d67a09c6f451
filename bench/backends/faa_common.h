/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tickets without messages: a push does a fetch-and-add on the producers'
 * index, a pop on the consumers' index, like every ring whose threads claim
 * slots by fetch-and-add. Nothing checks whether the claimed slot is free or
 * filled, so both sides run at full speed. This is the bound of such rings,
 * like faa.c in the benchmark of Yang and Mellor-Crummey's wait-free queue
 * (PPoPP 2016). One fetch-and-add takes FAA_TICKETS tickets: a power of two, 1
 * for a ring without batches.
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
	/*
	 * last ticket used; a multiple of FAA_TICKETS: a fetch-and-add is next
	 */
	uint64_t next;
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

	/* Makes the compiler compute word and ticket, as for a real queue. */
	__asm__ __volatile__("" ::"r"(word), "r"(ticket));
	return true;
}

/*
 * The ticket is a valid word of the first producer. The words of each consumer
 * rise.
 */
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
