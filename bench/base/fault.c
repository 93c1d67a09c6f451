/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "text.h"

/* A text from a user or a file may contain line breaks; remove them. */
static void format_at(struct fault *fault, size_t length, const char *format,
		      va_list arguments)
{
	vsnprintf(fault->text + length, sizeof(fault->text) - length, format,
		  arguments);
	text_clean(fault->text + length);
}

int fault_set(struct fault *fault, enum exit_code exit_code, const char *format,
	      ...)
{
	va_list arguments;

	fault->exit_code = exit_code;
	va_start(arguments, format);
	format_at(fault, 0, format, arguments);
	va_end(arguments);
	return -1;
}

void fault_add(struct fault *fault, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	format_at(fault, strlen(fault->text), format, arguments);
	va_end(arguments);
}

int fault_suggest(struct fault *fault, const char *word, const char *prefix,
		  const char *const *names, size_t count, const char *next, ...)
{
	const char *nearest = text_nearest(word, names, count);
	va_list arguments;

	if (nearest)
		fault_add(fault, ", did you mean %s%s", prefix, nearest);
	fault_add(fault, "; ");
	va_start(arguments, next);
	format_at(fault, strlen(fault->text), next, arguments);
	va_end(arguments);
	return -1;
}

const char *fault_remedy(int error)
{
	switch (error) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return "free some space";
	default:
		return "check the permissions of the folder";
	}
}

/* Order, most severe first: a signal, 7, 5, 4, then the other codes by
 * number. */
enum exit_code fault_gravest(enum exit_code a, enum exit_code b)
{
	return a > b ? a : b;
}
