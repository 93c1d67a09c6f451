/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Describes the first wrong message of a run that failed the verification of
 * stream_verify.h: a number and its neighbours. There are three sources:
 * 1. A consumer saw a word out of order.
 * 2. Only one word is wrong. The differences of the sums show which one.
 * 3. The words of all consumers were recorded; see stream_journal.h.
 */
#ifndef STREAM_FIRST_H
#define STREAM_FIRST_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "stream_verify.h"

#define WORD_NUMBER_MASK ((UINT64_C(1) << STREAM_PRODUCER_SHIFT) - 1)

static __attribute__((format(printf, 2, 3))) void
say_first(struct verification *verification, const char *format, ...)
{
	size_t length = strlen(verification->first);
	va_list args;

	if (length == 0)
		length = (size_t)sprintf(verification->first, "the first: ");
	va_start(args, format);
	vsnprintf(verification->first + length,
		  sizeof(verification->first) - length, format, args);
	va_end(args);
}

static bool is_sent(const struct rig *rig, uint64_t word)
{
	uint64_t producer = word >> STREAM_PRODUCER_SHIFT;

	return producer < (uint64_t)rig->cell->producers &&
	       word - rig->workers[producer].first <
		       rig->workers[producer].messages;
}

static void say_not_sent(struct verification *verification, uint64_t word)
{
	say_first(verification, "a word that no producer sent: 0x%" PRIx64,
		  word);
}

/* With several consumers or without an order, gaps are not errors. Without an
 * order, late words are not errors either. */
static void describe_order(const struct rig *rig, int consumer,
			   struct verification *verification)
{
	const struct order *order =
		&rig->workers[rig->cell->producers + consumer].order;
	uint64_t producer = order->wrong >> STREAM_PRODUCER_SHIFT;
	uint64_t before = order->before_wrong & WORD_NUMBER_MASK;

	if (!order->wrong || *verification->first)
		return;
	/* With several consumers, an invented word can look like a gap. */
	if (order->before_wrong >> STREAM_PRODUCER_SHIFT != producer &&
	    producer < order->senders) {
		say_not_sent(verification, order->before_wrong);
		return;
	}
	if (producer >= order->senders) {
		say_not_sent(verification, order->wrong);
		return;
	}
	if (order_of(rig) == ORDER_ANY && order->wrong != order->before_wrong)
		return;
	say_first(verification,
		  "producer %" PRIu64 ": after %" PRIu64 " came %" PRIu64,
		  producer, before, order->wrong & WORD_NUMBER_MASK);
	if (order->slack == 0)
		say_first(verification, " instead of %" PRIu64, before + 1);
	else if (rig->cell->consumers > 1)
		say_first(verification, " at consumer %d", consumer);
}

/* What the pushed words have more than the popped words, modulo 2^64. */
struct missing {
	uint64_t count;
	uint64_t sum;
	uint64_t hashes; /* of the squares for a stack, otherwise of
			    stream_mix() */
};

static uint64_t hash_of(const struct rig *rig, uint64_t word)
{
	return rig->backend->flags & BACKEND_LIFO ? word * word
						  : stream_mix(word);
}

static struct missing missing_of(const struct rig *rig, const struct rest *rest)
{
	bool stack = rig->backend->flags & BACKEND_LIFO;
	struct missing missing = { .count = -rest->count,
				   .sum = -rest->sum,
				   .hashes = -(stack ? rest->squares
						     : rest->mixed) };

	for (int i = 0; i < rig->threads; i++) {
		const struct worker *worker = &rig->workers[i];

		if (i >= rig->cell->producers) {
			missing.count -= worker->messages;
			missing.sum -= worker->sum;
			missing.hashes -= stack ? worker->squares
						: worker->mixed;
			continue;
		}
		missing.count += worker->messages;
		missing.sum += sum_of_series(worker->first, worker->messages);
		for (uint64_t n = 0; n < worker->messages; n++)
			missing.hashes += hash_of(rig, worker->first + n);
	}
	return missing;
}

