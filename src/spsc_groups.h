/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For spsc_ring.h: the slots of the ring, in groups, and the order in which the
 * groups are used.
 *
 * The producer fills the groups one after the other. It clears the next group
 * when it begins a group, so that an empty slot is always 0.
 *
 * In a small ring the groups are used in the order of their addresses, again
 * and again. A large ring used in this way would be slow: each lap would move
 * all its lines from one CPU to the other, and to a further level of the cache.
 * But if the consumer keeps up, few messages are in the ring at a time. So in a
 * ring for more than SPSC_ORDERED messages the producer takes the group that
 * the consumer has left last. The ring then uses the memory of few groups, and
 * more only while a backlog needs it. The consumer finds the next group by a
 * link, which the producer stores into the last slot of a group when it begins
 * the next one.
 *
 * Which groups are free, in a ring with links. Message numbers begin with 0,
 * M messages are in a group, so group number k holds the messages from k * M to
 * k * M + M - 1. The consumer reads the link of group k, and leaves the group,
 * before it takes message (k + 1) * M. So the producer may use the memory again
 * when it knows of a `head` of (k + 1) * M + 1. It waits for one more, because
 * in mpmc_ring.h two threads may read at the same time, and their `head` may
 * differ by 1.
 *
 * How many groups the ring has. A producer that begins group b because it knows
 * of `head` pushes message b * M < head + capacity. All groups before group
 * a = (head - 2) / M are free. So the groups from a to b are in use. These are
 * at most capacity / M + 2 groups, and one more is cleared.
 */
#ifndef SPSC_GROUPS_H
#define SPSC_GROUPS_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ringbench_atomics.h"
#include "ringbench_check.h"
#include "ringbench_memory.h"

enum {
	SPSC_LINE = 8,	     /* slots in a cache line of 64 bytes */
	SPSC_ORDERED = 1024, /* largest capacity of a ring without links */
	SPSC_GROUP = 256,    /* slots in a group of a ring with links */
	/* A consumer pauses if its backlog is smaller than SPSC_CUSHION. */
	SPSC_CUSHION = 128,
	SPSC_CUSHION_TRIES = 4, /* looks at the backlog, between pauses */
};

struct spsc_ring {
	/*
	 * Only spsc_ring_init() writes these. (Message numbers wrap after 2^64
	 * messages: 500 years at 1 G messages/s.)
	 */
	uint64_t *slots RINGBENCH_ALIGNED;
	uint64_t *end;
	uint64_t capacity;
	size_t group;	 /* slots in a group; a multiple of SPSC_LINE */
	size_t linked;	 /* 1: the last slot of a group holds a link, or 0 */
	int64_t cushion; /* SPSC_CUSHION, or less in small rings */
	int tries;	 /* SPSC_CUSHION_TRIES, or 0 in small rings */
	/* The number of messages before the producer's group; the group. */
	uint64_t tail RINGBENCH_ALIGNED;
	uint64_t *tail_group;
	/* Only producers use these; see spsc_take_group(). */
	uint64_t *next RINGBENCH_ALIGNED; /* the next group, which is cleared */
	uint64_t *oldest; /* the group that was begun first, of those in use */
	uint64_t oldest_end; /* number of the first message after that group */
	uint64_t *spare;     /* free groups, each with the index of another */
	uint64_t *unused;    /* this group and later ones were never used */
	/*
	 * The number of messages taken; the index of the first slot of the
	 * consumer's group, plus 1 if the number of the group is odd.
	 */
	uint64_t head RINGBENCH_ALIGNED;
	uint64_t head_group;
#ifdef RINGBENCH_CHECK
	uint32_t producers RINGBENCH_ALIGNED; /* that were opened */
	uint32_t consumers;
	pid_t process; /* the process that made the ring */
#endif
};

/* How many messages are in a group. */
static RINGBENCH_INLINE size_t spsc_messages(const struct spsc_ring *ring)
{
	return ring->group - ring->linked;
}

/*
 * Prepares a ring for exactly `capacity` messages, at least 1. Returns 0,
 * -ENOMEM, or -EINVAL for a capacity of 0 or a ring that is not aligned. A
 * variable is aligned, and so is memory from ringbench_alloc_lines(). Memory
 * from malloc(), and from new before C++17, is not.
 */
