/* SPDX-License-Identifier: BSD-2-Clause */
/* ringbench plot: draws the pictures of a run with gnuplot. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "options.h"
#include "paths.h"
#include "plot.h"
#include "run.h"

struct request {
	struct options_input input;
	const char *run;
	const char *out;
};

enum {
	KEY_OUT = 0x1000,
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	if (key == KEY_OUT)
		request->out = value;
	else if (key == ARGP_KEY_ARG)
		request->run = value;
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

static int read_caption(const char *path, struct plot_caption *caption,
			struct fault *fault)
{
	struct run run;

	if (run_load(&run, path, fault) != 0)
		return -1;
	plot_caption_of(&run, caption);
	run_free(&run);
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

int command_plot(int argc, char **argv, enum exit_code *exit_code,
		 struct fault *fault)
{
	static const struct argp_option options[] = {
		{ "out", KEY_OUT, "DIR", 0,
		  "folder for the pictures (RUN/plots)", 0 },
		{ 0, 0, 0, 0, 0, 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		"[RUN]",
		"Draws the pictures of RUN (results/latest) as SVG, PNG and "
		"PDF, each with a text file that describes it. The pictures "
		"show the objective of each scenario, the time of the threads "
		"(working, waiting, sleeping), and sweeps of parameters.",
		NULL,
		NULL,
		NULL,
	};
	struct request request = { { fault }, "results/latest", NULL };
	struct plot_pictures pictures = { .count = 0 };
	struct plot_caption caption;
	char scripts[PATHS_MAX];
	int error;

	*exit_code = EXIT_FINE;
	if (options_parse(&argp, argc, argv, 1, &request.input) != 0 ||
	    read_caption(request.run, &caption, fault) != 0 ||
	    plot_find_scripts(scripts, fault) != 0)
		return -1;
	error = plot_run(request.run, request.out, scripts, &caption, &pictures,
			 fault);
	for (size_t i = 0; i < pictures.count; i++)
		printf("%s %s/%s.svg (.png, .pdf, .txt)\n",
		       i ? "      " : "plots:", from_here(pictures.dir),
		       pictures.names[i]);
	return error;
}
