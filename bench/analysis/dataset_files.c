/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the files of a data set. */
#include <string.h>
#include <sys/stat.h>

#include "array.h"
#include "dataset.h"
#include "run.h"

struct adding {
	struct dataset *set;
	enum side_name side;
	int64_t duration_ns; /* planned length of all windows, from run.json;
				-1: unknown */
};

static int on_row(const struct record *row, void *arg)
{
	const struct adding *adding = arg;

	dataset_add_row(adding->set, adding->side, row, adding->duration_ns);
	return 0;
}

int dataset_add(struct dataset *set, enum side_name side, const char *path,
		struct fault *fault)
{
	struct adding adding = { set, side, -1 };
	struct side *own = &set->sides[side];
	char csv[PATHS_MAX + 16];
	struct stat status;
	struct rows_end end;

	snprintf(csv, sizeof(csv), "%.4080s", path);
	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
		json_t *facts = run_read_json(path, fault);

		if (!facts)
			return -1;
		own->facts = array_grow(own->facts, own->with_facts,
					sizeof(*own->facts));
		own->facts[own->with_facts++] = facts;
		adding.duration_ns = run_duration(facts);
		snprintf(csv, sizeof(csv), "%.4080s/results.csv", path);
	}
	own->runs++;
	if (rows_each(csv, &results_schema, on_row, &adding, &end, fault) != 0)
		return -1;
	rows_say_torn(csv, end.torn_bytes);
	return 0;
}

int dataset_add_list(struct dataset *set, enum side_name side,
		     const char *paths, struct fault *fault)
{
	struct stat status;
	char path[PATHS_MAX];

	set->sides[side].name = paths;
	if (stat(paths, &status) == 0)
		return dataset_add(set, side, paths, fault);
	while (*paths) {
		size_t length = strcspn(paths, ",");

		snprintf(path, sizeof(path), "%.*s", (int)length, paths);
		if (dataset_add(set, side, path, fault) != 0)
			return -1;
		paths += length + (paths[length] == ',');
	}
	return 0;
}
