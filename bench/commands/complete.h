/* SPDX-License-Identifier: BSD-2-Clause */
/* What a shell can complete, from the option tables of the commands. Each line
 * is a word, a tab, and its meaning. */
#ifndef COMPLETE_H
#define COMPLETE_H

#include <argp.h>

/* The options of a command. */
void complete_options(const struct argp *argp);

/* The values of an option, "--backend". Prints nothing if they are unknown or
 * if the option has none. */
void complete_values(const struct argp *argp, const char *option);

#endif
