/* SPDX-License-Identifier: BSD-2-Clause */
/* Paired and described rows, and the verdicts of all of them. */
#include <math.h>
#include <stdlib.h>

#include "judge.h"
#include "metrics.h"
#include "quantiles.h"
#include "rank_sum.h"
#include "signed_rank.h"

/* Below 0: left comes first; by session and round. */
static int in_time(const struct dataset *set, const struct datum *left,
		   const struct datum *right)
{
	const struct moment *l = &set->moments[left->when];
	const struct moment *r = &set->moments[right->when];

	if (l->session != r->session)
		return l->session < r->session ? -1 : 1;
	return l->round < r->round ? -1 : l->round > r->round;
}

void pairs_make(const struct dataset *set, uint32_t base_cell,
		enum side_name base_side, uint32_t new_cell,
		enum side_name new_side, struct pairs *pairs)
{
	size_t bases, news, i = 0, j = 0;
	const struct datum *base, *new;

	base = dataset_data(set, base_cell, base_side, &bases);
	new = dataset_data(set, new_cell, new_side, &news);
	pairs->count = 0;
	pairs->logs = calloc((bases < news ? bases : news) + 1,
			     sizeof(*pairs->logs));
	if (!pairs->logs)
		abort();
	while (i < bases && j < news) {
		int order = in_time(set, &base[i], &new[j]);

		if (order == 0)
			pairs->logs[pairs->count++] = log(new[j].value) -
						      log(base[i].value);
		i += order <= 0;
		j += order >= 0;
	}
	pairs->left_over = bases + news - 2 * pairs->count;
}

static double median_on(const struct dataset *set, uint32_t cell,
			enum side_name side, size_t *count)
{
	const struct datum *data = dataset_data(set, cell, side, count);
	double *values = calloc(*count + 1, sizeof(*values)), median;

	if (!values)
		abort();
	for (size_t i = 0; i < *count; i++)
		values[i] = data[i].value;
	median = median_of(values, *count);
	free(values);
	return median;
}

bool judge_medians(struct comparison *comparison, struct comparison_row *row)
{
	const struct dataset *set = comparison->set;
	enum side_name side = comparison->new_side;

	row->base_median = median_on(set, row->base_cell, SIDE_BASE,
				     &row->base_count);
	row->new_median = median_on(set, row->new_cell, side, &row->new_count);
	if (!row->base_count || !row->new_count)
		return false;
	if (set->cells[row->base_cell].on[SIDE_BASE].unlogged ||
	    set->cells[row->new_cell].on[side].unlogged)
		row->note = "zeros: no ratio";
	else
		row->ratio = row->new_median / row->base_median;
	return true;
}

void judge_set(struct comparison_row *row, const struct estimate *shown,
	       const struct estimate *inner)
{
	row->ratio = exp(shown->value);
	row->has_interval = shown->has_interval;
	row->low = exp(shown->low);
	row->high = exp(shown->high);
	row->coverage = shown->coverage;
	if (inner->has_interval) {
		row->inner_low = inner->low;
		row->inner_high = inner->high;
	}
}

/* Half of the interval that fits the test at the level, or the threshold. */
static double visible(const struct comparison *comparison,
		      const struct estimate *at_level)
{
	if (!at_level->has_interval)
		return NAN;
	return expm1(fmax((at_level->high - at_level->low) / 2,
			  log1p(comparison->options->threshold)));
}

void judge_paired(struct comparison *comparison, struct comparison_row *row)
{
	const struct comparison_options *options = comparison->options;
	struct estimate (*estimate)(const double *, size_t, double) =
		options->sign ? sign_estimate : signed_rank_estimate;
	struct estimate shown, inner, at_level;
	struct pairs pairs;
	bool same = true;

	pairs_make(comparison->set, row->base_cell, SIDE_BASE, row->new_cell,
		   comparison->new_side, &pairs);
	comparison->unpaired += pairs.left_over;
	row->n = pairs.count;
	row->p = 1;
	if (pairs.count) {
		shown = estimate(pairs.logs, pairs.count, 1 - options->alpha);
		inner = estimate(pairs.logs, pairs.count,
				 1 - 2 * options->alpha);
		at_level = estimate(pairs.logs, pairs.count,
				    1 - comparison->level);
		judge_set(row, &shown, &inner);
		row->visible = visible(comparison, &at_level);
		row->p = options->sign
				 ? sign_test(pairs.logs, pairs.count).p
				 : signed_rank_test(pairs.logs, pairs.count).p;
	}
	for (size_t i = 0; i < pairs.count; i++)
		same &= pairs.logs[i] >= 0 && pairs.logs[i] <= 0;
	comparison->identical &= same && pairs.count > 0;
	free(pairs.logs);
}

