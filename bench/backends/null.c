/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * No queue: a push discards its word, a pop generates the next word. The time
 * of stream on this backend is the harness cost, which is part of every row.
 */
#define QUEUE_HAS_BULK
#define QUEUE_HAS_PORT
#include <errno.h>

#include "contract.h"
#include "ringbench_memory.h"

struct queue {
	size_t capacity;
};

struct port {
	uint64_t next;
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	*queue = ringbench_alloc_lines(sizeof(**queue));
	if (!*queue)
		return -ENOMEM;
	(*queue)->capacity = *usable = capacity;
	return 0;
}

static void queue_destroy(struct queue *queue)
{
	free(queue);
}

QUEUE_OPERATION void port_open(struct port *port, struct queue *queue)
{
	(void)queue;
	port->next = 0;
}

QUEUE_OPERATION void port_close(struct port *port)
{
	(void)port;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	(void)port;
	/* Makes the compiler compute the word, as for a real queue. */
	__asm__ __volatile__("" ::"r"(word));
	return true;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	uint64_t next = ++port->next;

	/* Hides from the compiler which word the pop returns. */
	__asm__ __volatile__("" : "+r"(next));
	*word = port->next = next;
	return true;
}

QUEUE_OPERATION size_t queue_try_push_bulk(struct port *port,
					   const uint64_t *words, size_t count)
{
	(void)port;
	/* Makes the compiler store all words in memory. */
	__asm__ __volatile__("" ::"r"(words) : "memory");
	return count;
}

QUEUE_OPERATION size_t queue_try_pop_bulk(struct port *port, uint64_t *words,
					  size_t count)
{
	for (size_t i = 0; i < count; i++)
		queue_try_pop(port, &words[i]);
	return count;
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	(void)port;
	return false;
}

#include "workers.h"

EXPORT_BACKEND(null, "no queue: harness cost",
	       BACKEND_NOT_A_QUEUE | BACKEND_KEEPS_NOTHING |
		       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER,
	       PROGRESS_WAIT_FREE, PROGRESS_WAIT_FREE)
