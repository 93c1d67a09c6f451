/* SPDX-License-Identifier: BSD-2-Clause */
/* A comparison for people and for programs. */
#ifndef PRINT_H
#define PRINT_H

#include "comparison.h"

/* 80 columns wide. */
void comparison_print_text(const struct comparison *comparison, FILE *to);
void comparison_print_markdown(const struct comparison *comparison, FILE *to);
void comparison_print_csv(const struct comparison *comparison, FILE *to);
void comparison_print_json(const struct comparison *comparison, FILE *to);

/* Words of both the table and Markdown. */
enum {
	FIGURE_MAX = 48,
};
void print_ratio(double ratio, char text[FIGURE_MAX]);
void print_interval(bool has, double low, double high, char text[FIGURE_MAX]);
void print_share(double share, char text[FIGURE_MAX]);
const char *comparison_test_name(const struct comparison *comparison);

/* Prints text broken at blanks, at most 80 columns wide. */
void print_wrapped(const char *text, FILE *to);

/* "34", or "-". */
void print_settles(double rounds, char text[FIGURE_MAX]);

/* What stands above and below the rows. */
void print_head(const struct comparison *comparison, FILE *to);
void print_foot(const struct comparison *comparison, FILE *to);

#endif
