/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The observations of one or several runs, grouped by cell. Tables, pictures,
 * exports and comparisons all use this grouping. A comparison has two sides;
 * everything else uses only the first side. Each observation takes 40 bytes; a
 * cell is stored once.
 *
 * dataset_sort() decides which observations count:
 *
 * 1. Each observation gets the class of its core distance (distance_class.h).
 *    If the distances before and after the window are of different classes, the
 *    observation has moved.
 * 2. An observation is disturbed if it has moved or has the flag `disturbed`.
 *    Each round chooses its first undisturbed attempt, or its first attempt if
 *    all attempts were disturbed.
 * 3. If at least UNDISTURBED_MIN rounds chose an undisturbed attempt, only
 *    these rounds are used. Otherwise all rounds are used.
 */
#ifndef DATASET_H
#define DATASET_H

#include <jansson.h>

#include "distance_class.h"
#include "fault.h"
#include "lookup.h"
#include "results.h"

enum side_name {
	SIDE_BASELINE,
	SIDE_CANDIDATE,
	SIDES,
};

/* One observation. */
struct datum {
	double value; /* value of the metric; NaN: the set has no metric */
	uint32_t cell;
	uint32_t when;
	uint32_t number; /* position of the row among all rows of the side, from
			    0 */
	uint32_t place;	 /* see distance_class.h */
	float before_ns, after_ns; /* core distances; NaN: not measured */
	uint32_t class;
	int16_t attempt;
	bool flagged;	    /* the row has the flag `disturbed` */
	unsigned moved : 1; /* the distances before and after are of different
			       classes */
	unsigned is_chosen : 1; /* this attempt represents its round */
	unsigned is_used : 1;	/* used everywhere except in pairs */
};

/* The rounds of one call of run, ab or aa. */
struct session {
	const char *id;
	char started_at[32]; /* start of the first row of the session on any
				side; "": unknown */
};

/* The session, build and host of an observation. */
struct origin {
	uint32_t session;
	const char *build;
	const char *host;
	bool on[SIDES];
};

struct moment {
	uint32_t origin;
	uint32_t session; /* two observations with equal session */
	int64_t round;	  /* and equal round are a pair */
};

/* The observations of a cell on one side. */
struct cell_side {
	size_t first; /* index into the side's sorted data */
	size_t count; /* observations, all attempts */
	size_t rounds;
	size_t undisturbed;  /* rounds with an undisturbed observation */
	size_t used;	     /* observations that are used */
	size_t unverified;   /* rows left out: verification failed */
	size_t unmeasured;   /* rows without the metric, or with too few samples
				for it */
	size_t not_positive; /* rounds whose metric is 0 or less */
};

/*
 * A cell with its observations on both sides. Cells that differ in the planned
 * length of the window are different cells. If the window ends after a number
 * of messages, cells that differ in this number are different cells.
 */
struct observed_cell {
	struct record factors;
	struct cell_side on[SIDES];
};

struct side {
	const char *name; /* paths, as in the command line */
	json_t **facts;	  /* run.json of each run that has one */
	size_t runs, with_facts;
	struct datum *data;
	size_t count, room;
	size_t rows; /* all rows, also those that are left out */
	size_t superseded, excluded, repeated;
};

struct dataset {
	int metric; /* a column, METRIC_OBJECTIVE or METRIC_NONE */
	const char *excluded_flag; /* NULL: none */
	const char *only_session;  /* NULL: all */
	struct observed_cell *cells;
	struct lookup cell_lookup;
	struct origin *origins;
	size_t origin_count;
	struct session *sessions;
	size_t session_count;
	struct moment *moments;
	struct lookup moment_lookup;
	struct distances distances;
	struct side sides[SIDES];
};

enum {
	DATASET_KEY_MAX = RECORD_KEY_MAX + 8,
	UNDISTURBED_MIN = 6, /* undisturbed rounds that suffice for leaving out
				the disturbed rounds */
};

/*
 * Writes a key that is equal for all rows of a cell: all factors except the
 * columns in `except`. If the window ends after a number of messages, the key
 * contains this number. Returns the number of bytes.
 */
size_t dataset_key(const struct record *row, const int *except, size_t excepted,
		   char key[DATASET_KEY_MAX]);

void dataset_init(struct dataset *set, int metric, const char *excluded_flag);
void dataset_free(struct dataset *set);

/* Whether the status of the row is ok and the verification did not fail. */
bool row_may_be_compared(const struct record *row);

/* Adds one row. duration_ns: the planned length of its window if the row does
 * not contain it; -1: unknown. */
void dataset_add_row(struct dataset *set, enum side_name side,
		     const struct record *row, int64_t duration_ns);

/* Adds a run's folder or a CSV file to a side. Returns 0, or -1 with the fault
 * set. */
int dataset_add(struct dataset *set, enum side_name side, const char *path,
		struct fault *fault);

/*
 * Adds several runs; their paths are joined by commas. If the whole text is the
 * path of an existing file, it is one run.
 */
int dataset_add_list(struct dataset *set, enum side_name side,
		     const char *paths, struct fault *fault);

/*
 * Sorts the data by cell, session, round and attempt, and decides which
 * observations count (see above). If a cell has several rows of one session,
 * round and attempt, the first row stays and the others count as repeated.
 */
void dataset_sort(struct dataset *set);

bool datum_is_disturbed(const struct datum *datum);

/* Whether this number of undisturbed rounds is large enough for leaving out the
 * disturbed rounds. */
bool undisturbed_suffice(size_t undisturbed);

/* The core distance that distinguishes the observation from other observations
 * of its cell. 0: the place has one class, or the distance is unknown. */
int64_t dataset_distance(const struct dataset *set, const struct datum *datum);

size_t dataset_cells(const struct dataset *set);

/* The sorted data of a cell on a side, with all attempts. */
const struct datum *dataset_data(const struct dataset *set, uint32_t cell,
				 enum side_name side, size_t *count);

/* The values of the used observations, in their order. The caller frees them.
 */
double *dataset_values(const struct dataset *set, uint32_t cell,
		       enum side_name side, size_t *count);

/* The number of sessions and the largest round number of a side. */
size_t dataset_sessions(const struct dataset *set, enum side_name side);
int64_t dataset_rounds(const struct dataset *set, enum side_name side);

#endif
