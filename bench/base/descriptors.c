/* SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "descriptors.h"
#include "text.h"

int descriptor_given(const char *variable)
{
	const char *text = getenv(variable);
	int64_t number;
	bool given = text && text_parse_integer(text, STDERR_FILENO + 1,
						INT32_MAX, &number) == 0;

	unsetenv(variable);
	/* fcntl() fails if the descriptor is not open. */
	if (!given || fcntl((int)number, F_SETFD, FD_CLOEXEC) != 0)
		return -1;
	return (int)number;
}
