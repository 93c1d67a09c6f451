/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compares baseline and candidate cell by cell and gives a verdict for each
 * cell; docs/comparing.md describes the tests. A comparison is one table, and
 * the rows of the table are one family of tests.
 */
#ifndef COMPARISON_H
#define COMPARISON_H

#include "dataset.h"

enum outcome {
	OUTCOME_FASTER,
	OUTCOME_SLOWER,
	OUTCOME_HIGHER, /* higher, for a metric in which neither direction is
			   better */
	OUTCOME_LOWER,
	OUTCOME_SAME,
	OUTCOME_INCONCLUSIVE,
	OUTCOME_NONE,  /* no verdict possible; the ratio is descriptive */
	OUTCOME_DRIFT, /* a control cell: its ratio is the machine's drift */
	OUTCOMES,
};

extern const char *const outcome_names[OUTCOMES];

enum mode {
	MODE_PAIRED,
	MODE_SESSIONS,
	MODE_DESCRIPTIVE,
};

extern const char *const mode_names[];

/* The reason why a comparison cannot give verdicts. */
enum obstacle {
	OBSTACLE_NONE,
	OBSTACLE_HOSTS,	   /* different machines */
	OBSTACLE_ORDER,	   /* the sides do not alternate in time */
	OBSTACLE_SESSIONS, /* the sessions alternate, but are too few */
	OBSTACLE_SAME,	   /* a shared session, but no shared round */
};

enum {
	WHY_MAX = 240,
	PARTS_MAX = 4, /* largest number of core distances that a row shows */
};

struct comparison_options {
	int metric; /* a column, or METRIC_OBJECTIVE */
	double threshold;
	double alpha;
	bool adjust; /* Holm's correction for multiple comparisons */
	bool sign;   /* sign test instead of signed-rank test */
	int factor;  /* -1: compare two runs; otherwise the factor of --by */
	const char *base;	  /* baseline value of the factor */
	const char *exclude_flag; /* NULL: none */
};

/* The pairs of a row at one core distance. */
struct comparison_part {
	double distance_ns;
	size_t n;
	double baseline_level;
	double ratio;
};

/* Ratios are candidate / baseline. NaN: unknown. */
struct comparison_row {
	uint32_t baseline_cell, candidate_cell;
	enum outcome verdict;
	bool control;
	const char *note; /* why there is no verdict, or NULL */
	size_t baseline_count, candidate_count;
	size_t n; /* pairs, or sessions of the side with fewer sessions */
	double baseline_median, candidate_median;
	/* Estimated values of both sides; their quotient is the ratio. A row
	 * with several core distances: values at the most frequent distance. */
	double baseline_level, candidate_level;
	double ratio;
	/*
	 * Confidence interval of the ratio. With probability 1 - alpha, the
	 * intervals of all rows are right at once. In descriptive mode: the
	 * middle 90 % of the ratios of single observations.
	 */
	bool has_interval;
	double low, high, coverage;
	double p, p_adjusted;
	double detectable; /* the smallest difference that is detected with 80 %
			      power */
	double settles;	   /* rounds or sessions needed for a verdict */
	double inner_low, inner_high; /* interval of the logarithm of the ratio;
					 decides "same" */
	struct comparison_part parts[PARTS_MAX];
	size_t part_count; /* 0: one core distance */
};

/* Within one run: the best and the second-best cell of a group. */
struct comparison_lead {
	uint32_t best, next;
	size_t n;
	double ratio; /* how many times better `best` is than `next`; at least 1
		       */
	bool has_interval;
	double low, high;
	double p_adjusted;
	bool separated;
};

/* Cells that only one side measured. */
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
	size_t family; /* number of rows with a test */
	double level;  /* level of one test: alpha / family */
	size_t needed; /* smallest number of pairs or sessions for a verdict */
	size_t most;   /* largest number of pairs or sessions of a row */
	/* Geometric means of the ratios, without control cells and of the
	 * control cells. NaN: the rows compare several columns. */
	double geometric_mean;
	double drift;
	size_t controls;
	size_t verdicts[OUTCOMES];
	struct comparison_unmatched unmatched[SIDES];
	size_t without_base; /* comparison by factor: cells of groups without a
				baseline */
	size_t unverified, unmeasured; /* rows */
	size_t unpaired;
	/* Observations left out because the sides have different core
	 * distances, because a distance is unknown, or because the observation
	 * was disturbed. */
	size_t apart, unknown, disturbed;
	bool identical; /* both sides consist of equal observations */
	struct comparison_lead *leads;
	size_t lead_count;
	char left_out[WHY_MAX]; /* comparison by factor: left out values, "VALUE
				   (REASON), ..." */
};

/* Compares the sides of the set. Returns 0, or -1 with the fault set. */
int comparison_make(struct comparison *comparison, struct dataset *set,
		    const struct comparison_options *options,
		    struct fault *fault);
void comparison_free(struct comparison *comparison);

/* The column that a row compares. */
int comparison_metric(const struct comparison *comparison,
		      const struct comparison_row *row);

/* The column that all rows compare; METRIC_OBJECTIVE: the rows compare several
 * columns. */
int comparison_common_metric(const struct comparison *comparison);

/* Whether the data of at least one row suffice for faster or slower. */
bool comparison_can_judge(const struct comparison *comparison);

#endif
