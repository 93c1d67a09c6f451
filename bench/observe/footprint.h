/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory and file descriptors of this process, to find queues that do not free
 * what they allocate.
 */
#ifndef FOOTPRINT_H
#define FOOTPRINT_H

#include <stdbool.h>
#include <stdint.h>

struct footprint {
	int64_t bytes; /* private resident memory; -1: unknown */
	int64_t files; /* open file descriptors; -1: unknown */
};

void footprint_read(struct footprint *footprint);

/*
 * Whether the process holds more than `before`. Ignores memory of threads and
 * memory that libraries keep. Returns free memory to the system, which takes
 * time, so do not call it while anything is measured.
 */
bool footprint_grew(const struct footprint *before, int threads);

#endif
