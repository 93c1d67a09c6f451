/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the first lost message and the first repeated message in the lists of
 * stream_pace.h, which contain every word that a consumer popped. Included by
 * stream.c.
 */
#ifndef STREAM_JOURNAL_H
#define STREAM_JOURNAL_H

#include "stream_first.h"
#include "stream_pace.h"

/* The lists of all consumers; the last list has the words that were left. */
struct journal {
	const struct rig *rig;
	const struct rest *rest;
	int lists;
	/* For each producer and number: where the word is, or NOWHERE. */
	uint64_t *places[PRODUCERS_MAX];
};

enum {
	NOWHERE = 0,
	PLACE_SHIFT = 32, /* place: (list + 1) << PLACE_SHIFT | index */
};

static const struct pace *pace_of(const struct journal *journal, int list)
{
	const struct pace *paces = journal->rig->state;

	return &paces[journal->rig->cell->producers + list];
}

static uint64_t journal_length(const struct journal *journal, int list)
{
	return list < journal->lists - 1 ? pace_of(journal, list)->count
					 : journal->rest->count;
}

static uint64_t journal_word(const struct journal *journal, int list,
			     uint64_t index)
{
	return list < journal->lists - 1
		       ? pace_of(journal, list)->popped[index].word
		       : journal->rest->words[index];
}

static bool journal_is_complete(const struct journal *journal)
{
	if (journal->rest->count > journal->rest->size)
		return false;
	for (int i = 0; i < journal->lists - 1; i++)
		if (pace_of(journal, i)->count > pace_of(journal, i)->size)
			return false;
	return true;
}

static uint64_t *place_of(struct journal *journal, uint64_t word)
{
	uint64_t producer = word >> STREAM_PRODUCER_SHIFT;

	return &journal->places[producer]
			       [word - journal->rig->workers[producer].first];
}

static void say_who(const struct journal *journal, int list,
		    struct verification *verification)
{
	if (list < journal->lists - 1)
		say_first(verification, "consumer %d", list);
	else
		say_first(verification, "left in the queue");
}

/* "consumer 1 after 41": the previous message of this producer in the list. */
static void say_pop(const struct journal *journal, int list, uint64_t index,
		    struct verification *verification)
{
	uint64_t word = journal_word(journal, list, index);

	say_who(journal, list, verification);
	while (index-- > 0) {
		uint64_t other = journal_word(journal, list, index);

		if (other >> STREAM_PRODUCER_SHIFT !=
		    word >> STREAM_PRODUCER_SHIFT)
			continue;
		say_first(verification, " after %" PRIu64,
			  other & WORD_NUMBER_MASK);
		return;
	}
	say_first(verification, " as the first");
}

/* Fills in the places of all words. Describes the first repeated word. */
static void find_repeated(struct journal *journal,
			  struct verification *verification)
{
	for (int list = 0; list < journal->lists; list++)
		for (uint64_t i = 0; i < journal_length(journal, list); i++) {
			uint64_t word = journal_word(journal, list, i), *place;

			if (!is_sent(journal->rig, word))
				continue;
			place = place_of(journal, word);
			if (*place == NOWHERE) {
				*place = ((uint64_t)list + 1) << PLACE_SHIFT |
					 i;
				continue;
			}
			if (*verification->first)
				continue;
			say_copy(verification, word);
			say_first(verification, ": ");
			say_pop(journal, (int)(*place >> PLACE_SHIFT) - 1,
				*place & UINT32_MAX, verification);
			say_first(verification, ", ");
			say_pop(journal, list, i, verification);
		}
}

static void say_fate(struct journal *journal, uint64_t word,
		     struct verification *verification)
{
	uint64_t place;

	if (!say_neighbour(journal->rig, word, verification))
		return;
	place = *place_of(journal, word);
	say_first(verification, " (");
	if (place == NOWHERE)
		say_first(verification, "missing");
	else
		say_who(journal, (int)(place >> PLACE_SHIFT) - 1, verification);
	say_first(verification, ")");
}

static void find_lost(struct journal *journal,
		      struct verification *verification)
{
	const struct rig *rig = journal->rig;

	for (int p = 0; p < rig->cell->producers; p++)
		for (uint64_t n = 0; n < rig->workers[p].messages; n++) {
			uint64_t word = rig->workers[p].first + n;

			if (journal->places[p][n] != NOWHERE)
				continue;
			if (*verification->first)
				say_first(verification, "; ");
			say_lost(verification, word);
			say_fate(journal, word - 1, verification);
			say_first(verification, " and ");
			say_fate(journal, word + 1, verification);
			return;
		}
}

static void describe_journal(const struct rig *rig, const struct rest *rest,
			     struct verification *verification)
{
	struct journal journal = { .rig = rig,
				   .rest = rest,
				   .lists = (int)rig->cell->consumers + 1 };
	bool complete = journal_is_complete(&journal);

	for (int p = 0; complete && p < rig->cell->producers; p++) {
		journal.places[p] = calloc(rig->workers[p].messages + 1,
					   sizeof(*journal.places[p]));
		complete = journal.places[p] != NULL;
	}
	if (complete) {
		find_repeated(&journal, verification);
		find_lost(&journal, verification);
	}
	for (int p = 0; p < rig->cell->producers; p++)
		free(journal.places[p]);
}

/* The verification of a cell with a rate. */
static void verify_recorded(struct rig *rig, struct verification *verification)
{
	struct rest rest = { .size = journal_size(rig->cell, false) };

	rest.words = calloc(rest.size + 1, sizeof(*rest.words));
	if (!rest.words)
		rest.size = 0;
	verify_words(rig, &rest, verification);
	if (is_wrong(verification) && has_gaps(rig))
		describe_journal(rig, &rest, verification);
	if (is_wrong(verification) && !*verification->first)
		describe_first(rig, &rest, verification);
	free(rest.words);
}

#endif
