/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A histogram of nanoseconds from 0 to 18 minutes in fixed memory. It counts
 * in buckets that are as wide as 1/16 of the power of two in which they lie:
 * 16 buckets for 1024 to 2047, 16 for 2048 to 4095, and so on; below 32, each
 * value has a bucket of its own. So a quantile is at most 1/16 (6 %) too high
 * and never too low, whatever the size. Recording is an addition; nothing is
 * ever allocated. Zeroed memory is an empty histogram.
 *
 * For one thread: each has its own, and somebody merges them in the end.
 *
 * The idea of such log-linear buckets is HdrHistogram's (Gil Tene); so is the
 * rule to answer with the highest value that a bucket can hold.
 */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	HISTOGRAM_BITS = 4,
	HISTOGRAM_PER_OCTAVE = 1 << HISTOGRAM_BITS,
	HISTOGRAM_OCTAVES = 40, /* from 2^40 on, all is in the last bucket */
	HISTOGRAM_BUCKETS = (HISTOGRAM_OCTAVES - HISTOGRAM_BITS + 1) *
			    HISTOGRAM_PER_OCTAVE,
};

struct histogram {
	uint64_t count;
	uint64_t max_ns; /* exact */
	uint64_t buckets[HISTOGRAM_BUCKETS];
};

/* The bucket of a value. */
static inline size_t histogram_bucket(uint64_t ns)
{
	int shift;

	if (ns < HISTOGRAM_PER_OCTAVE)
		return ns;
	shift = 63 - __builtin_clzll(ns) - HISTOGRAM_BITS;
	if (shift >= HISTOGRAM_OCTAVES - HISTOGRAM_BITS)
		return HISTOGRAM_BUCKETS - 1;
	/* ns >> shift is from 16 to 31, so its 16 counts as an octave. */
	return (size_t)shift * HISTOGRAM_PER_OCTAVE + (ns >> shift);
}

/* The lowest value in a bucket; the bucket ends below that of the next. */
static inline uint64_t histogram_low(size_t bucket)
{
	size_t octave = bucket / HISTOGRAM_PER_OCTAVE;
	uint64_t step = bucket % HISTOGRAM_PER_OCTAVE;

	if (octave == 0)
		return step;
	return (HISTOGRAM_PER_OCTAVE + step) << (octave - 1);
}

/* A negative time, of clocks that differ by a little, counts as 0. */
static inline void histogram_record(struct histogram *histogram, int64_t ns)
{
	uint64_t value = ns > 0 ? (uint64_t)ns : 0;

	histogram->buckets[histogram_bucket(value)]++;
	histogram->count++;
	if (value > histogram->max_ns)
		histogram->max_ns = value;
}

static inline void histogram_merge(struct histogram *into,
				   const struct histogram *from)
{
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		into->buckets[i] += from->buckets[i];
	into->count += from->count;
	if (from->max_ns > into->max_ns)
		into->max_ns = from->max_ns;
}

/*
 * A value that at least so many thousandths of all values do not exceed (500:
 * the median), as good as the buckets are; 1000 is exact. 0 when empty.
 */
static inline uint64_t histogram_quantile(const struct histogram *histogram,
					  unsigned per_mille)
{
	uint64_t wanted = (histogram->count * per_mille + 999) / 1000;
	uint64_t seen = 0, high = histogram->max_ns;

	for (size_t i = 0; i + 1 < HISTOGRAM_BUCKETS; i++) {
		seen += histogram->buckets[i];
		if (seen && seen >= wanted) {
			high = histogram_low(i + 1) - 1;
			break;
		}
	}
	return high < histogram->max_ns ? high : histogram->max_ns;
}

/*
 * Writes "lowest value:count" of all buckets that are not empty, joined by +,
 * with so many neighbours made one. False when there is not enough room.
 */
static inline bool histogram_print(const struct histogram *histogram,
				   size_t neighbours, char *text, size_t size)
{
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i += neighbours) {
		uint64_t count = 0;

		for (size_t j = 0; j < neighbours; j++)
			count += histogram->buckets[i + j];
		if (count == 0)
			continue;
		length += (size_t)snprintf(
			text + length, size - length, "%s%" PRIu64 ":%" PRIu64,
			length ? "+" : "", histogram_low(i), count);
		if (length >= size)
			return false;
	}
	return true;
}

/* What a text needs at the most, where a power of two is one bucket. */
enum {
	HISTOGRAM_TEXT_MAX = HISTOGRAM_BUCKETS / HISTOGRAM_PER_OCTAVE * 36
};

/*
 * The same as fine as there is room: 4 buckets for each power of two, or 2, or
 * 1, which always fits into HISTOGRAM_TEXT_MAX bytes.
 */
static inline void histogram_format(const struct histogram *histogram,
				    char *text, size_t size)
{
	size_t neighbours = HISTOGRAM_PER_OCTAVE / 4;

	while (!histogram_print(histogram, neighbours, text, size) &&
	       neighbours < HISTOGRAM_PER_OCTAVE)
		neighbours *= 2;
}

#endif
