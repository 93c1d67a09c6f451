/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "dataset.h"
#include "metrics.h"

void dataset_init(struct dataset *set, int metric, const char *excluded_flag)
{
	memset(set, 0, sizeof(*set));
	set->metric = metric;
	set->excluded_flag = excluded_flag;
}

void dataset_free(struct dataset *set)
{
	for (int s = 0; s < SIDES; s++) {
		for (size_t i = 0; i < set->sides[s].with_facts; i++)
			json_decref(set->sides[s].facts[i]);
		free(set->sides[s].facts);
		free(set->sides[s].data);
	}
	for (size_t i = 0; i < set->origin_count; i++) {
		free((char *)set->origins[i].build);
		free((char *)set->origins[i].host);
	}
	for (size_t i = 0; i < set->session_count; i++)
		free((char *)set->sessions[i].id);
	free(set->origins);
	free(set->sessions);
	free(set->moments);
	free(set->cells);
	lookup_free(&set->cell_lookup);
	lookup_free(&set->moment_lookup);
	distances_free(&set->distances);
}

static const char *copy(const char *text)
{
	char *own = strdup(text);

	if (!own)
		abort();
	return own;
}

/* Searches from the end, because rows of one session follow each other. */
static uint32_t find_session(struct dataset *set, const struct record *row)
{
	const char *id = record_text(row, COLUMN_session_id);
	const char *started = record_text(row, COLUMN_started_at);
	struct session *session;
	size_t at = set->session_count;

	while (at > 0 && strcmp(set->sessions[at - 1].id, id) != 0)
		at--;
	if (at == 0) {
		set->sessions = array_grow(set->sessions, set->session_count,
					   sizeof(*set->sessions));
		at = ++set->session_count;
		set->sessions[at - 1] = (struct session){ .id = copy(id) };
		snprintf(set->sessions[at - 1].started_at,
			 sizeof(session->started_at), "%.31s", started);
	}
	session = &set->sessions[at - 1];
	/* UTC times in ISO 8601 sort alphabetically. */
	if (strcmp(started, session->started_at) < 0)
		snprintf(session->started_at, sizeof(session->started_at),
			 "%.31s", started);
	return (uint32_t)at - 1;
}

static uint32_t find_origin(struct dataset *set, const struct record *row)
{
	uint32_t session = find_session(set, row);
	const char *build = record_text(row, COLUMN_build_id);
	const char *host = record_text(row, COLUMN_host_id);

	for (size_t i = set->origin_count; i-- > 0;)
		if (set->origins[i].session == session &&
		    strcmp(set->origins[i].build, build) == 0 &&
		    strcmp(set->origins[i].host, host) == 0)
			return (uint32_t)i;
	set->origins = array_grow(set->origins, set->origin_count,
				  sizeof(*set->origins));
	set->origins[set->origin_count] = (struct origin){
		.session = session,
		.build = copy(build),
		.host = copy(host),
	};
	return (uint32_t)set->origin_count++;
}

/* Whether the window ends after a number of messages. */
static bool is_counted(const struct record *row)
{
	return record_has(row, COLUMN_duration_ns) &&
	       record_integer(row, COLUMN_duration_ns) == 0;
}

size_t dataset_key(const struct record *row, const int *except, size_t excepted,
		   char key[DATASET_KEY_MAX])
{
	size_t length = record_key(row, except, excepted, key);
	int64_t messages = record_integer(row, COLUMN_messages);

	if (!is_counted(row))
		return length;
	memcpy(key + length, &messages, sizeof(messages));
	return length + sizeof(messages);
}

static uint32_t find_cell(struct dataset *set, const struct record *row)
{
	char key[DATASET_KEY_MAX];
	bool added;
	uint32_t item = lookup_add(&set->cell_lookup, key,
				   dataset_key(row, NULL, 0, key), &added);

	if (!added)
		return item;
	set->cells = array_grow(set->cells, item, sizeof(*set->cells));
	memset(&set->cells[item], 0, sizeof(*set->cells));
	record_init(&set->cells[item].factors, &results_schema);
	record_copy_cell(&set->cells[item].factors, row);
	if (is_counted(row))
		record_set_integer(&set->cells[item].factors, COLUMN_messages,
				   record_integer(row, COLUMN_messages));
	record_keep_texts(&set->cells[item].factors);
	return item;
}

static uint32_t find_moment(struct dataset *set, uint32_t origin,
			    const struct record *row)
{
	const int64_t key[2] = { origin, record_integer(row, COLUMN_round) };
	bool added;
	uint32_t item = lookup_add(&set->moment_lookup, key, sizeof(key),
				   &added);

	if (!added)
		return item;
	set->moments = array_grow(set->moments, item, sizeof(*set->moments));
	set->moments[item] = (struct moment){
		.origin = origin,
		.session = set->origins[origin].session,
		.round = key[1],
	};
	return item;
}

