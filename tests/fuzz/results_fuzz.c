/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzing of the reader, for libFuzzer: `make fuzz`. The input is read as a
 * file. Then the input is read again with a correct header and correct
 * checksums, so that the code after these checks is reached.
 * tests/unit/fuzz_corpus_test.c reads the corpus without libFuzzer.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every row that was read must be writable, and its texts must end inside their
 * buffers. */
static int write_again(const struct record *row, void *arg)
{
	static char text[ROW_BYTES_MAX];
	size_t *rows = arg;

	if (results_format(row, text) >= ROW_BYTES_MAX)
		abort();
	return ++*rows > 1000;
}

static void read_all(const char *bytes, size_t size)
{
	FILE *file = fmemopen((void *)(uintptr_t)bytes, size, "r");
	struct fault fault = { .exit_code = EXIT_FINE };
	struct rows_end end;
	size_t rows = 0;
	int error;

	if (!file)
		return;
	error = rows_each_in(file, "fuzz", &results_schema, write_again, &rows,
			     &end, &fault);
	/* A fault has a text of one line. */
	if (error && rows <= 1000 &&
	    (fault.exit_code != EXIT_DATA || !*fault.text ||
	     strchr(fault.text, '\n')))
		abort();
	if (!error && end.good_bytes + end.torn_bytes != size)
		abort();
	fclose(file);
}

static void read_with_checksums(const char *bytes, size_t size)
{
	size_t lines = 2, length, header;
	char *text;

	for (size_t i = 0; i < size; i++)
		lines += bytes[i] == '\n';
	text = malloc(ROW_BYTES_MAX + size + 16 * lines);
	if (!text)
		abort();
	length = header = results_header(&results_schema, text);
	while (size > 0) {
		const char *newline = memchr(bytes, '\n', size);
		size_t line = newline ? (size_t)(newline - bytes) : size;

		memcpy(text + length, bytes, line);
		length += line;
		length += (size_t)sprintf(
			text + length, ",%08lx\n",
			row_checksum(text, header, bytes, line));
		bytes += line + (newline != NULL);
		size -= line + (newline != NULL);
	}
	read_all(text, length);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	read_all((const char *)data, size);
	read_with_checksums((const char *)data, size);
	return 0;
}