/* Finds the word `lost` that another word replaced, from the differences of
 * both words and of their hashes. */
static bool find_replaced(const struct rig *rig, const struct missing *missing,
			  uint64_t *lost)
{
	for (int i = 0; i < rig->cell->producers; i++)
		for (uint64_t n = 0; n < rig->workers[i].messages; n++) {
			*lost = rig->workers[i].first + n;
			if (stream_mix(*lost) -
				    stream_mix(*lost - missing->sum) ==
			    missing->hashes)
				return true;
		}
	return false;
}

/* Says the number of a word next to a sent word. Returns false if there is no
 * such word. */
static bool say_neighbour(const struct rig *rig, uint64_t word,
			  struct verification *verification)
{
	if (is_sent(rig, word))
		say_first(verification, "%" PRIu64, word & WORD_NUMBER_MASK);
	else
		say_first(verification, "%s",
			  word & WORD_NUMBER_MASK ? "the end" : "the start");
	return is_sent(rig, word);
}

static void say_lost(struct verification *verification, uint64_t word)
{
	say_first(verification,
		  "producer %" PRIu64 ": %" PRIu64 " is missing between ",
		  word >> STREAM_PRODUCER_SHIFT, word & WORD_NUMBER_MASK);
}

static void say_missing(const struct rig *rig, uint64_t word,
			struct verification *verification)
{
	say_lost(verification, word);
	say_neighbour(rig, word - 1, verification);
	say_first(verification, " and ");
	say_neighbour(rig, word + 1, verification);
}

static void say_copy(struct verification *verification, uint64_t word)
{
	say_first(verification,
		  "producer %" PRIu64 ": %" PRIu64 " was popped twice",
		  word >> STREAM_PRODUCER_SHIFT, word & WORD_NUMBER_MASK);
}

/* Names the wrong word if only one word is wrong. */
static void describe_totals(const struct rig *rig, const struct rest *rest,
			    struct verification *verification)
{
	bool stack = rig->backend->flags & BACKEND_LIFO;
	struct missing missing;
	uint64_t word;

	if (rig->value_bytes || rig->backend->flags & BACKEND_KEEPS_NOTHING ||
	    (!stack &&
	     strcmp(consumer_loop(rig), "stream_consumer_of_many") != 0))
		return;
	missing = missing_of(rig, rest);
	word = missing.sum;
	if (missing.count == 1 && is_sent(rig, word) &&
	    hash_of(rig, word) == missing.hashes) {
		say_missing(rig, word, verification);
	} else if (missing.count == UINT64_MAX &&
		   hash_of(rig, -word) == -missing.hashes) {
		if (is_sent(rig, -word))
			say_copy(verification, -word);
		else
			say_not_sent(verification, -word);
	} else if (missing.count == 0 && missing.sum && !stack &&
		   find_replaced(rig, &missing, &word)) {
		say_missing(rig, word, verification);
		say_first(verification, "; ");
		if (is_sent(rig, word - missing.sum))
			say_copy(verification, word - missing.sum);
		else
			say_not_sent(verification, word - missing.sum);
	}
}

static bool is_wrong(const struct verification *verification)
{
	return verification->lost || verification->repeated ||
	       verification->reordered;
}

static void describe_first(const struct rig *rig, const struct rest *rest,
			   struct verification *verification)
{
	for (int i = 0; i < rig->cell->consumers; i++)
		describe_order(rig, i, verification);
	if (!*verification->first)
		describe_totals(rig, rest, verification);
}

static inline void stream_verify(struct rig *rig,
				 struct verification *verification)
{
	struct rest rest = { .order = NULL };

	verify_words(rig, &rest, verification);
	if (is_wrong(verification))
		describe_first(rig, &rest, verification);
}

#endif
