/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "bound.h"
#include "html.h"
#include "report_page.h"
#include "sections.h"
#include "style.h"
#include "text.h"

enum {
	ONE_LINE = 1 << 20, /* a width at which no text is wrapped */
};

static void print_head(const struct run *run, FILE *to)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	      "<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, "
	      "initial-scale=1\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" "
	      "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	      "<title>ringbench: run ",
	      to);
	html_put(run_fact(run, "run_id"), to);
	fprintf(to, "</title>\n<style>\n%s</style>\n</head>\n", page_style);
}

static void print_navigation(FILE *to)
{
	fputs("<nav aria-label=\"Contents\">\n<ul>\n", to);
	for (const struct section *it = page_sections; it->id; it++)
		fprintf(to, "<li><a href=\"#%s\">%s</a></li>\n", it->id,
			it->title);
	fputs("</ul>\n</nav>\n", to);
}

static void print_page(const struct page *page)
{
	FILE *to = page->to;

	print_head(page->run, to);
	fputs("<body>\n<a class=\"skip\" href=\"#answer\">Skip to the "
	      "answer</a>\n<header>\n<h1>ringbench: run ",
	      to);
	html_put(run_fact(page->run, "run_id"), to);
	fputs("</h1>\n", to);
	print_navigation(to);
	fputs("</header>\n<main>\n", to);
	for (const struct section *it = page_sections; it->id; it++) {
		fprintf(to,
			"<section id=\"%s\" aria-labelledby=\"%s-title\">\n"
			"<h2 id=\"%s-title\">%s</h2>\n",
			it->id, it->id, it->id, it->title);
		it->print(page);
		fputs("</section>\n", to);
	}
	fputs("</main>\n<footer>\n<p>Written by ringbench report.</p>\n"
	      "</footer>\n</body>\n</html>\n",
	      to);
}

/* Draws the pictures. Returns 0, or -1 with the fault set. */
static int draw(const struct run *run, const char *path,
		struct plot_pictures *pictures, struct fault *fault)
{
	struct plot_caption caption;
	char scripts[PATHS_MAX];

	plot_caption_of(run, &caption);
	if (plot_find_scripts(scripts, fault) != 0)
		return -1;
	return plot_run(path, "", NULL, scripts, &caption, pictures, fault);
}

static int write_page(struct page *page, const char *file, struct fault *fault)
{
	size_t width = text_width, size = 0;
	char *text = NULL;
	int error;

	page->to = open_memstream(&text, &size);
	if (!page->to)
		abort();
	text_width = ONE_LINE;
	print_page(page);
	text_width = width;
	fclose(page->to);
	error = paths_write_file(file, text);
	free(text);
	if (!error)
		return 0;
	return fault_set(fault, EXIT_OUTPUT,
			 "cannot write %.900s: %s; free some space or check "
			 "the permissions of the folder, then run the command "
			 "again",
			 file, strerror(-error));
}

int report_page_write(const char *path, char page[PATHS_MAX],
		      struct fault *fault)
{
	struct fault drawing = { EXIT_FINE, "" };
	struct plot_pictures pictures = { .count = 0 };
	struct run run;
	int error;

	*page = '\0';
	if (run_load(&run, path, fault) != 0)
		return -1;
	if (!run.json) {
		run_free(&run);
		return fault_set(fault, EXIT_DATA,
				 "cannot write a page for %.900s: it is only a "
				 "table; name the folder of a run",
				 path);
	}
	bounds_find(&run.groups);
	draw(&run, path, &pictures, &drawing);
	snprintf(page, PATHS_MAX, "%.4080s/report.html", path);
	error = write_page(&(struct page){ .run = &run,
					   .dir = path,
					   .pictures = &pictures,
					   .no_pictures = drawing.text },
			   page, fault);
	if (error)
		*page = '\0';
	else if (drawing.exit_code != EXIT_FINE) {
		*fault = drawing;
		error = -1;
	}
	run_free(&run);
	return error;
}
