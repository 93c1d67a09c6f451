/* SPDX-License-Identifier: BSD-2-Clause */
/* The figures of a row: ratio, interval, p and detectable difference. */
#include <math.h>
#include <stdlib.h>

#include "judge.h"
#include "pairwise.h"
#include "power.h"
#include "quantiles.h"
#include "rank_sum.h"
#include "ranks.h"
#include "signed_rank.h"

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

void judge_medians(struct comparison *comparison, struct comparison_row *row)
{
	const struct dataset *set = comparison->set;
	const struct compared_cell *base = &set->cells[row->baseline_cell];
	const struct compared_cell *new = &set->cells[row->candidate_cell];
	enum side_name side = comparison->candidate_side;

	row->baseline_median = median_on(set, row->baseline_cell, SIDE_BASELINE,
					 &row->baseline_count);
	row->candidate_median = median_on(set, row->candidate_cell, side,
					  &row->candidate_count);
	if (base->on[SIDE_BASELINE].not_positive || new->on[side].not_positive)
		row->note = "a value is 0, so there is no ratio";
	else if (!record_has(&base->factors, COLUMN_duration_ns) ||
		 !record_has(&new->factors, COLUMN_duration_ns))
		row->note = "the length of the window is unknown";
}

/*
 * Sets values of both sides whose quotient is the ratio. Divides the
 * candidate's values by the ratio and takes the median of all values as the
 * value of the baseline. The quotient of the sides' own medians can differ from
 * the ratio, with bimodal noise by a factor of two.
 */
static void set_levels(struct comparison_row *row, const double *base,
		       size_t bases, const double *new, size_t news,
		       double shift)
{
	double *all = calloc(bases + news + 1, sizeof(*all));

	if (!all)
		abort();
	for (size_t i = 0; i < bases; i++)
		all[i] = base[i];
	for (size_t i = 0; i < news; i++)
		all[bases + i] = new[i] - shift;
	row->ratio = exp(shift);
	row->baseline_level = exp(median_of(all, bases + news));
	row->candidate_level = row->baseline_level * row->ratio;
	free(all);
}

static void set_interval(struct comparison_row *row,
			 const struct estimate *shown)
{
	row->has_interval = shown->has_interval;
	row->low = exp(shown->low);
	row->high = exp(shown->high);
	row->coverage = shown->coverage;
}

static void set_power(const struct comparison *comparison,
		      struct comparison_row *row, const struct estimate *inner,
		      const struct power *power)
{
	if (inner->has_interval) {
		row->inner_low = inner->low;
		row->inner_high = inner->high;
	}
	row->detectable = expm1(power->detectable);
	if (!isnan(power->settles))
		row->settles = fmax(power->settles, (double)comparison->needed);
}

static struct demand demand_of(const struct comparison *comparison)
{
	return (struct demand){ comparison->level,
				log1p(comparison->options->threshold) };
}

static void judge_paired(struct comparison *comparison,
			 struct comparison_row *row)
{
	const struct comparison_options *options = comparison->options;
	struct estimate (*estimate)(const double *, size_t, double) =
		options->sign ? sign_estimate : signed_rank_estimate;
	struct demand demand = demand_of(comparison);
	struct estimate shown, inner;
	struct power power;
	struct pairs pairs;
	bool same = true;

	pairs_make(comparison->set, row->baseline_cell, SIDE_BASELINE,
		   row->candidate_cell, comparison->candidate_side, &pairs);
	comparison->unpaired += pairs.left_over;
	row->n = pairs.count;
	row->p = 1;
	for (size_t i = 0; i < pairs.count; i++)
		same &= pairs.logs[i] >= 0 && pairs.logs[i] <= 0;
	comparison->identical &= same && pairs.count > 0;
	if (pairs.count == 0)
		row->note = "the sides share no round";
	if (pairs.count) {
		shown = estimate(pairs.logs, pairs.count,
				 1 - comparison->level);
		inner = estimate(pairs.logs, pairs.count,
				 1 - 2 * options->alpha);
		set_levels(row, pairs.base, pairs.count, pairs.new, pairs.count,
			   shown.value);
		set_interval(row, &shown);
		power = power_of_pairs(pairs.logs, pairs.count, options->sign,
				       &inner, &demand);
		set_power(comparison, row, &inner, &power);
		row->p = options->sign
				 ? sign_test(pairs.logs, pairs.count).p
				 : signed_rank_test(pairs.logs, pairs.count).p;
	}
	pairs_free(&pairs);
}

