/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words of a picture: the metric, the factors in which the cells differ,
 * and the values that all cells share. They come from the scenario's
 * declaration and from the cells, and appear in the picture, in the title of
 * the SVG, and in a text file beside the picture.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>

#include "fault.h"
#include "groups.h"
#include "names.h"
#include "plot.h"

/* The sign before a note in the legend. */
enum note_sign {
	NOTE_PLAIN,
	NOTE_MEDIAN,
	NOTE_INTERVAL,
	NOTE_OBSERVATION,
	NOTE_BOUND,
	NOTE_RING,
	NOTE_BUSY, /* parts of a bar: colours in plots/caption.gp */
	NOTE_BUSY_ASLEEP,
	NOTE_WAITING,
	NOTE_PREEMPTED,
	NOTE_ASLEEP,
	NOTE_PACE,
	NOTE_SIGNS
};

enum {
	WORDS_MAX = 256,
	WORDS_NOTES_MAX = 10,
};

struct words {
	char title[2 * WORDS_MAX]; /* the metric, and the factors that differ */
	char fixed[2 * WORDS_MAX]; /* the values that all cells share, or "" */
	char x[WORDS_MAX];
	char y[WORDS_MAX];
	char value[WORDS_MAX]; /* heading of a column of numbers */
	struct {
		enum note_sign sign;
		char text[WORDS_MAX];
	} notes[WORDS_NOTES_MAX];
	size_t note_count;
};

/* "pages per second"; "wake_p50_ns, ns" if the objective, a column, is not a
 * rate. */
void words_objective(const char *scenario, int objective, char text[WORDS_MAX]);

/* "higher is better", "lower is better", or "". */
const char *words_better(int objective);

/* The first cell that has the factor; NULL: none. *differ: cells have different
 * values of the factor. */
const struct record *words_factor(const struct record *const *cells,
				  size_t count, int column, bool *differ);

/* The factors along an axis. */
struct words_axis {
	const char *name; /* name of the axis; NULL: no axis, or the title names
			     its factors */
	const int *columns; /* factors that the title need not repeat */
	size_t count;
};

/*
 * Sets the title, "SCENARIO: WHAT by AXIS, wait and backend" with all factors
 * that differ, and the line of values that all cells share: "placement llc,
 * capacity 1023".
 */
void words_title(struct words *words, const char *scenario, const char *what,
		 const struct words_axis *axis,
		 const struct record *const *cells, size_t count);

/* The name of a bound in all pictures: "bound: lines". */
void words_bound(const struct group *bound, char text[NAME_SHORT_MAX]);

__attribute__((format(printf, 3, 4))) void
words_note(struct words *words, enum note_sign sign, const char *format, ...);

/* Writes caption.dat and legend.dat into dir. */
int words_write(const char *dir, const struct words *words,
		const struct plot_caption *caption, struct fault *fault);

/* The description of the picture in one paragraph. The caller frees it. */
char *words_paragraph(const struct words *words,
		      const struct plot_caption *caption);

#endif
