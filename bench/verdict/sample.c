/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "quantiles.h"
#include "sample.h"

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count + 1, size);

	if (!memory)
		abort();
	return memory;
}

void sample_init(struct sample *sample, size_t room)
{
	sample->logs = allocate(room, sizeof(*sample->logs));
	sample->classes = allocate(room, sizeof(*sample->classes));
	sample->sessions = allocate(room, sizeof(*sample->sessions));
	sample->count = 0;
}

void sample_free(struct sample *sample)
{
	free(sample->logs);
	free(sample->classes);
	free(sample->sessions);
	memset(sample, 0, sizeof(*sample));
}

void sample_make(struct sample *sample, const struct dataset *set,
		 uint32_t cell, enum side_name side)
{
	size_t count;
	const struct datum *data = dataset_data(set, cell, side, &count);

	sample_init(sample, count);
	for (size_t i = 0; i < count; i++) {
		size_t at = sample->count;

		if (!data[i].is_used)
			continue;
		sample->logs[at] = log(data[i].value);
		sample->classes[at] = data[i].class;
		sample->sessions[at] = set->moments[data[i].when].session;
		sample->count++;
	}
}

/* The median and the number of a sample's observations in one class. */
static double median_in(const struct sample *sample, uint32_t class,
			size_t *count)
{
	double *logs = allocate(sample->count, sizeof(*logs)), median;

	*count = 0;
	for (size_t i = 0; i < sample->count; i++)
		if (sample->classes[i] == class)
			logs[(*count)++] = sample->logs[i];
	median = median_of(logs, *count);
	free(logs);
	return median;
}

/* Subtracts the shift of each class; removes classes whose shift is NaN. */
static void shift(struct sample *sample, const double *shifts)
{
	size_t kept = 0;

	for (size_t i = 0; i < sample->count; i++) {
		double own = shifts[sample->classes[i]];

		if (isnan(own))
			continue;
		sample->logs[kept] = sample->logs[i] - own;
		sample->classes[kept] = sample->classes[i];
		sample->sessions[kept++] = sample->sessions[i];
	}
	sample->count = kept;
}

static bool has_class_of(const struct sample *sample,
			 const struct distances *distances, uint32_t place)
{
	for (size_t i = 0; i < sample->count; i++)
		if (sample->classes[i] &&
		    distances->classes[sample->classes[i]].place == place)
			return true;
	return false;
}

static bool share_a_place(const struct distances *distances,
			  const struct sample *a, const struct sample *b)
{
	for (uint32_t i = 0; i < distances->lookup.count; i++)
		if (has_class_of(a, distances, i) &&
		    has_class_of(b, distances, i))
			return true;
	return false;
}

bool samples_align(const struct dataset *set, struct sample *a,
		   struct sample *b)
{
	const struct distances *distances = &set->distances;
	double *shifts = allocate(distances->class_count, sizeof(*shifts));
	size_t most = 0;
	double main = 0;

	/* Class 0 is the unknown distance, which is never pooled. */
	shifts[CLASS_UNKNOWN] = NAN;
	for (uint32_t c = 1; c < distances->class_count; c++) {
		size_t on_a, on_b;
		double left = median_in(a, c, &on_a);
		double right = median_in(b, c, &on_b);

		shifts[c] = on_a && on_b ? (left + right) / 2 : NAN;
		if (on_a && on_b && on_a + on_b > most) {
			most = on_a + on_b;
			main = shifts[c];
		}
	}
	for (uint32_t c = 0; c < distances->class_count; c++)
		shifts[c] -= main;
	if (most) {
		shift(a, shifts);
		if (b != a)
			shift(b, shifts);
	}
	free(shifts);
	return most || !share_a_place(distances, a, b);
}
