/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints the words that a shell can complete, from the option tables of the
 * commands. Each line is a word, a tab, and its meaning. */
#ifndef COMPLETE_H
#define COMPLETE_H

#include <argp.h>

/* Prints the options of a command. */
void complete_options(const struct argp *argp);

/* Prints the values of an option such as "--backend". Prints nothing if the
 * option has no value or no fixed list of values. */
void complete_values(const struct argp *argp, const char *option);

#endif
