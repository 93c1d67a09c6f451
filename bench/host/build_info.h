/* SPDX-License-Identifier: BSD-2-Clause */
/* Which program this is, exactly. */
#ifndef BUILD_INFO_H
#define BUILD_INFO_H

#include <jansson.h>

enum {
	BUILD_ID_LENGTH = 12,
};

/* The beginning of the linker's build id, in hex: equal programs only. */
void build_id(char id[BUILD_ID_LENGTH + 1]);

/* `git describe` of the source, with -dirty where it was changed. */
const char *build_revision(void);

/* Revision, compiler, flags, versions of the libraries. */
json_t *build_describe(void);

#endif
