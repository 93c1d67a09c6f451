/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory for the nodes of Concurrency Kit's linked queues. It is allocated in
 * chunks, reused, and freed with the queue. Each backend defines struct node
 * first.
 *
 * A queue without capacity limit would take all memory of the machine if its
 * consumer is too slow. So there are at most 2^22 nodes: with 2^22 messages the
 * queue is full.
 */
#ifndef CK_NODES_H
#define CK_NODES_H

#include <ck_stack.h>
#include <errno.h>

#include "contract.h"
#include "ringbench_memory.h"

_Static_assert(sizeof(void *) == sizeof(uint64_t),
	       "a node carries a pointer, a message is 64 bits");

enum {
	NODES_A_CHUNK = 1024,
	CHUNKS_MAX = 4096
};

struct chunk {
	ck_stack_entry_t entry;
	struct node nodes[NODES_A_CHUNK];
};

struct nodes {
	ck_stack_t chunks;
	uint32_t count; /* number of chunks, including refused requests */
};

/*
 * Returns NODES_A_CHUNK new nodes, or NULL. Rarely called. It causes page
 * faults, and the allocator's lock makes a push that calls it blocking.
 */
static __attribute__((noinline)) struct node *nodes_grow(struct nodes *nodes)
{
	struct chunk *chunk = NULL;

	if (ringbench_load_relaxed(&nodes->count) < CHUNKS_MAX &&
	    __atomic_fetch_add(&nodes->count, 1, __ATOMIC_RELAXED) < CHUNKS_MAX)
		chunk = ringbench_alloc_lines(sizeof(*chunk));
	if (!chunk)
		return NULL;
	ck_stack_push_upmc(&nodes->chunks, &chunk->entry);
	return chunk->nodes;
}

static void nodes_free(struct nodes *nodes)
{
	ck_stack_entry_t *entry = ck_stack_batch_pop_npsc(&nodes->chunks);

	while (entry) {
		ck_stack_entry_t *next = entry->next;

		free(entry); /* the entry is the start of the chunk */
		entry = next;
	}
}

#endif
