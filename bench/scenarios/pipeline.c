/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pipeline: the website downloader. A source pushes page numbers to the first
 * queue. Each thread of a stage pops from the queue before its stage, works on
 * the page, and pushes the page to the queue after its stage. With source=http
 * the work is real: download the page, then save it in a file. With
 * source=synthetic a thread sleeps instead, with source=cpu it computes. The
 * plain loop (stages=loop) is the comparison: one thread does all the work,
 * page after page.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page_count.h"
#include "cell.h"
#include "ringbench_clock.h"
#include "fetch.h"
#include "ringbench_memory.h"
#include "page.h"
#include "pipeline_work.h"
#include "pool.h"
#include "site.h"
#include "text.h"

/* Timeout of a download, in addition to the longest service time. */
#define FETCH_NS (3 * RINGBENCH_NS_PER_S)

static const char *const source_names[] = { "http", "synthetic", "cpu", NULL };
static const char *const claim_names[] = { "excl", "look", NULL };

enum {
	/*
	 * The usable slots of a ring of 16. The capacity is small, because the
	 * pages left in the queues are processed after the window.
	 */
	CAPACITY = 15,
	HTTP_STAGES = 2,
};

/* Number of stages, without the source. 0 for the plain loop. */
static int depth(const struct cell *cell)
{
	int stages = 0;

	while (!is_loop(cell) && stage_width(cell, stages))
		stages++;
	return stages;
}

static int pipeline_complete(struct cell *cell,
			     char reason[SCENARIO_REASON_MAX])
{
	const char *why = NULL;

	/*
	 * Cells that differ only in a parameter without effect become equal, so
	 * that a plan measures the cell only once.
	 */
	if (source_of(cell) != SOURCE_HTTP)
		cell_leave_out(cell, "claim");
	if (is_loop(cell)) {
		cell->no_queue = true;
		cell->stop = STOP_SENTINEL;
		if (!cell->choice.external)
			cell->choice = (struct backend_choice){ .id = "loop" };
		return 0;
	}
	if (source_of(cell) == SOURCE_HTTP && depth(cell) != HTTP_STAGES)
		why = "source=http has two stages, downloaders and savers; "
		      "write for example --stages 4+1";
	else if (cell->messages && cell->stop == STOP_EVENT)
		why = "ends by sentinels after --messages; remove --stop";
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "pipeline %s", why);
	return -1;
}

/* Whether one of the first `stages` stages has more than one thread. */
static bool is_wide(const struct cell *cell, int stages)
{
	while (stages > 0 && stage_width(cell, stages - 1) == 1)
		stages--;
	return stages > 0;
}

static int pipeline_check(const struct cell *cell,
			  char reason[SCENARIO_REASON_MAX])
{
	const struct backend *backend = cell->choice.backend;
	int stages = depth(cell);
	const char *why = NULL;

	if (is_loop(cell))
		return 0;
	if (backend->flags & BACKEND_NOT_A_QUEUE)
		why = "is not a queue and cannot hold pages";
	else if (backend->flags & BACKEND_UNBOUNDED)
		why = "has no capacity limit, so the source would fill the "
		      "memory with page numbers";
	else if (backend->flags & BACKEND_LIFO && cell->stop == STOP_SENTINEL)
		why = "is a stack, so a sentinel would overtake messages; "
		      "use --stop event";
	else if (is_wide(cell, stages - 1) &&
		 !(backend->flags & BACKEND_MULTI_PRODUCER))
		why = "is for one producer; use one thread in all stages "
		      "except the last";
	else if (is_wide(cell, stages) &&
		 !(backend->flags & BACKEND_MULTI_CONSUMER))
		why = "is for one consumer; use one thread in all stages";
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "%s %s", backend->id, why);
	return -1;
}

static int pipeline_threads(const struct cell *cell)
{
	int threads = 1; /* the source, or the loop */

	for (int i = 0; i < depth(cell); i++)
		threads += stage_width(cell, i);
	return threads;
}

