/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bound.h"
#include "gnuplot.h"
#include "hosts.h"
#include "plot.h"
#include "plot_curves.h"
#include "plot_data.h"
#include "plot_idle.h"
#include "plot_order.h"
#include "plot_sweep.h"
#include "plot_trade.h"
#include "registry.h"
#include "run.h"
#include "svg.h"

/* The state that all pictures of a run share. */
struct drawing {
	const struct groups *groups;
	const struct thread_rows *threads;
	const char *scripts;
	const struct plot_caption *caption;
	struct plot_pictures *pictures;
	bool *elsewhere; /* for each group: whether a sweep shows this group */
};

static int make_dir(const char *path, struct fault *fault)
{
	if (mkdir(path, 0777) == 0 || errno == EEXIST)
		return 0;
	return fault_set(fault, EXIT_OUTPUT,
			 "cannot make the folder %s: %s; check the permissions "
			 "of its parent",
			 path, strerror(errno));
}

/* Checks the scenario of a CSV file, because it becomes part of file names. */
static int check_name(const char *scenario, struct fault *fault)
{
	size_t good = strspn(scenario, "abcdefghijklmnopqrstuvwxyz"
				       "0123456789_");

	if (good > 0 && !scenario[good] && good < PLOT_NAME_MAX / 2)
		return 0;
	return fault_set(fault, EXIT_DATA,
			 "results.csv: \"%s\" is not the name of a scenario; "
			 "use the results of `ringbench run`",
			 scenario);
}

/* Writes the description that can be pasted below the picture. */
static int write_text(const char *path, const char *text, struct fault *fault)
{
	FILE *file = fopen(path, "we");
	bool failed = !file;

	if (file) {
		fputs(text, file);
		failed = ferror(file);
		failed |= fclose(file) != 0;
	}
	if (!failed)
		return 0;
	return fault_set(fault, EXIT_OUTPUT,
			 "cannot write %s: %s; %s, then run `ringbench plot "
			 "RUN`, or draw elsewhere with --out DIR",
			 path, strerror(errno), fault_remedy(errno));
}

/* Draws SCRIPT.gp as NAME in all formats. */
static int draw(const struct drawing *drawing, const char *script,
		const char *data_dir, const char *name,
		const struct words *words, struct fault *fault)
{
	struct plot_pictures *pictures = drawing->pictures;
	char path[PATH_MAX + 32], to[PATH_MAX + PLOT_NAME_MAX + 8];
	char *text;
	int error;

	if (words_write(data_dir, words, drawing->caption, fault))
		return -1;
	if (pictures->count == PLOT_PICTURES_MAX)
		return 0;
	snprintf(path, sizeof(path), "%s/%s.gp", drawing->scripts, script);
	for (enum gnuplot_format f = 0; f < GNUPLOT_FORMATS; f++) {
		snprintf(to, sizeof(to), "%s/%s.%s", pictures->dir, name,
			 gnuplot_extension(f));
		if (gnuplot_draw(path, data_dir, f, to, fault))
			return -1;
	}
	text = words_paragraph(words, drawing->caption);
	snprintf(to, sizeof(to), "%s/%s.svg", pictures->dir, name);
	error = svg_describe(to, words->title, text, fault);
	snprintf(to, sizeof(to), "%s/%s.txt", pictures->dir, name);
	if (!error)
		error = write_text(to, text, fault);
	free(text);
	if (!error)
		snprintf(pictures->names[pictures->count++], PLOT_NAME_MAX,
			 "%s", name);
	return error;
}

/* Marks the cells that a sweep shows. */
static void mark_shown(const struct drawing *drawing, const struct sweep *sweep)
{
	for (size_t i = 0; i < sweep->count; i++)
		for (size_t j = 0; j < sweep->series[i].count; j++)
			drawing->elsewhere[sweep->series[i].points[j].group -
					   drawing->groups->groups] = true;
}

/* The cells of a scenario that have the same objective. */
struct part {
	const char *scenario;
	int objective;
	bool is_usual; /* the part has the scenario's own objective */
	char name[PLOT_NAME_MAX /
		  2]; /* beginning of the names of the pictures */
};

