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

/* The name of the run. A merged run has the name of its folder. */
static const char *run_name(const struct page *page)
{
	const char *slash = strrchr(page->dir, '/');

	if (page->all->count == 1)
		return run_fact(&page->all->runs[0], "run_id");
	return slash && slash[1] ? slash + 1 : page->dir;
}

static void print_head(const struct page *page)
{
	FILE *to = page->to;

	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	      "<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, "
	      "initial-scale=1\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" "
	      "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	      "<title>ringbench: run ",
	      to);
	html_put(run_name(page), to);
	fprintf(to, "</title>\n<style>\n%s</style>\n</head>\n", page_style);
}

typedef void section_printer(const struct page *page,
			     const struct section *section);

static void each_of(struct page *page, enum section_of of,
		    section_printer *print)
{
	for (const struct section *it = page_sections; it->id; it++)
		if (it->of == of)
			print(page, it);
}

/* Calls the function for each section, host by host. */
static void each_section(struct page *page, section_printer *print)
{
	if (page->all->count > 1)
		each_of(page, SECTION_OF_HOSTS, print);
	for (page->at = 0; page->at < page->all->count; page->at++)
		each_of(page, SECTION_OF_HOST, print);
	each_of(page, SECTION_OF_PAGE, print);
}

/* "answer", or in a merged run "h1-answer". */
static void print_id(const struct page *page, const struct section *section)
{
	if (page->all->count > 1 && section->of == SECTION_OF_HOST)
		fprintf(page->to, "h%zu-", page->at + 1);
	fputs(section->id, page->to);
}

/* "Answer", or in a merged run "node1: Answer". */
static void print_title(const struct page *page, const struct section *section)
{
	if (page->all->count > 1 && section->of == SECTION_OF_HOST) {
		html_put(page->all->runs[page->at].host, page->to);
		fputs(": ", page->to);
	}
	fputs(section->title, page->to);
}

static void print_entry(const struct page *page, const struct section *section)
{
	fputs("<li><a href=\"#", page->to);
	print_id(page, section);
	fputs("\">", page->to);
	print_title(page, section);
	fputs("</a></li>\n", page->to);
}

static void print_section(const struct page *page,
			  const struct section *section)
{
	fputs("<section id=\"", page->to);
	print_id(page, section);
	fputs("\" aria-labelledby=\"", page->to);
	print_id(page, section);
	fputs("-title\">\n<h2 id=\"", page->to);
	print_id(page, section);
	fputs("-title\">", page->to);
	print_title(page, section);
	fputs("</h2>\n", page->to);
	section->print(page);
	fputs("</section>\n", page->to);
}

static void print_page(struct page *page)
{
	FILE *to = page->to;

	print_head(page);
	fprintf(to,
		"<body>\n<a class=\"skip\" href=\"#%s\">Skip to the "
		"answer</a>\n<header>\n<h1>ringbench: run ",
		page->all->count > 1 ? "hosts" : "answer");
	html_put(run_name(page), to);
	fputs("</h1>\n<nav aria-label=\"Contents\">\n<ul>\n", to);
	each_section(page, print_entry);
	fputs("</ul>\n</nav>\n</header>\n<main>\n", to);
	each_section(page, print_section);
	fputs("</main>\n<footer>\n<p>Written by ringbench report.</p>\n"
	      "</footer>\n</body>\n</html>\n",
	      to);
}

/* Draws the pictures of each run. */
static void draw(const struct host_runs *all, const char *path,
		 struct page_pictures *pictures)
{
	struct plot_caption caption;
	char scripts[PATHS_MAX];

	for (size_t i = 0; i < all->count; i++) {
		plot_caption_of(&all->runs[i], &caption);
		if (plot_find_scripts(scripts, &pictures[i].fault) == 0)
			plot_run(path, all->runs[i].host, NULL, scripts,
				 &caption, &pictures[i].drawn,
				 &pictures[i].fault);
	}
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
			 "cannot write %.900s: %s; %s, then run the command "
			 "again",
			 file, strerror(-error), fault_remedy(-error));
}

/* Writes the page, also if pictures are missing; then this is the fault. */
static int write_with_pictures(const struct host_runs *all, const char *path,
			       char page[PATHS_MAX], struct fault *fault)
{
	struct page_pictures *pictures = calloc(all->count, sizeof(*pictures));
	int error;

	if (!pictures)
		abort();
	for (size_t i = 0; i < all->count; i++)
		bounds_find(&all->runs[i].groups);
	draw(all, path, pictures);
	snprintf(page, PATHS_MAX, "%.4080s/report.html", path);
	error = write_page(
		&(struct page){ .all = all, .dir = path, .pictures = pictures },
		page, fault);
	if (error)
		*page = '\0';
	for (size_t i = 0; i < all->count && !error; i++)
		if (pictures[i].fault.exit_code != EXIT_FINE) {
			*fault = pictures[i].fault;
			error = -1;
		}
	free(pictures);
	return error;
}

int report_page_write(const char *path, char page[PATHS_MAX],
		      struct fault *fault)
{
	struct host_runs all;
	int error;

	*page = '\0';
	if (host_runs_load(&all, path, NULL, fault) != 0)
		return -1;
	if (all.runs[0].json)
		error = write_with_pictures(&all, path, page, fault);
	else
		error = fault_set(fault, EXIT_DATA,
				  "cannot write a page for %.900s: it is only "
				  "a CSV file; name the folder of a run",
				  path);
	host_runs_free(&all);
	return error;
}