static const char *role_of(const struct cell *cell, int stage)
{
	static const char *const web[STAGES_MAX] = { "download", "save" };
	static const char *const made_up[STAGES_MAX] = {
		"stage1", "stage2", "stage3", "stage4",
		"stage5", "stage6", "stage7", "stage8",
	};

	return source_of(cell) == SOURCE_HTTP ? web[stage] : made_up[stage];
}

static void pipeline_shape(struct rig *rig)
{
	const struct cell *cell = rig->cell;
	/* threads left in this stage; stage 0 is the source */
	int stage = 0, left = 1;

	rig->queues = depth(cell);
	for (int i = 0; i < rig->threads; i++) {
		rig->parts[i].stage = stage;
		if (is_loop(cell)) {
			rig->parts[i].role = "loop";
			rig->parts[i].loop = plain_loop;
			break;
		}
		rig->parts[i].role = stage ? role_of(cell, stage - 1)
					   : "source";
		rig->parts[i].loop = rig_loop(rig, stage ? "relay_stage"
							 : "relay_source");
		if (--left == 0)
			left = stage_width(cell, stage++);
	}
}

static void load_thread(struct rig *rig, struct pipeline_shared *shared,
			int number)
{
	bool http = source_of(rig->cell) == SOURCE_HTTP;
	struct worker *worker = &rig->workers[number];
	struct stage_thread *thread = &shared->threads[number];
	int stage = rig->parts[number].stage; /* 0: the source, or the loop */

	worker->state = thread;
	thread->shared = shared;
	thread->file_number = 1;
	if (is_loop(rig->cell))
		return;
	thread->stage = stage - 1;
	thread->last = stage == rig->queues;
	worker->in = &rig->channels[stage ? stage - 1 : 0];
	worker->out = thread->last ? NULL : &rig->channels[stage];
	if (!stage) {
		worker->work = next_page;
		return;
	}
	worker->work = !http ? serve : thread->last ? save : download;
	/* --messages limits the source; sentinels end the stages. */
	worker->limit = UINT64_MAX;
}

/*
 * Starts the web server, makes the folder, the pool of pages and the
 * connections.
 */
static int load_web(struct rig *rig, struct pipeline_shared *shared)
{
	int64_t service_ns = cell_value(rig->cell, "service");
	int64_t timeout_ns = PAGE_SERVICE_MAX * service_ns + FETCH_NS;
	size_t pages = (size_t)rig->threads;
	int error;

	if (rig->queues)
		pages += rig->channels[1].capacity_usable;
	if (site_open(&shared->site, service_ns, rig->reason) != 0)
		return -EIO;
	error = store_open(&shared->store, shared->site.folder);
	if (!error)
		error = pool_init(&shared->pool, pages);
	for (int i = 0; i < rig->threads && !error; i++) {
		struct stage_thread *thread = &shared->threads[i];

		if (!is_loop(rig->cell) && rig->parts[i].stage != 1)
			continue;
		thread->fetcher = fetcher_new(shared->site.port, timeout_ns,
					      rig->reason);
		error = thread->fetcher ? 0 : -EIO;
	}
	return error;
}

static int pipeline_load(struct rig *rig)
{
	struct pipeline_shared *shared = ringbench_alloc_lines(sizeof(*shared));

	if (!shared)
		return -ENOMEM;
	rig->state = shared;
	shared->cell = rig->cell;
	shared->store.folder = -1;
	pthread_mutex_init(&shared->error_lock, NULL);
	for (int i = 0; i < rig->threads; i++)
		load_thread(rig, shared, i);
	return source_of(rig->cell) == SOURCE_HTTP ? load_web(rig, shared) : 0;
}

static void pipeline_unload(struct rig *rig)
{
	struct pipeline_shared *shared = rig->state;

	for (int i = 0; shared && i < rig->threads; i++)
		fetcher_free(shared->threads[i].fetcher);
	if (!shared)
		return;
	pool_free(&shared->pool);
	store_close(&shared->store);
	site_close(&shared->site);
	free(shared);
}

