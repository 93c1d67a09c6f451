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

static void add_fact(struct side *side, json_t *facts)
{
	side->facts = array_grow(side->facts, side->with_facts,
				 sizeof(*side->facts));
	side->facts[side->with_facts++] = json_incref(facts);
}

/* A merged run has facts about each host. */
static void add_facts(struct side *side, json_t *facts)
{
	const json_t *hosts = json_object_get(facts, "hosts");
	json_t *host;
	size_t i;

	if (!json_array_size(hosts))
		add_fact(side, facts);
	json_array_foreach(hosts, i, host)
	{
		add_fact(side, host);
	}
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
		add_facts(own, facts);
		adding.duration_ns = run_duration(facts);
		json_decref(facts);
		snprintf(csv, sizeof(csv), "%.4080s/results.csv", path);
	}
	own->runs++;
	if (rows_each(csv, &results_schema, on_row, &adding, &end, fault) != 0)
		return -1;
	rows_say_skipped(csv, &end);
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
