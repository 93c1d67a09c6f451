/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The work of pipeline's threads: what each thread does with a page. Included
 * by pipeline.c.
 */
#ifndef PIPELINE_WORK_H
#define PIPELINE_WORK_H

#include <string.h>

#include "cell.h"
#include "fetch.h"
#include "page.h"
#include "pool.h"
#include "ringbench_clock.h"
#include "site.h"
#include "store.h"
#include "text.h"

/* Values of the parameters, in the order of their names. */
enum source_kind {
	SOURCE_HTTP = 1,
	SOURCE_SYNTHETIC, /* sleeps for the service time */
	SOURCE_CPU,	  /* computes for the service time */
};

enum claim_kind {
	CLAIM_EXCL = 1,
	CLAIM_LOOK,
};

/*
 * The parameter stages has one byte for each stage: its number of threads. The
 * first stage is in the lowest byte. STAGES_LOOP is the plain loop.
 */
enum {
	STAGES_LOOP = -1,
};

/* Largest number of threads of a stage, so that 8 stages fit into a rig. */
enum {
	WIDTH_MAX = 15,
};

/* The state of one thread. */
struct stage_thread {
	struct pipeline_shared *shared;
	struct fetcher *fetcher; /* only downloaders of source=http have one */
	int stage; /* stage of the thread, from 0; plain loop: current stage */
	bool last; /* the thread belongs to the last stage */
	uint64_t number; /* number of the page that was popped last */
	/* saver: number of the next file name to try */
	uint64_t file_number;
} RINGBENCH_ALIGNED;

/* The state that all threads of a phase share. */
struct pipeline_shared {
	const struct cell *cell;
	struct site site; /* site, store and pool: only for source=http */
	struct store store;
	struct pool pool;
	/*
	 * Set by the first thread whose work fails. After that, all threads pop
	 * messages without working on them, so that every thread ends normally.
	 */
	uint32_t failed RINGBENCH_ALIGNED;
	pthread_mutex_t error_lock;
	char error[WEB_REASON_MAX];
	struct stage_thread threads[RIG_THREADS_MAX];
};

static int64_t source_of(const struct cell *cell)
{
	return cell_value(cell, "source");
}

static bool is_loop(const struct cell *cell)
{
	return cell_value(cell, "stages") == STAGES_LOOP;
}

/* Number of threads of a stage; 0: no such stage. */
static int stage_width(const struct cell *cell, int stage)
{
	int64_t stages = cell_value(cell, "stages");

	return stage < STAGES_MAX ? (int)(stages >> 8 * stage & 0xff) : 0;
}

static int set_stages(struct cell *cell, const struct param *param,
		      const char *text, struct fault *fault)
{
	const char *at = text;
	int64_t stages = 0;
	int count = 0;

	if (strcmp(text, "loop") == 0) {
		cell_set_value(cell, param->name, STAGES_LOOP);
		return 0;
	}
	for (;; at++) {
		size_t length = strcspn(at, "+");
		char width[CELL_TEXT_MAX];
		int64_t value;

		snprintf(width, sizeof(width), "%.*s", (int)length, at);
		if (count == STAGES_MAX || length >= sizeof(width) ||
		    text_parse_integer(width, 1, WIDTH_MAX, &value) != 0)
			return fault_set(
				fault, EXIT_USAGE,
				"%s \"%.60s\": must be the numbers of "
				"threads of 1 to %d stages, each from 1 to "
				"%d, for example 4+1; or loop",
				param->name, text, STAGES_MAX, WIDTH_MAX);
		stages |= value << 8 * count++;
		at += length;
		if (!*at)
			break;
	}
	cell_set_value(cell, param->name, stages);
	return 0;
}

static void get_stages(const struct cell *cell, const struct param *param,
		       char text[CELL_TEXT_MAX])
{
	int64_t stages = *param_number(cell, param);
	size_t length = 0;

	snprintf(text, CELL_TEXT_MAX, "%s",
		 stages == STAGES_LOOP ? "loop" : "0");
	for (int i = 0; stages > 0 && stage_width(cell, i); i++)
		length += (size_t)snprintf(text + length,
					   CELL_TEXT_MAX - length, "%s%d",
					   i ? "+" : "", stage_width(cell, i));
}

