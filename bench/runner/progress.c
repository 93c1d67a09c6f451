/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ringbench_clock.h"
#include "progress.h"
#include "text.h"

enum {
	BAR_WIDTH = 12,
	LINE_MAX_BYTES = 512,
};

/* Terminal code: move the cursor one line up. */
#define UP "\033[A"

/* Seconds between plain lines, so that the log of an hour stays readable. */
#define PLAIN_SECONDS 10

static bool is_plain(void)
{
	const char *terminal = getenv("TERM"), *ci = getenv("CI");

	return !terminal || strcmp(terminal, "dumb") == 0 || (ci && *ci);
}

void progress_start(struct progress *progress, double expected_seconds)
{
	memset(progress, 0, sizeof(*progress));
	if (!is_plain())
		progress->width = text_terminal_width(STDERR_FILENO);
	progress->start_ns = progress->line_ns = ringbench_now_ns();
	progress->interval_ns = PLAIN_SECONDS * RINGBENCH_NS_PER_S;
	progress->total = expected_seconds;
}

/* Remaining seconds: at first from the expected time, later corrected by the
 * measured speed. */
static double seconds_left(const struct progress *progress)
{
	double spent = (double)(ringbench_now_ns() - progress->start_ns) /
		       RINGBENCH_NS_PER_S;
	double left = progress->total - progress->done;

	if (progress->done > 2)
		left *= spent / progress->done;
	return left > 0 ? left : 0;
}

static void show_bar(struct progress *progress, const char *head,
		     const char *what, const char *ranking)
{
	double share = progress->done / progress->total;
	int filled = (int)(share * BAR_WIDTH), width = (int)progress->width;
	char line[LINE_MAX_BYTES], bar[BAR_WIDTH + 1];

	memset(bar, '.', BAR_WIDTH);
	memset(bar, '#', (size_t)(filled < BAR_WIDTH ? filled : BAR_WIDTH));
	bar[BAR_WIDTH] = '\0';
	snprintf(line, sizeof(line), "[%s] %s  %s", bar, head, what);
	fprintf(stderr, "\r%-*.*s", width, width, line);
	snprintf(line, sizeof(line), "%s%s", *ranking ? "so far: " : "",
		 ranking);
	fprintf(stderr, "\n%-*.*s" UP "\r", width, width, line);
	fflush(stderr);
	progress->open = true;
}

static void show_plain(struct progress *progress, const char *head,
		       const char *what, const char *ranking)
{
	int64_t now_ns = ringbench_now_ns();

	if (now_ns - progress->line_ns < progress->interval_ns)
		return;
	progress->line_ns = now_ns;
	fprintf(stderr, "%s  %s%s%s\n", head, what,
		*ranking ? "; so far: " : "", ranking);
}

void progress_show(struct progress *progress, int64_t round, int64_t rounds,
		   const char *what, const char *ranking)
{
	char left[TEXT_NUMBER_MAX], head[LINE_MAX_BYTES / 2];

	text_format_seconds(seconds_left(progress), left);
	snprintf(head, sizeof(head),
		 "%2.0f%%  %s left  round %" PRId64 "/%" PRId64,
		 100 * progress->done / progress->total, left, round, rounds);
	if (progress->width)
		show_bar(progress, head, what, ranking);
	else
		show_plain(progress, head, what, ranking);
}

void progress_advance(struct progress *progress, double seconds)
{
	progress->done += seconds;
}

void progress_clear(struct progress *progress)
{
	int width = (int)progress->width;

	if (progress->open)
		fprintf(stderr, "\r%*s\n%*s" UP "\r", width, "", width, "");
	progress->open = false;
}
