/* SPDX-License-Identifier: BSD-2-Clause */
/* The sections of the page. Each section prints its own heading. */
#ifndef SECTIONS_H
#define SECTIONS_H

#include <stdio.h>

#include "hosts.h"
#include "plot.h"

/* The pictures of a host. */
struct page_pictures {
	struct plot_pictures drawn;
	struct fault fault; /* why pictures are missing; its text is "" if all
			       were drawn */
};

/* The data that the sections show. */
struct page {
	const struct host_runs *all;
	const struct page_pictures *pictures; /* of each of these runs */
	size_t at;	 /* the run that a section about one host shows */
	const char *dir; /* the folder of the run */
	FILE *to;
};

/* Whom a section is about. */
enum section_of {
	SECTION_OF_HOSTS, /* only in the page of a merged run */
	SECTION_OF_HOST,  /* the page has this section for each host */
	SECTION_OF_PAGE,
};

struct section {
	const char *id; /* the anchor */
	const char *title;
	void (*print)(const struct page *page);
	enum section_of of;
};

/* All sections, in the order of the page. The last element has no identifier.
 */
extern const struct section page_sections[];

#endif
