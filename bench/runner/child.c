/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "board.h"
#include "child.h"
#include "ringbench_clock.h"
#include "descendants.h"
#include "launch.h"
#include "paths.h"
#include "plausible.h"
#include "result.h"
#include "store.h"
#include "tally.h"
#include "text.h"
#include "watchdog.h"

/* An observation is hung if it takes longer than the time of its cell plus this
 * time. */
#define PATIENCE_NS	    (5 * RINGBENCH_NS_PER_S)
#define PATIENCE_COUNTED_NS (120 * RINGBENCH_NS_PER_S)
/* Additional time for each thread, because each thread needs some time
 * slices. */
#define PATIENCE_THREAD_NS (50 * RINGBENCH_NS_PER_MS)
/* Time for the descendants of an observation to clean up: a web server removes
 * its files. */
#define GRACE_NS RINGBENCH_NS_PER_S

enum {
	WORDS_MAX = 16,
};

/* Copies a word of a command. If the word is a file of the program, copies its
 * full path. */
static void find_word(const char *word, const struct program *program,
		      char found[PATHS_MAX])
{
	if (program &&
	    snprintf(found, PATHS_MAX, "%s/%s", program->tree, word) <
		    PATHS_MAX &&
	    access(found, R_OK) == 0)
		return;
	if (program || *word == '/' || paths_find(word, found) != 0)
		snprintf(found, PATHS_MAX, "%s", word);
}

static char **command_words(const struct cell *cell,
			    const struct program *program)
{
	static char words[WORDS_MAX][PATHS_MAX];
	static char *argv[WORDS_MAX + 1];
	const char *command = "observe";
	int count = 0;

	if (cell->choice.external)
		command = cell->choice.external->command;
	else
		argv[count++] = program ? (char *)program->executable
					: "/proc/self/exe";
	do {
		size_t length = strcspn(command, " ");
		char word[PATHS_MAX];

		snprintf(word, sizeof(word), "%.*s", (int)length, command);
		if (cell->choice.external)
			find_word(word, program, words[count]);
		else
			snprintf(words[count], PATHS_MAX, "%s", word);
		argv[count] = words[count];
		count++;
		command += length + strspn(command + length, " ");
	} while (*command && count < WORDS_MAX);
	argv[count] = NULL;
	return argv;
}

/* The first line that the process wrote to standard error, after ": ". */
static const char *complaint(struct launched *child)
{
	static char line[512];
	const char *text = child->text[LAUNCH_ERR];

	text += strspn(text, "\r\n \t");
	snprintf(line, sizeof(line), "%s%.*s", *text ? ": " : "",
		 (int)strcspn(text, "\r\n"), text);
	text_clean(line); /* the line is printed on a terminal */
	return line;
}

/* The end of the process (a signal, an exit code) is more severe than its
 * output. */
static void judge_end(int status, struct launched *child,
		      const struct board *board,
		      struct observation *observation)
{
	char phase[64];

	if (status == 0)
		return;
	observation_discard(observation);
	watchdog_phase(board, phase, sizeof(phase));
	if (WIFSIGNALED(status))
		observation_fail(observation, "crashed",
				 "ended by signal %d (%s)%s%s",
				 WTERMSIG(status), strsignal(WTERMSIG(status)),
				 phase, complaint(child));
	else
		observation_fail(observation, "crashed",
				 "ended with exit code %d%s%s",
				 WEXITSTATUS(status), phase, complaint(child));
}

/* Judges a process that ended by itself or that wrote too much. */
static void judge(const struct cell *cell, struct launched *child,
		  const struct board *board, enum launch_end end, int status,
		  int64_t seen_ns, struct observation *observation)
{
	if (end == LAUNCH_TALKATIVE) {
		observation_fail(observation, "crashed",
				 "wrote more than %d bytes%s",
				 LAUNCH_OUTPUT_MAX - 1, complaint(child));
		return;
	}
	result_read(cell, child->text[LAUNCH_RESULT], child->text[LAUNCH_OUT],
		    observation);
	judge_end(status, child, board, observation);
	plausible_or_crashed(cell, seen_ns, observation);
	if (status == 0)
		snprintf(observation->printed, sizeof(observation->printed),
			 "%s", complaint(child));
}

