/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "interrupt.h"

volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	interrupted = number;
}

static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

void interrupts_catch(struct interrupts *interrupts)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigemptyset(&action.sa_mask);
	memset(interrupts, 0,
	       sizeof(*interrupts)); /* if sigaction() fails, the old handlers
					are SIG_DFL */
	for (int i = 0; i < 3; i++)
		sigaction(numbers[i], &action, &interrupts->old[i]);
}

void interrupts_release(const struct interrupts *interrupts)
{
	for (int i = 0; i < 3; i++)
		sigaction(numbers[i], &interrupts->old[i], NULL);
}

enum exit_code interrupts_code(void)
{
	if (!interrupted)
		return EXIT_FINE;
	return interrupted == SIGINT ? EXIT_INTERRUPTED : EXIT_TERMINATED;
}
