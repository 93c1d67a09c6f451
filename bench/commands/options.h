/* SPDX-License-Identifier: BSD-2-Clause */
/* Parses a command's arguments with argp. Each error is one line. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <argp.h>

#include "fault.h"
#include "output.h"

/*
 * Like argp_parse(), but checks the arguments first, because argp prints
 * several lines for an error. The checks find an unknown option (and suggest
 * the nearest known option), a missing value, a value for an option without
 * values, and an unexpected argument. `arguments`: number of arguments without
 * -- that the command allows. A parser that fails sets the fault and returns
 * EINVAL. With --complete as the first argument, prints the words that a shell
 * can complete (complete.h) and exits. The state's input must begin with a
 * struct options_input, which holds the fault.
 */
struct options_input {
	struct fault *fault;
};

/* The options --json and --markdown, for a command that prints tables. The
 * input of their parser is a struct format_choice. */
struct format_choice {
	struct options_input input;
	enum output_format format;
};

extern const struct argp format_argp;
/* The children of a command that has no other shared options. */
extern const struct argp_child format_children[];

/* The option --host of a command that can read a merged run. */
#define HOST_OPTION(key)                                                       \
	{                                                                      \
		"host", key, "NAME", 0, "read only this host of a merged run", \
			0                                                      \
	}

int options_parse(const struct argp *argp, int argc, char **argv, int arguments,
		  struct options_input *input);

#endif
