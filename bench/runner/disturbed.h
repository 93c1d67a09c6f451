/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether an observation was disturbed from outside, so that it is measured
 * again. The decision does not depend on the measured result.
 */
#ifndef DISTURBED_H
#define DISTURBED_H

#include <stdbool.h>

#include "record.h"

/* The observation is disturbed if denied_ns is more than this share of the
 * window. */
#define DISTURBED_SHARE 0.02
/* The observation is disturbed if the core distance changed at least by this
 * factor. */
#define DISTURBED_FACTOR 1.35

/* Whether denied_ns or the distance exceeds its limit, or the flag `overrun` is
 * set. */
bool is_disturbed(const struct record *result);

#endif
