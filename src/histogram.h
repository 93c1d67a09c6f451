/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A histogram of times in nanoseconds, from 0 to 292 years, to 3 significant
 * digits, in constant memory (432 KiB). C11 and C++11.
 *
 *	static struct histogram histogram;	(zeroed memory is empty)
 *
 *	histogram_record(&histogram, 12345);
 *	median_ns = histogram_quantile(&histogram, 500);
 *
 * The range from one power of two to the next is divided into 1024 buckets of
 * equal width. Below 2048 ns each value has a bucket of its own. A quantile is
 * the highest value of its bucket, so it is never too low, and too high by less
 * than 1/1024 (0.1 %) at any size. Recording is one addition.
 *
 * A histogram belongs to one thread. Merge the histograms of several threads
 * when the threads have ended.
 *
 * Source: HdrHistogram (Gil Tene), for the widths of the buckets, and for the
 * rule that a quantile is the highest value of its bucket.
 */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ringbench_atomics.h"

enum {
	HISTOGRAM_BITS = 10,	   /* 2^10 buckets for each power of two */
	HISTOGRAM_VALUE_BITS = 63, /* bits of the largest int64_t */
	HISTOGRAM_BUCKETS = (HISTOGRAM_VALUE_BITS - HISTOGRAM_BITS + 1)
			    << HISTOGRAM_BITS,
};

struct histogram {
	uint64_t count;
	uint64_t max_ns; /* exact */
	uint64_t buckets[HISTOGRAM_BUCKETS];
};

/* The bucket of a value, with 2^bits buckets for each power of two. */
static inline size_t histogram_bucket(uint64_t ns, int bits)
{
	int shift;

	if (ns >> bits == 0)
		return RINGBENCH_CAST(size_t, ns);
	shift = 63 - __builtin_clzll(ns) - bits;
	/* The leading bit of ns >> shift, 2^bits, counts as one more range. */
	return (RINGBENCH_CAST(size_t, shift) << bits) +
	       RINGBENCH_CAST(size_t, ns >> shift);
}

/* The lowest value of a bucket. The highest value is the lowest value of the
 * next bucket minus 1. */
static inline uint64_t histogram_low(size_t bucket, int bits)
{
	size_t range = bucket >> bits;
	uint64_t step = bucket & ((RINGBENCH_CAST(size_t, 1) << bits) - 1);

	if (range == 0)
		return step;
	return ((UINT64_C(1) << bits) + step) << (range - 1);
}

/*
 * A negative time counts as 0: times of two clocks that differ by a little may
 * be negative.
 */
static inline void histogram_record(struct histogram *histogram, int64_t ns)
{
	uint64_t value = ns > 0 ? RINGBENCH_CAST(uint64_t, ns) : 0;

	histogram->buckets[histogram_bucket(value, HISTOGRAM_BITS)]++;
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
 * A quantile: the highest value of the first bucket up to which there are at
 * least `per_mille` thousandths of all values. 500 is the median. 1000 is the
 * maximum, which is exact. Returns 0 for an empty histogram.
 */
static inline uint64_t histogram_quantile(const struct histogram *histogram,
					  unsigned per_mille)
{
	uint64_t wanted = (histogram->count * per_mille + 999) / 1000;
	uint64_t seen = 0, high = histogram->max_ns;

	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += histogram->buckets[i];
		if (seen && seen >= wanted) {
			high = histogram_low(i + 1, HISTOGRAM_BITS) - 1;
			break;
		}
	}
	return high < histogram->max_ns ? high : histogram->max_ns;
}

/*
 * Writes "low:count+low:count..." into text, for all buckets that are not
 * empty, with 2^bits buckets for each power of two. `low` is the lowest value
 * of a bucket. Returns false when `size` bytes are too few.
 */
static inline bool histogram_print(const struct histogram *histogram, int bits,
				   char *text, size_t size)
{
	size_t length = 0, i = 0;

	text[0] = '\0';
	while (i < HISTOGRAM_BUCKETS) {
		uint64_t low = histogram_low(i, HISTOGRAM_BITS), count = 0;
		size_t bucket = histogram_bucket(low, bits);

		low = histogram_low(bucket, bits);
		for (; i < HISTOGRAM_BUCKETS &&
		       histogram_bucket(histogram_low(i, HISTOGRAM_BITS),
					bits) == bucket;
		     i++)
			count += histogram->buckets[i];
		if (count == 0)
			continue;
		length += RINGBENCH_CAST(
			size_t, snprintf(text + length, size - length,
					 "%s%" PRIu64 ":%" PRIu64,
					 length ? "+" : "", low, count));
		if (length >= size)
			return false;
	}
	return true;
}

/* Bytes that suffice for a text with one bucket for each power of two. */
enum {
	HISTOGRAM_TEXT_MAX = (HISTOGRAM_VALUE_BITS + 1) * 32
};

/*
 * Writes the histogram as text, with 4 buckets for each power of two. If this
 * text is longer than `size` bytes, writes 2 buckets or 1 bucket for each power
 * of two. HISTOGRAM_TEXT_MAX bytes are always enough for 1 bucket.
 */
static inline void histogram_format(const struct histogram *histogram,
				    char *text, size_t size)
{
	int bits = 2;

	while (!histogram_print(histogram, bits, text, size) && bits > 0)
		bits--;
}

#endif
