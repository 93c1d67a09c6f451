/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pages of a synthetic website. The number of a page determines its size,
 * its content and its service time. So the server, the savers and the
 * verification know each page from its number, and all queues carry equal
 * pages.
 */
#ifndef PAGE_H
#define PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PAGE_BYTES_MIN = 64,
	PAGE_BYTES_MEDIAN = 8 * 1024,
	PAGE_BYTES_MAX = 256 * 1024,
	/* Longest service time, as a multiple of the mean. */
	PAGE_SERVICE_MAX = 8,
};

/*
 * The size of a page, from a lognormal distribution.
 */
size_t page_bytes(uint64_t number);

/*
 * The service time of a page in one stage: exponential with this mean, at most
 * PAGE_SERVICE_MAX times the mean. Stages count from 0.
 */
int64_t page_service_ns(uint64_t number, int stage, int64_t mean_ns);

/*
 * Writes the page. Its first line has its number, length and CRC-32; random
 * bytes follow.
 */
void page_fill(uint64_t number, char *body, size_t bytes);

/*
 * Reads the number of a page from its first line. False: not a page, or its
 * length or CRC-32 differs from its first line.
 */
bool page_number(const char *body, size_t bytes, uint64_t *number);

#endif
