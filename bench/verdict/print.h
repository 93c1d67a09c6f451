/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints a comparison as text, Markdown, CSV and JSON. */
#ifndef PRINT_H
#define PRINT_H

#include "comparison.h"

/* Text is 80 columns wide. */
void comparison_print_text(const struct comparison *comparison, FILE *to);
void comparison_print_markdown(const struct comparison *comparison, FILE *to);
void comparison_print_csv(const struct comparison *comparison, FILE *to);
void comparison_print_json(const struct comparison *comparison, FILE *to);

/* Figures for text and Markdown. */
enum {
	FIGURE_MAX = 48,
};
void print_ratio(double ratio, char text[FIGURE_MAX]);
void print_interval(bool has, double low, double high, char text[FIGURE_MAX]);
void print_share(double share, char text[FIGURE_MAX]);
const char *comparison_test_name(const struct comparison *comparison);

/* Prints a text in lines of at most 80 columns, broken at blanks. */
void print_wrapped(const char *text, FILE *to);

/* The command that measures both sides in pairs, on a line of its own. rounds:
 * 0 leaves the number to the command. */
void print_command(const struct comparison *comparison, size_t rounds,
		   FILE *to);

/* The two last lines: the result in words, and what to do next. */
void print_close(const struct comparison *comparison, FILE *to);

/* The text above and below the rows. */
void print_head(const struct comparison *comparison, FILE *to);
void print_foot(const struct comparison *comparison, FILE *to);

#endif
