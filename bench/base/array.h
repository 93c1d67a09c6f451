/* SPDX-License-Identifier: BSD-2-Clause */
/* Arrays that grow by one element at a time. */
#ifndef ARRAY_H
#define ARRAY_H

#include <stddef.h>
#include <stdlib.h>

/* Makes room for one more element after `count` elements. The size doubles each
 * time. */
static inline void *array_grow(void *array, size_t count, size_t size)
{
	if ((count & (count - 1)) == 0) {
		array = realloc(array, (count ? 2 * count : 1) * size);
		if (!array)
			abort();
	}
	return array;
}

#endif
