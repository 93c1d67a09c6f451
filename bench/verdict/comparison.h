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
	OUTCOME_HIGHER, /* of a metric without a better direction */
	OUTCOME_LOWER,
	OUTCOME_SAME,
	OUTCOME_INCONCLUSIVE,
	OUTCOME_NONE,  /* no verdict is possible; the ratio only describes */
	OUTCOME_DRIFT, /* a control cell: shows the machine's drift */
	OUTCOMES,
};

extern const char *const outcome_names[OUTCOMES];

enum mode {
	MODE_PAIRED,
	MODE_SESSIONS,
	MODE_DESCRIPTIVE,
};

extern const char *const mode_names[];

/* Why there is no verdict: what was measured cannot be judged. */
enum obstacle {
	OBSTACLE_NONE,
	OBSTACLE_HOSTS,	   /* different machines */
	OBSTACLE_ORDER,	   /* the sides do not alternate in time */
	OBSTACLE_SESSIONS, /* they alternate, but are too few */
	OBSTACLE_SAME,	   /* rounds of one session, but not the same ones */
};

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

/* Ratios are candidate : baseline. NaN stands for what could not be had. */
struct comparison_row {
	uint32_t baseline_cell, candidate_cell;
	enum outcome verdict;
	bool control;
	const char *note; /* why there is no verdict, or NULL */
	size_t baseline_count, candidate_count;
	size_t n; /* pairs, or sessions of the smaller side */
	double baseline_median, candidate_median;
	/* Levels of both sides whose quotient is the ratio. */
	double baseline_level, candidate_level;
	double ratio;
	/*
	 * The intervals of all rows hold together with 1 - alpha. Without a
	 * verdict: the middle 90 % of single observations.
	 */
	bool has_interval;
	double low, high, coverage;
	double p, p_adjusted;
	double detectable; /* the smallest difference found with 80 % power */
	double settles;	   /* rounds or sessions that would give a verdict */
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

/* Cells that only one side has. */
struct comparison_unmatched {
	uint32_t *cells;
	size_t count;
};

struct comparison {
	const struct comparison_options *options;
	const struct dataset *set;
	enum side_name candidate_side;
	enum mode mode;
	enum obstacle obstacle;
	struct comparison_row *rows;
	size_t count;
	size_t family; /* rows that are judged together */
	double level;  /* alpha over the family */
	size_t needed; /* pairs or sessions, so that one can be judged */
	size_t most;   /* pairs or sessions that a row has */
	double geometric_mean; /* of the ratios of all rows but controls */
	double drift;	       /* the same of the controls */
	size_t controls;
	size_t verdicts[OUTCOMES];
	struct comparison_unmatched unmatched[SIDES];
	size_t without_base; /* by factor: cells of groups without it */
	size_t unverified, unmeasured; /* rows */
	size_t unpaired;
	bool identical; /* both sides are the same observations */
	struct comparison_lead *leads;
	size_t lead_count;
	char left_out[WHY_MAX]; /* by factor: values that are not compared */
};

/* base and new as in dataset_add_list(). Returns 0 or -1. */
int comparison_make(struct comparison *comparison, struct dataset *set,
		    const struct comparison_options *options,
		    struct fault *fault);
void comparison_free(struct comparison *comparison);

/* Whether any row could have become faster or slower. */
bool comparison_can_judge(const struct comparison *comparison);

#endif
