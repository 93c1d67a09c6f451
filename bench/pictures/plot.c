/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gnuplot.h"
#include "plot.h"
#include "plot_curves.h"
#include "plot_data.h"
#include "plot_sweep.h"
#include "registry.h"
#include "bound.h"

/* The pictures of every scenario, and the scripts that draw them. */
static const char *const kinds[] = { "throughput", "idle" };

enum {
	KINDS = sizeof(kinds) / sizeof(kinds[0]),
};

static int make_dir(const char *path, struct fault *fault)
{
	if (mkdir(path, 0777) == 0 || errno == EEXIST)
		return 0;
	return fault_set(fault, EXIT_OUTPUT,
			 "%s: cannot make the folder: %s; check who may write "
			 "there",
			 path, strerror(errno));
}

/* A scenario becomes the name of files, and anybody can write a CSV file. */
static int check_name(const char *scenario, struct fault *fault)
{
	size_t good = strspn(scenario, "abcdefghijklmnopqrstuvwxyz"
				       "0123456789_");

	if (good > 0 && !scenario[good] && good < PLOT_NAME_MAX / 2)
		return 0;
	return fault_set(fault, EXIT_DATA,
			 "results.csv: \"%s\" is no name of a scenario; draw "
			 "only what `ringbench run` wrote",
			 scenario);
}

/* Draws kind.gp as SUBJECT-KIND in all formats, while there is room. */
static int draw_kind(const char *kind, const char *scripts,
		     const char *data_dir, const char *subject,
		     struct plot_pictures *pictures, struct fault *fault)
{
	char script[PATH_MAX + 32], to[PATH_MAX + PLOT_NAME_MAX];
	char *name;

	if (pictures->count == PLOT_PICTURES_MAX)
		return 0;
	name = pictures->names[pictures->count];
	snprintf(name, PLOT_NAME_MAX, "%s-%s", subject, kind);
	snprintf(script, sizeof(script), "%s/%s.gp", scripts, kind);
	for (enum gnuplot_format f = 0; f < GNUPLOT_FORMATS; f++) {
		snprintf(to, sizeof(to), "%s/%s.%s", pictures->dir, name,
			 gnuplot_extension(f));
		if (gnuplot_draw(script, data_dir, f, to, fault))
			return -1;
	}
	pictures->count++;
	return 0;
}

/* Curves and a map for each axis that the scenario was swept along. */
static int draw_sweeps(const struct groups *groups, const char *scenario,
		       const char *scripts, const struct plot_caption *caption,
		       struct plot_pictures *pictures, struct fault *fault)
{
	int error = 0;

	for (const struct sweep_axis *axis = sweep_axes; axis->name && !error;
	     axis++) {
		char subject[PLOT_NAME_MAX], dir[PATH_MAX + PLOT_NAME_MAX];
		struct sweep sweep;

		snprintf(subject, sizeof(subject), "%.48s-by-%.20s", scenario,
			 axis->name);
		snprintf(dir, sizeof(dir), "%s/%s", pictures->dir, subject);
		sweep_find(groups, scenario, axis, &sweep);
		if (sweep.count > 0)
			error = make_dir(dir, fault) ||
				plot_caption_write(dir, scenario, axis->title,
						   axis->by_rows ? axis->by_rows
								 : "",
						   caption, fault) ||
				plot_sweep_write(dir, &sweep, fault) ||
				(!axis->by_rows &&
				 draw_kind("sweep", scripts, dir, subject,
					   pictures, fault)) ||
				draw_kind("map", scripts, dir, subject,
					  pictures, fault);
		sweep_free(&sweep);
	}
	return error ? -1 : 0;
}

/* The pictures that the scenario declares, where the run has data for them. */
static int draw_declared(const struct groups *groups, const char *scenario,
			 const char *scripts, const char *data_dir,
			 struct plot_pictures *pictures, struct fault *fault)
{
	const struct scenario *found = registry_find_scenario(scenario);
	const struct picture *it = found ? found->pictures : NULL;

	for (; it && it->name; it++) {
		size_t count;

		if (curves_write(data_dir, groups, scenario, it, &count, fault))
			return -1;
		if (count && draw_kind(it->name, scripts, data_dir, scenario,
				       pictures, fault))
			return -1;
	}
	return 0;
}