static void judge_sessions(struct comparison *comparison,
			   struct comparison_row *row)
{
	const struct comparison_options *options = comparison->options;
	struct demand demand = demand_of(comparison);
	struct session_medians base, new;
	struct estimate shown, inner;
	struct power power;

	session_medians_make(comparison->set, row->baseline_cell, SIDE_BASELINE,
			     &base);
	session_medians_make(comparison->set, row->candidate_cell,
			     comparison->candidate_side, &new);
	row->n = base.count < new.count ? base.count : new.count;
	shown = rank_sum_estimate(base.logs, base.count, new.logs, new.count,
				  1 - comparison->level);
	inner = rank_sum_estimate(base.logs, base.count, new.logs, new.count,
				  1 - 2 * options->alpha);
	set_levels(row, base.logs, base.count, new.logs, new.count,
		   shown.value);
	set_interval(row, &shown);
	power = power_of_samples(base.logs, base.count, new.logs, new.count,
				 &inner, &demand);
	set_power(comparison, row, &inner, &power);
	row->p = rank_sum_test(base.logs, base.count, new.logs, new.count).p;
	if (!sessions_alternate(comparison->set, base.sessions, base.count,
				new.sessions, new.count))
		row->note = "the sessions do not alternate";
	session_medians_free(&base);
	session_medians_free(&new);
}

static double *sorted_logs(const struct dataset *set, uint32_t cell,
			   enum side_name side, size_t *count)
{
	const struct datum *data = dataset_data(set, cell, side, count);
	double *logs = calloc(*count + 1, sizeof(*logs)), *sorted;

	if (!logs)
		abort();
	for (size_t i = 0; i < *count; i++)
		logs[i] = log(data[i].value);
	sorted = ranks_sorted_copy(logs, *count);
	free(logs);
	return sorted;
}

/* The median ratio of two observations, and the middle 90 % of the ratios. */
static void judge_descriptive(struct comparison *comparison,
			      struct comparison_row *row)
{
	size_t bases, news;
	double *base = sorted_logs(comparison->set, row->baseline_cell,
				   SIDE_BASELINE, &bases);
	double *new = sorted_logs(comparison->set, row->candidate_cell,
				  comparison->candidate_side, &news);
	uint64_t ratios = (uint64_t)bases * news, tail = ratios / 20 + 1;
	double shift = (shift_select(base, bases, new, news, (ratios + 1) / 2) +
			shift_select(base, bases, new, news, ratios / 2 + 1)) /
		       2;

	row->n = bases < news ? bases : news;
	set_levels(row, base, bases, new, news, shift);
	row->has_interval = ratios > 1;
	row->low = exp(shift_select(base, bases, new, news, tail));
	row->high = exp(
		shift_select(base, bases, new, news, ratios + 1 - tail));
	free(base);
	free(new);
}

static bool has_ratio(const struct comparison *comparison,
		      const struct comparison_row *row)
{
	const struct compared_cell *cells = comparison->set->cells;

	return !cells[row->baseline_cell].on[SIDE_BASELINE].not_positive &&
	       !cells[row->candidate_cell]
			.on[comparison->candidate_side]
			.not_positive;
}

void judge_rows(struct comparison *comparison)
{
	static void (*const judges[])(struct comparison *,
				      struct comparison_row *) = {
		[MODE_PAIRED] = judge_paired,
		[MODE_SESSIONS] = judge_sessions,
		[MODE_DESCRIPTIVE] = judge_descriptive,
	};

	comparison->identical = comparison->mode == MODE_PAIRED;
	for (size_t i = 0; i < comparison->count; i++) {
		struct comparison_row *row = &comparison->rows[i];

		if (!row->note)
			judges[comparison->mode](comparison, row);
		if (row->note && has_ratio(comparison, row))
			judge_descriptive(comparison, row);
		comparison->most = row->n > comparison->most ? row->n
							     : comparison->most;
	}
	judge_verdicts(comparison);
}