/* Counts the pages that are left in one queue. */
struct rest {
	struct page_count *pages;
	bool addresses; /* words are addresses of pages, not page numbers */
};

static void count_rest(void *arg, uint64_t word)
{
	const struct page *page = (const struct page *)(uintptr_t)word;
	struct rest *rest = arg;

	page_count_add(rest->pages, rest->addresses ? page->number : word);
}

/*
 * Counts the pages left in the queues and the pages that a thread could not
 * push.
 */
static void count_left_over(struct rig *rig, struct page_count *pages)
{
	bool http = source_of(rig->cell) == SOURCE_HTTP;

	for (int i = 0; i < rig->queues; i++) {
		struct rest rest = { pages, http && i > 0 };

		rig->backend->drain(&rig->channels[i], count_rest, &rest);
	}
	for (int i = 0; i < rig->threads; i++) {
		const struct stage_thread *thread = rig->workers[i].state;

		if (rig->workers[i].held && rig->parts[i].stage > 0)
			page_count_add(pages, thread->number);
	}
}

static void verify_disk(struct pipeline_shared *shared,
			struct page_count *pages,
			struct verification *verification)
{
	int64_t foreign = page_count_check_files(pages, &shared->store);

	if (foreign > 0)
		verification->failure =
			"saved files differ from the pages that the server "
			"sent";
	if (foreign >= 0)
		return;
	snprintf(shared->error, sizeof(shared->error),
		 "cannot read back the pages in %.200s: %s",
		 shared->site.folder, strerror((int)-foreign));
	verification->error = shared->error;
}

static void pipeline_verify(struct rig *rig, struct verification *verification)
{
	bool http = source_of(rig->cell) == SOURCE_HTTP;
	uint64_t sum = 0, squares = 0;
	struct pipeline_shared *shared = rig->state;
	struct page_count pages;

	for (int i = 0; i < rig->threads; i++) {
		if (shared->threads[i].last)
			verification->messages += rig->workers[i].messages;
		sum += rig->workers[i].sum;
		squares += rig->workers[i].squares;
	}
	if (shared->failed) {
		verification->error = shared->error;
		return;
	}
	if (page_count_init(&pages, rig->workers[0].messages, http) != 0)
		abort();
	count_left_over(rig, &pages);
	verification->left_over = pages.count;
	page_count_compare(&pages, verification->messages, sum, squares);
	if (http)
		verify_disk(shared, &pages, verification);
	verification->lost = pages.lost;
	verification->repeated = pages.repeated;
	free(pages.seen);
}

/* Mean waiting time of the threads of a stage. */
static double mean_wait_ns(const struct rig *rig, int stage)
{
	double waited = 0;

	for (int i = 0; i < rig->threads; i++) {
		const struct worker *worker = &rig->workers[i];

		if (rig->parts[i].stage == stage + 1)
			waited += (double)(worker->empty.total_ns +
					   worker->full.total_ns);
	}
	return waited / stage_width(rig->cell, stage);
}

/* Sets the metrics. The bottleneck is the stage whose threads waited least. */
static void pipeline_set_metrics(struct rig *rig, struct record *result)
{
	int slowest = 0;

	for (int stage = 1; stage < rig->queues; stage++)
		if (mean_wait_ns(rig, stage) < mean_wait_ns(rig, slowest))
			slowest = stage;
	if (rig->queues)
		record_set_text(result, column_of("bottleneck"),
				role_of(rig->cell, slowest));
}

/*
 * Longest time from the stop request to the end: twice the time for all pages
 * in the queues to go through all stages on one CPU.
 */
static int64_t pipeline_ending_ns(const struct cell *cell)
{
	int64_t stages = depth(cell);

	return 2 * cell_value(cell, "service") *
	       (8 + stages * (stages * cell->capacity + cell_threads(cell)));
}

static const char *stages_of(const struct record *row)
{
	return record_text(row, column_of("stages"));
}

