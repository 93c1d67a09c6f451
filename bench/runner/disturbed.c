/* SPDX-License-Identifier: BSD-2-Clause */
#include "disturbed.h"

static bool has_moved(double before_ns, double after_ns)
{
	return after_ns >= DISTURBED_FACTOR * before_ns ||
	       before_ns >= DISTURBED_FACTOR * after_ns;
}

/* An empty column is NaN, and every comparison with NaN is false. */
bool is_disturbed(const struct record *result)
{
	return record_has_name(result, COLUMN_flags, "overrun") ||
	       record_number(result, COLUMN_denied_ns) >
		       DISTURBED_SHARE *
			       record_number(result, COLUMN_elapsed_ns) ||
	       has_moved(record_number(result, COLUMN_line_before_ns),
			 record_number(result, COLUMN_line_after_ns));
}
