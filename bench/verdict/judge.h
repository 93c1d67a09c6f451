/* SPDX-License-Identifier: BSD-2-Clause */
/* The steps of a comparison: rows, figures of the rows, verdicts. */
#ifndef JUDGE_H
#define JUDGE_H

#include "comparison.h"
#include "inference.h"
#include "sample.h"

/*
 * Observations of two cells in the same rounds. The two observations of a pair
 * have the same core distance. The class of a pair is CLASS_UNKNOWN if a
 * distance is unknown or if the two cells have different places.
 */
struct pairs {
	double *logs; /* log(candidate / baseline) */
	struct sample base, new;
	bool *disturbed;
	size_t count;
	size_t left_over; /* observations of rounds that only one cell has */
	size_t apart;	/* pairs left out because their core distances differ */
	size_t unknown; /* pairs left out because a core distance is unknown */
	size_t left_out; /* ..or disturbed */
};

void pairs_make(const struct dataset *set, uint32_t baseline_cell,
		enum side_name baseline_side, uint32_t candidate_cell,
		enum side_name candidate_side, struct pairs *pairs);
void pairs_free(struct pairs *pairs);

/* For each session of a sample: the median of the logarithms. */
struct session_medians {
	double *logs;
	uint32_t *sessions;
	size_t count;
};

void session_medians_make(const struct sample *sample,
			  struct session_medians *medians);
void session_medians_free(struct session_medians *medians);

/*
 * Whether the sessions of both sides alternate: at each start of a session, the
 * numbers of sessions of the two sides differ by at most one.
 */
bool sessions_alternate(const struct dataset *set, const uint32_t *base,
			size_t bases, const uint32_t *new, size_t news);

/* Adds a row for two cells and returns it. */
struct comparison_row *comparison_add_row(struct comparison *comparison,
					  uint32_t baseline_cell,
					  uint32_t candidate_cell);

/* Whether the backend is not a queue (harness cost or bound), or is an external
 * program. */
bool cell_is_control(const struct record *factors);
bool cell_is_foreign(const struct record *factors);

/* Medians and counts, and whether the row can have a ratio. */
void judge_medians(struct comparison *comparison, struct comparison_row *row);

/* A value of the baseline that is consistent with the values of both sides and
 * the ratio; shift: logarithm of the ratio. */
double judge_level(const struct sample *base, const struct sample *new,
		   double shift);

/* Sets the parts of a row whose pairs have several core distances. */
void judge_parts(const struct comparison *comparison,
		 struct comparison_row *row, const struct pairs *pairs);

/* Computes the figures and then the verdicts of all rows. */
void judge_rows(struct comparison *comparison);

/* Corrects p for multiple comparisons and sets the verdicts. */
void judge_verdicts(struct comparison *comparison);

/* Moves an end of the interval to 1 if the interval contradicts the test. */
void judge_align(bool rejected, double ratio, double *low, double *high);

/* Makes the rows and leads of a comparison within one run. */
int by_factor_make(struct comparison *comparison, struct fault *fault);

/* The rounds that give the row so many pairs, if as large a share of the rounds
 * is disturbed or at another core distance as until now. In other modes: the
 * number itself. */
double judge_rounds(const struct comparison *comparison,
		    const struct comparison_row *row, double pairs);

#endif
