/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of a row: its pairs at each core distance. */
#include <math.h>
#include <stdlib.h>

#include "judge.h"
#include "quantiles.h"
#include "signed_rank.h"

/*
 * Divides the candidate's values by the ratio and takes the median of all
 * values as the value of the baseline. The quotient of the two medians can
 * differ from the ratio; with bimodal noise, by a factor of two.
 */
double judge_level(const struct sample *base, const struct sample *new,
		   double shift)
{
	double *all = calloc(base->count + new->count + 1, sizeof(*all));
	double level;

	if (!all)
		abort();
	for (size_t i = 0; i < base->count; i++)
		all[i] = base->logs[i];
	for (size_t i = 0; i < new->count; i++)
		all[base->count + i] = new->logs[i] - shift;
	level = exp(median_of(all, base->count + new->count));
	free(all);
	return level;
}

/* Copies the pairs of a class. */
static void take_class(const struct pairs *pairs, uint32_t class,
		       struct sample *base, struct sample *new, double *logs)
{
	sample_init(base, pairs->count);
	sample_init(new, pairs->count);
	for (size_t i = 0; i < pairs->count; i++) {
		if (pairs->base.classes[i] != class)
			continue;
		base->logs[base->count++] = pairs->base.logs[i];
		logs[new->count] = pairs->logs[i];
		new->logs[new->count++] = pairs->new.logs[i];
	}
}

static bool has_several(const struct pairs *pairs)
{
	for (size_t i = 1; i < pairs->count; i++)
		if (pairs->base.classes[i] != pairs->base.classes[0])
			return true;
	return false;
}

void judge_parts(const struct comparison *comparison,
		 struct comparison_row *row, const struct pairs *pairs)
{
	const struct distances *distances = &comparison->set->distances;
	double *logs = calloc(pairs->count + 1, sizeof(*logs));

	if (!logs)
		abort();
	for (uint32_t c = 0; has_several(pairs) && c < distances->class_count;
	     c++) {
		struct sample base, new;
		double shift;

		take_class(pairs, c, &base, &new, logs);
		if (base.count && row->part_count < PARTS_MAX) {
			shift = comparison->options->sign
					? sign_estimate(logs, base.count, 0.95)
						  .value
					: signed_rank_estimate(logs, base.count,
							       0.95)
						  .value;
			row->parts[row->part_count++] =
				(struct comparison_part){
					distances->classes[c].median_ns,
					base.count,
					judge_level(&base, &new, shift),
					exp(shift),
				};
		}
		sample_free(&base);
		sample_free(&new);
	}
	free(logs);
}