static bool is_in(const struct part *part, const struct group *group)
{
	return group_is_of(group, part->scenario) &&
	       objective_of(group->example) == part->objective;
}

/* "stream" if the objective is the scenario's own, or "stream-latency_p50_ns".
 */
static struct part part_of(const struct record *cell)
{
	struct part part = {
		.scenario = record_text(cell, COLUMN_scenario),
		.objective = objective_of(cell),
	};

	part.is_usual = part.objective == usual_objective(part.scenario);
	if (part.is_usual)
		snprintf(part.name, sizeof(part.name), "%s", part.scenario);
	else
		snprintf(part.name, sizeof(part.name), "%.20s-%.25s",
			 part.scenario,
			 results_schema.columns[part.objective].name);
	return part;
}

/* Draws curves or a map for each axis that the run swept. */
static int draw_sweeps(const struct drawing *drawing, const struct part *part,
		       struct fault *fault)
{
	struct sweep_axis axes[SWEEP_AXES_MAX];
	size_t count = sweep_axes(part->scenario, axes);
	int error = 0;

	for (size_t i = 0; i < count && !error; i++) {
		const char *script = axes[i].by_rows ? "map" : "sweep";
		char name[PLOT_NAME_MAX], dir[PATH_MAX + PLOT_NAME_MAX];
		struct words words;
		struct sweep sweep;

		snprintf(name, sizeof(name), "%s-by-%.20s-%s", part->name,
			 axes[i].name, script);
		snprintf(dir, sizeof(dir), "%s/%s-by-%.20s",
			 drawing->pictures->dir, part->name, axes[i].name);
		sweep_find(drawing->groups, part->scenario, part->objective,
			   &axes[i], &sweep);
		if (sweep.count > 0) {
			mark_shown(drawing, &sweep);
			error = make_dir(dir, fault) ||
				plot_sweep_write(dir, &sweep, &words, fault) ||
				draw(drawing, script, dir, name, &words, fault);
		}
		sweep_free(&sweep);
	}
	return error ? -1 : 0;
}

/* Draws the pictures that the scenario declares and the run has data for. */
static int draw_declared(const struct drawing *drawing, const char *scenario,
			 struct fault *fault)
{
	static const char *const scripts[] = {
		[PICTURE_CURVES] = "curves",
		[PICTURE_HISTOGRAM] = "histogram",
		[PICTURE_PERCENTILES] = "percentiles",
		[PICTURE_TRADE] = "trade",
	};
	const struct scenario *found = registry_find_scenario(scenario);
	const struct picture *it = found ? found->pictures : NULL;

	for (; it && it->name; it++) {
		char name[PLOT_NAME_MAX], dir[PATH_MAX + PLOT_NAME_MAX];
		struct words words = { .note_count = 0 };
		size_t count = 0;

		snprintf(name, sizeof(name), "%.48s-%.40s", scenario, it->name);
		snprintf(dir, sizeof(dir), "%s/%s", drawing->pictures->dir,
			 name);
		if (make_dir(dir, fault) ||
		    (it->kind == PICTURE_TRADE ? trade_write : curves_write)(
			    dir, drawing->groups, scenario, it, &words, &count,
			    fault))
			return -1;
		if (!count)
			rmdir(dir); /* fails if dir contains older tables */
		else if (draw(drawing, scripts[it->kind], dir, name, &words,
			      fault))
			return -1;
	}
	return 0;
}

static bool is_swept(const struct drawing *drawing, const struct part *part)
{
	for (size_t i = 0; i < drawing->groups->count; i++)
		if (drawing->elsewhere[i] &&
		    is_in(part, &drawing->groups->groups[i]))
			return true;
	return false;
}

/* Lays out the cells of the part that no sweep shows. */
static void make_layout(const struct drawing *drawing, const struct part *part,
			struct plot_layout *layout)
{
	const struct groups *groups = drawing->groups;
	bool *elsewhere = calloc(groups->count + 1, sizeof(*elsewhere));

	if (!elsewhere)
		abort();
	for (size_t i = 0; i < groups->count; i++)
		elsewhere[i] = drawing->elsewhere[i] ||
			       !is_in(part, &groups->groups[i]);
	layout_make(groups, part->scenario, elsewhere, layout);
	free(elsewhere);
}

