/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "paths.h"
#include "segments.h"

static double number(const struct record *thread, int column, double absent)
{
	return record_has(thread, column) ? record_number(thread, column)
					  : absent;
}

/* Subtracts up to `most` from *rest and returns the amount. */
static double take(double *rest, double most)
{
	double taken = fmax(fmin(*rest, most), 0);

	*rest -= taken;
	return taken;
}

/* Splits one sleep between two waits in proportion to their lengths. */
static void share(double asleep, double empty, double full, double *of_empty,
		  double *of_full)
{
	if (empty + full <= 0)
		return;
	*of_empty += asleep * empty / (empty + full);
	*of_full += asleep * full / (empty + full);
}

bool segments_of(const struct record *thread, double ns[SEGMENTS])
{
	static const int needed[] = {
		THREAD_busy_ns, THREAD_wait_empty_ns, THREAD_wait_full_ns,
		THREAD_cpu_ns,	THREAD_runqueue_ns,
	};
	double work, empty, full, pace, cpu, rest, on_cpu, scale;
	double kernel_empty, kernel_full;

	memset(ns, 0, SEGMENTS * sizeof(*ns));
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (!record_has(thread, needed[i]))
			return false;
	work = record_number(thread, THREAD_busy_ns);
	empty = record_number(thread, THREAD_wait_empty_ns);
	full = record_number(thread, THREAD_wait_full_ns);
	pace = number(thread, THREAD_wait_pace_ns, 0);
	cpu = record_number(thread, THREAD_cpu_ns);
	/* Files without these columns are older: any wait may have slept. */
	kernel_empty = fmin(number(thread, THREAD_wait_empty_kernel_ns, empty),
			    empty);
	kernel_full = fmin(number(thread, THREAD_wait_full_kernel_ns, full),
			   full);

	ns[SEGMENT_READY] = record_number(thread, THREAD_runqueue_ns);
	ns[SEGMENT_PACE] = fmin(number(thread, THREAD_wait_pace_cpu_ns, 0),
				fmin(pace, cpu));
	rest = fmax(work + empty + full + pace - cpu - ns[SEGMENT_READY], 0);
	ns[SEGMENT_PACE_ASLEEP] = take(&rest, pace - ns[SEGMENT_PACE]);
	share(take(&rest, kernel_empty + kernel_full), kernel_empty,
	      kernel_full, &ns[SEGMENT_EMPTY_ASLEEP], &ns[SEGMENT_FULL_ASLEEP]);
	ns[SEGMENT_WORK_ASLEEP] = take(&rest, work);
	share(rest, empty - kernel_empty, full - kernel_full,
	      &ns[SEGMENT_EMPTY_ASLEEP], &ns[SEGMENT_FULL_ASLEEP]);

	ns[SEGMENT_WORK] = work - ns[SEGMENT_WORK_ASLEEP];
	ns[SEGMENT_EMPTY] = fmax(empty - ns[SEGMENT_EMPTY_ASLEEP], 0);
	ns[SEGMENT_FULL] = fmax(full - ns[SEGMENT_FULL_ASLEEP], 0);
	on_cpu = ns[SEGMENT_WORK] + ns[SEGMENT_EMPTY] + ns[SEGMENT_FULL];
	scale = on_cpu > 0 ? (cpu - ns[SEGMENT_PACE]) / on_cpu : 0;
	ns[SEGMENT_WORK] *= scale;
	ns[SEGMENT_EMPTY] *= scale;
	ns[SEGMENT_FULL] *= scale;
	return true;
}

/* Both files begin with the columns of the observation. */
_Static_assert((int)COLUMN_attempt == (int)THREAD_attempt &&
		       (int)COLUMN_order_in_round == (int)THREAD_order_in_round,
	       "rows of results.csv are compared with rows of threads.csv");

static int compare_observations(const struct record *a, const struct record *b)
{
	static const int columns[] = { COLUMN_round, COLUMN_order_in_round,
				       COLUMN_attempt };

	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		int64_t left = record_integer(a, columns[i]);
		int64_t right = record_integer(b, columns[i]);

		if (left != right)
			return left > right ? 1 : -1;
	}
	return strcmp(record_text(a, COLUMN_session_id),
		      record_text(b, COLUMN_session_id));
}

/* Rows of one observation stay in the order of the file. */
static int compare_threads(const void *a, const void *b)
{
	const struct record *left = *(const struct record *const *)a;
	const struct record *right = *(const struct record *const *)b;
	int order = compare_observations(left, right);

	return order ? order : (left > right) - (left < right);
}

int thread_rows_read(struct thread_rows *threads, const char *dir,
		     const char *host, struct fault *fault)
{
	char path[PATHS_MAX + 16];
	const struct rows *rows = &threads->rows;
	size_t count = 0;

	memset(threads, 0, sizeof(*threads));
	snprintf(path, sizeof(path), "%.4080s/%s", dir, threads_schema.file);
	if (access(path, F_OK) != 0)
		return 0;
	if (rows_read(path, &threads_schema, &threads->rows, fault) != 0)
		return -1;
	threads->sorted = malloc((rows->count + 1) * sizeof(*threads->sorted));
	if (!threads->sorted)
		abort();
	for (size_t i = 0; i < rows->count; i++)
		if (!record_has_name(&rows->rows[i], THREAD_flags,
				     "superseded") &&
		    (!*host || strcmp(record_text(&rows->rows[i], THREAD_host),
				      host) == 0))
			threads->sorted[count++] = &rows->rows[i];
	threads->count = count;
	qsort(threads->sorted, count, sizeof(*threads->sorted),
	      compare_threads);
	return 0;
}

void thread_rows_free(struct thread_rows *threads)
{
	free(threads->sorted);
	rows_free(&threads->rows);
}

/* The position of the observation's first thread; the number of all threads if
 * there is none. */
static size_t find_observation(const struct thread_rows *threads,
			       const struct record *row)
{
	size_t low = 0, high = threads->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_observations(threads->sorted[middle], row) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Adds the time of a thread to its role. Adds the role if it is new. */
static size_t add_thread(const struct record *thread,
			 struct role_time roles[ROLES_MAX], size_t count)
{
	const char *name = record_text(thread, THREAD_thread);
	const char *end = strrchr(name, '-');
	int length = (int)(end ? (size_t)(end - name) : strlen(name));
	double ns[SEGMENTS];
	char role[ROLE_NAME_MAX];
	size_t i = 0;

	if (!segments_of(thread, ns))
		return count;
	snprintf(role, sizeof(role), "%.*s", length, name);
	while (i < count && strcmp(roles[i].role, role) != 0)
		i++;
	if (i == ROLES_MAX)
		return count;
	if (i == count)
		memcpy(roles[count++].role, role, sizeof(role));
	for (int s = 0; s < SEGMENTS; s++)
		roles[i].ns[s] += ns[s];
	return count;
}

size_t role_times(const struct group *group, const struct thread_rows *threads,
		  struct role_time roles[ROLES_MAX])
{
	size_t count = 0;

	memset(roles, 0, ROLES_MAX * sizeof(*roles));
	for (size_t i = 0; i < group->count; i++) {
		const struct record *row = group->members[i];
		size_t at = find_observation(threads, row);

		for (; at < threads->count &&
		       compare_observations(threads->sorted[at], row) == 0;
		     at++)
			count = add_thread(threads->sorted[at], roles, count);
	}
	return count;
}