/* A session's observations of a cell stand together: reduced to the median. */
static double *session_medians(const struct dataset *set, uint32_t cell,
			       enum side_name side, size_t *sessions)
{
	size_t count;
	const struct datum *data = dataset_data(set, cell, side, &count);
	double *logs = calloc(count + 1, sizeof(*logs));

	if (!logs)
		abort();
	*sessions = 0;
	for (size_t first = 0, end; first < count; first = end) {
		uint32_t session = set->moments[data[first].when].session;

		for (end = first; end < count; end++) {
			if (set->moments[data[end].when].session != session)
				break;
			logs[end] = log(data[end].value);
		}
		/* Writes behind what has been read. */
		logs[*sessions] = median_of(logs + first, end - first);
		(*sessions)++;
	}
	return logs;
}

void judge_sessions(struct comparison *comparison, struct comparison_row *row)
{
	const struct comparison_options *options = comparison->options;
	struct estimate shown, inner, at_level;
	size_t bases, news;
	double *base = session_medians(comparison->set, row->base_cell,
				       SIDE_BASE, &bases);
	double *new = session_medians(comparison->set, row->new_cell,
				      comparison->new_side, &news);

	row->n = bases < news ? bases : news;
	shown = rank_sum_estimate(base, bases, new, news, 1 - options->alpha);
	inner = rank_sum_estimate(base, bases, new, news,
				  1 - 2 * options->alpha);
	at_level = rank_sum_estimate(base, bases, new, news,
				     1 - comparison->level);
	judge_set(row, &shown, &inner);
	row->visible = visible(comparison, &at_level);
	row->p = rank_sum_test(base, bases, new, news).p;
	free(base);
	free(new);
}

void judge_described(struct comparison *comparison, struct comparison_row *row)
{
	(void)comparison;
	row->n = row->base_count < row->new_count ? row->base_count
						  : row->new_count;
}

static void adjust(struct comparison *comparison)
{
	double *p = calloc(comparison->count + 1, sizeof(*p));
	size_t count = 0;

	if (!p)
		abort();
	for (size_t i = 0; i < comparison->count; i++)
		if (!comparison->rows[i].control && !comparison->rows[i].note)
			p[count++] = fmin(comparison->rows[i].p, 1);
	/* The floor of a lone run is made for the whole family at once. */
	if (comparison->mode == MODE_UNPAIRED)
		for (size_t i = 0; i < count; i++)
			p[i] = fmin(1, p[i] * (comparison->options->adjust
						       ? (double)count
						       : 1));
	else if (comparison->options->adjust)
		holm_adjust(p, count);
	count = 0;
	for (size_t i = 0; i < comparison->count; i++)
		if (!comparison->rows[i].control && !comparison->rows[i].note)
			comparison->rows[i].p_adjusted = p[count++];
	free(p);
}

static enum outcome judge(const struct comparison *comparison,
			  const struct comparison_row *row)
{
	double threshold = log1p(comparison->options->threshold);
	double shift = log(row->ratio);

	if (row->control)
		return OUTCOME_DRIFT;
	if (row->note || comparison->mode == MODE_DESCRIPTIVE)
		return OUTCOME_DESCRIPTIVE;
	if (comparison->mode == MODE_UNPAIRED && isnan(row->p))
		return OUTCOME_UNVERIFIED;
	if (row->p_adjusted <= comparison->options->alpha &&
	    fabs(shift) > threshold)
		return (shift > 0) == metric_higher_is_better(
					      comparison->options->metric)
			       ? OUTCOME_FASTER
			       : OUTCOME_SLOWER;
	/* Too few rounds give no verdict, whatever their interval. */
	if (!isnan(row->visible) && row->inner_low > -threshold &&
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

		row->verdict = judge(comparison, row);
		comparison->verdicts[row->verdict]++;
		if (isnan(row->ratio))
			continue;
		if (row->control)
			controls[comparison->controls++] = log(row->ratio);
		else
			logs[count++] = log(row->ratio);
	}
	comparison->geometric_mean = geometric_mean(logs, count);
	comparison->drift = geometric_mean(controls, comparison->controls);
	free(logs);
}
