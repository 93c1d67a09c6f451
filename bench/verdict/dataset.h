/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is compared: one metric of the observations of two sides, each of them
 * one or several runs. 16 bytes are kept of a row, and its cell once for all.
 */
#ifndef DATASET_H
#define DATASET_H

#include <jansson.h>

#include "lookup.h"
#include "results.h"

enum side_name {
	SIDE_BASELINE,
	SIDE_CANDIDATE,
	SIDES,
};

struct datum {
	uint32_t cell;
	uint32_t when;
	double value;
};

/* One pass over all rounds. */
struct session {
	const char *id;
	char started_at[32]; /* of its first row on any side; "": unknown */
};

/* Who measured: a session, and with which build and on which host. */
struct origin {
	uint32_t session;
	const char *build;
	const char *host;
	bool on[SIDES];
};

struct moment {
	uint32_t origin;
	uint32_t session; /* two sides are paired by this.. */
	int64_t round;	  /* ..and this */
};

/* A cell on one side. */
struct cell_side {
	size_t first; /* of the side's data, once they are sorted */
	size_t count;
	size_t unverified;   /* rows that must not be compared */
	size_t unmeasured;   /* rows without the metric, or too few samples */
	size_t not_positive; /* rows whose metric is 0 or less */
};

/*
 * A cell. The planned length of the window is one of its factors; where a
 * window ends after a number of messages, that number tells cells apart, too.
 */
struct compared_cell {
	struct record factors;
	struct cell_side on[SIDES];
};

struct side {
	const char *name; /* as it was given */
	json_t **facts;	  /* run.json of each run that has one */
	size_t runs, with_facts;
	struct datum *data;
	size_t count, room;
	size_t superseded, excluded, repeated;
};

struct dataset {
	int metric;		   /* a column */
	const char *excluded_flag; /* NULL: none */
	const char *only_session;  /* NULL: all */
	struct compared_cell *cells;
	struct lookup cell_lookup;
	struct origin *origins;
	size_t origin_count;
	struct session *sessions;
	size_t session_count;
	struct moment *moments;
	struct lookup moment_lookup;
	struct side sides[SIDES];
};

enum {
	DATASET_KEY_MAX = RECORD_KEY_MAX + 8,
};

/*
 * What tells cells apart, as bytes: all factors but the excepted ones and,
 * where a window ends after a number of messages, this number. Returns the
 * length.
 */
size_t dataset_key(const struct record *row, const int *except, size_t excepted,
		   char key[DATASET_KEY_MAX]);

void dataset_init(struct dataset *set, int metric, const char *excluded_flag);
void dataset_free(struct dataset *set);

/* Adds a run's folder or a CSV file to a side. Returns 0 or -1. */
int dataset_add(struct dataset *set, enum side_name side, const char *path,
		struct fault *fault);

/*
 * Adds runs joined by commas; a path that has a comma itself is one run if
 * that exists.
 */
int dataset_add_list(struct dataset *set, enum side_name side,
		     const char *paths, struct fault *fault);

/*
 * Sorts the data by cell, session and round. A cell's second row of one
 * session and round is dropped and counted as repeated.
 */
void dataset_sort(struct dataset *set);

size_t dataset_cells(const struct dataset *set);

/* A cell's data on a side, sorted. */
const struct datum *dataset_data(const struct dataset *set, uint32_t cell,
				 enum side_name side, size_t *count);

/* The different sessions and the largest round of a side. */
size_t dataset_sessions(const struct dataset *set, enum side_name side);
int64_t dataset_rounds(const struct dataset *set, enum side_name side);

#endif
