/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ringbench observe: measures one cell in this process. Writes the result as
 * lines to standard output, or to the descriptor that the runner passes. `run`
 * starts this command for each observation. `make crosscheck` measures it with
 * hyperfine.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "board.h"
#include "commands.h"
#include "descriptors.h"
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
		return fault_set(
			fault, EXIT_USAGE,
			"cannot read the cell from %.900s: %s; write --input "
			"FILE, where FILE has \"column value\" lines",
			path, strerror(errno));
	error = cell_read(cell, file, fault);
	if (path)
		fclose(file);
	if (!error && cell->choice.external)
		error = fault_set(
			fault, EXIT_USAGE,
			"cannot measure %s in this process: it is another "
			"program; measure it with `ringbench run`",
			cell->choice.id);
	return error;
}

/* Writes the measured cell, then the result. Their own descriptor keeps output
 * of the measured code from being mistaken for a result. */
static int answer(int channel, const struct cell *cell,
		  const struct observation *observation, struct fault *fault)
{
	FILE *to = fdopen(channel, "w");
	bool written = false;

	if (to) {
		cell_write(cell, true, to);
		observation_write(observation, to);
		written = !ferror(to);
		written = fclose(to) == 0 && written;
	}
	if (written)
		return 0;
	return fault_set(fault, EXIT_OUTPUT,
			 "cannot write the result to descriptor %d: %s; "
			 "check whether the program that reads the result "
			 "still runs",
			 channel, strerror(errno));
}

int command_observe(int argc, char **argv, enum exit_code *exit_code,
		    struct fault *fault)
{
	static const struct argp_option options[] = {
		{ "input", KEY_INPUT, "FILE", 0,
		  "read the cell from FILE instead of standard input", 0 },
		{ 0, 0, 0, 0, 0, 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		NULL,
		"Measures one cell in this process. Standard input describes "
		"the cell in \"column value\" lines, the last line is \"end\".",
		NULL,
		NULL,
		NULL,
	};
	struct request request = { { fault }, NULL };
	int channel = descriptor_given(RESULT_VARIABLE);
	struct observation observation;
	struct cell cell;
	int error = 0;

	*exit_code = EXIT_FINE;
	board_attach();
	if (options_parse(&argp, argc, argv, 0, &request.input) != 0 ||
	    read_cell(request.file, &cell, fault) != 0)
		return -1;
	/* If the runner dies, its observation must end too: nobody reads the
	 * result, and the load would disturb other measurements. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	observation_init(&observation);
	if (channel >= 0)
		dup2(STDERR_FILENO, STDOUT_FILENO);
	observe_cell(&cell, &observation);
	if (channel >= 0)
		error = answer(channel, &cell, &observation, fault);
	else
		observation_write(&observation, stdout);
	observation_free(&observation);
	return error;
}
