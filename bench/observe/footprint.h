/* SPDX-License-Identifier: BSD-2-Clause */
/* What the process holds, to see whether a queue gave back what it took. */
#ifndef FOOTPRINT_H
#define FOOTPRINT_H

#include <stdbool.h>
#include <stdint.h>

struct footprint {
	int64_t bytes; /* resident memory of its own; -1: not known */
	int64_t files; /* open descriptors; -1: not known */
};

void footprint_read(struct footprint *footprint);

/*
 * Whether the process holds more than before, apart from what its threads need
 * and libraries keep. Gives free memory back to the system, so call it when
 * nothing is measured any more.
 */
bool footprint_grew(const struct footprint *before, int threads);

#endif
