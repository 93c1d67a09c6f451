/* SPDX-License-Identifier: BSD-2-Clause */
/* Parsing a command's words with argp, with errors of one line. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <argp.h>

#include "fault.h"

/*
 * Like argp_parse(), with the options of the children. An unknown option, with
 * the nearest known one, a missing or superfluous value and a superfluous
 * argument are found beforehand, since argp would write several lines about
 * them. `arguments` is how many words without -- are allowed. Parsers return
 * EINVAL after setting the fault, which is their state's input: struct
 * options_input at its beginning.
 */
struct options_input {
	struct fault *fault;
};

int options_parse(const struct argp *argp, int argc, char **argv, int arguments,
		  struct options_input *input);

#endif
