/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests of rings with an spsc_ring: message numbers other than 0. */
#ifndef SPSC_START_H
#define SPSC_START_H

#include "spsc_ring.h"

/* Makes a new ring look as if about `number` messages had passed through it. */
static inline void spsc_start_at(struct spsc_ring *ring, uint64_t number)
{
	uint64_t messages = spsc_messages(ring);

	number -= number % (2 * messages); /* the beginning of an even group */
	ring->tail = ring->head = number;
	ring->oldest_end = number + messages;
}

#endif
