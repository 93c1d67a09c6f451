/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of a comparison: figures of a row by mode, then verdicts. */
#ifndef JUDGE_H
#define JUDGE_H

#include "comparison.h"
#include "inference.h"

/* Logarithms of new : base of the pairs of two cells. */
struct pairs {
	double *logs; /* to be freed */
	size_t count;
	size_t left_over; /* observations without a partner */
};

void pairs_make(const struct dataset *set, uint32_t base_cell,
		enum side_name base_side, uint32_t new_cell,
		enum side_name new_side, struct pairs *pairs);

/* Medians and counts; false: one of the sides has nothing. */
bool judge_medians(struct comparison *comparison, struct comparison_row *row);

/* Ratio, intervals, p and the smallest visible difference of a row. */
void judge_paired(struct comparison *comparison, struct comparison_row *row);
void judge_sessions(struct comparison *comparison, struct comparison_row *row);
void judge_unpaired(struct comparison *comparison, struct comparison_row *row);
void judge_described(struct comparison *comparison, struct comparison_row *row);

/* How much sessions of one build differ by themselves in a cell. */
struct noise {
	size_t sessions;
	size_t freedom; /* sessions beyond the first of each build */
	double size;	/* of the logarithm of a ratio of two; NaN: unknown */
};

enum {
	SIDES_ALL = (1 << SIDES) - 1,
};

/* Learned from the sessions on these sides, a bit for each. */
struct noise noise_of(const struct dataset *set, uint32_t cell, unsigned sides);

/* The logarithm of a ratio that noise exceeds with this chance; or NaN. */
double noise_floor(const struct noise *noise, double level);

/* Puts an estimate of logarithms into the row, as ratios. */
void judge_set(struct comparison_row *row, const struct estimate *shown,
	       const struct estimate *inner);

/* Adjusts p over the family, then gives all rows their verdicts. */
void judge_verdicts(struct comparison *comparison);

/* Finds runs beside the new one for the floor of unpaired comparisons. */
void history_add(struct dataset *set, const char *new_paths);

/* The rows and leads of a comparison within one run. */
int by_factor_make(struct comparison *comparison, struct fault *fault);

/* Whether its backend is a floor or, where backends are compared, foreign. */
bool cell_is_control(const struct record *factors);
bool cell_is_foreign(const struct record *factors);

/* Adds a row for two cells and returns it. */
struct comparison_row *comparison_add_row(struct comparison *comparison,
					  uint32_t base_cell,
					  uint32_t new_cell);

#endif
