/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of a comparison and their observations. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "quantiles.h"
#include "registry.h"

bool cell_is_control(const struct record *factors)
{
	return registry_is_not_a_queue(record_text(factors, COLUMN_backend));
}

bool cell_is_foreign(const struct record *factors)
{
	struct backend_choice choice;

	return registry_find_choice(record_text(factors, COLUMN_backend),
				    &choice) &&
	       choice.external;
}

struct comparison_row *comparison_add_row(struct comparison *comparison,
					  uint32_t baseline_cell,
					  uint32_t candidate_cell)
{
	size_t count = comparison->count;
	struct comparison_row *row;

	if ((count & (count - 1)) == 0) {
		comparison->rows = realloc(comparison->rows,
					   (count ? 2 * count : 1) *
						   sizeof(*row));
		if (!comparison->rows)
			abort();
	}
	row = &comparison->rows[comparison->count++];
	*row = (struct comparison_row){
		.baseline_cell = baseline_cell,
		.candidate_cell = candidate_cell,
		.baseline_level = NAN,
		.candidate_level = NAN,
		.ratio = NAN,
		.low = NAN,
		.high = NAN,
		.p = NAN,
		.p_adjusted = NAN,
		.detectable = NAN,
		.settles = NAN,
		.inner_low = NAN,
		.inner_high = NAN,
	};
	return row;
}

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count + 1, size);

	if (!memory)
		abort();
	return memory;
}

/* Compares by session and round; negative if left comes first. */
static int in_time(const struct dataset *set, const struct datum *left,
		   const struct datum *right)
{
	const struct moment *l = &set->moments[left->when];
	const struct moment *r = &set->moments[right->when];

	if (l->session != r->session)
		return l->session < r->session ? -1 : 1;
	return l->round < r->round ? -1 : l->round > r->round;
}

/* Compares two observations of one round and adds them unless their core
 * distances differ. */
static void add_pair(struct pairs *pairs, const struct datum *base,
		     const struct datum *new)
{
	size_t at = pairs->base.count;
	uint32_t class = base->class;

	if (base->class && new->class && base->place == new->place) {
		if (base->class != new->class) {
			pairs->apart++;
			return;
		}
	} else {
		class = CLASS_UNKNOWN;
	}
	pairs->base.logs[at] = log(base->value);
	pairs->new.logs[at] = log(new->value);
	pairs->base.classes[at] = pairs->new.classes[at] = class;
	pairs->disturbed[at] = datum_is_disturbed(base) ||
			       datum_is_disturbed(new);
	pairs->base.count = pairs->new.count = at + 1;
}

/* Leaves out disturbed pairs, or pairs at an unknown distance. */
static void keep_pairs(struct pairs *pairs, bool undisturbed, bool known)
{
	size_t kept = 0;

	for (size_t i = 0; i < pairs->base.count; i++) {
		if ((undisturbed && pairs->disturbed[i]) ||
		    (known && !pairs->base.classes[i]))
			continue;
		pairs->base.logs[kept] = pairs->base.logs[i];
		pairs->new.logs[kept] = pairs->new.logs[i];
		pairs->disturbed[kept] = pairs->disturbed[i];
		pairs->base.classes[kept] = pairs->new.classes[kept] =
			pairs->base.classes[i];
		kept++;
	}
	pairs->base.count = pairs->new.count = kept;
}

/*
 * Pairs at an unknown distance are not pooled with others. Disturbed pairs are
 * left out if enough others remain. The second rule counts pairs, not the
 * observations of each side. So the rule gives the same result if the two sides
 * of a pair are exchanged, as the signed-rank test assumes.
 */
static void choose_pairs(struct pairs *pairs)
{
	size_t known = 0, undisturbed = 0, before = pairs->base.count;

	for (size_t i = 0; i < pairs->base.count; i++)
		known += pairs->base.classes[i] != CLASS_UNKNOWN;
	keep_pairs(pairs, false, known > 0);
	pairs->unknown = before - pairs->base.count;
	before = pairs->base.count;
	for (size_t i = 0; i < before; i++)
		undisturbed += !pairs->disturbed[i];
	keep_pairs(pairs, undisturbed_suffice(undisturbed), false);
	pairs->left_out = before - pairs->base.count;
}

