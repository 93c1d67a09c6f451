/* SPDX-License-Identifier: BSD-2-Clause */
#include <elf.h>
#include <gnu/libc-version.h>
#include <gsl/gsl_version.h>
#include <hwloc.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "build_info.h"
#include "ringbench_version.h"
#include "build_stamp.h" /* the Makefile generates this file */

/* Finds the build id in the notes of the first object, which is the program. */
static int find_note(struct dl_phdr_info *object, size_t size, void *arg)
{
	char *id = arg;

	(void)size;
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		const char *note = (const char *)(object->dlpi_addr +
						  segment->p_vaddr);
		const char *end = note + segment->p_memsz;

		while (segment->p_type == PT_NOTE &&
		       note + sizeof(ElfW(Nhdr)) < end) {
			const ElfW(Nhdr) *head = (const void *)note;
			const unsigned char *bytes =
				(const void *)(note + sizeof(*head) +
					       (head->n_namesz + 3U) / 4 * 4);

			if (head->n_type == NT_GNU_BUILD_ID)
				for (int b = 0; b < BUILD_ID_LENGTH / 2; b++)
					snprintf(id + 2 * b, 3, "%02x",
						 bytes[b]);
			note = (const char *)bytes +
			       (head->n_descsz + 3U) / 4 * 4;
		}
	}
	return 1;
}

void build_id(char id[BUILD_ID_LENGTH + 1])
{
	snprintf(id, BUILD_ID_LENGTH + 1, "unknown");
	dl_iterate_phdr(find_note, id);
}

const char *build_revision(void)
{
	return BUILD_REVISION;
}

const char *build_version(void)
{
	return RINGBENCH_VERSION " (" BUILD_REVISION ")";
}

json_t *build_describe(void)
{
	unsigned hwloc = hwloc_get_api_version();
	char hwloc_text[32];

	snprintf(hwloc_text, sizeof(hwloc_text), "%u.%u.%u", hwloc >> 16,
		 hwloc >> 8 & 255, hwloc & 255);
	return json_pack("{s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s, s:s, s:s}}",
			 "revision", BUILD_REVISION, "compiler", __VERSION__,
			 "flags", BUILD_FLAGS, "libraries", "ck", BUILD_CK,
			 "hwloc", hwloc_text, "jansson", JANSSON_VERSION, "gsl",
			 gsl_version, "zlib", zlibVersion(), "libc",
			 gnu_get_libc_version());
}
