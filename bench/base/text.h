/* SPDX-License-Identifier: BSD-2-Clause */
/* Parses and prints words and numbers for users. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	TEXT_NUMBER_MAX = 32,
};

/*
 * A duration such as 10min, 0.3s, 200ms, 20us or 5ns. Returns 0, -EINVAL if the
 * text is not a duration (a unit is required), or -ERANGE if it is longer than
 * a day or not a whole number of ns.
 */
int text_parse_duration(const char *text, int64_t *ns);

/* The shortest exact form: 1500000 is 1.5ms. */
void text_format_duration(int64_t ns, char text[TEXT_NUMBER_MAX]);

/* A whole number from low to high. Returns 0, -EINVAL or -ERANGE. */
int text_parse_integer(const char *text, int64_t low, int64_t high,
		       int64_t *value);

/*
 * A rate such as 50k/s, 1.5M/s or 200: a whole number per second; k, M and G
 * are 1000, 1000^2 and 1000^3, and "/s" may be left out. Returns 0 or -EINVAL.
 */
int text_parse_rate(const char *text, int64_t *per_second);

/* The shortest exact form: 50000 is 50k/s; 0 is 0. */
void text_format_rate(int64_t per_second, char text[TEXT_NUMBER_MAX]);

/* Three digits and a unit prefix: 96123456 is "96.1M", 251.2 is "251". */
void text_format_short(double value, char text[TEXT_NUMBER_MAX]);

/* Whole seconds as text: "45 s", "3 min 20 s". */
void text_format_seconds(double seconds, char text[TEXT_NUMBER_MAX]);

/*
 * Makes a text safe for a terminal, for texts from a file, a library or another
 * program. Control characters (C0, C1, DEL, so that no escape sequence is
 * left), characters that change the direction of text, and bytes that are not
 * UTF-8 become "?". A tab or a newline becomes a blank.
 */
void text_clean(char *text);

enum {
	TEXT_WIDTH_USUAL = 79,
};

/* The width of a printed line: less than usual on a narrow terminal. */
extern size_t text_width;

/* The width of a line on the terminal, at most the usual width; 0: the file is
 * not a terminal. The environment variable COLUMNS has priority. */
size_t text_terminal_width(int fd);

/* Sets text_width for standard output. */
void text_measure_terminal(void);

/*
 * Prints the words in lines of at most text_width columns, and a newline at the
 * end. The caller has printed `indent` columns of the first line; the other
 * lines are indented by `indent` blanks.
 */
void text_wrap(const char *text, size_t indent, FILE *to);

/*
 * Prints a line to standard output. A terminal gets lines of at most text_width
 * columns, and all lines but the first are indented by `indent` blanks. A file
 * or a pipe gets one line.
 */
__attribute__((format(printf, 2, 3))) void text_say(size_t indent,
						    const char *format, ...);

/* Whether text_clean() would not change the text. */
bool text_is_clean(const char *text);

/*
 * The name with the fewest typing errors from word, or NULL if no name is
 * similar.
 */
const char *text_nearest(const char *word, const char *const *names,
			 size_t count);

#endif
