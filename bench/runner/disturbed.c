/* SPDX-License-Identifier: BSD-2-Clause */
#include "distance.h"
#include "disturbed.h"

/* An empty column is NaN, and every comparison with NaN is false. */
bool is_disturbed(const struct record *result)
{
	return record_has_name(result, COLUMN_flags, "overrun") ||
	       record_number(result, COLUMN_denied_ns) >
		       DISTURBED_SHARE *
			       record_number(result, COLUMN_elapsed_ns) ||
	       distance_differs(record_number(result, COLUMN_line_before_ns),
				record_number(result, COLUMN_line_after_ns));
}
