/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdint.h>

#include "look.h"
#include "registry.h"

/* gnuplot's palette podo without yellow. Colour-blind readers can distinguish
 * its colours. */
static const unsigned colours[] = {
	0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0x000000, 0x56b4e9, 0xe69f00,
};

/* Marks that can be distinguished without colours. The open circle, 6, marks
 * backends that are not queues. */
static const int marks[] = { 7, 5, 9, 13, 11, 15, 4, 8, 12, 10, 14 };

enum {
	COLOURS = sizeof(colours) / sizeof(colours[0]),
	MARKS = sizeof(marks) / sizeof(marks[0]),
	/* With this start value, all queues of this tree look different. */
	SEED = 1169644,
};

/* FNV-1a. */
static uint32_t hash(const char *name)
{
	uint32_t value = SEED;

	for (; *name; name++)
		value = (value ^ (unsigned char)*name) * 16777619;
	return value ^ value >> 15;
}

struct look look_of(const char *backend)
{
	uint32_t slot = hash(backend) % (COLOURS * MARKS);

	if (registry_is_not_a_queue(backend))
		return (struct look){ 0x888888, 6 };
	return (struct look){ colours[slot % COLOURS], marks[slot / COLOURS] };
}

struct look look_of_number(size_t i)
{
	return (struct look){ colours[i % COLOURS], marks[i % MARKS] };
}
