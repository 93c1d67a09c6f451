/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nodes for several threads: those that are not in use lie on a stack of
 * Concurrency Kit, new ones come from ck_nodes.h. Each backend defines struct
 * node first, with a ck_stack_entry_t `unused` of its own in it: a late thread
 * may still read what the queue has in a node.
 */
#ifndef CK_POOL_H
#define CK_POOL_H

#include "ck_nodes.h"

struct pool {
	ck_stack_t unused RINGBENCH_ALIGNED; /* aligned for its 16 bytes */
	struct nodes nodes RINGBENCH_ALIGNED;
};

CK_STACK_CONTAINER(struct node, unused, node_of)

/* Keeps one of the new nodes, the others are for everybody. */
static __attribute__((noinline)) struct node *pool_grow(struct pool *pool)
{
	struct node *nodes = nodes_grow(&pool->nodes);

	for (size_t i = 1; nodes && i < NODES_A_CHUNK; i++)
		ck_stack_push_mpmc(&pool->unused, &nodes[i].unused);
	return nodes;
}

/* A node, or NULL when there are too many already. */
static RINGBENCH_INLINE struct node *pool_take(struct pool *pool)
{
	ck_stack_entry_t *entry = ck_stack_pop_mpmc(&pool->unused);

	return RINGBENCH_LIKELY(entry) ? node_of(entry) : pool_grow(pool);
}

static RINGBENCH_INLINE void pool_give(struct pool *pool, struct node *node)
{
	ck_stack_push_mpmc(&pool->unused, &node->unused);
}

#endif