/* Draws objective and thread times of the cells that no sweep shows. */
static int draw_cells(const struct drawing *drawing, const struct part *part,
		      struct fault *fault)
{
	char dir[PATH_MAX + PLOT_NAME_MAX], name[PLOT_NAME_MAX];
	struct words objective, idle;
	/* Without threads.csv the times of threads are unknown, so the picture
	 * is not drawn. */
	bool has_threads = drawing->threads->count > 0;
	struct plot_layout layout;
	int error = 0;

	make_layout(drawing, part, &layout);
	if (layout.queue_count || !is_swept(drawing, part)) {
		snprintf(dir, sizeof(dir), "%s/%s", drawing->pictures->dir,
			 part->name);
		error = make_dir(dir, fault) ||
			plot_data_write(dir, part->scenario, part->objective,
					&layout, &objective, fault) ||
			(has_threads &&
			 plot_idle_write(dir, part->scenario, &layout,
					 drawing->threads, &idle, fault));
		snprintf(name, sizeof(name), "%s%s", part->name,
			 part->is_usual ? "-throughput" : "");
		error = error || draw(drawing, "throughput", dir, name,
				      &objective, fault);
		snprintf(name, sizeof(name), "%s-idle", part->name);
		error = error || (has_threads && draw(drawing, "idle", dir,
						      name, &idle, fault));
	}
	layout_free(&layout);
	return error ? -1 : 0;
}

/* `first`: no earlier part belongs to the scenario. */
static int draw_part(const struct drawing *drawing, const struct part *part,
		     bool first, struct fault *fault)
{
	if (check_name(part->scenario, fault) ||
	    draw_sweeps(drawing, part, fault) ||
	    draw_cells(drawing, part, fault))
		return -1;
	return first ? draw_declared(drawing, part->scenario, fault) : 0;
}

/* Draws the observations of all scenarios in the order of the run. */
static int draw_order(const struct drawing *drawing, struct fault *fault)
{
	char dir[PATH_MAX + PLOT_NAME_MAX];
	struct words words;
	size_t count;

	snprintf(dir, sizeof(dir), "%s/run-order", drawing->pictures->dir);
	if (make_dir(dir, fault) ||
	    order_write(dir, drawing->groups, &words, &count, fault))
		return -1;
	if (count > 1)
		return draw(drawing, "order", dir, "run-order", &words, fault);
	rmdir(dir); /* fails if dir contains older tables */
	return 0;
}

/* Continues after a fault, to write the tables of the other scenarios. */
static int draw_all(const struct drawing *drawing, struct fault *fault)
{
	const struct groups *groups = drawing->groups;
	struct fault first = { EXIT_FINE, "" };

	for (size_t i = 0; i < groups->count; i++) {
		const struct part part = part_of(groups->groups[i].example);
		bool scenario_seen = false, seen = false;

		for (size_t j = 0; j < i && !seen; j++) {
			const struct group *earlier = &groups->groups[j];

			scenario_seen |= group_is_of(earlier, part.scenario);
			seen = is_in(&part, earlier);
		}
		if (!seen && draw_part(drawing, &part, !scenario_seen, fault) &&
		    first.exit_code == EXIT_FINE)
			first = *fault;
	}
	if (draw_order(drawing, fault) && first.exit_code == EXIT_FINE)
		first = *fault;
	if (first.exit_code == EXIT_FINE)
		return 0;
	*fault = first;
	return -1;
}

static int draw_rows(struct rows *rows, const struct thread_rows *threads,
		     const char *scripts, const struct plot_caption *caption,
		     struct plot_pictures *pictures, struct fault *fault)
{
	struct groups groups;
	struct drawing drawing = { &groups, threads,  scripts,
				   caption, pictures, NULL };
	int result;

	groups_make(rows, &groups);
	bounds_find(&groups);
	drawing.elsewhere = calloc(groups.count + 1, sizeof(bool));
	if (!drawing.elsewhere)
		abort();
	if (groups.count == 0)
		result = fault_set(fault, EXIT_DATA,
				   "results.csv: no observation to draw; "
				   "measure with `ringbench run` first");
	else
		result = draw_all(&drawing, fault);
	free(drawing.elsewhere);
	groups_free(&groups);
	return result;
}

