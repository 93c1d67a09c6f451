/* SPDX-License-Identifier: BSD-2-Clause */
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <hwloc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "distance.h"
#include "distance_class.h"

enum {
	CPUS_MAX = 1 << 16, /* larger numbers in a file are not CPUs */
	LEAST = 2,	    /* smallest number of distances in a class */
};

/* Writes the set of CPUs in a list: 1+0+1 becomes 0-1. */
static void set_of_cpus(const char *list, char text[64])
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();

	if (!set)
		abort();
	while (*list) {
		char *end;
		unsigned long cpu = strtoul(list, &end, 10);

		if (end == list)
			break;
		if (cpu < CPUS_MAX)
			hwloc_bitmap_set(set, (unsigned)cpu);
		list = end + (*end == '+');
	}
	hwloc_bitmap_list_snprintf(text, 64, set);
	hwloc_bitmap_free(set);
}

uint32_t distances_place(struct distances *distances, const struct record *row)
{
	struct place place = { .count = 0 };
	char key[sizeof(place.host) + sizeof(place.placement) +
		 sizeof(place.cpus)];
	uint32_t item;
	int length;
	bool added;

	if (!record_has(row, COLUMN_line_before_ns) &&
	    !record_has(row, COLUMN_line_after_ns))
		return NO_PLACE;
	snprintf(place.host, sizeof(place.host), "%.63s",
		 record_text(row, COLUMN_host));
	snprintf(place.placement, sizeof(place.placement), "%.31s",
		 record_text(row, COLUMN_placement));
	set_of_cpus(record_text(row, COLUMN_cpus), place.cpus);
	length = snprintf(key, sizeof(key), "%s\n%s\n%s", place.host,
			  place.placement, place.cpus);
	item = lookup_add(&distances->lookup, key, (size_t)length, &added);
	if (added) {
		distances->places = array_grow(distances->places, item,
					       sizeof(place));
		distances->places[item] = place;
	}
	return item;
}

void distances_add(struct distances *distances, uint32_t number, double ns)
{
	struct place *place;

	if (number == NO_PLACE || !(ns > 0) || isinf(ns))
		return;
	place = &distances->places[number];
	place->values = array_grow(place->values, place->count, sizeof(ns));
	place->values[place->count++] = ns;
}

static void add_class(struct distances *distances, uint32_t place,
		      double from_ns, const double *sorted, size_t count)
{
	distances->classes = array_grow(distances->classes,
					distances->class_count,
					sizeof(*distances->classes));
	distances->classes[distances->class_count++] = (struct distance_class){
		.place = place,
		.from_ns = from_ns,
		.median_ns = count ? gsl_stats_median_from_sorted_data(sorted,
								       1, count)
				   : NAN,
	};
}

/* Cuts the sorted distances at the widest gap, and then both parts. */
static void cut(struct distances *distances, uint32_t place, double from_ns,
		const double *sorted, size_t count, size_t least)
{
	double widest = 0;
	size_t at = 0;

	for (size_t i = least; i + least <= count; i++)
		if (distance_differs(sorted[i - 1], sorted[i]) &&
		    sorted[i] / sorted[i - 1] > widest) {
			widest = sorted[i] / sorted[i - 1];
			at = i;
		}
	if (!at) {
		add_class(distances, place, from_ns, sorted, count);
		return;
	}
	cut(distances, place, from_ns, sorted, at, least);
	cut(distances, place, sqrt(sorted[at - 1] * sorted[at]), sorted + at,
	    count - at, least);
}

void distances_classify(struct distances *distances)
{
	distances->class_count = 0;
	add_class(distances, NO_PLACE, 0, NULL, 0);
	for (uint32_t i = 0; i < distances->lookup.count; i++) {
		struct place *place = &distances->places[i];
		size_t least = (size_t)ceil(DISTANCE_SHARE *
					    (double)place->count);

		place->first_class = distances->class_count;
		if (place->count) {
			gsl_sort(place->values, 1, place->count);
			cut(distances, i, 0, place->values, place->count,
			    least > LEAST ? least : LEAST);
		}
		place->class_count = distances->class_count -
				     place->first_class;
		place->is_split = place->class_count > 1;
		free(place->values);
		place->values = NULL;
		place->count = 0;
	}
}

uint32_t distances_class(const struct distances *distances, uint32_t number,
			 double ns)
{
	const struct place *place;
	uint32_t found = CLASS_UNKNOWN;

	if (number == NO_PLACE || !(ns > 0) || isinf(ns))
		return CLASS_UNKNOWN;
	place = &distances->places[number];
	for (uint32_t i = 0; i < place->class_count; i++)
		if (ns >= distances->classes[place->first_class + i].from_ns)
			found = place->first_class + i;
	return found;
}

bool distances_differ(const struct distances *distances)
{
	for (uint32_t i = 0; i < distances->lookup.count; i++)
		if (distances->places[i].class_count > 1)
			return true;
	return false;
}

/* Whether another place of the host has this placement, so that the CPUs must
 * be printed, too. */
static bool is_ambiguous(const struct distances *distances, uint32_t place)
{
	for (uint32_t i = 0; i < distances->lookup.count; i++)
		if (i != place &&
		    strcmp(distances->places[i].host,
			   distances->places[place].host) == 0 &&
		    strcmp(distances->places[i].placement,
			   distances->places[place].placement) == 0)
			return true;
	return false;
}

void distances_describe(const struct distances *distances,
			char text[DISTANCE_TEXT_MAX])
{
	size_t length = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < distances->lookup.count; i++) {
		const struct place *place = &distances->places[i];
		bool cpus = is_ambiguous(distances, i);

		if (!place->class_count || length + 400 > DISTANCE_TEXT_MAX)
			continue;
		length += (size_t)snprintf(
			text + length, DISTANCE_TEXT_MAX - length,
			"%s%s%s%s%s%s", length ? ", " : "", place->host,
			*place->host ? " " : "", place->placement,
			cpus ? " on CPUs " : "", cpus ? place->cpus : "");
		for (uint32_t c = 0; c < place->class_count && c < 8; c++)
			length += (size_t)snprintf(
				text + length, DISTANCE_TEXT_MAX - length,
				"%s%.0f", c ? " or " : " ",
				distances->classes[place->first_class + c]
					.median_ns);
		length += (size_t)snprintf(text + length,
					   DISTANCE_TEXT_MAX - length, " ns");
	}
}

void distances_free(struct distances *distances)
{
	for (uint32_t i = 0; i < distances->lookup.count; i++)
		free(distances->places[i].values);
	free(distances->places);
	free(distances->classes);
	lookup_free(&distances->lookup);
	memset(distances, 0, sizeof(*distances));
}
