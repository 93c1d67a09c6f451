/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ringbench_clock.h"
#include "plausible.h"

enum {
	WHY_MAX = 256,
	/* No core can do this number of stores in 1 ns, and each message needs
	 * at least one store. */
	MESSAGES_PER_NS_MAX = 32,
};

/* A check writes the reason to `why` if it fails. The first failed check
 * decides. */
typedef bool check(const struct cell *cell, int64_t seen_ns,
		   const struct observation *observation, char why[WHY_MAX]);

static bool is_ok(const struct observation *observation)
{
	return strcmp(record_text(&observation->result, COLUMN_status), "ok") ==
	       0;
}

static bool has_known_status(const struct cell *cell, int64_t seen_ns,
			     const struct observation *observation,
			     char why[WHY_MAX])
{
	static const char *const known[] = { "ok", "failed", "hung", "crashed",
					     "error" };
	const char *status = record_text(&observation->result, COLUMN_status);

	(void)cell;
	(void)seen_ns;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(status, known[i]) == 0)
			return true;
	snprintf(why, WHY_MAX, "the status \"%.60s\" does not exist", status);
	return false;
}

/* Checks that numbers are not negative and that texts contain no control
 * characters. */
static bool has_plain_values(const struct record *record, char why[WHY_MAX])
{
	for (size_t i = 0; i < record->schema->count; i++) {
		const struct column *column = &record->schema->columns[i];

		if (!record_has(record, (int)i))
			continue;
		if (column->type != TYPE_TEXT) {
			/* stop_ns may be negative: threads can end before the
			 * request to stop. */
			if (record_number(record, (int)i) >= 0 ||
			    strcmp(column->name, "stop_ns") == 0)
				continue;
			snprintf(why, WHY_MAX, "%s is negative", column->name);
			return false;
		}
		for (const char *c = record_text(record, (int)i); *c; c++)
			if (*c < ' ' || *c > '~') {
				snprintf(why, WHY_MAX,
					 "%s contains control "
					 "characters",
					 column->name);
				return false;
			}
	}
	return true;
}

static bool has_values(const struct cell *cell, int64_t seen_ns,
		       const struct observation *observation, char why[WHY_MAX])
{
	(void)cell;
	(void)seen_ns;
	if (!has_plain_values(&observation->result, why))
		return false;
	for (int i = 0; i < observation->thread_count; i++)
		if (!has_plain_values(&observation->threads[i], why))
			return false;
	return true;
}

/* Whether an unverified result is allowed: a bound transfers no messages, and a
 * scenario without a queue may promise nothing. */
static bool may_be_unverified(const struct cell *cell)
{
	const struct backend *backend = cell->choice.backend;

	return (backend && backend->flags & BACKEND_NOT_A_QUEUE) ||
	       cell->scenario->no_queue;
}

static bool is_verified(const struct cell *cell, int64_t seen_ns,
			const struct observation *observation,
			char why[WHY_MAX])
{
	static const int wrong[] = { COLUMN_lost, COLUMN_repeated,
				     COLUMN_reordered };
	const struct record *result = &observation->result;

	(void)seen_ns;
	if (record_integer(result, COLUMN_verified) != 1 &&
	    (record_has(result, COLUMN_verified) || !may_be_unverified(cell))) {
		snprintf(why, WHY_MAX,
			 "its status is ok, but it is not "
			 "verified");
		return false;
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (record_integer(result, wrong[i]) == 0)
			continue;
		snprintf(why, WHY_MAX, "its status is ok, but %s is %" PRId64,
			 results_schema.columns[wrong[i]].name,
			 record_integer(result, wrong[i]));
		return false;
	}
	return true;
}

static bool has_possible_rate(const struct cell *cell, int64_t seen_ns,
			      const struct observation *observation,
			      char why[WHY_MAX])
{
	const struct record *result = &observation->result;
	int64_t messages = record_integer(result, COLUMN_messages);
	int64_t elapsed_ns = record_integer(result, COLUMN_elapsed_ns);

	if (messages <= 0)
		snprintf(why, WHY_MAX,
			 "its status is ok, but it has no "
			 "messages");
	else if (elapsed_ns <= 0)
		snprintf(why, WHY_MAX,
			 "its status is ok, but its elapsed "
			 "time is 0");
	else if (elapsed_ns > seen_ns)
		snprintf(why, WHY_MAX,
			 "elapsed_ns is %" PRId64
			 ", but the process existed for %" PRId64 " ns",
			 elapsed_ns, seen_ns);
	else if ((double)messages / (double)elapsed_ns >
		 (double)MESSAGES_PER_NS_MAX * cell_threads(cell))
		snprintf(why, WHY_MAX,
			 "%" PRId64 " messages in %" PRId64 " ns are too many",
			 messages, elapsed_ns);
	else
		return true;
	return false;
}

static bool has_possible_share(const struct cell *cell, int64_t seen_ns,
			       const struct observation *observation,
			       char why[WHY_MAX])
{
	double share = record_number(&observation->result, COLUMN_idle_share);

	(void)cell;
	(void)seen_ns;
	if (!(share > 1))
		return true;
	snprintf(why, WHY_MAX, "idle_share is %g, more than 1", share);
	return false;
}

/*
 * A column that is in both schemas must be the sum over the threads, if each
 * thread has a value. `messages` is an exception, because a message counts for
 * the producer and for the consumer.
 */
static bool fits_sum(const struct observation *observation, int column,
		     int of_thread, char why[WHY_MAX])
{
	int64_t whole = record_integer(&observation->result, column);
	__int128 sum = 0;

	for (int i = 0; i < observation->thread_count; i++) {
		const struct record *thread = &observation->threads[i];

		if (!record_has(thread, of_thread))
			return true;
		sum += record_integer(thread, of_thread);
	}
	if (column == COLUMN_messages ? whole <= sum : whole == sum)
		return true;
	snprintf(why, WHY_MAX,
		 "%s is %" PRId64 ", which is not the sum over its threads",
		 results_schema.columns[column].name, whole);
	return false;
}

static bool fits_threads(const struct cell *cell, int64_t seen_ns,
			 const struct observation *observation,
			 char why[WHY_MAX])
{
	(void)cell;
	for (int i = 0; i < observation->thread_count; i++) {
		const struct record *thread = &observation->threads[i];

		if (record_integer(thread, THREAD_elapsed_ns) <= seen_ns)
			continue;
		snprintf(why, WHY_MAX,
			 "thread %s existed for longer than its process",
			 record_text(thread, THREAD_thread));
		return false;
	}
	for (int i = THREAD_messages; i < THREAD_COLUMN_COUNT; i++) {
		const char *name = threads_schema.columns[i].name;
		int column = schema_find(&results_schema, name);

		if (observation->thread_count && column >= 0 &&
		    record_has(&observation->result, column) &&
		    !fits_sum(observation, column, i, why))
			return false;
	}
	return true;
}

void plausible_or_crashed(const struct cell *cell, int64_t seen_ns,
			  struct observation *observation)
{
	static check *const checks[] = {
		has_known_status,  has_values,	       is_verified,
		has_possible_rate, has_possible_share, fits_threads,
	};
	char why[WHY_MAX];

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		/* The first two checks apply to every result; the others only
		 * to results with status ok. */
		if (i >= 2 && !is_ok(observation))
			return;
		if (checks[i](cell, seen_ns, observation, why))
			continue;
		observation_discard(observation);
		observation_fail(observation, "crashed",
				 "gave a result that cannot be true: %s", why);
		return;
	}
}