/* Makes the paths absolute, because gnuplot runs in another folder. */
static int find_dirs(const char *run_dir, const char *out,
		     const char *scripts_dir, char scripts[PATH_MAX],
		     struct plot_pictures *pictures, struct fault *fault)
{
	char run[PATH_MAX], path[PATH_MAX + 8], plots[PATH_MAX];

	if (!realpath(scripts_dir, scripts))
		return fault_set(fault, EXIT_CHILD,
				 "no plots: cannot read %s: %s; install the "
				 "gnuplot scripts with `make install`",
				 scripts_dir, strerror(errno));
	if (!realpath(run_dir, run))
		return fault_set(fault, EXIT_DATA,
				 "%s: %s; name the folder of a run", run_dir,
				 strerror(errno));
	snprintf(path, sizeof(path), "%s/plots", run);
	if (make_dir(out ? out : path, fault) != 0)
		return -1;
	if (!realpath(out ? out : path, plots))
		return fault_set(fault, EXIT_OUTPUT,
				 "%s: %s; name another folder with --out",
				 out ? out : path, strerror(errno));
	if (strlen(plots) + PLOT_NAME_MAX >= PATH_MAX)
		return fault_set(fault, EXIT_OUTPUT,
				 "%s: the path is too long; move the run",
				 run_dir);
	memcpy(pictures->dir, plots, strlen(plots) + 1);
	return 0;
}

/* Makes and uses the folder of a host. */
static int enter_folder(struct plot_pictures *pictures, const char *host,
			struct fault *fault)
{
	size_t length = strlen(pictures->dir);

	if (!host_name_is_possible(host) ||
	    length + HOST_NAME_MAX_BYTES + PLOT_NAME_MAX >= PATH_MAX)
		return fault_set(
			fault, EXIT_DATA,
			"results.csv: the host \"%.64s\" cannot be the "
			"name of a folder; use the results of "
			"`ringbench merge`",
			host);
	snprintf(pictures->dir + length, PATH_MAX - length, "/%.64s", host);
	return make_dir(pictures->dir, fault);
}

int plot_find_scripts(char scripts[PATHS_MAX], struct fault *fault)
{
	if (paths_find("plots", scripts) == 0)
		return 0;
	return fault_set(fault, EXIT_CHILD,
			 "cannot draw: the folder plots/ of the program is "
			 "missing; run the program in the tree where it was "
			 "built, or install it with `make install`");
}

void plot_caption_of(const struct run *run, struct plot_caption *caption)
{
	const json_t *session = json_array_get(
		json_object_get(run->json, "sessions"), 0);

	snprintf(caption->machine, sizeof(caption->machine), "%s",
		 run_fact(run, "host.caption"));
	snprintf(caption->plan, sizeof(caption->plan), "%s",
		 run_fact(run, "plan.name"));
	snprintf(caption->revision, sizeof(caption->revision), "%s",
		 run_fact(run, "program.revision"));
	snprintf(caption->date, sizeof(caption->date), "%.10s",
		 session ? json_string_value(
				   json_object_get(session, "started_at"))
			 : "?");
	caption->rounds = (int)run_rounds(run);
}

int plot_run(const char *run_dir, const char *host, const char *out,
	     const char *scripts_dir, const struct plot_caption *caption,
	     struct plot_pictures *pictures, struct fault *fault)
{
	char scripts[PATH_MAX], path[PATH_MAX + 16];
	struct thread_rows threads;
	struct rows rows;
	int result;

	memset(pictures, 0, sizeof(*pictures));
	snprintf(path, sizeof(path), "%s/%s", run_dir, results_schema.file);
	if (rows_read(path, &results_schema, &rows, fault))
		return -1;
	if (*host)
		hosts_keep_rows(&rows, host);
	result = thread_rows_read(&threads, run_dir, host, fault);
	if (!result)
		result = find_dirs(run_dir, out, scripts_dir, scripts, pictures,
				   fault);
	if (!result && *host)
		result = enter_folder(pictures, host, fault);
	if (!result)
		result = draw_rows(&rows, &threads, scripts, caption, pictures,
				   fault);
	thread_rows_free(&threads);
	rows_free(&rows);
	return result;
}
