/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "plot_table.h"

/* Number of bytes of the first character; 0: the text is not UTF-8 (RFC
 * 3629). */
static int utf8_length(const unsigned char *text)
{
	static const unsigned long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = text[0];
	int length = c < 0x80	? 1
		     : c < 0xc2 ? 0
		     : c < 0xe0 ? 2
		     : c < 0xf0 ? 3
		     : c < 0xf5 ? 4
				: 0;
	unsigned long code = length > 1 ? c & (0x7f >> length) : c;

	for (int i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	if (length &&
	    (code < least[length] || code > 0x10ffff ||
	     (code >= 0xd800 && code < 0xe000) ||
	     (code >= 0x80 && code < 0xa0) || code == 0xfffe || code == 0xffff))
		return 0;
	return length;
}

void plot_put_inside(FILE *file, const char *text)
{
	while (*text) {
		int length = utf8_length((const unsigned char *)text);

		if (*text == '"')
			fputs("\u201d", file);
		else if (*text == '\'')
			fputs("\u2019", file);
		else if (*text == '\\')
			fputs("\u2216", file);
		else if ((unsigned char)*text < ' ' || *text == 0x7f)
			fputc(' ', file);
		else if (length == 0)
			fputc('?', file);
		else
			fwrite(text, 1, (size_t)length, file);
		text += length ? length : 1;
	}
}

void plot_put_text(FILE *file, const char *text)
{
	fputc('"', file);
	plot_put_inside(file, text);
	fputc('"', file);
}

static int table_fault(const char *dir, const char *name, struct fault *fault)
{
	return fault_set(fault, EXIT_OUTPUT,
			 "cannot write %s/%s: %s; %s, then run `ringbench plot "
			 "RUN`, or draw elsewhere with --out DIR",
			 dir, name, strerror(errno), fault_remedy(errno));
}

FILE *plot_table_open(const char *dir, const char *name, const char *header,
		      struct fault *fault)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	/* The run may come from somebody else: do not write through a symbolic
	 * link. */
	file = unlink(path) == 0 || errno == ENOENT ? fopen(path, "wxe") : NULL;
	if (!file) {
		table_fault(dir, name, fault);
		return NULL;
	}
	fprintf(file, "# %s\n", header);
	return file;
}

int plot_table_close(FILE *file, const char *dir, const char *name,
		     struct fault *fault)
{
	bool failed = ferror(file);

	/* Check fclose() too: it reports a full disk. */
	failed |= fclose(file) != 0;
	return failed ? table_fault(dir, name, fault) : 0;
}
