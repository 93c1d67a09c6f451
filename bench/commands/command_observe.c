/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ringbench observe: measures one cell in this process and writes the result
 * as lines; what `run` starts for every observation, and hyperfine times.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "commands.h"
#include "observe.h"
#include "options.h"

enum {
	KEY_INPUT = 0x1000,
};

struct request {
	struct options_input input;
	const char *file;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	if (key != KEY_INPUT)
		return ARGP_ERR_UNKNOWN;
	request->file = value;
	return 0;
}

static int read_cell(const char *path, struct cell *cell, struct fault *fault)
{
	FILE *file = path ? fopen(path, "re") : stdin;
	int error;

	if (!file)
		return fault_set(fault, EXIT_USAGE,
				 "%.900s: %s; name a file "
				 "of \"column value\" lines",
				 path, strerror(errno));
	error = cell_read(cell, file, fault);
	if (path)
		fclose(file);
	if (!error && cell->contender.external)
		error = fault_set(fault, EXIT_USAGE,
				  "%s is another program; run it itself",
				  cell->contender.id);
	return error;
}

int command_observe(int argc, char **argv, enum exit_code *exit_code,
		    struct fault *fault)
{
	static const struct argp_option options[] = {
		{ "input", KEY_INPUT, "FILE", 0,
		  "read the cell here, not from standard input", 0 },
		{ 0, 0, 0, 0, 0, 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		NULL,
		"Measures one cell, read as \"column value\" lines, in this "
		"process.",
		NULL,
		NULL,
		NULL,
	};
	struct request request = { { fault }, NULL };
	struct observation observation;
	struct cell cell;

	*exit_code = EXIT_FINE;
	if (options_parse(&argp, argc, argv, 0, &request.input) != 0 ||
	    read_cell(request.file, &cell, fault) != 0)
		return -1;
	/* Nobody wants the result of an orphan, nor its noise. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	observation_init(&observation);
	observe_cell(&cell, &observation);
	observation_write(&observation, stdout);
	observation_free(&observation);
	return 0;
}