static void keep(struct dataset *set, enum side_name side,
		 const struct datum *datum)
{
	struct side *own = &set->sides[side];

	own->data = array_grow(own->data, own->count, sizeof(*own->data));
	own->data[own->count++] = *datum;
}

/* Finds the cell of a row. The file may be older than the column
 * duration_ns. */
static uint32_t find_cell_of(struct dataset *set, const struct record *row,
			     int64_t duration_ns)
{
	struct record known;

	if (duration_ns < 0 || record_has(row, COLUMN_duration_ns))
		return find_cell(set, row);
	known = *row;
	record_set_integer(&known, COLUMN_duration_ns, duration_ns);
	return find_cell(set, &known);
}

bool row_may_be_compared(const struct record *row)
{
	return strcmp(record_text(row, COLUMN_status), "ok") == 0 &&
	       (!record_has(row, COLUMN_verified) ||
		record_integer(row, COLUMN_verified) == 1);
}

/* Whether the row is left out for a reason that does not depend on the measured
 * values. */
static bool is_left_out(const struct dataset *set, struct side *side,
			const struct record *row)
{
	if (set->only_session &&
	    strcmp(set->only_session, record_text(row, COLUMN_session_id)) != 0)
		return true;
	if (record_has_name(row, COLUMN_flags, "superseded")) {
		side->superseded++;
		return true;
	}
	if (set->excluded_flag &&
	    record_has_name(row, COLUMN_flags, set->excluded_flag)) {
		side->excluded++;
		return true;
	}
	return false;
}

/* An empty attempt means 1. */
static int16_t attempt_of(const struct record *row)
{
	int64_t attempt = record_integer(row, COLUMN_attempt);

	if (attempt < 1)
		return 1;
	return attempt < INT16_MAX ? (int16_t)attempt : INT16_MAX;
}

void dataset_add_row(struct dataset *set, enum side_name side,
		     const struct record *row, int64_t duration_ns)
{
	struct datum datum = {
		.value = NAN,
		.number = (uint32_t)set->sides[side].rows++,
		.before_ns = (float)record_number(row, COLUMN_line_before_ns),
		.after_ns = (float)record_number(row, COLUMN_line_after_ns),
		.attempt = attempt_of(row),
		.flagged = record_has_name(row, COLUMN_flags, "disturbed"),
	};
	struct cell_side *cell_side;
	uint32_t origin;

	if (is_left_out(set, &set->sides[side], row))
		return;
	origin = find_origin(set, row);
	set->origins[origin].on[side] = true;
	datum.cell = find_cell_of(set, row, duration_ns);
	cell_side = &set->cells[datum.cell].on[side];
	if (!row_may_be_compared(row)) {
		cell_side->unverified++;
	} else if (set->metric != METRIC_NONE &&
		   !metric_value(row, metric_column(set->metric, row),
				 &datum.value)) {
		cell_side->unmeasured++;
	} else {
		datum.when = find_moment(set, origin, row);
		datum.place = distances_place(&set->distances, row);
		keep(set, side, &datum);
	}
}

size_t dataset_cells(const struct dataset *set)
{
	return set->cell_lookup.count;
}

const struct datum *dataset_data(const struct dataset *set, uint32_t cell,
				 enum side_name side, size_t *count)
{
	const struct cell_side *cell_side = &set->cells[cell].on[side];

	*count = cell_side->count;
	return set->sides[side].data ? set->sides[side].data + cell_side->first
				     : NULL;
}

double *dataset_values(const struct dataset *set, uint32_t cell,
		       enum side_name side, size_t *count)
{
	size_t all;
	const struct datum *data = dataset_data(set, cell, side, &all);
	double *values = calloc(all + 1, sizeof(*values));

	if (!values)
		abort();
	*count = 0;
	for (size_t i = 0; i < all; i++)
		if (data[i].is_used)
			values[(*count)++] = data[i].value;
	return values;
}

size_t dataset_sessions(const struct dataset *set, enum side_name side)
{
	size_t count = 0;

	for (uint32_t s = 0; s < set->session_count; s++)
		for (size_t i = 0; i < set->origin_count; i++)
			if (set->origins[i].on[side] &&
			    set->origins[i].session == s) {
				count++;
				break;
			}
	return count;
}

int64_t dataset_rounds(const struct dataset *set, enum side_name side)
{
	int64_t rounds = 0;

	for (size_t i = 0; i < set->sides[side].count; i++) {
		const struct datum *datum = &set->sides[side].data[i];
		int64_t round = set->moments[datum->when].round;

		rounds = round > rounds ? round : rounds;
	}
	return rounds;
}
