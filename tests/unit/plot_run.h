/* SPDX-License-Identifier: BSD-2-Clause */
/* A run to draw, in its own folder. Tests run in the root of the repository,
 * because they read plots/. */
#ifndef PLOT_RUN_H
#define PLOT_RUN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "plot.h"
#include "results.h"

static const char scripts[] = "plots";
static const struct plot_caption plain = {
	.machine = "a machine",
	.plan = "a plan",
	.revision = "abc123",
	.date = "2025-11-21",
	.rounds = 6,
};

/* A folder for a run, and the original PATH. */
struct run {
	char dir[32];
	char *path;
	int results, threads;
};

static int make_run(void **state)
{
	struct run *run = calloc(1, sizeof(*run));
	struct fault fault;

	assert_non_null(run);
	strcpy(run->dir, "/tmp/plot_test.XXXXXX");
	assert_non_null(mkdtemp(run->dir));
	run->path = strdup(getenv("PATH"));
	run->results = results_open(run->dir, &results_schema, &fault);
	assert_true(run->results >= 0);
	run->threads = results_open(run->dir, &threads_schema, &fault);
	assert_true(run->threads >= 0);
	*state = run;
	return 0;
}

static int remove_run(void **state)
{
	struct run *run = *state;
	char command[128];

	setenv("PATH", run->path, 1);
	close(run->results);
	close(run->threads);
	snprintf(command, sizeof(command), "rm -rf %s", run->dir);
	assert_int_equal(system(command), 0);
	free(run->path);
	free(run);
	return 0;
}

static struct record observation(const char *backend, const char *wait,
				 int queues, double throughput)
{
	static int sessions;
	char session[16];
	struct record row;

	record_init(&row, &results_schema);
	snprintf(session, sizeof(session), "%d", ++sessions);
	record_set_text(&row, COLUMN_session_id, session);
	record_set_text(&row, COLUMN_scenario, "pingpong");
	record_set_text(&row, COLUMN_backend, backend);
	record_set_text(&row, COLUMN_wait, wait);
	record_set_integer(&row, COLUMN_queues, queues);
	record_set_text(&row, COLUMN_placement, "same-cpu");
	record_set_text(&row, COLUMN_status, "ok");
	record_set_integer(&row, COLUMN_verified, 1);
	record_set_real(&row, COLUMN_throughput_msg_per_s, throughput);
	return row;
}

static void append(const struct run *run, const struct record *row)
{
	static int order;
	struct record numbered = *row, thread;
	struct fault fault;

	record_set_integer(&numbered, COLUMN_order_in_round, ++order);
	assert_int_equal(results_append(run->results, &numbered, &fault), 0);
	record_init(&thread, &threads_schema);
	record_copy_cell(&thread, &numbered);
	record_set_text(&thread, THREAD_thread, "A");
	assert_int_equal(results_append(run->threads, &thread, &fault), 0);
}

static void add(const struct run *run, const char *backend, const char *wait,
		int queues, double throughput)
{
	struct record row = observation(backend, wait, queues, throughput);

	append(run, &row);
}

/* Returns a table or picture as text; the test frees it. */
static char *content(const struct run *run, const char *name)
{
	char path[256], *text = NULL;
	size_t room = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/plots/%s", run->dir, name);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_true(getdelim(&text, &room, '\0', file) > 0);
	fclose(file);
	return text;
}

static void assert_content(const struct run *run, const char *name,
			   const char *wanted)
{
	char *text = content(run, name);

	if (!strstr(text, wanted))
		fail_msg("%s has no \"%s\":\n%s", name, wanted, text);
	free(text);
}

static void assert_no_content(const struct run *run, const char *name,
			      const char *unwanted)
{
	char *text = content(run, name);

	if (strstr(text, unwanted))
		fail_msg("%s has \"%s\":\n%s", name, unwanted, text);
	free(text);
}

static int draw(const struct run *run, const struct plot_caption *caption,
		struct plot_pictures *pictures, struct fault *fault)
{
	memset(fault, 0, sizeof(*fault));
	return plot_run(run->dir, "", NULL, scripts, caption, pictures, fault);
}

/* Writes only the tables, as a run without gnuplot does. */
static void write_tables(const struct run *run)
{
	struct plot_pictures pictures;
	struct fault fault;

	setenv("PATH", "/nonexistent", 1);
	assert_int_equal(draw(run, &plain, &pictures, &fault), -1);
	assert_int_equal(fault.exit_code, EXIT_CHILD);
}

static bool have_gnuplot(void)
{
	return system("gnuplot --version >/dev/null 2>&1") == 0;
}

#define RUN_TEST(name) \
	cmocka_unit_test_setup_teardown(name, make_run, remove_run)

#endif