static inline int spsc_ring_init(struct spsc_ring *ring, size_t capacity)
{
	size_t group = SPSC_LINE, groups;

	if (capacity == 0 || capacity > SIZE_MAX / 32 ||
	    !ringbench_is_aligned(ring))
		return -EINVAL;
	memset(ring, 0, sizeof(*ring));
	RINGBENCH_CHECKED(ring->process = getpid());
	if (capacity > SPSC_ORDERED) {
		ring->linked = 1;
		group = SPSC_GROUP;
		groups = capacity / (group - 1) + 3; /* see above */
	} else {
		while (group < SPSC_GROUP / 2 && group * 8 <= capacity)
			group *= 2;
		/*
		 * The messages, the rest of the producer's group, and the next
		 * group; see spsc_ring.h, 3.
		 */
		groups = (capacity + 3 * group - 2) / group;
	}
	ring->capacity = capacity;
	ring->group = group;
	ring->cushion = capacity < 8 * SPSC_CUSHION
				? RINGBENCH_CAST(int64_t, capacity / 8)
				: RINGBENCH_CAST(int64_t, SPSC_CUSHION);
	/* In a small ring the producer has no room for a backlog. */
	ring->tries = capacity >= 8 * SPSC_LINE ? SPSC_CUSHION_TRIES : 0;
	ring->slots = RINGBENCH_CAST(
		uint64_t *,
		ringbench_alloc_lines(groups * group * sizeof(*ring->slots)));
	if (!ring->slots)
		return -ENOMEM;
	ring->end = ring->slots + groups * group;
	/* New memory is 0. So the first group has begun, the next is clear. */
	ring->tail_group = ring->oldest = ring->slots;
	ring->oldest_end = spsc_messages(ring);
	ring->next = ring->slots + group;
	ring->unused = ring->next + group;
	return 0;
}

static inline void spsc_ring_free(struct spsc_ring *ring)
{
	free(ring->slots);
}

/* A link: the index of the first slot of a group, plus 1. */
static RINGBENCH_INLINE uint64_t spsc_link(const struct spsc_ring *ring,
					   const uint64_t *group)
{
	return RINGBENCH_CAST(uint64_t, group - ring->slots) + 1;
}

/*
 * The group after the group whose messages end at this slot, or NULL if the
 * producer has not begun that group.
 */
static RINGBENCH_INLINE uint64_t *spsc_following(const struct spsc_ring *ring,
						 uint64_t *end)
{
	uint64_t link;

	if (!ring->linked)
		return end == ring->end ? ring->slots : end;
	link = ringbench_load_acquire(end); /* see spsc_ring.h, 2 */
	return link ? ring->slots + (link - 1) : NULL;
}

/*
 * For the producer: a group that is free. `head` is a value of ring->head that
 * the producer has loaded.
 */
static RINGBENCH_INLINE uint64_t *spsc_take_group(struct spsc_ring *ring,
						  uint64_t head)
{
	size_t messages = spsc_messages(ring);
	uint64_t *group = NULL;

	if (!ring->linked)
		return spsc_following(ring, ring->next + ring->group);
	/* Two, so that the groups of a backlog become spare after it. */
	for (int i = 0; i < 2; i++) {
		uint64_t *oldest = ring->oldest;

		if (RINGBENCH_CAST(int64_t, head - ring->oldest_end) < 2)
			break;
		ring->oldest = spsc_following(ring, oldest + messages);
		ring->oldest_end += messages;
		if (group) {
			ringbench_store_relaxed(
				group + messages,
				ring->spare ? spsc_link(ring, ring->spare)
					    : UINT64_C(0));
			ring->spare = group;
		}
		group = oldest;
	}
	if (group)
		return group;
	group = ring->spare;
	if (group) {
		ring->spare = spsc_following(ring, group + messages);
		return group;
	}
	group = ring->unused;
	ring->unused += ring->group;
	return group;
}

/*
 * How many messages there are in the group at `slots`, if it is the producer's
 * group. The result is exact for the producer's thread.
 */
static RINGBENCH_NOINLINE RINGBENCH_RACES size_t
spsc_filled_in(const struct spsc_ring *ring, const volatile uint64_t *slots)
{
	size_t found = 0;

	while (found < spsc_messages(ring) && slots[found] != 0)
		found++;
	return found;
}

/*
 * For monitoring by any thread: how many messages are in the ring. Changes
 * nothing. Reads the lines of `tail` and `head` and those of one group, which
 * may slow down the other threads. While the ring is in use the result may be
 * outdated, but lies between 0 and the capacity.
 *
 * The producer may clear the group at the same moment, without atomic stores.
 * The words are only compared with 0, so the worst case is a result that is
 * wrong by a group.
 */
static inline size_t spsc_size(const struct spsc_ring *ring)
{
	uint64_t head = ringbench_load_acquire(&ring->head);
	uint64_t tail = ringbench_load_acquire(&ring->tail);
	uint64_t size = tail - head +
			spsc_filled_in(ring, ringbench_load_relaxed(
						     &ring->tail_group));

	if (RINGBENCH_CAST(int64_t, size) < 0)
		return 0;
	return RINGBENCH_CAST(size_t,
			      size < ring->capacity ? size : ring->capacity);
}

#endif
