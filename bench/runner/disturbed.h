/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether an observation was disturbed from outside, so that it is measured
 * again. The decision never looks at the measured result.
 */
#ifndef DISTURBED_H
#define DISTURBED_H

#include <stdbool.h>

#include "record.h"

/* denied_ns is more than this share of the window. */
#define DISTURBED_SHARE 0.02
/* The core distance changed by this factor between before and after. */
#define DISTURBED_FACTOR 1.35

/* Also true for the flag `overrun`. */
bool is_disturbed(const struct record *result);

#endif
