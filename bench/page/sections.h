/* SPDX-License-Identifier: BSD-2-Clause */
/* The sections of the page. Each section prints its own heading. */
#ifndef SECTIONS_H
#define SECTIONS_H

#include <stdio.h>

#include "plot.h"
#include "run.h"

/* The data that the sections show. */
struct page {
	const struct run *run;
	const char *dir; /* the folder of the run */
	const struct plot_pictures *pictures;
	const char *no_pictures; /* why pictures are missing, or "" */
	FILE *to;
};

struct section {
	const char *id; /* the anchor */
	const char *title;
	void (*print)(const struct page *page);
};

/* In the order of the page. The last element has no identifier. */
extern const struct section page_sections[];

#endif
