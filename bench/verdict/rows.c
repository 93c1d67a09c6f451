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

void pairs_make(const struct dataset *set, uint32_t baseline_cell,
		enum side_name baseline_side, uint32_t candidate_cell,
		enum side_name candidate_side, struct pairs *pairs)
{
	size_t bases, news, i = 0, j = 0, room;
	const struct datum *base, *new;

	base = dataset_data(set, baseline_cell, baseline_side, &bases);
	new = dataset_data(set, candidate_cell, candidate_side, &news);
	room = bases < news ? bases : news;
	pairs->count = 0;
	pairs->logs = allocate(room, sizeof(*pairs->logs));
	pairs->base = allocate(room, sizeof(*pairs->base));
	pairs->new = allocate(room, sizeof(*pairs->new));
	while (i < bases && j < news) {
		int order = in_time(set, &base[i], &new[j]);

		if (order == 0) {
			size_t at = pairs->count++;

			pairs->base[at] = log(base[i].value);
			pairs->new[at] = log(new[j].value);
			pairs->logs[at] = pairs->new[at] - pairs->base[at];
		}
		i += order <= 0;
		j += order >= 0;
	}
	pairs->left_over = bases + news - 2 * pairs->count;
}

void pairs_free(struct pairs *pairs)
{
	free(pairs->logs);
	free(pairs->base);
	free(pairs->new);
}

/* The data are sorted, so observations of one session are adjacent. */
void session_medians_make(const struct dataset *set, uint32_t cell,
			  enum side_name side, struct session_medians *medians)
{
	size_t count;
	const struct datum *data = dataset_data(set, cell, side, &count);
	double *logs = allocate(count, sizeof(*logs));

	medians->count = 0;
	medians->logs = allocate(count, sizeof(*medians->logs));
	medians->sessions = allocate(count, sizeof(*medians->sessions));
	for (size_t first = 0, end; first < count; first = end) {
		uint32_t session = set->moments[data[first].when].session;

		for (end = first; end < count; end++) {
			if (set->moments[data[end].when].session != session)
				break;
			logs[end] = log(data[end].value);
		}
		medians->sessions[medians->count] = session;
		medians->logs[medians->count++] = median_of(logs + first,
							    end - first);
	}
	free(logs);
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
		/* Unknown or equal starts have no order. */
		fine &= *starts[i].at != '\0';
		fine &= i == 0 || strcmp(starts[i - 1].at, starts[i].at) != 0;
		ahead += starts[i].is_base ? 1 : -1;
		fine &= labs(ahead) <= 1;
	}
	free(starts);
	return fine;
}