static int64_t patience_ns(const struct cell *cell)
{
	const struct scenario *scenario = cell->scenario;
	int64_t waits = 4 * cell->wait.ns;

	if (scenario->ending_ns)
		waits += scenario->ending_ns(cell);

	waits += cell_threads(cell) * PATIENCE_THREAD_NS;
	if (cell->messages)
		return cell->warmup_ns + waits + PATIENCE_COUNTED_NS;
	return cell->warmup_ns + cell->duration_ns + waits + PATIENCE_NS;
}

/* Creates the board on which the child shows its phase; NULL: the board cannot
 * be created; the observation works without a board. */
static struct board *open_board(int *fd)
{
	void *memory;

	*fd = memfd_create("ringbench-board", MFD_CLOEXEC);
	if (*fd < 0 || ftruncate(*fd, sizeof(struct board)) != 0)
		return NULL;
	memory = mmap(NULL, sizeof(struct board), PROT_READ, MAP_SHARED, *fd,
		      0);
	return memory == MAP_FAILED ? NULL : memory;
}

static void close_board(struct board *board, int fd)
{
	if (board)
		munmap(board, sizeof(*board));
	if (fd >= 0)
		close(fd);
}

/* Total time for which the machine was suspended. CLOCK_MONOTONIC stops during
 * a suspension, so the window seems to have its planned length. */
static int64_t suspensions_ns(void)
{
	return ringbench_clock_ns(CLOCK_BOOTTIME) - ringbench_now_ns();
}

/* Waits for a process that was started after start_ns, then ends the process
 * and all its descendants. Returns 0, or -1 if a signal interrupted this
 * process. */
static int attend(const struct cell *cell, struct launched *child,
		  const struct board *board, int64_t start_ns,
		  struct observation *observation)
{
	int64_t suspended_ns = suspensions_ns();
	enum launch_end end = launch_wait(child, start_ns + patience_ns(cell));
	int64_t seen_ns = ringbench_now_ns() - start_ns;
	static char doing[REASON_MAX - 64];
	int status = 0, left;

	if (end == LAUNCH_LATE)
		watchdog_describe(child->pid, board, doing, sizeof(doing));
	left = descendants_end(child->pid, GRACE_NS, store_remove_left_by,
			       &status);
	if (end == LAUNCH_INTERRUPTED)
		return -1;
	launch_collect(child);
	if (end == LAUNCH_LATE)
		observation_fail(observation, "hung", "still not finished: %s",
				 doing);
	else
		judge(cell, child, board, end, status, seen_ns, observation);
	if (suspensions_ns() - suspended_ns > OVERRUN_NS)
		record_add_name(&observation->result, COLUMN_flags, "overrun");
	if (left < 0)
		observation_fail(observation, "error",
				 "cannot end a process that the observation "
				 "started; end it before the next run");
	return 0;
}

int child_observe(const struct cell *cell, const struct program *program,
		  struct observation *observation)
{
	char *asked = result_ask(cell);
	struct launch launch = {
		.argv = command_words(cell, program),
		.input = asked,
	};
	struct board *board = open_board(&launch.board);
	struct launched child;
	const char *step;
	int64_t start_ns;
	int error, interrupted = 0;

	descendants_adopt();
	start_ns = ringbench_now_ns();
	error = launch_start(&child, &launch, &step);
	if (error)
		observation_fail(observation, "error", "cannot %s: %s", step,
				 strerror(-error));
	else
		interrupted = attend(cell, &child, board, start_ns,
				     observation);
	launch_release(&child);
	close_board(board, launch.board);
	free(asked);
	return interrupted;
}