static int draw_scenario(const struct groups *groups, const char *scenario,
			 const char *scripts,
			 const struct plot_caption *caption,
			 struct plot_pictures *pictures, struct fault *fault)
{
	char data_dir[PATH_MAX + PLOT_NAME_MAX];
	int error;

	if (check_name(scenario, fault))
		return -1;
	snprintf(data_dir, sizeof(data_dir), "%s/%s", pictures->dir, scenario);
	if (make_dir(data_dir, fault) ||
	    plot_data_write(data_dir, groups, scenario, caption, fault))
		return -1;
	for (size_t i = 0; i < KINDS; i++)
		if (draw_kind(kinds[i], scripts, data_dir, scenario, pictures,
			      fault))
			return -1;
	error = draw_declared(groups, scenario, scripts, data_dir, pictures,
			      fault);
	if (!error)
		error = draw_sweeps(groups, scenario, scripts, caption,
				    pictures, fault);
	return error;
}

/* Goes on after a fault: the other scenarios' tables are worth having. */
static int draw_all(const struct groups *groups, const char *scripts,
		    const struct plot_caption *caption,
		    struct plot_pictures *pictures, struct fault *fault)
{
	struct fault first = { EXIT_FINE, "" };

	for (size_t i = 0; i < groups->count; i++) {
		const char *scenario = record_text(groups->groups[i].example,
						   COLUMN_scenario);
		bool seen = false;

		for (size_t j = 0; j < i && !seen; j++)
			seen = strcmp(record_text(groups->groups[j].example,
						  COLUMN_scenario),
				      scenario) == 0;
		if (!seen &&
		    draw_scenario(groups, scenario, scripts, caption, pictures,
				  fault) &&
		    first.exit_code == EXIT_FINE)
			first = *fault;
	}
	if (first.exit_code == EXIT_FINE)
		return 0;
	*fault = first;
	return -1;
}

static int draw_rows(const struct rows *rows, const char *scripts,
		     const struct plot_caption *caption,
		     struct plot_pictures *pictures, struct fault *fault)
{
	struct groups groups;
	int result;

	groups_make(rows, &groups);
	bounds_find(&groups);
	if (groups.count == 0)
		result = fault_set(fault, EXIT_DATA,
				   "results.csv: there is no observation to "
				   "draw; run the plan first");
	else
		result = draw_all(&groups, scripts, caption, pictures, fault);
	groups_free(&groups);
	return result;
}

/* gnuplot runs in another folder, so that relative paths would go astray. */
static int find_dirs(const char *run_dir, const char *scripts_dir,
		     char scripts[PATH_MAX], struct plot_pictures *pictures,
		     struct fault *fault)
{
	char run[PATH_MAX], plots[PATH_MAX + 8];

	if (!realpath(scripts_dir, scripts))
		return fault_set(fault, EXIT_CHILD,
				 "no plots: %s: %s; the gnuplot scripts belong "
				 "there, see `make install`",
				 scripts_dir, strerror(errno));
	if (!realpath(run_dir, run))
		return fault_set(fault, EXIT_DATA,
				 "%s: %s; name the folder of a run", run_dir,
				 strerror(errno));
	snprintf(plots, sizeof(plots), "%s/plots", run);
	if (strlen(plots) + PLOT_NAME_MAX >= PATH_MAX)
		return fault_set(fault, EXIT_OUTPUT,
				 "%s: the path is too long; move the run",
				 run_dir);
	memcpy(pictures->dir, plots, strlen(plots) + 1);
	return make_dir(pictures->dir, fault);
}

int plot_run(const char *run_dir, const char *scripts_dir,
	     const struct plot_caption *caption, struct plot_pictures *pictures,
	     struct fault *fault)
{
	char scripts[PATH_MAX], path[PATH_MAX + 16];
	struct rows rows;
	int result;

	memset(pictures, 0, sizeof(*pictures));
	snprintf(path, sizeof(path), "%s/%s", run_dir, results_schema.file);
	if (rows_read(path, &results_schema, &rows, fault))
		return -1;
	result = find_dirs(run_dir, scripts_dir, scripts, pictures, fault);
	if (!result)
		result = draw_rows(&rows, scripts, caption, pictures, fault);
	rows_free(&rows);
	return result;
}
