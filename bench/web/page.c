/* SPDX-License-Identifier: BSD-2-Clause */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "page.h"

enum {
	/* "page 18446744073709551615 262144 deadbeef\n", and the NUL */
	HEAD_MAX = 48,
	/*
	 * The random values of a page; DRAW_SERVICE + n is the service time of
	 * stage n.
	 */
	DRAW_BYTES = 0,
	DRAW_NOISE,
	DRAW_SERVICE,
	DRAWS = 64,
};

/*
 * Standard deviation of the logarithm of the size: one page in six is larger
 * than 22 KiB.
 */
#define BYTES_SIGMA 1.0

/*
 * A random generator for one value of one page. The last step of splitmix64
 * makes the seeds of neighbouring pages unrelated.
 */
static gsl_rng *generator(uint64_t number, int draw)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_taus2);
	uint64_t seed = (number * DRAWS + (uint64_t)draw) *
			UINT64_C(0x9E3779B97F4A7C15);

	seed = (seed ^ seed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	seed = (seed ^ seed >> 27) * UINT64_C(0x94D049BB133111EB);
	gsl_rng_set(random, seed ^ seed >> 31);
	return random;
}

size_t page_bytes(uint64_t number)
{
	gsl_rng *random = generator(number, DRAW_BYTES);
	double bytes = gsl_ran_lognormal(random, log(PAGE_BYTES_MEDIAN),
					 BYTES_SIGMA);

	gsl_rng_free(random);
	if (bytes < PAGE_BYTES_MIN)
		return PAGE_BYTES_MIN;
	return bytes < PAGE_BYTES_MAX ? (size_t)bytes : PAGE_BYTES_MAX;
}

int64_t page_service_ns(uint64_t number, int stage, int64_t mean_ns)
{
	gsl_rng *random = generator(number, DRAW_SERVICE + stage);
	double share = gsl_ran_exponential(random, 1);

	gsl_rng_free(random);
	return (int64_t)(fmin(share, PAGE_SERVICE_MAX) * (double)mean_ns);
}

/*
 * Writes eight bytes in each step (xorshift64), so that making a page takes
 * less time than the queue.
 */
static void fill_noise(uint64_t number, char *body, size_t bytes)
{
	gsl_rng *random = generator(number, DRAW_NOISE);
	uint64_t x = gsl_rng_get(random) | UINT64_C(1) << 63;

	gsl_rng_free(random);
	for (size_t at = 0; at < bytes; at += sizeof(x)) {
		size_t left = bytes - at;

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		memcpy(body + at, &x, left < sizeof(x) ? left : sizeof(x));
	}
}

static uint32_t crc(const char *body, size_t bytes)
{
	return (uint32_t)crc32(0, (const unsigned char *)body, (unsigned)bytes);
}

void page_fill(uint64_t number, char *body, size_t bytes)
{
	char head[HEAD_MAX];
	size_t length;

	fill_noise(number, body, bytes);
	/*
	 * The CRC-32 always has the same number of digits, so the length of the
	 * line is known.
	 */
	length = (size_t)snprintf(head, sizeof(head),
				  "page %" PRIu64 " %zu %08x\n", number, bytes,
				  0U);
	snprintf(head, sizeof(head), "page %" PRIu64 " %zu %08x\n", number,
		 bytes, crc(body + length, bytes - length));
	memcpy(body, head, length);
}

bool page_number(const char *body, size_t bytes, uint64_t *number)
{
	char head[HEAD_MAX] = "", again[HEAD_MAX];
	const char *end = memchr(body, '\n',
				 bytes < HEAD_MAX ? bytes : HEAD_MAX - 1);
	size_t length = end ? (size_t)(end - body) + 1 : 0;

	memcpy(head, body, length);
	if (strncmp(head, "page ", 5) != 0)
		return false;
	*number = strtoull(head + 5, NULL, 10);
	/*
	 * Checks the first line: it must equal the line that page_fill()
	 * writes.
	 */
	snprintf(again, sizeof(again), "page %" PRIu64 " %zu %08x\n", *number,
		 bytes, crc(body + length, bytes - length));
	return strcmp(head, again) == 0;
}
