/* SPDX-License-Identifier: BSD-2-Clause */
/* Words and numbers: read from people, written for people. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	TEXT_NUMBER_MAX = 32,
	TEXT_WIDTH = 79, /* of a line for people */
};

/*
 * A duration such as 200ms, 0.3s, 20us or 5ns. Returns 0, -EINVAL for what is
 * none (a unit is required), or -ERANGE beyond a day or for parts of 1 ns.
 */
int text_parse_duration(const char *text, int64_t *ns);

/* The shortest exact form: 1500000 is 1.5ms. */
void text_format_duration(int64_t ns, char text[TEXT_NUMBER_MAX]);

/* A whole number from low to high. Returns 0, -EINVAL or -ERANGE. */
int text_parse_integer(const char *text, int64_t low, int64_t high,
		       int64_t *value);

/* Three digits and a unit prefix: 96123456 is "96.1M", 251.2 is "251". */
void text_format_short(double value, char text[TEXT_NUMBER_MAX]);

/* Whole seconds as people say them: "45 s", "3 min 20 s". */
void text_format_seconds(double seconds, char text[TEXT_NUMBER_MAX]);

/*
 * Makes a text from a file, a library or another program fit for a terminal:
 * control characters (C0, C1, DEL, so that no escape sequence is left), those
 * that change the direction of text, and what is no UTF-8 become "?",
 * a tab or the end of a line a blank.
 */
void text_clean(char *text);

/*
 * Prints words into lines of TEXT_WIDTH and ends the last one. The caller has
 * printed so many columns of the first line; the others are indented by them.
 */
void text_wrap(const char *text, size_t indent, FILE *to);

/* Whether there is nothing to clean. */
bool text_is_clean(const char *text);

/*
 * The one of names that is nearest to word by typing errors, or NULL when
 * none is near.
 */
const char *text_nearest(const char *word, const char *const *names,
			 size_t count);

#endif
