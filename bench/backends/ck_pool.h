/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nodes for several threads. Unused nodes lie on a Concurrency Kit stack, new
 * nodes come from ck_nodes.h. Each backend defines struct node first, with a
 * separate ck_stack_entry_t `unused`: a late thread may still read the fields
 * that the queue uses in an unused node.
 */
#ifndef CK_POOL_H
#define CK_POOL_H

#include "ck_nodes.h"

struct pool {
	/* aligned for 16-byte compare-and-swap */
	ck_stack_t unused RINGBENCH_ALIGNED;
	struct nodes nodes RINGBENCH_ALIGNED;
};

CK_STACK_CONTAINER(struct node, unused, node_of)

/* Returns one of the new nodes and puts the other nodes on the stack. */
static __attribute__((noinline)) struct node *pool_grow(struct pool *pool)
{
	struct node *nodes = nodes_grow(&pool->nodes);

	for (size_t i = 1; nodes && i < NODES_A_CHUNK; i++)
		ck_stack_push_mpmc(&pool->unused, &nodes[i].unused);
	return nodes;
}

/* Returns a node; NULL: the limit is reached or there is no memory. */
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