static void fail_all(struct pipeline_shared *shared, const char *error)
{
	pthread_mutex_lock(&shared->error_lock);
	if (!shared->failed)
		snprintf(shared->error, sizeof(shared->error), "%s", error);
	ringbench_store_release(&shared->failed, 1);
	pthread_mutex_unlock(&shared->error_lock);
}

/* The source makes the next page number. */
static bool next_page(struct worker *me, uint64_t *word)
{
	struct stage_thread *thread = me->state;

	*word = ++thread->number;
	return !ringbench_load_relaxed(&thread->shared->failed);
}

static void count_last(struct worker *me, uint64_t number)
{
	me->sum += number;
	me->squares += number * number;
}

/*
 * First stage of source=http: downloads a page and replaces its number by its
 * address.
 */
static bool download(struct worker *me, uint64_t *word)
{
	struct stage_thread *thread = me->state;
	struct pipeline_shared *shared = thread->shared;
	char reason[WEB_REASON_MAX] = "no memory for a page";
	struct page *page;

	thread->number = *word;
	if (ringbench_load_acquire(&shared->failed))
		return false;
	page = pool_get(&shared->pool);
	if (page) {
		page->number = thread->number;
		page->bytes = fetch_page(thread->fetcher, page->number,
					 page->body, reason);
	}
	if (!page || !page->bytes) {
		fail_all(shared, reason);
		return false;
	}
	*word = (uintptr_t)page;
	return true;
}

/* Second stage of source=http: saves the page. */
static bool save(struct worker *me, uint64_t *word)
{
	struct page *page = (struct page *)(uintptr_t)*word;
	struct stage_thread *thread = me->state;
	struct pipeline_shared *shared = thread->shared;
	bool look_first = cell_value(shared->cell, "claim") == CLAIM_LOOK;
	char reason[WEB_REASON_MAX];
	int error;

	if (ringbench_load_acquire(&shared->failed))
		return false;
	thread->number = page->number;
	count_last(me, page->number);
	error = store_save(&shared->store, look_first, &thread->file_number,
			   page->body, page->bytes);
	thread->file_number++;
	pool_put(&shared->pool, page);
	if (error) {
		snprintf(reason, sizeof(reason),
			 "cannot save a page in %.200s: %s; set TMPDIR to a "
			 "folder with more free space",
			 shared->site.folder, strerror(-error));
		fail_all(shared, reason);
	}
	return false;
}

static void compute_for(int64_t ns)
{
	int64_t end = ringbench_clock_ns(CLOCK_THREAD_CPUTIME_ID) + ns;

	while (ringbench_clock_ns(CLOCK_THREAD_CPUTIME_ID) < end)
		;
}

/*
 * Every stage of source=synthetic and source=cpu: spends the service time of
 * the page.
 */
static bool serve(struct worker *me, uint64_t *word)
{
	struct stage_thread *thread = me->state;
	const struct cell *cell = thread->shared->cell;
	int64_t ns = page_service_ns(*word, thread->stage,
				     cell_value(cell, "service"));

	thread->number = *word;
	if (source_of(cell) == SOURCE_CPU)
		compute_for(ns);
	else
		ringbench_sleep_until(ringbench_now_ns() + ns);
	if (thread->last)
		count_last(me, *word);
	return true;
}

/* The plain loop: one thread, no queues. */
static void plain_loop(struct worker *me)
{
	struct stage_thread *thread = me->state;
	bool http = source_of(thread->shared->cell) == SOURCE_HTTP;

	while (me->messages != me->limit && !ringbench_load_relaxed(me->stop) &&
	       !ringbench_load_relaxed(&thread->shared->failed)) {
		uint64_t word = ++me->messages;

		thread->stage = 0;
		thread->last = false;
		if (!(http ? download : serve)(me, &word))
			break;
		thread->stage = 1;
		thread->last = true;
		(http ? save : serve)(me, &word);
	}
}

#endif
