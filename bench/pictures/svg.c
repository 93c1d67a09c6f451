/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "svg.h"

enum {
	/* A picture that is higher than this share of its width, in percent,
	 * is printed in slices of at most this shape: a page of A4. */
	PAGE_SHAPE = 120,
	TALL = 135,
	/* A slice ends between two rows in the last part of the page. A row has
	 * at most 43 pixels. */
	CUT_WITHIN = 130,
};

static const char name[] = "<title>Gnuplot</title>";
static const char part[] = "<g id=\"gnuplot_plot_";
static const char tooltip[] = "<g onmousemove=\"gnuplot_svg.showHypertext("
			      "evt,'";
static const char tooltip_end[] = "')\"";
static const char title_end[] = "</title>";

/* Skips the prefix. Returns false if the text does not begin with the prefix.
 */
static bool skip(const char **text, const char *prefix)
{
	size_t length = strlen(prefix);

	if (strncmp(*text, prefix, length) != 0)
		return false;
	*text += length;
	return true;
}

/* Skips everything up to and including the next `end`. */
static void skip_past(const char **text, const char *end)
{
	const char *found = strstr(*text, end);

	*text = found ? found + strlen(end) : *text + strlen(*text);
}

static void put_escaped(FILE *file, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", file);
		else if (*text == '&')
			fputs("&amp;", file);
		else
			fputc(*text, file);
	}
}

/* gnuplot has escaped the tooltip for XML already. "\n" starts a new line. */
static void put_tooltip(FILE *file, const char **text)
{
	fputs("<g><title>", file);
	while (**text && strncmp(*text, tooltip_end, strlen(tooltip_end)) != 0)
		if (skip(text, "\\n"))
			fputc('\n', file);
		else
			fputc(*(*text)++, file);
	fputs(title_end, file);
	skip_past(text, title_end);
}

static void rewrite(FILE *file, const char *text, const char *title,
		    const char *description)
{
	while (*text) {
		if (skip(&text, name)) {
			fputs("<title>", file);
			put_escaped(file, title);
			fputs("</title>\n<desc>", file);
			put_escaped(file, description);
			fputs("</desc>", file);
			skip_past(&text, "</desc>");
		} else if (skip(&text, tooltip)) {
			put_tooltip(file, &text);
		} else if (skip(&text, part)) {
			fputs("<g>", file);
			skip_past(&text, title_end);
		} else {
			fputc(*text++, file);
		}
	}
}

static char *read_all(const char *path)
{
	FILE *file = fopen(path, "re");
	size_t room = 0;
	char *text = NULL;

	if (!file)
		return NULL;
	if (getdelim(&text, &room, '\0', file) < 0) {
		free(text);
		text = NULL;
	}
	fclose(file);
	return text;
}

int svg_describe(const char *path, const char *title, const char *description,
		 struct fault *fault)
{
	char *text = read_all(path);
	FILE *file = text ? fopen(path, "we") : NULL;
	bool failed = !file;

	if (file) {
		rewrite(file, text, title, description);
		failed = ferror(file);
		failed |= fclose(file) != 0;
	}
	free(text);
	if (!failed)
		return 0;
	return fault_set(fault, EXIT_OUTPUT,
			 "cannot write the titles of %s: %s; free some space, "
			 "then run `ringbench plot RUN`",
			 path, strerror(errno));
}

/* The value of an attribute, or 0. */
static int number_at(const char *text, const char *attribute)
{
	const char *found = strstr(text, attribute);

	return found ? (int)strtol(found + strlen(attribute), NULL, 10) : 0;
}

/* Prints the start tag. The namespaces are left out, because HTML has them. */
static void begin_inline(const char *text, int width, int height, bool tall,
			 FILE *to)
{
	const char *title = strstr(text, "<title>");
	const char *end = title ? strstr(title, title_end) : NULL;

	fprintf(to,
		"<svg role=\"img\"%s viewBox=\"0 0 %d %d\" width=\"%d\" "
		"height=\"%d\" aria-label=\"",
		tall ? " class=\"tall\"" : "", width, height, width, height);
	/* The title is escaped, except for quotes. */
	for (title += strlen("<title>"); end && title < end; title++)
		if (*title == '"')
			fputs("&quot;", to);
		else
			fputc(*title, to);
	fputs("\">", to);
}

static void put_inline(const char *text, const char *prefix, FILE *to)
{
	static const char *const names[] = { " id='", " id=\"", "href='#",
					     "url(#" };

	while (*text) {
		const char *start = text;

		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
			if (skip(&text, names[i]))
				fprintf(to, "%s%s", names[i], prefix);
		if (text == start)
			fputc(*text++, to);
	}
}

/* The distance of the nearest text or mark from this height, in pixels. */
static double clearance(const char *text, int height)
{
	double least = CUT_WITHIN;

	while ((text = strstr(text, "translate("))) {
		double x, y;

		text += strlen("translate(");
		if (sscanf(text, "%lf,%lf", &x, &y) == 2)
			least = fmin(least, fabs(y - height));
	}
	return least;
}

/* The height at which a slice ends that ends at `limit` at the latest: farthest
 * from texts and marks, so that no row is cut. */
static int cut_before(const char *text, int limit)
{
	int best = limit;

	for (int at = limit; at > limit - CUT_WITHIN; at--)
		if (clearance(text, at) > clearance(text, best))
			best = at;
	return best;
}

/* Prints the parts of a tall picture that fit on a page of paper. The style
 * sheet shows these parts only on paper. */
static void put_slices(const char *text, int width, int height,
		       const char *prefix, FILE *to)
{
	int page = width * PAGE_SHAPE / 100;

	for (int top = 0, end; top < height; top = end) {
		end = height;
		if (height - top > page)
			end = cut_before(text, top + page);
		fprintf(to,
			"<svg class=\"slice\" aria-hidden=\"true\" "
			"viewBox=\"0 %d %d %d\" width=\"%d\" height=\"%d\">"
			"<use href=\"#%sgnuplot_canvas\"/></svg>\n",
			top, width, end - top, width, end - top, prefix);
	}
}

int svg_inline(const char *path, const char *prefix, FILE *to,
	       struct fault *fault)
{
	char *text = read_all(path);
	const char *start = text ? strstr(text, "<svg") : NULL;
	const char *rest = start ? strchr(start, '>') : NULL;

	if (rest) {
		int width = number_at(start, "width=\"");
		int height = number_at(start, "height=\"");
		bool tall = height * 100L > width * (long)TALL;

		begin_inline(start, width, height, tall, to);
		put_inline(rest + 1, prefix, to);
		if (tall)
			put_slices(start, width, height, prefix, to);
	}
	free(text);
	if (rest)
		return 0;
	return fault_set(fault, EXIT_DATA,
			 "cannot read the picture %s: %s; draw it again with "
			 "`ringbench plot RUN`",
			 path, text ? "no SVG" : strerror(errno));
}
