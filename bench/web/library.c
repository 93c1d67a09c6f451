/* SPDX-License-Identifier: BSD-2-Clause */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "library.h"

int library_load(const char *const *files, const struct library_symbol *symbols,
		 size_t count, char reason[WEB_REASON_MAX])
{
	const char *first = files[0];
	void *library = NULL;

	while (!library && *files)
		library = dlopen(*files++, RTLD_NOW);
	for (size_t i = 0; library && i < count; i++) {
		void *found = dlsym(library, symbols[i].name);

		memcpy(symbols[i].pointer, &found, sizeof(found));
		if (!found)
			library = NULL;
	}
	if (library)
		return 0;
	snprintf(reason, WEB_REASON_MAX,
		 "cannot load %s: %s; install it with make deps", first,
		 dlerror());
	return -1;
}
