/* SPDX-License-Identifier: BSD-2-Clause */
/* Derives the verdicts from the figures of the rows. */
#include <math.h>
#include <stdlib.h>

#include "judge.h"
#include "metrics.h"
#include "quantiles.h"

static bool in_family(const struct comparison *comparison,
		      const struct comparison_row *row)
{
	return !row->control && !row->note &&
	       comparison->mode != MODE_DESCRIPTIVE;
}

static void adjust(struct comparison *comparison)
{
	double *p = calloc(comparison->count + 1, sizeof(*p));
	size_t count = 0;

	if (!p)
		abort();
	for (size_t i = 0; i < comparison->count; i++)
		if (in_family(comparison, &comparison->rows[i]))
			p[count++] = fmin(comparison->rows[i].p, 1);
	if (comparison->options->adjust)
		holm_adjust(p, count);
	count = 0;
	for (size_t i = 0; i < comparison->count; i++)
		if (in_family(comparison, &comparison->rows[i]))
			comparison->rows[i].p_adjusted = p[count++];
	free(p);
}

/*
 * The intervals use Bonferroni's correction. Holm's correction rejects in
 * slightly more cases, and with ties or zeros the test and the interval can
 * differ by a rank. If test and interval disagree, the end of the interval that
 * is nearer to 1 becomes 1.
 */
void judge_align(bool rejected, double ratio, double *low, double *high)
{
	if (rejected && ratio > 1)
		*low = fmax(*low, 1);
	else if (rejected)
		*high = fmin(*high, 1);
	else {
		*low = fmin(*low, 1);
		*high = fmax(*high, 1);
	}
}

static void align(const struct comparison *comparison,
		  struct comparison_row *row)
{
	bool rejected = row->p_adjusted <= comparison->options->alpha;

	if (!row->has_interval && !rejected)
		return;
	if (!row->has_interval) {
		row->low = 0;
		row->high = INFINITY;
		row->has_interval = true;
	}
	judge_align(rejected, row->ratio, &row->low, &row->high);
}

static enum outcome direction(const struct comparison *comparison,
			      const struct comparison_row *row, bool more)
{
	enum column_better better = metric_better(
		comparison_metric(comparison, row));

	if (better == BETTER_NEITHER)
		return more ? OUTCOME_HIGHER : OUTCOME_LOWER;
	return more == (better == BETTER_HIGHER) ? OUTCOME_FASTER
						 : OUTCOME_SLOWER;
}

static enum outcome judge(const struct comparison *comparison,
			  const struct comparison_row *row)
{
	double threshold = log1p(comparison->options->threshold);
	double shift = log(row->ratio);

	if (row->control)
		return OUTCOME_DRIFT;
	if (!in_family(comparison, row))
		return OUTCOME_NONE;
	if (row->p_adjusted <= comparison->options->alpha &&
	    fabs(shift) > threshold)
		return direction(comparison, row, shift > 0);
	/* With too few rounds there is no verdict, even if the interval is
	 * narrow. */
	if (!isnan(row->detectable) && row->inner_low > -threshold &&
	    row->inner_high < threshold)
		return OUTCOME_SAME;
	return OUTCOME_INCONCLUSIVE;
}

void judge_verdicts(struct comparison *comparison)
{
	double *logs = calloc(2 * comparison->count + 1, sizeof(*logs));
	double *controls;
	size_t count = 0;

	if (!logs)
		abort();
	controls = logs + comparison->count;
	adjust(comparison);
	for (size_t i = 0; i < comparison->count; i++) {
		struct comparison_row *row = &comparison->rows[i];

		if (in_family(comparison, row))
			align(comparison, row);
		row->verdict = judge(comparison, row);
		if (row->verdict != OUTCOME_INCONCLUSIVE)
			row->settles = NAN;
		comparison->verdicts[row->verdict]++;
		if (isnan(row->ratio))
			continue;
		if (row->control)
			controls[comparison->controls++] = log(row->ratio);
		else
			logs[count++] = log(row->ratio);
	}
	if (comparison_common_metric(comparison) == METRIC_OBJECTIVE)
		count = comparison->controls = 0;
	comparison->geometric_mean = geometric_mean(logs, count);
	comparison->drift = geometric_mean(controls, comparison->controls);
	free(logs);
}