/* The position of a cell with --stages N+1 on the x axis is N. */
static bool place_speedup(const struct record *row, double *x)
{
	const char *rest = strchr(stages_of(row), '+');

	if (!rest || strcmp(rest, "+1") != 0 ||
	    strcmp(record_text(row, COLUMN_stop), "event") == 0)
		return false;
	*x = atof(stages_of(row));
	return true;
}

/*
 * Whether `row` is the plain loop to compare `of` with: same source, and both
 * native or both Python.
 */
static bool is_plain_loop(const struct record *row, const struct record *of)
{
	bool python = strcmp(record_text(row, COLUMN_backend), "python") == 0;
	bool other = strcmp(record_text(of, COLUMN_backend), "python") == 0;
	int source = column_of("source");

	return strcmp(stages_of(row), "loop") == 0 && python == other &&
	       strcmp(record_text(row, source), record_text(of, source)) == 0;
}

/* clang-format off */
static const struct param pipeline_params[] = {
	{ "stages", "N+N", "number of threads of each stage, joined by +; or "
			   "loop: one thread without queues", "4+1",
	  PARAM_OTHER, .set = set_stages, .get = get_stages },
	{ "source", "WHAT", "where pages come from: http, synthetic or cpu",
	  "http", PARAM_CHOICE, .choices = source_names },
	{ "service", "TIME", "mean time to serve a page", "1ms",
	  PARAM_TIME, .low = RINGBENCH_NS_PER_US, .high = RINGBENCH_NS_PER_S },
	{ "claim", "HOW",
	  "how a saver claims a file name: excl (O_EXCL) or look",
	  "excl", PARAM_CHOICE, .choices = claim_names },
	{ NULL },
};

static const struct column pipeline_metrics[] = {
	{ "bottleneck", "", "pipeline: the stage whose threads waited least",
	  TYPE_TEXT, ROLE_METRIC, BETTER_NEITHER },
	{ NULL },
};

static const struct table pipeline_tables[] = {
	{ .columns = (const struct table_column[]){
		{ "wait" }, { "backend" }, { "placement" }, { "source" },
		{ "stages" }, { "objective", "pages/s" }, { "idle" },
		{ "bottleneck", "busiest" }, { NULL } } },
	{ .title = "ways to stop", .about = "stop",
	  .columns = (const struct table_column[]){
		{ "wait" }, { "backend" }, { "placement" }, { "source" },
		{ "stages" }, { "stop" }, { "objective", "pages/s" },
		{ "left_over", "left over" }, { "stop_ns", "to stop" },
		{ NULL } } },
	{ NULL },
};

static const struct picture pipeline_pictures[] = {
	{ .name = "speedup", .kind = PICTURE_CURVES,
	  .title = "speed-up by more threads, compared with the plain loop",
	  .x_title = "threads of the first stage",
	  .y_title = "pages a second, as a multiple of the plain loop",
	  .along = "stages queues", .place = place_speedup,
	  .is_base = is_plain_loop },
	{ NULL },
};
/* clang-format on */

static const char *const pipeline_roles[] = {
	"source", "loop",   "download", "save",	  "stage1", "stage2", "stage3",
	"stage4", "stage5", "stage6",	"stage7", "stage8", NULL
};

const struct scenario scenario_pipeline = {
	.id = "pipeline",
	.summary = "threads in stages, with a queue between two stages: "
		   "downloaders and savers",
	.message = "page",
	.messages = "pages",
	.params = pipeline_params,
	.metrics = pipeline_metrics,
	.tables = pipeline_tables,
	.pictures = pipeline_pictures,
	.roles = pipeline_roles,
	.default_capacity = CAPACITY,
	.default_stop = STOP_SENTINEL,
	.ending_ns = pipeline_ending_ns,
	.complete = pipeline_complete,
	.check = pipeline_check,
	.threads = pipeline_threads,
	.shape = pipeline_shape,
	.load = pipeline_load,
	.verify = pipeline_verify,
	.set_metrics = pipeline_set_metrics,
	.unload = pipeline_unload,
};
