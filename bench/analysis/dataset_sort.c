/* SPDX-License-Identifier: BSD-2-Clause */
/* Decides which observations of a data set count; dataset.h lists the rules. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dataset.h"

bool datum_is_disturbed(const struct datum *datum)
{
	return datum->flagged || datum->moved;
}

bool undisturbed_suffice(size_t undisturbed)
{
	return undisturbed >= UNDISTURBED_MIN;
}

static int in_order(const void *a, const void *b, void *arg)
{
	const struct datum *left = a, *right = b;
	const struct moment *l, *r;
	const struct dataset *set = arg;

	if (left->cell != right->cell)
		return left->cell < right->cell ? -1 : 1;
	l = &set->moments[left->when];
	r = &set->moments[right->when];
	if (l->session != r->session)
		return l->session < r->session ? -1 : 1;
	if (l->round != r->round)
		return l->round < r->round ? -1 : 1;
	if (left->when != right->when)
		return left->when < right->when ? -1 : 1;
	if (left->attempt != right->attempt)
		return left->attempt < right->attempt ? -1 : 1;
	return left->number < right->number ? -1 : left->number > right->number;
}

/* Sorts a side and drops rows that were read twice. */
static void sort_side(struct dataset *set, struct side *side)
{
	size_t kept = 0;

	if (side->count)
		qsort_r(side->data, side->count, sizeof(*side->data), in_order,
			set);
	for (size_t i = 0; i < side->count; i++) {
		const struct datum *datum = &side->data[i];
		const struct datum *last = &side->data[kept ? kept - 1 : 0];

		if (kept > 0 && last->cell == datum->cell &&
		    last->when == datum->when &&
		    last->attempt == datum->attempt)
			side->repeated++;
		else
			side->data[kept++] = *datum;
	}
	side->count = kept;
}

/* Gives each observation the class of the distance before its window. If only
 * the distance after the window is known, it decides. */
static void find_classes(struct dataset *set)
{
	struct distances *distances = &set->distances;

	for (int s = 0; s < SIDES; s++)
		for (size_t i = 0; i < set->sides[s].count; i++) {
			const struct datum *datum = &set->sides[s].data[i];

			distances_add(distances, datum->place,
				      datum->before_ns);
			distances_add(distances, datum->place, datum->after_ns);
		}
	distances_classify(distances);
	for (int s = 0; s < SIDES; s++)
		for (size_t i = 0; i < set->sides[s].count; i++) {
			struct datum *datum = &set->sides[s].data[i];
			uint32_t before = distances_class(
				distances, datum->place, datum->before_ns);
			uint32_t after = distances_class(
				distances, datum->place, datum->after_ns);

			datum->class = before ? before : after;
			datum->moved = before && after && before != after;
		}
}

/* --exclude-flag moved can only be applied after the classes are known. */
static void exclude_moved(struct side *side)
{
	size_t kept = 0;

	for (size_t i = 0; i < side->count; i++)
		if (!side->data[i].moved)
			side->data[kept++] = side->data[i];
	side->excluded += side->count - kept;
	side->count = kept;
}

/* Chooses an attempt for each round of a cell. */
static void choose_attempts(struct datum *data, struct cell_side *own)
{
	own->rounds = own->undisturbed = own->not_positive = 0;
	for (size_t first = 0, end; first < own->count; first = end) {
		size_t chosen = first;

		for (end = first; end < own->count; end++) {
			if (data[end].when != data[first].when)
				break;
			data[end].is_chosen = false;
			if (datum_is_disturbed(&data[chosen]) &&
			    !datum_is_disturbed(&data[end]))
				chosen = end;
		}
		data[chosen].is_chosen = true;
		own->rounds++;
		own->undisturbed += !datum_is_disturbed(&data[chosen]);
		own->not_positive += data[chosen].value <= 0;
	}
}

static void choose_rounds(struct datum *data, struct cell_side *own)
{
	bool only = undisturbed_suffice(own->undisturbed);

	own->used = 0;
	for (size_t i = 0; i < own->count; i++) {
		data[i].is_used = data[i].is_chosen &&
				  !(only && datum_is_disturbed(&data[i]));
		own->used += data[i].is_used;
	}
}

/* If the core distance of a cell is known in some observations and unknown in
 * others, the placement of the cell is divided into classes, so that these
 * observations are not pooled. */
static void split_place(struct distances *distances, const struct datum *data,
			size_t count)
{
	bool unknown = false;

	for (size_t i = 0; i < count; i++)
		unknown |= data[i].is_used && !data[i].class;
	for (size_t i = 0; i < count && unknown; i++)
		if (data[i].is_used && data[i].class)
			distances->places[data[i].place].is_split = true;
}

static void choose(struct dataset *set, enum side_name name)
{
	struct side *side = &set->sides[name];

	for (size_t i = 0; i < dataset_cells(set); i++)
		set->cells[i].on[name].count = 0;
	for (size_t i = 0; i < side->count; i++) {
		struct cell_side *own =
			&set->cells[side->data[i].cell].on[name];

		if (own->count++ == 0)
			own->first = i;
	}
	for (size_t i = 0; i < dataset_cells(set); i++) {
		struct cell_side *own = &set->cells[i].on[name];

		if (own->count == 0)
			continue;
		choose_attempts(side->data + own->first, own);
		choose_rounds(side->data + own->first, own);
		split_place(&set->distances, side->data + own->first,
			    own->count);
	}
}

void dataset_sort(struct dataset *set)
{
	for (int s = 0; s < SIDES; s++)
		sort_side(set, &set->sides[s]);
	find_classes(set);
	for (int s = 0; s < SIDES; s++) {
		if (set->excluded_flag &&
		    strcmp(set->excluded_flag, "moved") == 0)
			exclude_moved(&set->sides[s]);
		choose(set, s);
	}
}

int64_t dataset_distance(const struct dataset *set, const struct datum *datum)
{
	const struct distances *distances = &set->distances;

	if (!datum->class || !distances->places[datum->place].is_split)
		return 0;
	return lround(distances->classes[datum->class].median_ns);
}
