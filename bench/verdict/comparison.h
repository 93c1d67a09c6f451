/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two sides, cell by cell, with a verdict for each: docs/methodology.md says
 * how. One comparison is one table, and its rows are one family of tests.
 */
#ifndef COMPARISON_H
#define COMPARISON_H

#include "dataset.h"

enum outcome {
	OUTCOME_FASTER,
	OUTCOME_SLOWER,
	OUTCOME_SAME,
	OUTCOME_INCONCLUSIVE,
	OUTCOME_UNVERIFIED,  /* nothing to judge a lone run by */
	OUTCOME_DESCRIPTIVE, /* cannot be judged */
	OUTCOME_DRIFT,	     /* a control cell: shows the machine's drift */
	OUTCOMES,
};

extern const char *const outcome_names[OUTCOMES];

enum mode {
	MODE_PAIRED,
	MODE_SESSIONS,
	MODE_UNPAIRED,
	MODE_DESCRIPTIVE,
};

extern const char *const mode_names[];

enum {
	WHY_MAX = 240,
	COMPARISON_ROWS_MAX = 1 << 20,
};

struct comparison_options {
	int metric; /* a column */
	double threshold;
	double alpha;
	bool adjust;		  /* by Holm, or not at all */
	bool sign;		  /* the sign test, not the signed-rank test */
	int factor;		  /* -1: two sides; else within one, by it.. */
	const char *base;	  /* ..against this value */
	const char *exclude_flag; /* NULL: none */
};

/* Ratios are new : base. NaN stands for what could not be had. */
struct comparison_row {
	uint32_t base_cell, new_cell;
	enum outcome verdict;
	bool control;
	const char *note; /* why there is no verdict, or NULL */
	size_t base_count, new_count;
	size_t n; /* pairs, or sessions of the smaller side */
	double base_median, new_median;
	double ratio;
	bool has_interval;
	double low, high, coverage;
	double p, p_adjusted;
	double visible; /* the smallest difference that would be seen */
	double inner_low, inner_high; /* logarithms; for "same" */
};

/* Within one run: the best of a group and the next. */
struct comparison_lead {
	uint32_t best, next;
	size_t n;
	double ratio; /* best : next in what is better, so above 1 */
	bool has_interval;
	double low, high;
	double p_adjusted;
	bool separated;
};

struct comparison {
	const struct comparison_options *options;
	const struct dataset *set;
	enum side_name new_side;
	enum mode mode;
	char why[WHY_MAX];
	struct comparison_row *rows;
	size_t count;
	size_t family; /* rows that are judged together */
	double level;  /* alpha over the family */
	size_t needed; /* pairs or sessions, so that one can be judged */
	double geometric_mean; /* of the ratios of all rows but controls */
	double drift;	       /* the same of the controls */
	size_t controls;
	size_t verdicts[OUTCOMES];
	size_t only_base, only_new;    /* cells */
	size_t unverified, unmeasured; /* rows */
	size_t unpaired;
	bool identical;	       /* both sides are the same observations */
	size_t floor_sessions; /* unpaired: the most behind a floor */
	struct comparison_lead *leads;
	size_t lead_count;
	char left_out[WHY_MAX]; /* by factor: values that are not compared */
};

/* base and new as in dataset_add_list(). Returns 0 or -1. */
int comparison_make(struct comparison *comparison, struct dataset *set,
		    const struct comparison_options *options,
		    struct fault *fault);
void comparison_free(struct comparison *comparison);

#endif
