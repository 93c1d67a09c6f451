/* SPDX-License-Identifier: BSD-2-Clause */
/* ringbench plot: draws the pictures of a run with gnuplot. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "hosts.h"
#include "options.h"
#include "paths.h"
#include "plot.h"

struct request {
	struct options_input input;
	const char *run;
	const char *out;
	const char *host;
};

enum {
	KEY_OUT = 0x1000,
	KEY_HOST,
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	if (key == KEY_OUT)
		request->out = value;
	else if (key == KEY_HOST)
		request->host = value;
	else if (key == ARGP_KEY_ARG)
		request->run = value;
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

/* Makes a path below the current folder relative to that folder. */
static const char *from_here(const char *path)
{
	char here[PATH_MAX];
	size_t length;

	if (!getcwd(here, sizeof(here)))
		return path;
	length = strlen(here);
	return strncmp(path, here, length) == 0 && path[length] == '/'
		       ? path + length + 1
		       : path;
}

static void print_pictures(const struct plot_pictures *pictures, bool first)
{
	for (size_t i = 0; i < pictures->count; i++)
		printf("%s %s/%s.svg (.png, .pdf, .txt)\n",
		       first && i == 0 ? "plots:" : "      ",
		       from_here(pictures->dir), pictures->names[i]);
}

/* Draws each host of a merged run by itself. */
static int draw(const struct request *request, const struct host_runs *all,
		const char *scripts, struct fault *fault)
{
	struct plot_pictures pictures = { .count = 0 };
	struct plot_caption caption;
	int error = 0;

	for (size_t i = 0; i < all->count && !error; i++) {
		plot_caption_of(&all->runs[i], &caption);
		error = plot_run(request->run, all->runs[i].host, request->out,
				 scripts, &caption, &pictures, fault);
		print_pictures(&pictures, i == 0);
	}
	return error;
}

int command_plot(int argc, char **argv, enum exit_code *exit_code,
		 struct fault *fault)
{
	static const struct argp_option options[] = {
		{ "out", KEY_OUT, "DIR", 0,
		  "folder for the pictures (RUN/plots)", 0 },
		HOST_OPTION(KEY_HOST),
		{ 0, 0, 0, 0, 0, 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		"[RUN]",
		"Draws the pictures of RUN (results/latest) as SVG, PNG and "
		"PDF, each with a text file that describes it. The pictures "
		"show the objective of each scenario, the time of the threads "
		"(working, waiting, sleeping), and sweeps of parameters. Each "
		"host of a merged run has its pictures in a folder of its "
		"own.",
		NULL,
		NULL,
		NULL,
	};
	struct request request = { { fault }, "results/latest", NULL, NULL };
	struct host_runs all;
	char scripts[PATHS_MAX];
	int error;

	*exit_code = EXIT_FINE;
	if (options_parse(&argp, argc, argv, 1, &request.input) != 0 ||
	    host_runs_load(&all, request.run, request.host, fault) != 0)
		return -1;
	error = all.runs[0].json
			? plot_find_scripts(scripts, fault)
			: fault_set(fault, EXIT_DATA,
				    "cannot draw %.900s: it is only a CSV "
				    "file; name the folder of a run",
				    request.run);
	if (!error)
		error = draw(&request, &all, scripts, fault);
	host_runs_free(&all);
	return error;
}
