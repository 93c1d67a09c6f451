/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of a comparison: its rows, their figures, then verdicts. */
#ifndef JUDGE_H
#define JUDGE_H

#include "comparison.h"
#include "inference.h"

/* Rounds that two cells share: logarithms of both, and new minus base. */
struct pairs {
	double *logs; /* of the ratios */
	double *base, *new;
	size_t count;
	size_t left_over; /* observations without a partner */
};

void pairs_make(const struct dataset *set, uint32_t baseline_cell,
		enum side_name baseline_side, uint32_t candidate_cell,
		enum side_name candidate_side, struct pairs *pairs);
void pairs_free(struct pairs *pairs);

/* A cell's sessions on one side, each reduced to the median of logarithms. */
struct session_medians {
	double *logs;
	uint32_t *sessions;
	size_t count;
};

void session_medians_make(const struct dataset *set, uint32_t cell,
			  enum side_name side, struct session_medians *medians);
void session_medians_free(struct session_medians *medians);

/*
 * Whether the sessions of both sides alternate: in the order of their starts,
 * neither side is ever more than one session ahead.
 */
bool sessions_alternate(const struct dataset *set, const uint32_t *base,
			size_t bases, const uint32_t *new, size_t news);

/* Adds a row for two cells and returns it. */
struct comparison_row *comparison_add_row(struct comparison *comparison,
					  uint32_t baseline_cell,
					  uint32_t candidate_cell);

/* Whether its backend is a floor or, where backends are compared, foreign. */
bool cell_is_control(const struct record *factors);
bool cell_is_foreign(const struct record *factors);

/* Medians and counts, and whether the row can have a ratio. */
void judge_medians(struct comparison *comparison, struct comparison_row *row);

/* The figures of all rows by the mode, then their verdicts. */
void judge_rows(struct comparison *comparison);

/* Verdicts from p and intervals; adjusts p over the family. */
void judge_verdicts(struct comparison *comparison);

/* Takes an end of an interval to 1 where the test and it would disagree. */
void judge_align(bool rejected, double ratio, double *low, double *high);

/* The rows and leads of a comparison within one run. */
int by_factor_make(struct comparison *comparison, struct fault *fault);

#endif
