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
	double *values = dataset_values(set, cell, side, count);
	double median = median_of(values, *count);

	free(values);
	return median;
}

void judge_medians(struct comparison *comparison, struct comparison_row *row)
{
	const struct dataset *set = comparison->set;
	const struct observed_cell *base = &set->cells[row->baseline_cell];
	const struct observed_cell *new = &set->cells[row->candidate_cell];
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

/* Sets values of both sides whose quotient is the ratio. */
static void set_levels(struct comparison_row *row, const struct sample *base,
		       const struct sample *new, double shift)
{
	row->ratio = exp(shift);
	row->baseline_level = judge_level(base, new, shift);
	row->candidate_level = row->baseline_level * row->ratio;
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
		row->settles = judge_rounds(
			comparison, row,
			fmax(power->settles, (double)comparison->needed));
}

double judge_rounds(const struct comparison *comparison,
		    const struct comparison_row *row, double pairs)
{
	int64_t rounds = dataset_rounds(comparison->set, SIDE_BASELINE);

	if (comparison->mode != MODE_PAIRED || !row->n)
		return pairs;
	return ceil(pairs * (double)rounds / (double)row->n);
}

static struct demand demand_of(const struct comparison *comparison)
{
	return (struct demand){ comparison->level,
				log1p(comparison->options->threshold) };
}

static void count_pairs(struct comparison *comparison,
			struct comparison_row *row, const struct pairs *pairs)
{
	bool same = true;

	comparison->unpaired += pairs->left_over;
	comparison->apart += 2 * pairs->apart;
	comparison->unknown += 2 * pairs->unknown;
	comparison->disturbed += 2 * pairs->left_out;
	row->n = pairs->count;
	for (size_t i = 0; i < pairs->count; i++)
		same &= pairs->logs[i] >= 0 && pairs->logs[i] <= 0;
	comparison->identical &= same && pairs->count > 0;
	if (pairs->count == 0)
		row->note = pairs->apart ? "the sides share no round at the "
					   "same core distance"
					 : "the sides share no round";
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

	pairs_make(comparison->set, row->baseline_cell, SIDE_BASELINE,
		   row->candidate_cell, comparison->candidate_side, &pairs);
	count_pairs(comparison, row, &pairs);
	row->p = 1;
	if (pairs.count) {
		shown = estimate(pairs.logs, pairs.count,
				 1 - comparison->level);
		inner = estimate(pairs.logs, pairs.count,
				 1 - 2 * options->alpha);
		judge_parts(comparison, row, &pairs);
		samples_align(comparison->set, &pairs.base, &pairs.new);
		set_levels(row, &pairs.base, &pairs.new, shown.value);
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

/* The used observations of both sides, aligned. */
static void make_samples(struct comparison *comparison,
			 struct comparison_row *row, struct sample *base,
			 struct sample *new)
{
	const struct dataset *set = comparison->set;
	enum side_name side = comparison->candidate_side;
	const struct cell_side *left =
		&set->cells[row->baseline_cell].on[SIDE_BASELINE];
	const struct cell_side *right =
		&set->cells[row->candidate_cell].on[side];

	sample_make(base, set, row->baseline_cell, SIDE_BASELINE);
	sample_make(new, set, row->candidate_cell, side);
	comparison->disturbed += left->rounds - left->used + right->rounds -
				 right->used;
	if (!samples_align(set, base, new) && !row->note)
		row->note = "the sides were measured at different core "
			    "distances";
	comparison->apart += left->used - base->count + right->used -
			     new->count;
}

static void judge_sessions(struct comparison *comparison,
			   struct comparison_row *row)
{
	const struct comparison_options *options = comparison->options;
	struct demand demand = demand_of(comparison);
	struct sample base_sample, new_sample;
	struct session_medians base, new;
	struct estimate shown, inner;
	struct power power;

	make_samples(comparison, row, &base_sample, &new_sample);
	session_medians_make(&base_sample, &base);
	session_medians_make(&new_sample, &new);
	row->n = base.count < new.count ? base.count : new.count;
	shown = rank_sum_estimate(base.logs, base.count, new.logs, new.count,
				  1 - comparison->level);
	inner = rank_sum_estimate(base.logs, base.count, new.logs, new.count,
				  1 - 2 * options->alpha);
	set_levels(row,
		   &(struct sample){ .logs = base.logs, .count = base.count },
		   &(struct sample){ .logs = new.logs, .count = new.count },
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
	sample_free(&base_sample);
	sample_free(&new_sample);
}

/* The median ratio of two observations, and the middle 90 % of the ratios. */
static void judge_descriptive(struct comparison *comparison,
			      struct comparison_row *row)
{
	struct sample base_sample, new_sample;
	double *base, *new, shift;
	size_t bases, news;
	uint64_t ratios, tail;

	make_samples(comparison, row, &base_sample, &new_sample);
	bases = base_sample.count;
	news = new_sample.count;
	ratios = (uint64_t)bases * news;
	tail = ratios / 20 + 1;
	base = ranks_sorted_copy(base_sample.logs, bases);
	new = ranks_sorted_copy(new_sample.logs, news);
	shift = (shift_select(base, bases, new, news, (ratios + 1) / 2) +
		 shift_select(base, bases, new, news, ratios / 2 + 1)) /
		2;
	row->n = bases < news ? bases : news;
	set_levels(row, &base_sample, &new_sample, shift);
	row->has_interval = ratios > 1;
	row->low = exp(shift_select(base, bases, new, news, tail));
	row->high = exp(
		shift_select(base, bases, new, news, ratios + 1 - tail));
	free(base);
	free(new);
	sample_free(&base_sample);
	sample_free(&new_sample);
}

static bool has_ratio(const struct comparison *comparison,
		      const struct comparison_row *row)
{
	const struct observed_cell *cells = comparison->set->cells;

	return !cells[row->baseline_cell].on[SIDE_BASELINE].not_positive &&
	       !cells[row->candidate_cell]
			.on[comparison->candidate_side]
			.not_positive;
}

/* Describes a row without a verdict. Left-out observations have been counted
 * before. */
static void describe(struct comparison *comparison, struct comparison_row *row)
{
	size_t apart = comparison->apart, disturbed = comparison->disturbed;

	judge_descriptive(comparison, row);
	comparison->apart = apart;
	comparison->disturbed = disturbed;
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
			describe(comparison, row);
		comparison->most = row->n > comparison->most ? row->n
							     : comparison->most;
	}
	judge_verdicts(comparison);
}
