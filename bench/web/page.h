/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pages of a made-up website. All about a page follows from its number, so
 * that server, savers and verification agree without telling each other, and
 * two queues are given the same pages.
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
	/* No page takes longer than so many times the mean. */
	PAGE_SERVICE_MAX = 8,
};

/* Lognormal: half of the pages are larger than the median. */
size_t page_bytes(uint64_t number);

/* What one stage of work on the page takes: exponential with this mean, up to
 * PAGE_SERVICE_MAX times it. Stages count from 0. */
int64_t page_service_ns(uint64_t number, int stage, int64_t mean_ns);

/* Writes the page: its number, length and crc32 in the first line, then
 * noise. */
void page_fill(uint64_t number, char *body, size_t bytes);

/* Which page this is, by its first line; false: it is none, or its length or
 * its crc32 is not what that line says. */
bool page_number(const char *body, size_t bytes, uint64_t *number);

#endif
