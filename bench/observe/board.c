/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "board.h"
#include "descriptors.h"
#include "ringbench_shared_memory.h"

static struct board *ours;

void board_attach(void)
{
	int fd = descriptor_given(BOARD_VARIABLE);
	void *memory;

	if (fd < 0)
		return;
	/* Ignores a file that is shorter than the board. */
	if (lseek(fd, 0, SEEK_END) >= (off_t)sizeof(*ours)) {
		memory = mmap(NULL, sizeof(*ours), PROT_READ | PROT_WRITE,
			      MAP_SHARED, fd, 0);
		if (memory != MAP_FAILED)
			ours = memory;
	}
	close(fd);
	if (ours) {
		memset(ours, 0, sizeof(*ours));
		ours->layout = BOARD_LAYOUT;
	}
}

struct board *board(void)
{
	if (!ours)
		ours = ringbench_alloc_shared(sizeof(*ours));
	if (!ours)
		abort();
	return ours;
}

void board_step(enum board_step step)
{
	ringbench_store_relaxed(&board()->step, (uint32_t)step);
}

const char *board_step_name(uint32_t step)
{
	static const char *const names[BOARD_STEPS] = {
		[BOARD_START] = "start",
		[BOARD_CREATE] = "create",
		[BOARD_START_THREADS] = "start of the threads",
		[BOARD_DISTANCE] = "core distance",
		[BOARD_RUN] = "run",
		[BOARD_CLOSE] = "close",
		[BOARD_DRAIN] = "drain",
		[BOARD_VERIFY] = "verify",
		[BOARD_DESTROY] = "destroy",
		[BOARD_END] = "end",
	};

	return step < BOARD_STEPS ? names[step] : "?";
}
