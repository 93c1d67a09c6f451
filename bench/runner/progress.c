/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ringbench_clock.h"
#include "progress.h"
#include "text.h"

enum {
	BAR_WIDTH = 12,
	LINE_WIDTH = 79,
};

void progress_start(struct progress *progress, double expected_seconds)
{
	memset(progress, 0, sizeof(*progress));
	progress->shown = isatty(STDERR_FILENO);
	progress->start_ns = ringbench_now_ns();
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

void progress_show(struct progress *progress, int64_t round, int64_t rounds,
		   const char *what)
{
	double share = progress->done / progress->total;
	int filled = (int)(share * BAR_WIDTH);
	char left[TEXT_NUMBER_MAX], line[256];
	char bar[BAR_WIDTH + 1];

	if (!progress->shown)
		return;
	memset(bar, '.', BAR_WIDTH);
	memset(bar, '#', (size_t)(filled < BAR_WIDTH ? filled : BAR_WIDTH));
	bar[BAR_WIDTH] = '\0';
	text_format_seconds(seconds_left(progress), left);
	snprintf(line, sizeof(line),
		 "[%s] %2.0f%%  %s left  round %" PRId64 "/%" PRId64 "  %s",
		 bar, 100 * share, left, round, rounds, what);
	fprintf(stderr, "\r%-*.*s", LINE_WIDTH, LINE_WIDTH, line);
	fflush(stderr);
	progress->open = true;
}

void progress_advance(struct progress *progress, double seconds)
{
	progress->done += seconds;
}

void progress_clear(struct progress *progress)
{
	if (progress->open)
		fprintf(stderr, "\r%*s\r", LINE_WIDTH, "");
	progress->open = false;
}
