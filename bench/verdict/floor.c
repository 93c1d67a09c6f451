/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lone runs: how much two sessions of one build differ when nothing has changed
 * is learned from all sessions of either build on this host, those that are
 * compared and those that lie beside the new run.
 */
#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "judge.h"
#include "quantiles.h"
#include "run.h"

/* What one session found of a cell, with one build. */
struct finding {
	uint32_t origin;
	double log; /* of an observation; then the median of all */
};

static int by_origin(const void *a, const void *b)
{
	const struct finding *left = a, *right = b;

	return (left->origin > right->origin) - (left->origin < right->origin);
}

/* All sessions' medians of a cell on these sides; to be freed. */
static struct finding *findings_of(const struct dataset *set, uint32_t cell,
				   unsigned sides, size_t *count)
{
	struct finding *findings = NULL;
	size_t rows = 0, data_count;

	for (int s = 0; s < SIDES; s++)
		rows += set->cells[cell].on[s].count;
	findings = calloc(rows + 1, sizeof(*findings));
	if (!findings)
		abort();
	rows = 0;
	for (int s = 0; s < SIDES; s++) {
		const struct datum *data;

		data = dataset_data(set, cell, s, &data_count);
		for (size_t i = 0; sides >> s & 1 && i < data_count; i++)
			if (data[i].value > 0)
				findings[rows++] = (struct finding){
					set->moments[data[i].when].origin,
					log(data[i].value),
				};
	}
	qsort(findings, rows, sizeof(*findings), by_origin);
	*count = 0;
	for (size_t first = 0, end; first < rows; first = end) {
		double *logs = calloc(rows, sizeof(*logs));

		if (!logs)
			abort();
		for (end = first; end < rows; end++) {
			if (findings[end].origin != findings[first].origin)
				break;
			logs[end - first] = findings[end].log;
		}
		findings[(*count)++] = (struct finding){
			findings[first].origin,
			median_of(logs, end - first),
		};
		free(logs);
	}
	return findings;
}

static double middle(const struct dataset *set, uint32_t cell,
		     enum side_name side)
{
	size_t count;
	struct finding *findings = findings_of(set, cell, 1U << side, &count);
	double *logs = calloc(count + 1, sizeof(*logs)), median;

	if (!logs)
		abort();
	for (size_t i = 0; i < count; i++)
		logs[i] = findings[i].log;
	median = median_of(logs, count);
	free(logs);
	free(findings);
	return median;
}

/* The spread of sessions about the mean of their build. */
static double spread(const struct dataset *set, const struct finding *findings,
		     size_t count, size_t *freedom)
{
	double squares = 0;

	*freedom = 0;
	for (size_t i = 0; i < count; i++) {
		const char *build = set->origins[findings[i].origin].build;
		double sum = 0;
		size_t alike = 0;
		bool first = true;

		for (size_t j = 0; j < count; j++)
			if (strcmp(set->origins[findings[j].origin].build,
				   build) == 0) {
				first &= j >= i;
				sum += findings[j].log;
				alike++;
			}
		*freedom += first ? alike - 1 : 0;
		sum = findings[i].log - sum / (double)alike;
		squares += sum * sum;
	}
	return *freedom ? sqrt(squares / (double)*freedom) : NAN;
}

struct noise noise_of(const struct dataset *set, uint32_t cell, unsigned sides)
{
	struct noise noise;
	struct finding *findings = findings_of(set, cell, sides,
					       &noise.sessions);

	noise.size = M_SQRT2 *
		     spread(set, findings, noise.sessions, &noise.freedom);
	free(findings);
	return noise;
}

double noise_floor(const struct noise *noise, double level)
{
	return noise->freedom ? noise->size * t_quantile(1 - level / 2,
							 (double)noise->freedom)
			      : NAN;
}

void judge_unpaired(struct comparison *comparison, struct comparison_row *row)
{
	const struct comparison_options *options = comparison->options;
	const struct dataset *set = comparison->set;
	double shift = middle(set, row->new_cell, comparison->new_side) -
		       middle(set, row->base_cell, SIDE_BASE);
	struct noise noise = noise_of(set, row->new_cell, SIDES_ALL);
	struct estimate shown = { shift, noise.freedom > 0, NAN, NAN,
				  1 - options->alpha };
	struct estimate inner = shown;

	row->ratio = exp(shift);
	row->n = noise.sessions;
	if (noise.sessions > comparison->floor_sessions)
		comparison->floor_sessions = noise.sessions;
	if (!noise.freedom)
		return;
	shown.low = shift - noise_floor(&noise, options->alpha);
	shown.high = 2 * shift - shown.low;
	inner.low = shift - noise_floor(&noise, 2 * options->alpha);
	inner.high = 2 * shift - inner.low;
	judge_set(row, &shown, &inner);
	row->p = noise.size > 0 ? t_two_sided(shift / noise.size,
					      (double)noise.freedom)
				: shift == 0;
	row->visible = expm1(fmax(noise_floor(&noise, comparison->level),
				  log1p(options->threshold)));
}

/* The folder in which runs lie beside this one. */
static bool folder_of_runs(const char *path, char folder[PATHS_MAX])
{
	struct stat status;
	char own[PATHS_MAX + 16], *slash;

	if (!realpath(path, folder) || stat(folder, &status) != 0)
		return false;
	if (!S_ISDIR(status.st_mode)) {
		slash = strrchr(folder, '/');
		if (!slash)
			return false;
		*slash = '\0';
		snprintf(own, sizeof(own), "%s/run.json", folder);
		if (stat(own, &status) != 0)
			return true; /* a lone file beside run folders */
	}
	slash = strrchr(folder, '/');
	if (!slash || slash == folder)
		return false;
	*slash = '\0';
	return true;
}

static const char *text_of(const json_t *facts, const char *key)
{
	const char *text = json_string_value(json_object_get(facts, key));

	return text ? text : "";
}

/* Whether one of the sides was measured by this build on this host. */
static bool is_of_interest(const struct dataset *set, const char *path)
{
	struct fault unused;
	json_t *facts = run_read_json(path, &unused);
	bool found = false;

	for (size_t i = 0; facts && i < set->origin_count; i++) {
		const struct origin *origin = &set->origins[i];

		found |= (origin->on[SIDE_BASE] || origin->on[SIDE_NEW]) &&
			 strcmp(origin->host, text_of(facts, "host_id")) == 0 &&
			 strcmp(origin->build, text_of(facts, "build_id")) == 0;
	}
	json_decref(facts);
	return found;
}

void history_add(struct dataset *set, const char *new_paths)
{
	char first[PATHS_MAX], folder[PATHS_MAX], path[PATHS_MAX + 260];
	struct dirent *entry;
	struct stat status;
	DIR *dir;

	snprintf(first, sizeof(first), "%s", new_paths);
	if (stat(first, &status) != 0)
		first[strcspn(first, ",")] = '\0';
	if (!folder_of_runs(first, folder))
		return;
	dir = opendir(folder);
	if (!dir)
		return;
	while ((entry = readdir(dir)) != NULL) {
		struct fault unused;

		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		/* Not `latest`, which is another name of one of them. */
		if (entry->d_name[0] == '.' || lstat(path, &status) != 0 ||
		    !S_ISDIR(status.st_mode) || !is_of_interest(set, path))
			continue;
		/* What is damaged there counts up to the damage. */
		if (dataset_add(set, SIDE_HISTORY, path, &unused) != 0)
			set->sides[SIDE_HISTORY].torn++;
	}
	closedir(dir);
	dataset_sort(set);
}
