/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>

#include "fault.h"
#include "text.h"

int fault_set(struct fault *fault, enum exit_code exit_code, const char *format,
	      ...)
{
	va_list arguments;

	fault->exit_code = exit_code;
	va_start(arguments, format);
	vsnprintf(fault->text, sizeof(fault->text), format, arguments);
	va_end(arguments);
	/* It stays one line, whatever a user or a file has put into it. */
	text_clean(fault->text);
	return -1;
}

/* Order of gravity: a signal, 7, 5, 4, then the rest by number. */
enum exit_code fault_gravest(enum exit_code a, enum exit_code b)
{
	return a > b ? a : b;
}