static const struct datum *next_chosen(const struct datum *data, size_t *i,
				       size_t count)
{
	while (*i < count && !data[*i].is_chosen)
		++*i;
	return *i < count ? &data[*i] : NULL;
}

void pairs_make(const struct dataset *set, uint32_t baseline_cell,
		enum side_name baseline_side, uint32_t candidate_cell,
		enum side_name candidate_side, struct pairs *pairs)
{
	size_t bases, news, i = 0, j = 0, room, met = 0;
	const struct datum *base, *new, *left, *right;

	base = dataset_data(set, baseline_cell, baseline_side, &bases);
	new = dataset_data(set, candidate_cell, candidate_side, &news);
	room = bases < news ? bases : news;
	memset(pairs, 0, sizeof(*pairs));
	sample_init(&pairs->base, room);
	sample_init(&pairs->new, room);
	pairs->logs = allocate(room, sizeof(*pairs->logs));
	pairs->disturbed = allocate(room, sizeof(*pairs->disturbed));
	while ((left = next_chosen(base, &i, bases)) != NULL &&
	       (right = next_chosen(new, &j, news)) != NULL) {
		int order = in_time(set, left, right);

		if (order == 0) {
			add_pair(pairs, left, right);
			met++;
		}
		i += order <= 0;
		j += order >= 0;
	}
	choose_pairs(pairs);
	pairs->count = pairs->base.count;
	for (i = 0; i < pairs->count; i++)
		pairs->logs[i] = pairs->new.logs[i] - pairs->base.logs[i];
	pairs->left_over =
		set->cells[baseline_cell].on[baseline_side].rounds +
		set->cells[candidate_cell].on[candidate_side].rounds - 2 * met;
}

void pairs_free(struct pairs *pairs)
{
	free(pairs->logs);
	free(pairs->disturbed);
	sample_free(&pairs->base);
	sample_free(&pairs->new);
}

void session_medians_make(const struct sample *sample,
			  struct session_medians *medians)
{
	medians->count = 0;
	medians->logs = allocate(sample->count, sizeof(*medians->logs));
	medians->sessions = allocate(sample->count, sizeof(*medians->sessions));
	for (size_t first = 0, end; first < sample->count; first = end) {
		for (end = first; end < sample->count; end++)
			if (sample->sessions[end] != sample->sessions[first])
				break;
		medians->sessions[medians->count] = sample->sessions[first];
		medians->logs[medians->count++] = median_of(
			sample->logs + first, end - first);
	}
}

void session_medians_free(struct session_medians *medians)
{
	free(medians->logs);
	free(medians->sessions);
}

struct start {
	const char *at;
	bool is_base;
};

static int by_start(const void *a, const void *b)
{
	const struct start *left = a, *right = b;

	return strcmp(left->at, right->at);
}

bool sessions_alternate(const struct dataset *set, const uint32_t *base,
			size_t bases, const uint32_t *new, size_t news)
{
	struct start *starts = allocate(bases + news, sizeof(*starts));
	long ahead = 0;
	bool fine = true;

	for (size_t i = 0; i < bases + news; i++)
		starts[i] = (struct start){
			set->sessions[i < bases ? base[i] : new[i - bases]]
				.started_at,
			i < bases,
		};
	qsort(starts, bases + news, sizeof(*starts), by_start);
	for (size_t i = 0; i < bases + news; i++) {
		/* Sessions with unknown or equal starts cannot alternate. */
		fine &= *starts[i].at != '\0';
		fine &= i == 0 || strcmp(starts[i - 1].at, starts[i].at) != 0;
		ahead += starts[i].is_base ? 1 : -1;
		fine &= labs(ahead) <= 1;
	}
	free(starts);
	return fine;
}
